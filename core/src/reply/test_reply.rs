//! `ReplyTo::for_test`: a reply handle without a call, and what is replied by it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::reply::slot::{Answer, Opened};
use crate::reply::{CallError, ReplyTo, cache};

/// What a handler replies by a [`ReplyTo::for_test`]: [`take`](Self::take) says what has come, and `.await` waits for it.
///
/// Its error is [`CallError::NoReply`], where the handle was dropped without a reply. Dropping it is the end of the caller's wait:
/// [`ReplyTo::is_closed`] says so then.
///
/// # Cancel safety
///
/// It may be polled again after its `.await` was dropped; nothing is lost.
#[must_use = "it has the reply"]
pub struct TestReply<R: Send + 'static>(Option<Opened<R>>);

impl<R: Send + 'static> ReplyTo<R> {
    /// A reply handle to call a handler with in a unit test, and what receives the reply. It needs no runtime.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Door(Vec<ReplyTo<u32>>);
    ///
    /// #[genserver]
    /// impl Door {
    ///     #[call]
    ///     fn wait(&mut self, reply: ReplyTo<u32>) {
    ///         self.0.push(reply);
    ///     }
    ///
    ///     #[cast]
    ///     fn open(&mut self) {
    ///         self.0.drain(..).zip(1..).for_each(|(reply, nth)| reply.send(nth));
    ///     }
    /// }
    ///
    /// let mut door = Door::default();
    /// let (reply, mut received) = ReplyTo::for_test();
    /// door.wait(reply);
    /// assert_eq!(received.take(), None);
    /// door.open();
    /// assert_eq!(received.take(), Some(Ok(1)));
    /// ```
    pub fn for_test() -> (Self, TestReply<R>) {
        let (opened, reply) = cache::open();
        (reply, TestReply(Some(opened)))
    }
}

impl<R: Send + 'static> TestReply<R> {
    /// The reply, if it is there, once.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// let (reply, mut received) = ReplyTo::<u32>::for_test();
    /// assert_eq!(received.take(), None);
    /// drop(reply);
    /// assert_eq!(received.take(), Some(Err(CallError::NoReply)));
    /// assert_eq!(received.take(), None);
    /// ```
    pub fn take(&mut self) -> Option<Result<R, CallError>> {
        let answer = self.0.as_mut()?.try_take()?;
        self.close();
        Some(result(answer).unwrap_or(Err(CallError::NoReply)))
    }

    fn close(&mut self) {
        if let Some(opened) = self.0.take() {
            cache::close(opened);
        }
    }
}

impl<R: Send + 'static> Future for TestReply<R> {
    type Output = Result<R, CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let opened = self.0.as_mut().expect("a reply is received once");
        // One that is overdue has left its waker.
        let Some(received) = result(ready!(opened.poll(cx))) else {
            return Poll::Pending;
        };
        self.close();
        Poll::Ready(received)
    }
}

/// `None`: it is not there yet.
fn result<R>(answer: Answer<R>) -> Option<Result<R, CallError>> {
    match answer {
        Answer::Reply(reply) => Some(Ok(reply)),
        Answer::Abandoned(_) => Some(Err(CallError::NoReply)),
        Answer::Overdue(_) => None,
    }
}

impl<R: Send + 'static> Drop for TestReply<R> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<R: Send + 'static> fmt::Debug for TestReply<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestReply").finish_non_exhaustive()
    }
}
