//! The live tree as a picture.

use suptree::prelude::*;

use crate::support::settle;

#[derive(Default)]
struct Cache(u32);

#[genserver(name = "cache")]
impl Cache {
    #[call]
    fn get(&self) -> u32 {
        self.0
    }
}

struct Shard;

#[genserver]
impl Shard {
    #[init]
    async fn init(workers: u32) -> Result<Self, StartError> {
        for _ in 0..workers {
            Shard::start_link(0_u32).await?;
        }
        Ok(Self)
    }

    #[cast]
    async fn wait(&self) {
        std::future::pending::<()>().await;
    }
}

supervisor! { Storage { strategy: one_for_one, children: [Shard(0) as disk, Shard(1) as index] } }
supervisor! { App(name = "app") { strategy: one_for_one, children: [Storage, Cache] } }

/// The picture, with numbers in place of pids.
fn without_pids(picture: &str) -> String {
    let mut text = picture.to_owned();
    for (number, process) in suptree::processes().iter().enumerate() {
        let pid = process.pid.to_string();
        text = text.replace(&format!("{pid} "), &format!("p{number} "));
    }
    text
}

#[tokio::test(start_paused = true)]
async fn a_tree_shows_what_runs_below_what() {
    assert_eq!(suptree::tree().to_string(), "");
    let app = App::start_link().await.unwrap();
    let alone = Shard::start(2_u32).await.unwrap();
    app.cache().get().await.unwrap();
    app.cache().get().await.unwrap();
    let death = app.storage().disk().monitor();
    app.storage().disk().kill();
    death.await;
    settle().await;
    alone.wait().await.unwrap();
    settle().await;
    alone.wait().await.unwrap();

    let tree = suptree::tree();
    assert_eq!(
        without_pids(&tree.to_string()),
        "\
App \"app\" p0 idle
├─ Storage p1 idle, 1 restarts
│  ├─ Shard p2 idle
│  │  └─ Shard p3 idle
│  └─ Shard p8 idle
└─ Cache \"cache\" p4 idle, 2 handled
Shard p5 waiting, 1 waiting
├─ Shard p6 idle
└─ Shard p7 idle
"
    );
    let depths: Vec<_> = tree.iter().map(|(depth, _)| depth).collect();
    assert_eq!(depths, [0, 1, 2, 3, 2, 1, 0, 1, 1]);
    let chart = without_pids(&tree.mermaid());
    let lines: Vec<_> = chart.lines().map(str::trim_start).collect();
    assert_eq!(
        lines[..5],
        [
            "graph TD",
            "p0[\"App #quot;app#quot;<br/>p0 idle\"]",
            "p1[\"Storage<br/>p1 idle, 1 restarts\"]",
            "p0 --> p1",
            "p2[\"Shard<br/>p2 idle\"]",
        ]
    );
    assert_eq!(lines.iter().filter(|line| line.contains("-->")).count(), 7);
    app.stop().await.unwrap();
    assert_eq!(suptree::tree().iter().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn r225_a_chart_has_no_word_of_html() {
    struct Holder<T>(T);
    #[genserver(name = "<b>#1")]
    impl<T: Default + Send + 'static> Holder<T> {
        #[init]
        fn init() -> Self {
            Self(T::default())
        }

        #[call]
        fn has(&self) -> bool {
            let _value = &self.0;
            true
        }
    }
    let server = Holder::<u8>::start().await.unwrap();
    assert_eq!(server.has().await, Ok(true));
    let chart = suptree::tree().mermaid();
    let label = "Holder#lt;u8#gt; #quot;#lt;b#gt;#35;1#quot;<br/>";
    assert!(chart.contains(label), "{chart}");
}

/// Drawn without recursion, and without a walk of all for each.
#[tokio::test(start_paused = true)]
async fn a_tree_of_any_depth_is_drawn() {
    struct Deep;
    #[genserver]
    impl Deep {
        #[call]
        async fn deeper(&self) -> DeepClient {
            Deep::start_link().await.unwrap()
        }

        #[init]
        fn init() -> Self {
            Self
        }
    }
    let mut last = Deep::start().await.unwrap();
    for _ in 0..3_000 {
        last = last.deeper().await.unwrap();
    }
    let tree = suptree::tree();
    assert_eq!(tree.iter().last().unwrap().0, 3_000);
    assert_eq!(tree.to_string().lines().count(), 3_001);
    assert_eq!(tree.mermaid().matches("-->").count(), 3_000);
}
