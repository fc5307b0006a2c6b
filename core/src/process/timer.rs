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
        let here = Clock::here();
        if let Some(set) = &self.set
            && set.here == here
        {
            let waker = cx.waker().clone();
            match set.on.with(|timers| timers.renew(set.key, waker)) {
                Some(TimerState::Set) => return Poll::Pending,
                Some(TimerState::Over) => return Poll::Ready(()),
                Some(TimerState::Closed) | None => {}
            }
        }
        self.cancel();
        if rt::now() >= self.deadline {
            return Poll::Ready(());
        }
        for on in here.to_try(self.server) {
            let waker = cx.waker().clone();
            if let Some(Some(key)) = on.with(|timers| timers.set(self.deadline, waker)) {
                self.set = Some(Set { here, on, key });
                return Poll::Pending;
            }
        }
        // Nobody is left who could tell.
        Poll::Ready(())
    }

    fn cancel(&mut self) {
        if let Some(Set { on, key, .. }) = self.set.take() {
            on.with(|timers| timers.cancel(key));
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.cancel();
    }
}
