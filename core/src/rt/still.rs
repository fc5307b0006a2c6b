//! A runtime that runs nothing, and a clock that stands still: for a server whose handlers are tested alone.

use std::time::Duration;

use super::{Instant, Runtime};
use crate::sync::{Mutex, lock};

/// A runtime that nobody drives: what is spawned on it is dropped with it.
pub(crate) struct Still(Option<tokio::runtime::Runtime>);

impl Still {
    pub(crate) fn new() -> Self {
        let built = tokio::runtime::Builder::new_current_thread().build();
        Self(Some(built.expect("it has no drivers, and no threads")))
    }

    pub(crate) fn runtime(&self) -> Runtime {
        let runtime = self.0.as_ref().expect("it is there until it is dropped");
        Runtime::Tokio(runtime.handle().clone())
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // A plain drop would wait for blocking tasks, which must not be in a task of another runtime.
            runtime.shutdown_background();
        }
    }
}

/// A clock that goes on when it is told to.
pub(crate) struct StillClock(Mutex<Instant>);

impl StillClock {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    pub(crate) fn now(&self) -> Instant {
        *lock(&self.0)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let mut now = lock(&self.0);
        *now = super::deadline_from(*now, by);
    }
}
