//! Parts of a server: in the same module, in others, cut off by `#[cfg]`, with all kinds of handlers.

#![deny(warnings)]

use std::time::Duration;

use suptree::prelude::*;

#[derive(Default)]
pub struct Cache {
    value: Option<String>,
    ticks: u32,
    log: Vec<String>,
}

#[genserver(name = "cache", parts(Admin, #[cfg(any())] Absent, stats::Stats, #[cfg(all())] elsewhere::Log))]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.value.clone()
    }

    #[cast]
    pub fn save(&mut self, new: String) {
        self.value = Some(new);
    }

    #[info]
    fn tick(&mut self, _tick: u8) {
        self.ticks += 1;
    }
}

#[genserver(part = Admin)]
impl Cache {
    const GONE: &str = "gone";

    #[call]
    fn clear(&mut self) -> String {
        self.value.take().unwrap_or_else(Self::gone)
    }

    #[cast]
    async fn wait_and_save(&mut self, new: &'static str) {
        tokio::task::yield_now().await;
        self.save(new.to_owned());
    }

    #[call(timeout = 1s)]
    async fn slow(&mut self, cx: &mut Context<Self>) -> Pid {
        tokio::task::yield_now().await;
        cx.client().pid().expect("it is started")
    }

    #[call]
    fn later(&self, reply: ReplyTo<u32>) {
        reply.send(self.ticks);
    }

    #[info]
    fn tock(&mut self, Tock(ticks): Tock) {
        self.ticks += ticks;
    }

    fn gone() -> String {
        Self::GONE.to_owned()
    }
}

struct Tock(u32);

#[cfg(any())]
#[genserver(part = Absent)]
impl Cache {
    #[call]
    fn absent(&self) -> NoSuchType {}
}

mod stats {
    use suptree::prelude::*;

    #[genserver(part = Stats)]
    impl super::Cache {
        #[call]
        pub fn length(&self) -> usize {
            self.value.as_ref().map_or(0, String::len)
        }
    }
}

mod elsewhere {
    use suptree::prelude::*;

    use super::{Cache, CacheClient};

    #[genserver(part = pub(super) Log)]
    impl Cache {
        #[cast(blocking)]
        pub(super) fn log(&mut self, line: String) {
            self.log.push(line);
        }

        #[call(task)]
        pub(super) fn lines(&self) -> impl Future<Output = usize> + use<> {
            let lines = self.log.len();
            async move { lines }
        }
    }
}

#[derive(Default)]
struct Empty;

#[genserver(parts)]
impl Empty {}

#[genserver(part)]
impl Empty {
    #[call]
    fn hello(&self) -> &'static str {
        "hello"
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start().await?;
    cache.save("hola").await?;
    assert_eq!(cache.length().await?, 4);
    assert_eq!(cache.clear().await?, "hola");
    assert_eq!(cache.clear().await?, "gone");
    cache.wait_and_save("later").await?;
    assert_eq!(cache.get().await?.as_deref(), Some("later"));
    assert_eq!(Some(cache.slow().await?), cache.pid());
    cache.tick(1).await?;
    cache.tock(Tock(2)).await?;
    cache.send(Tock(3)).await?;
    assert_eq!(cache.later().await?, 6);
    cache.log("one").await?;
    assert_eq!(cache.lines().timeout(Duration::from_secs(1)).await?, 1);

    let empty = Empty::start().await?;
    assert_eq!(empty.hello().await?, "hello");
    Ok(())
}
