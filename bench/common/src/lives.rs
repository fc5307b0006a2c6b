//! Counts servers that are alive, for systems whose stop cannot be awaited: the count falls when the state is dropped.

use std::sync::atomic::{AtomicU64, Ordering::*};

use tokio::sync::Notify;

static ALIVE: AtomicU64 = AtomicU64::new(0);
static LAST_ONE_GONE: Notify = Notify::const_new();

/// One live server; held in its state.
#[derive(Debug)]
pub struct Alive(());

impl Alive {
    pub fn new() -> Self {
        ALIVE.fetch_add(1, Relaxed);
        Self(())
    }
}

impl Default for Alive {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        if ALIVE.fetch_sub(1, AcqRel) == 1 {
            LAST_ONE_GONE.notify_one();
        }
    }
}

pub async fn wait_until_none_alive() {
    while ALIVE.load(Acquire) != 0 {
        LAST_ONE_GONE.notified().await;
    }
}
