//! Supervisors: inside one another, dynamic, partitions, tasks, arguments with patterns of use, options of every kind.

#![deny(warnings)]

use std::sync::Arc;

use suptree::prelude::*;

#[derive(Clone)]
struct Config {
    limits: Arc<[u32]>,
    name: String,
}

struct Worker {
    limit: u32,
    name: String,
}

#[genserver]
impl Worker {
    #[init]
    fn init(limit: u32, name: String) -> Self {
        Self { limit, name }
    }

    #[call]
    fn shown(&self) -> String {
        format!("{} {}", self.name, self.limit)
    }
}

#[derive(Default)]
struct Plain;

#[genserver(restart = transient)]
impl Plain {
    #[call]
    fn one(&self) -> u8 {
        1
    }
}

supervisor! {
    /// Of everything.
    App(config: Config, count: usize) {
        strategy: rest_for_one,
        max_restarts: 5,
        max_seconds: 10,
        children: [
            Worker(config.limits[0], config.name.clone()) as first { restart: temporary, shutdown: brutal_kill },
            Worker(config.limits.iter().sum(), format!("{}!", config.name)) as second,
            supervisor Inner {
                strategy: one_for_all,
                children: [Plain, Plain as other, Worker(7, "inner") as worker],
            },
            supervisor Many { dynamic: Plain },
            // It is given clones of what it names, so it needs no `move`.
            task asks: async {
                let shown = second.shown().await;
                assert!(shown.is_ok_and(|shown| shown.starts_with(&config.name)));
                suptree::stopping().await;
            },
            supervisor Pool { partition: |n| Worker(n as u32, "pool"), partitions: count },
        ],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config {
        limits: Arc::from([1, 2]),
        name: "app".to_owned(),
    };
    let app = App::start_link(config, 3).await?;
    assert_eq!(app.first().shown().await?, "app 1");
    assert_eq!(app.second().shown().await?, "app! 3");
    assert_eq!(app.inner().worker().shown().await?, "inner 7");
    assert_eq!(app.inner().other().one().await?, 1);
    let child = app.many().start_child(()).await?;
    assert_eq!(child.one().await?, 1);
    Ok(())
}
