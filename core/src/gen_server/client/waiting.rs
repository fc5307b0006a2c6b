//! Waiting for the outcome of a call: no timer and no watch on the server until the wait has been a long one.

use std::any::Any;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::gen_server::client::room::{Blocked, Refused};
use crate::gen_server::client::target::Receiver;
use crate::gen_server::client::watchdog::Watchdog;
use crate::guard::discard;
use crate::process::{Header, current};
use crate::reply::slot::{Answer, Opened};
use crate::reply::{CallError, cache};
use crate::rt;

/// What a call that was begun waits for.
pub(super) enum Outstanding<'a, R: Send + 'static> {
    /// Not begun, or over.
    Nothing,
    /// Its reply.
    Reply(AwaitingReply<'a, R>),
    /// What few calls wait for. Boxed, so that the others need not look at it when they are dropped.
    Rest(Box<Rest<'a, R>>),
}

/// A call that waits for what few calls wait for.
pub(super) struct Rest<'a, R> {
    stage: Stage<'a>,
    /// Where the reply is to come when the call was sent.
    slot: Option<Opened<R>>,
    /// The reply of a call with which its server ends: it counts when the server has ended.
    early: Option<R>,
}

/// What few calls wait for. None of it depends on the reply.
enum Stage<'a> {
    /// Room in the mailbox; and then the reply.
    Room(Box<dyn Blocked<'a> + 'a>),
    /// The end of the server, which ends with this call.
    End(Watchdog<'a>),
    /// Nothing more: what is left is the mail that was refused.
    Refused(Box<dyn Any + Send>),
    Over,
}

impl<'a> Stage<'a> {
    /// Ready with `Ok`: the call was sent, and this watches over its reply.
    #[cold]
    #[inline(never)]
    fn poll(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<Watchdog<'a>, CallError>> {
        let sent = match self {
            // A call that somebody else began, and the server itself waits for.
            Self::Room(room) if current::pid() == Some(room.server().pid) => {
                Err(CallError::CallingSelf)
            }
            Self::Room(room) => {
                ready!(room.poll(cx)).map_err(|why| refused(why, room.server(), timeout))
            }
            Self::End(watchdog) => Err(ready!(watchdog.poll_end(timeout, cx))),
            Self::Refused(_) | Self::Over => panic!("a call was polled after its end"),
        };
        Poll::Ready(match (std::mem::replace(self, Self::Over), sent) {
            (Self::Room(room), Ok(())) => {
                let (receiver, deadline) = room.into_receiver();
                Ok(Watchdog::new(receiver, deadline))
            }
            (Self::Room(room), Err(error)) => {
                *self = Self::Refused(room.into_message());
                Err(error)
            }
            (_, Err(error)) => Err(error),
            (_, Ok(())) => unreachable!("a call that ends is not sent"),
        })
    }

    /// The mail, if it was refused.
    fn take_refused(&mut self) -> Option<Box<dyn Any + Send>> {
        match std::mem::replace(self, Self::Over) {
            Self::Refused(mail) => Some(mail),
            before => {
                *self = before;
                None
            }
        }
    }
}

/// What a call that waited for room was refused for.
#[cold]
fn refused(why: Refused, server: &Header, timeout: Option<Duration>) -> CallError {
    match (why, server.exit_reason()) {
        (Refused::TimedOut, _) => CallError::Timeout(timeout.unwrap_or_default()),
        (Refused::Itself, _) => CallError::CallingSelf,
        (Refused::Closed, Some(reason)) => CallError::Exited(reason.clone()),
        (Refused::Closed, None) => CallError::NoProc,
    }
}

impl<'a, R: Send + 'static> Outstanding<'a, R> {
    /// The call is on its way; its reply comes to this slot.
    #[inline]
    pub(super) fn reply(&mut self, receiver: Receiver<'a>, slot: Opened<R>) {
        *self = Self::Reply(AwaitingReply::new(receiver, slot));
    }

    /// The mailbox is full.
    #[cold]
    #[inline(never)]
    pub(super) fn room(&mut self, room: Box<dyn Blocked<'a> + 'a>, slot: Opened<R>) {
        *self = Self::Rest(Box::new(Rest {
            stage: Stage::Room(room),
            slot: Some(slot),
            early: None,
        }));
    }

    /// The mailbox was closed already.
    #[cold]
    pub(super) fn refused(&mut self, mail: Box<dyn Any + Send>, slot: Opened<R>) {
        *self = Self::Rest(Box::new(Rest {
            stage: Stage::Refused(mail),
            slot: Some(slot),
            early: None,
        }));
    }

    /// The handler crashed, or stopped the server.
    #[cold]
    #[inline(never)]
    pub(super) fn end(
        &mut self,
        receiver: Receiver<'a>,
        reply: Option<R>,
        timeout: Option<Duration>,
    ) {
        let watchdog = Watchdog::new(receiver, timeout.map(rt::deadline));
        *self = Self::Rest(Box::new(Rest {
            stage: Stage::End(watchdog),
            slot: None,
            early: reply,
        }));
    }

