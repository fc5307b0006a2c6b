//! The restarts that wait for their time: see [`Backoff`](crate::Backoff).

use std::collections::{BTreeMap, BTreeSet};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::planted::{Bug, planted};
use crate::rt::{self, Instant, Runtime};
use crate::supervisor::driver::alarm::Alarm;
use crate::supervisor::plan::ChildKey;

/// The restarts that wait, the next one first. One that has become needless is left to the plan, which does nothing about it, or to
/// the next one of its child.
#[derive(Default)]
pub(super) struct Delays {
    waiting: BTreeSet<(Instant, ChildKey)>,
    /// When that of a child is to be: one for each.
    times: BTreeMap<ChildKey, Instant>,
    /// Rings for the first of them.
    alarm: Alarm,
}

impl Delays {
    pub(super) fn push(&mut self, key: ChildKey, delay: Duration) {
        let at = rt::deadline(delay);
        if let Some(before) = self.times.insert(key, at)
            && !planted(Bug::OldDelayCounts)
        {
            self.waiting.remove(&(before, key));
        }
        self.waiting.insert((at, key));
    }

    /// The child is forgotten.
    pub(super) fn forget(&mut self, key: ChildKey) {
        if let Some(at) = self.times.remove(&key) {
            self.waiting.remove(&(at, key));
        }
    }

    /// The next restart whose time has come.
    pub(super) fn poll_next(&mut self, runtime: &Runtime, cx: &mut Context<'_>) -> Poll<ChildKey> {
        let first = self.waiting.first().copied();
        ready!(self.alarm.poll(first.map(|(at, _)| at), runtime, cx));
        let Some((at, key)) = first else {
            return Poll::Pending;
        };
        self.waiting.pop_first();
        if self.times.get(&key) == Some(&at) {
            self.times.remove(&key);
        }
        Poll::Ready(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r242_a_child_has_one_restart_that_waits() {
        let hour = Duration::from_secs(3_600);
        let keys = [1, 2].map(ChildKey);
        let mut delays = Delays::default();
        for _ in 0..1_000 {
            keys.into_iter().for_each(|key| delays.push(key, hour));
        }
        assert_eq!((delays.waiting.len(), delays.times.len()), (2, 2));
        keys.into_iter().for_each(|key| delays.forget(key));
        assert_eq!((delays.waiting.len(), delays.times.len()), (0, 0));
    }
}
