//! The children of a dynamic supervisor.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{ProcessRef, TerminateChildError};

use super::{Leaf, LeafClient, in_proportion, pids, scattered};

supervisor! { Free { dynamic: Leaf } }
supervisor! { Limited { dynamic: Leaf, max_children: 1_000_000 } }

async fn children(free: &Free, many: usize) -> Vec<LeafClient> {
    let mut children = Vec::with_capacity(many);
    for _ in 0..many {
        children.push(free.start_child(()).await.unwrap());
    }
    children
}

#[tokio::test(start_paused = true)]
async fn r97_children_that_are_started() {
    in_proportion(1_000, async |many| {
        let (free, limited) = (
            Free::start_link().await.unwrap(),
            Limited::start_link().await.unwrap(),
        );
        async move {
            for _ in 0..many {
                free.start_child(()).await.unwrap();
                limited.start_child(()).await.unwrap();
            }
            free.stop().await.unwrap();
            limited.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_children_that_are_terminated() {
    in_proportion(1_000, async |many| {
        let free = Free::start_link().await.unwrap();
        let all = pids(&children(&free, many).await);
        async move {
            for at in scattered(many) {
                free.terminate_child(all[at]).await.unwrap();
            }
            free.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r221_children_that_are_terminated_when_they_are_dead() {
    in_proportion(1_000, async |many| {
        let free = Free::start_link().await.unwrap();
        let dead = children(&free, many).await;
        let _alive = children(&free, many).await;
        for leaf in &dead {
            leaf.stop().await.unwrap();
        }
        async move {
            for at in scattered(many) {
                let ended = free.terminate_child(&dead[at]).await;
                assert_eq!(ended, Err(TerminateChildError::NotFound));
            }
            free.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_children_that_end_by_themselves() {
    in_proportion(1_000, async |many| {
        let free = Free::start_link().await.unwrap();
        let children = children(&free, many).await;
        async move {
            for at in scattered(many) {
                children[at].kill();
            }
            assert_eq!(free.count_children().await.unwrap().active, 0);
            free.stop().await.unwrap();
        }
    })
    .await;
}

/// Ends when its time is over, not when it is asked to.
struct Late(u64);

#[genserver(restart = temporary)]
impl Late {
    #[init]
    fn init(at: u64) -> Self {
        Self(at)
    }

    #[terminate]
    async fn terminate(&mut self) {
        tokio::time::sleep(Duration::from_millis(self.0)).await;
    }
}

supervisor! { LateOnes { dynamic: Late } }

#[tokio::test(start_paused = true)]
async fn r97_children_that_end_in_any_order_when_they_are_stopped() {
    in_proportion(4_000, async |many| {
        let late = LateOnes::start_link().await.unwrap();
        for at in scattered(many) {
            late.start_child(at as u64).await.unwrap();
        }
        async move { late.stop().await.unwrap() }
    })
    .await;
}

supervisor! { OneLate { strategy: one_for_one, children: [Late(2_500)] } }
supervisor! { LateBelow { dynamic: OneLate } }

#[derive(Default)]
struct Asker;

#[genserver]
impl Asker {
    #[call]
    async fn stop(&self, other: ProcessRef) {
        other.stop().await.unwrap();
    }
}

/// A supervisor that ends for a process that waits for it looks now and then whether one below it waits for that process.
#[tokio::test(start_paused = true)]
async fn r97_supervisors_that_end_late_for_a_process_that_waits() {
    in_proportion(100, async |many| {
        let late = LateBelow::start_link().await.unwrap();
        for _ in 0..many {
            late.start_child(()).await.unwrap();
        }
        let asker = Asker::start().await.unwrap();
        async move { asker.stop(late.process()).no_timeout().await.unwrap() }
    })
    .await;
}