    /// Nearly every poll finds the reply, or nothing: everything else is out of line.
    #[inline(always)]
    pub(super) fn poll(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R, CallError>> {
        match self {
            Self::Reply(waiting) => waiting.poll(timeout, cx),
            _ => self.poll_rest(timeout, cx),
        }
    }

    #[cold]
    #[inline(never)]
    fn poll_rest(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R, CallError>> {
        let Self::Rest(rest) = self else {
            panic!("a call was polled after its end");
        };
        match ready!(rest.stage.poll(timeout, cx)) {
            Ok(watchdog) => {
                let slot = rest.slot.take();
                let mut waiting = AwaitingReply { slot, watchdog };
                let result = waiting.poll(timeout, cx);
                *self = Self::Reply(waiting);
                result
            }
            // Its mail was refused, and may be sent to another server yet.
            Err(error) if rest.slot.is_some() => Poll::Ready(Err(error)),
            Err(error) => match rest.early.take() {
                Some(reply) if matches!(error, CallError::Exited(_)) => Poll::Ready(Ok(reply)),
                late => {
                    discard(late);
                    Poll::Ready(Err(error))
                }
            },
        }
    }

    /// The mail, if it was refused. Nobody waits for its reply any more, which the handle in it sees.
    pub(super) fn take_refused(&mut self) -> Option<Box<dyn Any + Send>> {
        let (mail, slot) = self.take_undelivered()?;
        slot.end();
        Some(mail)
    }

    /// The mail that was refused, with the slot that its reply comes to.
    pub(super) fn take_undelivered(&mut self) -> Option<(Box<dyn Any + Send>, Opened<R>)> {
        // Written out: `zip` and `map` would be compiled for each type of reply.
        let mut taken = None;
        if let Self::Rest(rest) = self
            && let Some(mail) = rest.stage.take_refused()
            && let Some(slot) = rest.slot.take()
        {
            taken = Some((mail, slot));
        }
        taken
    }

    /// Whether the mail was refused.
    pub(super) fn is_refused(&self) -> bool {
        matches!(self, Self::Rest(rest) if matches!(rest.stage, Stage::Refused(_)))
    }
}

/// A call that is on its way. Dropping it closes the slot: a reply that still comes is dropped.
pub(super) struct AwaitingReply<'a, R: Send + 'static> {
    slot: Option<Opened<R>>,
    watchdog: Watchdog<'a>,
}

impl<'a, R: Send + 'static> AwaitingReply<'a, R> {
    #[inline]
    pub(super) const fn new(receiver: Receiver<'a>, slot: Opened<R>) -> Self {
        Self {
            slot: Some(slot),
            watchdog: Watchdog::new(receiver, None),
        }
    }

    #[inline(always)]
    fn poll(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R, CallError>> {
        match self.look(cx) {
            Poll::Ready(Answer::Reply(reply)) => {
                self.close();
                Poll::Ready(Ok(reply))
            }
            Poll::Pending if self.watchdog.is_asleep(timeout) => Poll::Pending,
            other => self.poll_slowly(other, timeout, cx),
        }
    }

    #[inline(always)]
    fn look(&mut self, cx: &mut TaskContext<'_>) -> Poll<Answer<R>> {
        match &mut self.slot {
            Some(slot) => slot.poll(cx),
            None => panic!("a call was polled after its end"),
        }
    }

    #[cold]
    #[inline(never)]
    fn poll_slowly(
        &mut self,
        looked: Poll<Answer<R>>,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R, CallError>> {
        let since = match looked {
            Poll::Ready(Answer::Reply(reply)) => return Poll::Ready(Ok(reply)),
            Poll::Ready(Answer::Abandoned) => {
                let failure = self.slot.as_ref().and_then(Opened::failure);
                return Poll::Ready(Err(self.watchdog.abandoned(failure)));
            }
            Poll::Ready(Answer::Overdue(since)) => Some(since),
            Poll::Pending => None,
        };
        if timeout == Some(Duration::ZERO) {
            return Poll::Ready(Err(CallError::Timeout(Duration::ZERO)));
        }
        let error = ready!(self.watchdog.poll(since, timeout, cx));
        // A server that replied and died since: the reply counts, as in OTP.
        match self.look(cx) {
            Poll::Ready(Answer::Reply(reply)) => Poll::Ready(Ok(reply)),
            _ => Poll::Ready(Err(error)),
        }
    }

    /// The call is over.
    #[inline]
    fn close(&mut self) {
        if let Some(slot) = self.slot.take() {
            cache::close(slot);
        }
    }
}

impl<R: Send + 'static> Drop for AwaitingReply<'_, R> {
    #[inline]
    fn drop(&mut self) {
        if self.slot.is_some() {
            self.close_late();
        }
    }
}

impl<R: Send + 'static> AwaitingReply<'_, R> {
    #[cold]
    #[inline(never)]
    fn close_late(&mut self) {
        self.close();
    }
}
