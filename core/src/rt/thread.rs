//! A thread of the crate's own, for what no runtime does.

use std::sync::Arc;
use std::task::{Wake, Waker};
use std::thread::{self, Thread};

use tokio::time::Instant;

/// The moment for those who have no runtime.
pub(crate) fn now() -> Instant {
    Instant::from_std(std::time::Instant::now())
}

/// Starts a thread that nobody waits for. `false`: the system gives none.
pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> bool {
    spawn_parked(name, run).is_some()
}

/// Likewise, with what ends its [`park_until`]. `None`: the system gives none.
pub(crate) fn spawn_parked(name: &str, run: impl FnOnce() + Send + 'static) -> Option<Parked> {
    let thread = thread::Builder::new().name(name.to_owned());
    let started = thread.spawn(run).ok()?;
    Some(Parked(started.thread().clone()))
}

/// A thread that parks.
#[derive(Debug)]
pub(crate) struct Parked(Thread);

impl Parked {
    /// Ends its [`park_until`]; the next one, if it does not wait.
    pub(crate) fn unpark(&self) {
        self.0.unpark();
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Ends the [`park_until`] of this thread; the next one, if it does not wait.
pub(crate) fn waker() -> Waker {
    Waker::from(Arc::new(Unpark(thread::current())))
}

/// Takes this thread out of the program.
pub(super) fn park_for_ever() -> ! {
    loop {
        thread::park();
    }
}

/// Waits, or returns for no reason.
pub(crate) fn park_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => thread::park_timeout(deadline.saturating_duration_since(now())),
        None => thread::park(),
    }
}
