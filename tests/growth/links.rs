//! Links and monitors, of one and of many.

use suptree::prelude::*;
use suptree::{Monitor, exit, monitor};

use super::{Hub, Leaf, in_proportion, leaves, pids, scattered};

#[tokio::test(start_paused = true)]
async fn r97_links_of_one_to_many() {
    in_proportion(8_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        let all = pids(&leaves);
        let order: Vec<Pid> = scattered(many).map(|at| all[at]).collect();
        async move {
            hub.link_all(all).await.unwrap();
            hub.unlink_all(order).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_deaths_of_many_that_one_is_linked_to() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        hub.link_all(pids(&leaves)).await.unwrap();
        async move {
            for at in scattered(many) {
                leaves[at].stop().await.unwrap();
            }
            hub.kept().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_r311_monitors_of_a_server_that_are_given_up() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        // Each twice: of one process, and of all.
        let one = vec![leaves[0].pid().unwrap(); many];
        let all = [one, pids(&leaves)].concat();
        async move {
            let set = hub.watch_all(all).await.unwrap();
            let order: Vec<_> = scattered(set.len()).map(|at| set[at]).collect();
            assert_eq!(hub.forget_all(order).await, Ok(true));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_r311_deaths_of_many_that_a_server_monitors() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        hub.watch_all(pids(&leaves)).await.unwrap();
        async move {
            for at in scattered(many) {
                leaves[at].stop().await.unwrap();
            }
            hub.kept().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_the_death_of_one_that_is_linked_to_many() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        hub.link_all(pids(&leaves)).await.unwrap();
        let last = leaves[many - 1].monitor();
        async move {
            exit(hub.pid().unwrap(), ExitReason::Kill);
            last.await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_monitors_of_one_that_are_dropped() {
    in_proportion(8_000, async |many| {
        let leaf = Leaf::start().await.unwrap();
        let pid = leaf.pid().unwrap();
        async move {
            let mut monitors: Vec<Option<Monitor>> =
                (0..many).map(|_| Some(monitor(pid))).collect();
            for at in scattered(many) {
                monitors[at] = None;
            }
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_monitors_of_one_that_dies() {
    in_proportion(8_000, async |many| {
        let leaf = Leaf::start().await.unwrap();
        let monitors: Vec<Monitor> = (0..many).map(|_| leaf.monitor()).collect();
        async move {
            leaf.stop().await.unwrap();
            for monitor in monitors {
                monitor.await;
            }
        }
    })
    .await;
}
