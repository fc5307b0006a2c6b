//! `KeepArgs`: a call, a cast or the start of a child whose arguments come back if it is refused.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::failed::Failed;

/// A call or a cast, or the start of a child, whose arguments come back with the error if it is refused; made by its `keep_args`.
///
/// # Errors
///
/// That of the call, the cast or the start, as a [`Failed`]. It has the arguments of what was refused before it entered a
/// mailbox: there was no such process, or no room. What has entered a mailbox may still be handled, and does not come back. Of a
/// dynamic child that was not begun they come back, and of another one that did not start its specification does.
///
/// # Cancel safety
///
/// That of the call, the cast or the start. The arguments go with a future that is dropped.
#[derive(Debug)]
#[must_use = "this does nothing unless it is awaited"]
pub struct KeepArgs<F>(F);

impl<F> KeepArgs<F> {
    pub(crate) const fn new(sent: F) -> Self {
        Self(sent)
    }

    pub(crate) fn into_inner(self) -> F {
        self.0
    }
}

/// What has the arguments of a message, or a child, that was refused.
pub trait KeepsArgs {
    /// What it gives.
    type Value;
    /// Why it failed.
    type Error;
    /// The handler's arguments, one by itself, or a tuple.
    type Args;

    /// Polls it; the arguments of a message that was refused come with the error.
    fn poll_keeping(&mut self, cx: &mut TaskContext<'_>) -> Poll<Outcome<Self>>;
}

/// What it gives; or why it failed, with what was refused.
type Outcome<F> =
    Result<<F as KeepsArgs>::Value, Failed<<F as KeepsArgs>::Error, <F as KeepsArgs>::Args>>;

impl<F: KeepsArgs + Unpin> Future for KeepArgs<F> {
    type Output = Outcome<F>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        self.0.poll_keeping(cx)
    }
}
