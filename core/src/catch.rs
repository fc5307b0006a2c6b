//! User code is called here: a panic becomes an exit reason.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::exit_reason::ExitReason;
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

/// Polls user code; a panic becomes an exit reason.
pub(crate) struct Caught<'a, F>(Pin<&'a mut F>);

impl<'a, F> Caught<'a, F> {
    #[inline]
    pub(crate) const fn new(future: Pin<&'a mut F>) -> Self {
        Self(future)
    }
}

impl<F: Future> Future for Caught<'_, F> {
    type Output = Result<F::Output, ExitReason>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match catch(|| self.0.as_mut().poll(cx)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(reason) => Poll::Ready(Err(reason)),
        }
    }
}
