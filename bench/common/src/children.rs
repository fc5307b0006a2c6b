//! What supervised children report when they start, whatever the system: their generation, and that one more start happened.

use std::sync::atomic::{AtomicU64, Ordering::*};

use tokio::sync::Notify;

const MOST_CHILDREN: usize = 131_072;

static GENERATIONS: [AtomicU64; MOST_CHILDREN] = [const { AtomicU64::new(0) }; MOST_CHILDREN];
static STARTS: AtomicU64 = AtomicU64::new(0);
static STARTED: Notify = Notify::const_new();

/// To be called from the init of the child in place `index`; the answer is its generation, one higher than before the restart.
pub fn child_started(index: usize) -> u64 {
    let generation = GENERATIONS[index].fetch_add(1, AcqRel) + 1;
    STARTS.fetch_add(1, AcqRel);
    STARTED.notify_one();
    generation
}

/// How many starts of children there have been.
pub fn start_count() -> u64 {
    STARTS.load(Acquire)
}

pub async fn wait_for_starts(count: u64) {
    while start_count() < count {
        STARTED.notified().await;
    }
}

pub(crate) fn generation(index: usize) -> u64 {
    GENERATIONS[index].load(Acquire)
}
