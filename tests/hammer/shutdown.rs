//! Shutdown: the servers' runtime goes down while callers on another one wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use suptree::start;

use crate::round::{HUNG, Progress};
use crate::server::{Echo, EchoCall, How, IN_PLACE, Own, QUEUED, Sync, TIGHT};
use crate::tally::Tally;
use crate::watch::Watch;

const CALLERS: u64 = 4;

/// Starts and shuts down runtimes until the calls are made.
pub(crate) fn run(calls: u64, watch: &Arc<Watch>) -> Tally {
    let callers = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("a runtime for the callers");
    let mut total = Tally::default();
    for nth in 0_u64.. {
        if total.calls() >= calls {
            break;
        }
        total += match nth % 3 {
            0 => round::<IN_PLACE>(&callers, nth),
            1 => round::<QUEUED>(&callers, nth),
            _ => round::<TIGHT>(&callers, nth),
        };
        watch.round_done();
    }
    total
}

fn round<const KIND: u8>(callers: &tokio::runtime::Runtime, nth: u64) -> Tally {
    let mut tally = Tally {
        servers: 1,
        ..Tally::default()
    };
    let servers = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1 + nth as usize % 2)
        .enable_time()
        .build()
        .expect("a runtime for the servers");
    let server =
        servers.block_on(async { start::<Echo<KIND>>(Own::Never).await.expect("it starts") });
    let made = Arc::new(AtomicU64::new(0));
    let mut waiting = Vec::new();
    for caller in 0..CALLERS {
        let (server, made) = (server.clone(), Arc::clone(&made));
        let progress = Arc::new(Progress::default());
        let noted = Arc::clone(&progress);
        let task = callers.spawn(async move {
            let mut tally = Tally::default();
            for nth in 0.. {
                let id = caller << 32 | nth;
                noted.begin(id);
                let outcome = match nth % 8 {
                    0 => server.call(Sync(id)).no_timeout().await,
                    1 => {
                        server
                            .call_with(EchoCall::with(id, How::Later))
                            .no_timeout()
                            .await
                    }
                    2 => {
                        server
                            .call_with(EchoCall::with(id, How::Kept))
                            .no_timeout()
                            .await
                    }
                    3 => {
                        server
                            .call_with(EchoCall::with(id, How::Elsewhere))
                            .no_timeout()
                            .await
                    }
                    // R50: the reply handle outlives the server, in a task of the callers' own runtime.
                    4 => {
                        server
                            .call_with(EchoCall::with(id, How::Dropped))
                            .no_timeout()
                            .await
                    }
                    _ => {
                        server
                            .call_with(EchoCall::with(id, How::At))
                            .no_timeout()
                            .await
                    }
                };
                noted.end(id);
                made.fetch_add(1, Ordering::Relaxed);
                if !tally.count(id, &outcome) {
                    return tally;
                }
            }
            tally
        });
        waiting.push((task, progress));
    }
    // Some go down before the first call, some in the middle.
    let until = nth * 31 % 257;
    while made.load(Ordering::Relaxed) < until {
        std::thread::yield_now();
    }
    if nth.is_multiple_of(4) {
        servers.shutdown_background();
    } else {
        servers.shutdown_timeout(Duration::from_secs(10));
    }
    for (caller, (task, progress)) in waiting.into_iter().enumerate() {
        match callers.block_on(async { tokio::time::timeout(HUNG, task).await }) {
            Ok(done) => tally += done.expect("a caller does not panic"),
            Err(_) => panic!(
                "round {nth}, caller {caller}: not through {HUNG:?} after the shutdown: {}",
                progress.describe()
            ),
        }
    }
    tally
}
