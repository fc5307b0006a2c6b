//! `Items`: an iterator as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

/// The items of an iterator, as a stream. It comes up in the type of an [`AsyncStream`](crate::AsyncStream) only.
pub struct Items<I>(I);

impl<I> Items<I> {
    pub(crate) const fn of(items: I) -> Self {
        Self(items)
    }
}

// It is never pinned.
impl<I> Unpin for Items<I> {}

impl<I: Iterator> Stream for Items<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<I> fmt::Debug for Items<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
