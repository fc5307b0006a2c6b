//! `KeepArgs`: a call or a cast whose arguments come back if it is not sent.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use crate::failed::Failed;

/// A call or a cast whose arguments come back with the error if it is not sent; made by its `keep_args`.
///
/// # Errors
///
/// That of the call or the cast, as a [`Failed`]. It has the arguments of what was refused before it entered a mailbox: there
/// was no such process, or no room. What has entered a mailbox may still be handled, and does not come back.
///
/// # Cancel safety
///
/// That of the call or the cast. The arguments go with a future that is dropped.
#[derive(Debug)]
#[must_use = "this does nothing unless it is awaited"]
pub struct KeepArgs<F>(F);

impl<F> KeepArgs<F> {
    pub(super) const fn new(sent: F) -> Self {
        Self(sent)
    }

    pub(super) fn into_inner(self) -> F {
        self.0
    }
}

/// Has the arguments of a message that was refused.
pub trait TakeArgs {
    /// The handler's arguments, one by itself, or a tuple.
    type Args: Send + 'static;

    /// `None`: it was sent.
    fn take_args(&mut self) -> Option<Self::Args>;
}

impl<F, T, E> Future for KeepArgs<F>
where
    F: Future<Output = Result<T, E>> + TakeArgs + Unpin,
    E: Error + 'static,
{
    type Output = Result<T, Failed<E, F::Args>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.0).poll(cx)) {
            Ok(value) => Poll::Ready(Ok(value)),
            Err(error) => {
                let args = self.0.take_args();
                Poll::Ready(Err(Failed::refused(error, args)))
            }
        }
    }
}
