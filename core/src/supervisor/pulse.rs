//! The signs of life of a supervisor's task.

use crate::sync::atomic::{AtomicU64, Ordering};

/// The signs of life of a supervisor's task. Odd while the task is polled.
pub(super) struct Pulse(AtomicU64);

impl Pulse {
    pub(super) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// The task is polled, until the value is dropped.
    pub(super) fn poll(&self) -> Polled<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Polled(self)
    }

    /// A poll gets on.
    pub(super) fn beat(&self) {
        self.0.fetch_add(2, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[must_use = "the poll is over when this is dropped"]
pub(super) struct Polled<'a>(&'a Pulse);

impl Drop for Polled<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }
}
