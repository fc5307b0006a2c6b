//! `ZipInput`: a stream whose errors come with their items.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::guard::discard;
use crate::task::stream::AsyncStream;
use crate::task::task_error::TaskError;

/// An [`AsyncStream`] whose errors come with the items that they are for. Made by [`AsyncStream::zip_input_on_exit`].
#[must_use = "no task starts unless the stream is polled"]
pub struct ZipInput<S: Stream, T>(AsyncStream<S, T>);

type Zipped<S, T> = Result<T, (<S as Stream>::Item, TaskError)>;

impl<S: Stream, T: Send + 'static> ZipInput<S, T> {
    pub(super) const fn new(stream: AsyncStream<S, T>) -> Self {
        Self(stream)
    }

    /// What came of the next item; `None`, when that was all.
    ///
    /// ```
    /// use suptree::Task;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut halves = Task::async_stream([8], |n| async move { n / 2 }).zip_input_on_exit();
    /// assert_eq!(halves.next().await, Some(Ok(4)));
    /// assert_eq!(halves.next().await, None);
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<T, (S::Item, TaskError)>> {
        poll_fn(|cx| self.poll_zipped(cx)).await
    }

    fn poll_zipped(&mut self, cx: &mut Context<'_>) -> Poll<Option<Zipped<S, T>>> {
        Poll::Ready(match ready!(self.0.poll_item(cx)) {
            Some((Ok(value), item)) => {
                discard(item);
                Some(Ok(value))
            }
            // Each is kept.
            Some((Err(error), item)) => item.map(|item| Err((item, error))),
            None => None,
        })
    }
}

impl<S: Stream, T: Send + 'static> Stream for ZipInput<S, T> {
    type Item = Result<T, (S::Item, TaskError)>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_zipped(cx)
    }
}

// What is pinned has a box of its own.
impl<S: Stream, T> Unpin for ZipInput<S, T> {}

impl<S: Stream, T> fmt::Debug for ZipInput<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZipInput").field(&self.0).finish()
    }
}
