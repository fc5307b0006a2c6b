//! A message for later by hand: a task that sleeps, and sends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use common::Later;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::counter::{ByHand, Sender};

impl Later for ByHand {
    type Timers = Vec<JoinHandle<()>>;

    async fn set_all(client: &Sender, times: Vec<Duration>) -> Self::Timers {
        let set = Arc::new(AtomicU64::new(0));
        let all = times.len() as u64;
        let timers = times.into_iter().map(|after| {
            let (client, set) = (client.clone(), Arc::clone(&set));
            tokio::spawn(async move {
                set.fetch_add(1, Ordering::Relaxed);
                drop(set);
                sleep(after).await;
                <Self as common::System>::cast(&client, 1).await;
            })
        });
        let timers = timers.collect();
        // A sleep is set when its task is polled for the first time.
        while set.load(Ordering::Relaxed) < all {
            tokio::task::yield_now().await;
        }
        timers
    }

    async fn cancel_all(timers: Self::Timers) {
        for timer in &timers {
            timer.abort();
        }
        for timer in timers {
            let _ = timer.await;
        }
    }
}
