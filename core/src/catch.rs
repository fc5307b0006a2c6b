//! User code is called here: a panic becomes an exit reason.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::exit_reason::ExitReason;
use crate::guard::{discard, discard_pinned};
use crate::interrupt;
use crate::panic::Panic;

/// Runs user code; a panic becomes an exit reason.
#[inline]
pub(crate) fn catch<R>(run: impl FnOnce() -> R) -> Result<R, ExitReason> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Ok(value),
        Err(payload) => Err(reason(payload)),
    }
}

fn reason(payload: Box<dyn Any + Send>) -> ExitReason {
    ExitReason::Panic(Panic::from_payload(payload).into())
}

/// Like [`catch`], but compiled once: for code that is instantiated for each server of a program.
#[inline(always)]
pub(crate) fn catch_dyn(run: &mut dyn FnMut()) -> Result<(), ExitReason> {
    catch(run)
}

/// Like [`catch_dyn`], for code that hardly ever panics: `None` is the one that did not, and takes no more than a register.
#[inline(always)]
pub(crate) fn catch_rare(run: &mut dyn FnMut()) -> Option<Box<ExitReason>> {
    #[cold]
    #[inline(never)]
    fn boxed(payload: Box<dyn Any + Send>) -> Box<ExitReason> {
        Box::new(reason(payload))
    }
    catch_unwind(AssertUnwindSafe(run)).err().map(boxed)
}

/// Polls user code; a panic becomes an exit reason, and so does an [interruption](crate::interrupt). The future is dropped
/// guarded, whether it came to its end or not.
pub(crate) struct Caught<'a, F>(Pin<&'a mut Option<F>>);

impl<'a, F> Caught<'a, F> {
    /// Of a future that was pinned as an option, so that it can be dropped where it is.
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
            return Poll::Ready(Err(reason));
        }
        let mut output = None;
        let polled = catch(|| {
            let Some(future) = self.0.as_mut().as_pin_mut() else {
                return;
            };
            if let Poll::Ready(ready) = future.poll(cx) {
                output = Some(ready);
                // Its own destructor is a part of it.
                self.0.set(None);
            }
        });
        match (polled, output) {
            (Ok(()), None) => Poll::Pending,
            (Ok(()), Some(output)) => Poll::Ready(Ok(output)),
            (Err(reason), output) => {
                discard(output);
                Poll::Ready(Err(reason))
            }
        }
    }
}

impl<F> Drop for Caught<'_, F> {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            discard_pinned(self.0.as_mut());
        }
    }
}
