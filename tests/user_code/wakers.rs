//! Executors that are not the runtime's: one whose wakers panic, and one that polls at once what it wakes.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use crate::fault::{Op, visit};

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        visit(Op::Wake);
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        visit(Op::DropWaker);
    }
}

/// Polls a future once, with a waker of another executor's that panics, and that goes with the crate's reference to it.
pub(crate) fn leave<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    let waker = Waker::from(Arc::new(Panics));
    let polled = future.poll(&mut Context::from_waker(&waker));
    // The test's own reference is gone without a panic of its destructor, if the crate has one.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(waker))) {
        Ok(()) | Err(_) => polled,
    }
}

/// A task that its waker polls.
struct AtOnce(Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>);

impl Wake for AtOnce {
    fn wake(self: Arc<Self>) {
        let Some(mut future) = self.0.lock().unwrap().take() else {
            return;
        };
        let waker = Waker::from(Arc::clone(&self));
        if future
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
        {
            *self.0.lock().unwrap() = Some(future);
        }
    }
}

/// Runs a future on an executor that polls it inside of each wake-up.
pub(crate) fn at_once(future: impl Future<Output = ()> + Send + 'static) {
    Arc::new(AtOnce(Mutex::new(Some(Box::pin(future))))).wake();
}
