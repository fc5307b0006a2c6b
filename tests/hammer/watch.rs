//! The watch: a thread outside of every runtime that ends the test when nothing moves any more.
//!
//! The rounds notice a hung caller themselves, by a timer. Should the runtime itself stand still, only a thread can tell.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Without any round done for this long, the test ends.
const STILL: Duration = Duration::from_secs(60);

pub(crate) struct Watch {
    what: &'static str,
    rounds: AtomicU64,
}

impl Watch {
    /// Watches until the last reference is gone.
    pub(crate) fn start(what: &'static str) -> Arc<Self> {
        let watch = Arc::new(Self {
            what,
            rounds: AtomicU64::new(0),
        });
        let watched = Arc::downgrade(&watch);
        std::thread::spawn(move || look(&watched));
        watch
    }

    pub(crate) fn round_done(&self) {
        self.rounds.fetch_add(1, Ordering::Relaxed);
    }
}

fn look(watched: &Weak<Watch>) {
    let mut seen = u64::MAX;
    let mut still = Duration::ZERO;
    let step = Duration::from_millis(500);
    while let Some(watch) = watched.upgrade() {
        let rounds = watch.rounds.load(Ordering::Relaxed);
        still = if rounds == seen {
            still + step
        } else {
            Duration::ZERO
        };
        seen = rounds;
        if still >= STILL {
            eprintln!(
                "hammer: {}: nothing moved for {STILL:?} after {rounds} rounds",
                watch.what
            );
            std::process::abort();
        }
        drop(watch);
        std::thread::sleep(step);
    }
}
