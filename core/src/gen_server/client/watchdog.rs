//! The watchdog of a call that takes long: a timer, and a watch on the server. None of it depends on the server's type.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::gen_server::client::target::Receiver;
use crate::process::Header;
use crate::process::call_cycle::CallCycle;
use crate::process::clock::Clock;
use crate::process::current;
use crate::process::monitor::{self, Monitor};
use crate::process::timer::Timer;
use crate::process::timers::TICK;
use crate::process::wait_list::{CallWait, How};
use crate::process::waits::Waits;
use crate::reply::CallError;
use crate::reply::abandoned::Abandonment;
use crate::reply::slot::InUse;
use crate::rt::{self, Instant};
use crate::sync::Arc;
use crate::sync::atomic::AtomicBool;

/// Shorter timeouts are exact. A longer one, the default among them, may be over up to a tick early: that saves a look
/// at the clock in calls that are answered within a tick, which are nearly all.
const EXACT: Duration = Duration::from_secs(1);

/// Whom a call waits for, and for how long.
pub(super) struct Watchdog<'a> {
    receiver: Receiver<'a>,
    deadline: Option<Instant>,
    how: How,
    alarm: Option<Box<Alarm>>,
}

/// What few calls have.
#[derive(Default)]
struct Alarm {
    /// Of a caller that has waited for a while.
    watch: Option<Watch>,
    /// Of a caller that is a process.
    noted: Option<Waits>,
    /// Of a call of a process, to a handler that is given the reply handle: whether it was.
    taken: Option<Arc<AtomicBool>>,
}

struct Watch {
    timer: Option<Timer>,
    death: Monitor,
}

impl<'a> Watchdog<'a> {
    #[inline(always)]
    pub(super) const fn new(receiver: Receiver<'a>, deadline: Option<Instant>, how: How) -> Self {
        Self {
            receiver,
            deadline,
            how,
            alarm: None,
        }
    }

    /// The handler was begun in place.
    pub(super) fn note_in_place(&mut self) {
        if self.how == How::Queued {
            self.how = How::InPlace;
        }
    }

    /// The handler will be given the reply handle.
    #[cold]
    pub(super) fn note_given(&mut self, taken: Option<Arc<AtomicBool>>) {
        self.how = How::Loose;
        if taken.is_some() {
            self.alarm.get_or_insert_default().taken = taken;
        }
    }

    #[inline(always)]
    pub(super) fn header(&self) -> &Header {
        self.receiver.header()
    }

    /// Whether there is nothing to do but to wait for the reply.
    pub(super) fn is_asleep(&self, timeout: Option<Duration>) -> bool {
        self.alarm.is_none()
            && timeout.is_none_or(|timeout| timeout >= EXACT)
            && current::get().0.is_none()
    }

    /// There is no reply yet. `since`: the call has waited for a tick, and did not begin before this moment. Ready when
    /// there is nothing more to wait for. `slot`: where its reply comes to.
    #[cold]
    pub(super) fn poll(
        &mut self,
        since: Option<Instant>,
        timeout: Option<Duration>,
        slot: Option<&dyn InUse>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<CallError> {
        if let Some(cycle) = self.note(slot) {
            return Poll::Ready(CallError::Deadlock(cycle));
        }
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
            || self
                .alarm
                .as_ref()
                .is_some_and(|alarm| alarm.watch.is_some())
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
        if let Some(cycle) = self.note(None) {
            return Poll::Ready(CallError::Deadlock(cycle));
        }
        // Not by its exit reason: that is there before its state is dropped.
        self.keep_watch(timeout, cx)
    }

    /// The caller waits. The cycle of calls that it closes, if it was told so.
    fn note(&mut self, slot: Option<&dyn InUse>) -> Option<CallCycle> {
        if self.alarm.is_none() && current::pid().is_none() {
            return None;
        }
        let (how, on) = (self.how, self.receiver.header().pid);
        let Alarm { noted, taken, .. } = &mut **self.alarm.get_or_insert_default();
        Waits::note_call(noted, on, &mut || {
            CallWait::new(slot.map(InUse::awaited), how, taken.clone())
        })
    }

    fn keep_watch(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<CallError> {
        let header = self.receiver.header();
        let deadline = self.deadline;
        let alarm = self.alarm.get_or_insert_default();
        let watch = alarm.watch.get_or_insert_with(|| Watch {
            timer: deadline.map(|deadline| Timer::new(deadline, Clock::of(&header.node))),
            death: monitor::watch(header),
        });
        Waits::note_long(&mut alarm.noted, header.pid);
        if let Poll::Ready(down) = Pin::new(&mut watch.death).poll(cx) {
            let reason = header.exit_reason().cloned();
            return Poll::Ready(CallError::Exited(reason.unwrap_or(down.reason)));
        }
        match &mut watch.timer {
            Some(timer) => timer
                .poll(cx)
                .map(|()| CallError::Timeout(timeout.unwrap_or_default())),
            None => Poll::Pending,
        }
    }

    /// The reply handle was dropped, or what had it has failed.
    #[cold]
    pub(super) fn abandoned(&self, why: Abandonment, failure: Option<ExitReason>) -> CallError {
        if why == Abandonment::Displaced {
            return CallError::Dropped;
        }
        let reason = failure.or_else(|| self.header().exit_reason().cloned());
        reason.map_or(CallError::NoReply, CallError::Exited)
    }
}
