//! Waiting for a reply: no timer and no watch on the server until the wait has been a long one.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::gen_server::cell::Cell;
use crate::gen_server::{GenServer, Request};
use crate::process::Process;
use crate::process::address::Address;
use crate::process::monitor::{Monitor, monitor};
use crate::process::timers::TICK;
use crate::reply::slot::{Answer, Opened};
use crate::reply::{CallError, cache};
use crate::rt::{self, Instant, Sleep};

/// Shorter timeouts are exact. A longer one, the default among them, may be over up to a tick early: that saves a look
/// at the clock in calls that are answered within a tick, which are nearly all.
const EXACT: Duration = Duration::from_secs(1);

/// A call that is on its way. Dropping it closes the slot: a reply that still comes is dropped.
pub(super) struct Waiting<'a, S: GenServer, R: Request<S>> {
    cell: Found<'a, S>,
    slot: Option<Opened<R::Reply>>,
    deadline: Option<Instant>,
    vigil: Option<Box<Vigil>>,
}

/// The server a call goes to: borrowed from the client where its address needs no resolving.
pub(super) enum Found<'a, S: GenServer> {
    Borrowed(&'a Arc<Cell<S>>),
    Resolved(Arc<Cell<S>>),
}

impl<'a, S: GenServer> Found<'a, S> {
    #[inline]
    pub(super) fn find(address: &'a Address<Cell<S>>) -> Option<Self> {
        match address.direct() {
            Some(cell) => Some(Self::Borrowed(cell)),
            None => address.get().map(Self::Resolved),
        }
    }

    /// The server that is known already, or who is found at the address.
    #[inline]
    pub(super) fn known(
        known: Option<&'a Arc<Cell<S>>>,
        address: &'a Address<Cell<S>>,
    ) -> Option<Self> {
        match known {
            Some(cell) => Some(Self::Borrowed(cell)),
            None => Self::find(address),
        }
    }
}

impl<S: GenServer> Deref for Found<'_, S> {
    type Target = Arc<Cell<S>>;

    #[inline]
    fn deref(&self) -> &Arc<Cell<S>> {
        match self {
            Self::Borrowed(cell) => cell,
            Self::Resolved(cell) => cell,
        }
    }
}

/// What a caller sets up who has waited for a while: a timer, and a watch on the server.
pub(super) struct Vigil {
    process: Arc<dyn Process>,
    sleep: Option<Sleep>,
    death: Monitor,
}

impl Vigil {
    pub(super) fn new<S: GenServer>(cell: &Arc<Cell<S>>, deadline: Option<Instant>) -> Self {
        let sleep = deadline.map(|deadline| cell.header().node.runtime.sleep_until(deadline));
        Self {
            process: Arc::clone(cell) as _,
            sleep,
            death: monitor(cell.pid()),
        }
    }

    /// Ready when there is nothing more to wait for.
    pub(super) fn poll(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<CallError> {
        if let Poll::Ready(down) = Pin::new(&mut self.death).poll(cx) {
            let reason = self.process.header().exit_reason().cloned();
            return Poll::Ready(CallError::Exited(reason.unwrap_or(down.reason)));
        }
        match &mut self.sleep {
            Some(sleep) => Pin::new(sleep)
                .poll(cx)
                .map(|()| CallError::Timeout(timeout.unwrap_or_default())),
            None => Poll::Pending,
        }
    }
}

impl<'a, S: GenServer, R: Request<S>> Waiting<'a, S, R> {
    #[inline]
    pub(super) const fn new(
        cell: Found<'a, S>,
        slot: Opened<R::Reply>,
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            cell,
            slot: Some(slot),
            deadline,
            vigil: None,
        }
    }

    /// Nearly every poll finds the reply, or nothing: everything else is out of line.
    #[inline]
    pub(super) fn poll(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R::Reply, CallError>> {
        let Some(slot) = &mut self.slot else {
            return Poll::Pending;
        };
        match slot.poll(cx, &self.cell.header().node.call_timers) {
            Poll::Ready(Answer::Reply(reply)) => Poll::Ready(Ok(reply)),
            Poll::Pending
                if self.vigil.is_none() && timeout.is_none_or(|timeout| timeout >= EXACT) =>
            {
                Poll::Pending
            }
            other => self.poll_slowly(other, timeout, cx),
        }
    }

    #[cold]
    #[inline(never)]
    fn poll_slowly(
        &mut self,
        polled: Poll<Answer<R::Reply>>,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R::Reply, CallError>> {
        let since = match self.interpret(polled) {
            Poll::Ready(Ok(result)) => return Poll::Ready(result),
            Poll::Ready(Err(since)) => Some(since),
            Poll::Pending => None,
        };
        if let (None, Some(timeout)) = (self.deadline, timeout) {
            if timeout.is_zero() {
                return Poll::Ready(Err(CallError::Timeout(timeout)));
            }
            if timeout < EXACT {
                self.deadline = Some(rt::deadline(timeout));
            } else if let Some(since) = since {
                // The clock was read when the slot went on the list: up to a tick before this call began.
                self.deadline = Some(
                    since
                        .checked_add(timeout)
                        .unwrap_or_else(|| rt::deadline(timeout)),
                );
            }
        }
        if since.is_some()
            || self.vigil.is_some()
            || timeout.is_some_and(|timeout| timeout < TICK * 2)
        {
            return self.keep_vigil(timeout, cx);
        }
        Poll::Pending
    }

    fn keep_vigil(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R::Reply, CallError>> {
        let vigil = self
            .vigil
            .get_or_insert_with(|| Box::new(Vigil::new(&self.cell, self.deadline)));
        let error = std::task::ready!(vigil.poll(timeout, cx));
        // A server that replied and died since: the reply counts, as in OTP.
        let polled = match &mut self.slot {
            Some(slot) => slot.poll(cx, &self.cell.header().node.call_timers),
            None => Poll::Pending,
        };
        match self.interpret(polled) {
            Poll::Ready(Ok(Ok(reply))) => Poll::Ready(Ok(reply)),
            _ => Poll::Ready(Err(error)),
        }
    }

    /// What was found at the slot. An inner `Err`: nothing, and time to keep vigil.
    fn interpret(
        &self,
        polled: Poll<Answer<R::Reply>>,
    ) -> Poll<Result<Result<R::Reply, CallError>, Instant>> {
        polled.map(|answer| match answer {
            Answer::Reply(reply) => Ok(Ok(reply)),
            Answer::Abandoned => {
                let reason = self.cell.header().exit_reason().cloned();
                Ok(Err(reason.map_or(CallError::NoReply, CallError::Exited)))
            }
            Answer::Overdue(since) => Err(since),
        })
    }
}

impl<S: GenServer, R: Request<S>> Drop for Waiting<'_, S, R> {
    #[inline]
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            cache::close(self.cell.pid().node(), slot);
        }
    }
}
