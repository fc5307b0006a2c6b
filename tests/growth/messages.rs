//! Callers that wait for a reply, and senders that find a mailbox full.

use std::time::Duration;

use suptree::exit;
use suptree::prelude::*;

use super::{Hub, HubClient, Leaf, in_proportion, scattered};
use crate::support::settle;

/// Tasks that call, and wait for their replies.
async fn callers(hub: &HubClient, many: usize) -> Vec<tokio::task::JoinHandle<()>> {
    let call = |_| {
        let hub = hub.clone();
        tokio::spawn(async move {
            let _answered = hub.keep().no_timeout().await;
        })
    };
    let tasks = (0..many).map(call).collect();
    while hub.kept().await.unwrap() < many {
        tokio::task::yield_now().await;
    }
    tasks
}

#[tokio::test(start_paused = true)]
async fn r97_callers_that_wait() {
    in_proportion(4_000, async |many| {
        let hub = Hub::start().await.unwrap();
        let tasks = callers(&hub, many).await;
        // Long enough for each to watch over its call.
        tokio::time::sleep(Duration::from_millis(100)).await;
        async move {
            hub.answer().await.unwrap();
            for task in tasks {
                task.await.unwrap();
            }
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_callers_that_give_up() {
    in_proportion(4_000, async |many| {
        let hub = Hub::start().await.unwrap();
        let mut tasks: Vec<_> = callers(&hub, many).await.into_iter().map(Some).collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        async move {
            for at in scattered(many) {
                let task = tasks[at].take().unwrap();
                task.abort();
                assert!(task.await.is_err());
            }
            assert!(hub.is_alive());
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_callers_that_are_forgotten() {
    in_proportion(2_000, async |many| {
        let (hub, leaf) = (Hub::start().await.unwrap(), Leaf::start().await.unwrap());
        let tasks = callers(&hub, many).await;
        async move {
            hub.forget(leaf).no_timeout().await.unwrap();
            for task in tasks {
                task.await.unwrap();
            }
        }
    })
    .await;
}

/// Its mailbox is full while it waits.
#[derive(Default)]
struct Narrow;

#[genserver(mailbox = 1)]
impl Narrow {
    #[cast]
    async fn work(&mut self) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn r97_senders_that_wait_for_room() {
    in_proportion(1_000, async |many| {
        let narrow = Narrow::start().await.unwrap();
        async move {
            let send = |_| tokio::spawn(narrow.work().no_timeout().owned());
            let tasks: Vec<_> = (0..many).map(send).collect();
            for task in tasks {
                task.await.unwrap().unwrap();
            }
        }
    })
    .await;
}

/// Keeps the newest of what it is sent while it waits.
#[derive(Default)]
struct Newest;

#[genserver(mailbox = 1_000_000, full = drop_oldest, trap_exit)]
impl Newest {
    #[cast]
    async fn wait(&mut self) {
        std::future::pending::<()>().await;
    }

    #[cast]
    fn note(&mut self, _n: usize) {}
}

/// For each message of many the oldest is dropped: it is found without a walk, whatever stays before it.
#[tokio::test(start_paused = true)]
async fn r97_r351_the_oldest_that_is_dropped_from_a_full_mailbox() {
    const ROOM: usize = 1_000_000;
    const CONTROL: usize = 1_000;
    let newest = Newest::start().await.unwrap();
    newest.wait().await.unwrap();
    settle().await;
    let pid = newest.pid().unwrap();
    for _ in 0..CONTROL {
        exit(pid, ExitReason::Shutdown);
    }
    settle().await;
    // What the system sends takes no room.
    for n in 0..ROOM {
        newest.note(n).try_send().unwrap();
    }
    in_proportion(1_000, async |many| {
        let newest = newest.clone();
        async move {
            for n in 0..many {
                newest.note(n).try_send().unwrap();
            }
        }
    })
    .await;
    // A thousand, with a million that wait, in no more time than so many take where few do.
    let dropped = newest.info().unwrap().dropped;
    assert!(dropped >= 5_000, "{dropped}");
}
