//! User code is called and held here: a panic becomes an exit reason, a destructor that panics is contained.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::interrupt;
use crate::panic::Panic;

/// Runs user code; a panic becomes an exit reason.
#[inline]
pub(crate) fn catch<R>(run: impl FnOnce() -> R) -> Result<R, ExitReason> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Ok(value),
        Err(payload) => Err(ExitReason::Panic(Panic::from_payload(payload).into())),
    }
}

/// Like [`catch`], but compiled once: for code that is instantiated for each server of a program.
#[inline(always)]
pub(crate) fn catch_dyn(run: &mut dyn FnMut()) -> Result<(), ExitReason> {
    catch(run)
}

/// Polls user code; a panic becomes an exit reason. So does an [interruption](crate::interrupt), which drops the user's
/// future.
pub(crate) struct Caught<'a, F>(Pin<&'a mut Option<F>>);

impl<'a, F> Caught<'a, F> {
    #[inline]
    pub(crate) const fn new(future: Pin<&'a mut Option<F>>) -> Self {
        Self(future)
    }
}

impl<F: Future> Future for Caught<'_, F> {
    type Output = Result<F::Output, ExitReason>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(reason) = interrupt::take() {
            // Its locals are dropped as the server, and a panic of theirs stops here.
            let _dropped = catch_dyn(&mut || self.0.set(None));
            return Poll::Ready(Err(reason));
        }
        let Some(future) = self.0.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        match catch(|| future.poll(cx)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(reason) => Poll::Ready(Err(reason)),
        }
    }
}

/// Holds a user's value so that its destructor cannot unwind out of the place that drops it.
#[derive(Debug)]
pub(crate) struct Guarded<T>(Option<T>);

impl<T> Guarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Some(value))
    }

    #[inline(always)]
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0
            .as_mut()
            .expect("a guarded value is only taken by its drop")
    }

    pub(crate) fn get(&self) -> &T {
        self.0
            .as_ref()
            .expect("a guarded value is only taken by its drop")
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        if let Some(value) = self.0.take() {
            discard(value);
        }
    }
}
