//! Waiting for the outcome of a call: no timer and no watch on the server until the wait has been a long one.

use std::any::Any;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::gen_server::client::room::{Blocked, Refused};
use crate::gen_server::client::target::Receiver;
use crate::gen_server::client::watchdog::Watchdog;
use crate::guard::discard;
use crate::process::call_cycle::CallCycle;
use crate::process::wait_list::{CallWait, How};
use crate::process::waits::Waits;
use crate::process::{Header, current};
use crate::reply::slot::{Answer, InUse, Opened};
use crate::reply::{CallError, cache};
use crate::rt;
use crate::sync::Arc;
use crate::sync::atomic::AtomicBool;

/// What a call that was begun waits for.
pub(in crate::gen_server) enum Outstanding<'a, R> {
    /// Not begun, or over.
    Nothing,
    /// Not begun, and no part of a cycle.
    Allowed,
    /// Its reply.
    Reply(AwaitingReply<'a, R>),
    /// What few calls wait for. Boxed, so that the others need not look at it when they are dropped.
    Rest(Box<Rest<'a, R>>),
}

/// A call that waits for what few calls wait for.
pub(in crate::gen_server) struct Rest<'a, R> {
    stage: Stage<'a>,
    /// Where the reply is to come when the call was sent.
    slot: Option<Opened<R>>,
    /// The reply of a call with which its server ends: it counts when the server has ended.
    early: Option<R>,
}

/// A call that waits for room, and what is noted of its caller.
struct RoomWait<'a> {
    room: Box<dyn Blocked<'a> + 'a>,
    how: How,
    noted: Option<Waits>,
    taken: Option<Arc<AtomicBool>>,
}

impl RoomWait<'_> {
    /// There is no room yet. The cycle of calls that the caller closes, if it was told so.
    fn note(&mut self) -> Option<CallCycle> {
        let Self {
            room,
            how,
            noted,
            taken,
        } = self;
        let how = *how;
        Waits::note_call(noted, room.server().pid, &mut || {
            CallWait::new(None, how, taken.clone())
        })
    }
}

/// What few calls wait for. None of it depends on the reply.
enum Stage<'a> {
    /// Room in the mailbox; and then the reply.
    Room(RoomWait<'a>),
    /// The end of the server, which ends with this call.
    End(Watchdog<'a>),
    /// Nothing more: what is left is the mail that was refused.
    Refused(Box<dyn Any + Send>),
    Over,
}

impl<'a> Stage<'a> {
    /// The mailbox is full.
    #[cold]
    fn room(room: Box<dyn Blocked<'a> + 'a>, allowed: bool) -> Self {
        Self::Room(RoomWait {
            room,
            how: How::of(allowed),
            noted: None,
            taken: None,
        })
    }

    /// The end of the server.
    #[cold]
    fn end(receiver: Receiver<'a>, timeout: Option<Duration>, allowed: bool) -> Self {
        let mut watchdog = Watchdog::new(receiver, timeout.map(rt::deadline), How::of(allowed));
        watchdog.note_in_place();
        Self::End(watchdog)
    }

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
            Self::Room(wait) if current::pid() == Some(wait.room.server().pid) => {
                Err(CallError::CallingSelf)
            }
            Self::Room(wait) => match wait.room.poll(cx) {
                Poll::Ready(sent) => sent.map_err(|why| refused(why, wait.room.server(), timeout)),
                Poll::Pending => match wait.note() {
                    Some(cycle) => Err(CallError::Deadlock(cycle)),
                    None => return Poll::Pending,
                },
            },
            Self::End(watchdog) => Err(ready!(watchdog.poll_end(timeout, cx))),
            Self::Refused(_) | Self::Over => panic!("a call was polled after its end"),
        };
        Poll::Ready(match (std::mem::replace(self, Self::Over), sent) {
            (Self::Room(wait), Ok(())) => {
                let (receiver, deadline) = wait.room.into_receiver();
                let mut watchdog = Watchdog::new(receiver, deadline, wait.how);
                if wait.taken.is_some() {
                    watchdog.note_given(wait.taken);
                }
                Ok(watchdog)
            }
            (Self::Room(wait), Err(error)) => {
                *self = Self::Refused(wait.room.into_message());
                Err(error)
            }
            (_, Err(error)) => Err(error),
            (_, Ok(())) => unreachable!("a call that ends is not sent"),
        })
    }

    /// The handler will be given the reply handle.
    #[cold]
    fn note_given(&mut self, given: Option<Arc<AtomicBool>>) {
        if let Self::Room(RoomWait { how, taken, .. }) = self {
            *how = How::Loose;
            *taken = given;
        }
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
        (Refused::Full, _) => CallError::Full,
        (Refused::Closed, Some(reason)) => CallError::Exited(reason.clone()),
        (Refused::Closed, None) => CallError::NoProc,
    }
}

