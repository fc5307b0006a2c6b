//! The watchdog of a call that takes long: a timer, and a watch on the server. None of it depends on the server's type.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::gen_server::client::target::Receiver;
use crate::process::Header;
use crate::process::clock::Clock;
use crate::process::monitor::{self, Monitor};
use crate::process::timer::Timer;
use crate::process::timers::TICK;
use crate::process::waits::Waits;
use crate::reply::CallError;
use crate::rt::{self, Instant};

/// Shorter timeouts are exact. A longer one, the default among them, may be over up to a tick early: that saves a look
/// at the clock in calls that are answered within a tick, which are nearly all.
const EXACT: Duration = Duration::from_secs(1);

/// Whom a call waits for, and for how long.
pub(super) struct Watchdog<'a> {
    receiver: Receiver<'a>,
    deadline: Option<Instant>,
    alarm: Option<Box<Alarm>>,
}

/// What a caller sets up who has waited for a while.
struct Alarm {
    timer: Option<Timer>,
    death: Monitor,
    noted: Option<Waits>,
}

impl<'a> Watchdog<'a> {
    #[inline(always)]
    pub(super) const fn new(receiver: Receiver<'a>, deadline: Option<Instant>) -> Self {
        Self {
            receiver,
            deadline,
            alarm: None,
        }
    }

    #[inline(always)]
    pub(super) fn header(&self) -> &Header {
        self.receiver.header()
    }

    /// Whether there is nothing to do but to wait for the reply.
    #[inline(always)]
    pub(super) fn is_asleep(&self, timeout: Option<Duration>) -> bool {
        match timeout {
            Some(timeout) => self.alarm.is_none() && timeout >= EXACT,
            None => self.alarm.is_none(),
        }
    }

    /// There is no reply yet. `since`: the call has waited for a tick, and did not begin before this moment. Ready when
    /// there is nothing more to wait for.
    #[cold]
    pub(super) fn poll(
        &mut self,
        since: Option<Instant>,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<CallError> {
        if let (None, Some(timeout)) = (self.deadline, timeout) {
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
            || self.alarm.is_some()
            || timeout.is_some_and(|timeout| timeout < TICK * 2)
        {
            return self.keep_watch(timeout, cx);
        }
        Poll::Pending
    }

    /// Waits for the end of the server, which may be there already, or of the time.
    #[cold]
    pub(super) fn poll_end(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<CallError> {
        // Not by its exit reason: that is there before its state is dropped.
        self.keep_watch(timeout, cx)
    }

    fn keep_watch(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<CallError> {
        let header = self.receiver.header();
        let deadline = self.deadline;
        let alarm = self.alarm.get_or_insert_with(|| {
            Box::new(Alarm {
                timer: deadline.map(|deadline| Timer::new(deadline, Clock::of(&header.node))),
                death: monitor::watch(header),
                noted: None,
            })
        });
        Waits::note_anew(&mut alarm.noted, header.pid);
        if let Poll::Ready(down) = Pin::new(&mut alarm.death).poll(cx) {
            let reason = header.exit_reason().cloned();
            return Poll::Ready(CallError::Exited(reason.unwrap_or(down.reason)));
        }
        match &mut alarm.timer {
            Some(timer) => timer
                .poll(cx)
                .map(|()| CallError::Timeout(timeout.unwrap_or_default())),
            None => Poll::Pending,
        }
    }

    /// The reply handle was dropped, or what had it has failed.
    #[cold]
    pub(super) fn abandoned(&self, failure: Option<ExitReason>) -> CallError {
        let reason = failure.or_else(|| self.header().exit_reason().cloned());
        reason.map_or(CallError::NoReply, CallError::Exited)
    }
}
