//! Virtual-time timers, and the future that waits for one.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::executor::Handle;
use super::task::Task;

/// A time on the virtual clock, in nanoseconds since the run started.
pub(super) type Nanos = u64;

/// The deadline of a timer that does not fire.
pub(super) const NEVER: Nanos = u64::MAX;

/// How far away a deadline means "never".
const HORIZON: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 25);

pub(super) fn nanos(duration: Duration) -> Nanos {
    u64::try_from(duration.as_nanos()).unwrap_or(NEVER)
}

/// The deadline, and a number of its own for each timer.
pub(super) type TimerKey = (Nanos, u64);

/// What is to be done at a deadline.
pub(super) enum Timer {
    Wake(Waker),
    /// Queues a task that was put aside; it counts as queued in the meantime.
    Resume(Arc<Task>),
}

/// The timers of a run, in the order of their deadlines.
#[derive(Default)]
pub(super) struct Timers {
    pending: BTreeMap<TimerKey, Timer>,
    next_number: u64,
}

impl Timers {
    pub(super) fn add(&mut self, deadline: Nanos, timer: Timer) -> TimerKey {
        let key = (deadline, self.next_number);
        self.next_number += 1;
        self.pending.insert(key, timer);
        key
    }

    /// Gives a pending timer another action and returns the one it had.
    pub(super) fn replace(&mut self, key: TimerKey, timer: Timer) -> Option<Timer> {
        self.pending.insert(key, timer)
    }

    pub(super) fn remove(&mut self, key: TimerKey) -> Option<Timer> {
        self.pending.remove(&key)
    }

    pub(super) fn next_deadline(&self) -> Option<Nanos> {
        self.pending.keys().next().map(|&(deadline, _)| deadline)
    }

    pub(super) fn into_timers(self) -> impl Iterator<Item = Timer> {
        self.pending.into_values()
    }

    /// Takes out the timers due by `now`.
    pub(super) fn take_due(&mut self, now: Nanos) -> Vec<Timer> {
        let mut due = Vec::new();
        while let Some(first) = self.pending.first_entry() {
            if first.key().0 > now {
                break;
            }
            due.push(first.remove());
        }
        due
    }
}

/// Waits until an instant of virtual time; made by [`sleep`](super::sleep). Dropping it clears its timer.
///
/// Once its run is over its time will not come, and it is ready.
#[must_use = "futures do nothing unless polled"]
pub struct Sleep {
    handle: Handle,
    deadline: Nanos,
    timer: Option<TimerKey>,
}

impl Sleep {
    pub(super) fn after(handle: Handle, duration: Duration) -> Self {
        let now = handle.elapsed();
        Self::new(handle, now, now.saturating_add(duration))
    }

    pub(super) fn until(handle: Handle, deadline: Instant) -> Self {
        let now = handle.elapsed();
        let deadline = deadline.saturating_duration_since(handle.epoch());
        Self::new(handle, now, deadline)
    }

    fn new(handle: Handle, now: Duration, deadline: Duration) -> Self {
        let never = deadline.saturating_sub(now) >= HORIZON;
        Self {
            handle,
            deadline: if never { NEVER } else { nanos(deadline) },
            timer: None,
        }
    }

    fn clear(&mut self) {
        if let Some(key) = self.timer.take() {
            let removed = self.handle.with_state(|state| state.timers.remove(key));
            drop(removed);
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        if self
            .handle
            .with_state(|state| state.finished || state.now >= deadline)
        {
            self.clear();
            return Poll::Ready(());
        }
        if deadline == NEVER {
            return Poll::Pending;
        }
        // Wakers may be anyone's code: this one is cloned before, and the last one dropped after the state is locked.
        let timer = Timer::Wake(cx.waker().clone());
        let pending = self.timer;
        let (key, replaced) = self.handle.with_state(|state| match pending {
            Some(key) => (key, state.timers.replace(key, timer)),
            None => (state.timers.add(deadline, timer), None),
        });
        self.timer = Some(key);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clear();
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep")
            .field("deadline", &Duration::from_nanos(self.deadline))
            .finish_non_exhaustive()
    }
}