impl<R> Outstanding<'_, R> {
    /// Whether its caller says that it is no part of a cycle.
    #[inline(always)]
    pub(super) const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed)
    }
}

impl<'a, R: Send + 'static> Outstanding<'a, R> {
    /// The call is on its way; its reply comes to this slot.
    #[inline]
    pub(in crate::gen_server) fn reply(&mut self, receiver: Receiver<'a>, slot: Opened<R>) {
        let how = How::of(self.is_allowed());
        let watchdog = Watchdog::new(receiver, None, how);
        let slot = Some(slot);
        *self = Self::Reply(AwaitingReply { slot, watchdog });
    }

    /// Likewise, of a call whose handler was begun.
    pub(super) fn begun(&mut self, receiver: Receiver<'a>, slot: Opened<R>) {
        self.reply(receiver, slot);
        if let Self::Reply(waiting) = self {
            waiting.watchdog.note_in_place();
        }
    }

    /// The handler will be given the reply handle. `None`: nobody knows when, or it does not matter.
    #[cold]
    pub(super) fn note_given(&mut self, taken: Option<Arc<AtomicBool>>) {
        match self {
            Self::Reply(waiting) => waiting.watchdog.note_given(taken),
            Self::Rest(rest) => rest.stage.note_given(taken),
            Self::Nothing | Self::Allowed => {}
        }
    }

    /// The mailbox is full.
    #[cold]
    #[inline(never)]
    pub(super) fn room(&mut self, room: Box<dyn Blocked<'a> + 'a>, slot: Opened<R>) {
        let allowed = self.is_allowed();
        *self = Self::Rest(Box::new(Rest {
            stage: Stage::room(room, allowed),
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
        let allowed = self.is_allowed();
        *self = Self::Rest(Box::new(Rest {
            stage: Stage::end(receiver, timeout, allowed),
            slot: None,
            early: reply,
        }));
    }

    /// Nearly every poll finds the reply, or nothing: everything else is out of line.
    #[inline(always)]
    pub(in crate::gen_server) fn poll(
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
pub(in crate::gen_server) struct AwaitingReply<'a, R> {
    slot: Option<Opened<R>>,
    watchdog: Watchdog<'a>,
}

impl<R: Send + 'static> AwaitingReply<'_, R> {
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
        // Written out here and below: `map` and its closure would be compiled for each type of reply.
        let since = match looked {
            Poll::Ready(Answer::Reply(reply)) => return Poll::Ready(Ok(reply)),
            Poll::Ready(Answer::Abandoned(why)) => {
                let failure = match &self.slot {
                    Some(slot) => slot.failure(),
                    None => None,
                };
                return Poll::Ready(Err(self.watchdog.abandoned(why, failure)));
            }
            Poll::Ready(Answer::Overdue(since)) => Some(since),
            Poll::Pending => None,
        };
        if timeout == Some(Duration::ZERO) {
            return Poll::Ready(Err(CallError::Timeout(Duration::ZERO)));
        }
        #[allow(clippy::manual_map)]
        let slot = match &self.slot {
            Some(slot) => Some(slot as &dyn InUse),
            None => None,
        };
        let error = ready!(self.watchdog.poll(since, timeout, slot, cx));
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

impl<R> Drop for AwaitingReply<'_, R> {
    #[inline]
    fn drop(&mut self) {
        if self.slot.is_some() {
            Opened::give_back(&mut self.slot);
        }
    }
}
