//! `Timer`: a deadline of somebody who waits, kept by the clock of whoever polls it.

use std::task::{Context, Poll};

use crate::process::clock::Clock;
use crate::process::timers::{TimerKey, TimerState};
use crate::rt::{self, Instant};

/// Ready at its deadline. It may be polled anywhere, and goes along when its future moves to another runtime. Dropping it
/// cancels it.
pub(crate) struct Timer {
    deadline: Instant,
    /// Of the process that is waited for: where there is no other.
    server: Clock,
    set: Option<Set>,
}

struct Set {
    /// Where it was polled.
    here: Clock,
    /// Where it is set.
    on: Clock,
    key: TimerKey,
    /// With the thread, which helps.
    help: Option<TimerKey>,
}

impl Timer {
    pub(crate) const fn new(deadline: Instant, server: Clock) -> Self {
        Self {
            deadline,
            server,
            set: None,
        }
    }

    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        let now = rt::now();
        if now >= self.deadline {
            return Poll::Ready(());
        }
        let here = Clock::here();
        match self.renew(here, cx) {
            Some(TimerState::Set) => return Poll::Pending,
            Some(TimerState::Over) => return Poll::Ready(()),
            Some(TimerState::Closed) | None => self.cancel(),
        }
        for on in here.to_try(self.server) {
            if let Some(key) = self.set(on, now, cx) {
                let helped = on != Clock::THREAD && rt::may_be_blocked(cx);
                let help = helped.then(|| self.set(Clock::THREAD, now, cx)).flatten();
                self.set = Some(Set {
                    here,
                    on,
                    key,
                    help,
                });
                return Poll::Pending;
            }
        }
        // Nobody is left who could tell.
        Poll::Ready(())
    }

    fn set(&self, on: Clock, now: Instant, cx: &Context<'_>) -> Option<TimerKey> {
        let deadline = on.moment(self.deadline, now);
        on.with(|timers| timers.set(deadline, cx.waker())).flatten()
    }

    /// Leaves the waker where it is set. `None`: that is nowhere, or its future has moved.
    fn renew(&self, here: Clock, cx: &Context<'_>) -> Option<TimerState> {
        let set = self.set.as_ref().filter(|set| set.here == here)?;
        if let Some(help) = set.help {
            Clock::THREAD.with(|timers| timers.renew(help, cx.waker()));
        }
        set.on.with(|timers| timers.renew(set.key, cx.waker()))
    }

    fn cancel(&mut self) {
        if let Some(Set { on, key, help, .. }) = self.set.take() {
            on.with(|timers| timers.cancel(key));
            if let Some(help) = help {
                Clock::THREAD.with(|timers| timers.cancel(help));
            }
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.cancel();
    }
}
