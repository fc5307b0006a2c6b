//! `Times`: what has to be done later, each at its time, and the alarm that rings for the first of them.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::planted::{Bug, planted};
use crate::rt::{Instant, Runtime, Sleep};

/// What is known by a key of these has one time.
pub(super) struct Times<K> {
    /// The next one first.
    waiting: BTreeSet<(Instant, K)>,
    times: BTreeMap<K, Instant>,
    /// Rings for the first of them.
    alarm: Option<(Instant, Sleep)>,
}

impl<K> Default for Times<K> {
    fn default() -> Self {
        Self {
            waiting: BTreeSet::new(),
            times: BTreeMap::new(),
            alarm: None,
        }
    }
}

impl<K: Copy + Ord> Times<K> {
    /// Its time is this one, and no other.
    pub(super) fn set(&mut self, key: K, at: Instant) {
        if let Some(before) = self.times.insert(key, at)
            && !planted(Bug::OldDelayCounts)
        {
            self.waiting.remove(&(before, key));
        }
        self.waiting.insert((at, key));
    }

    pub(super) fn has(&self, key: K) -> bool {
        self.times.contains_key(&key)
    }

    pub(super) fn forget(&mut self, key: K) {
        if let Some(at) = self.times.remove(&key) {
            self.waiting.remove(&(at, key));
        }
    }

    /// The next one whose time has come.
    pub(super) fn poll_next(&mut self, runtime: &Runtime, cx: &mut Context<'_>) -> Poll<K> {
        let Some(&(at, key)) = self.waiting.first() else {
            self.alarm = None;
            return Poll::Pending;
        };
        if !planted(Bug::AlarmNotSetAnew) {
            self.alarm.take_if(|(rings, _)| *rings != at);
        }
        let (_, alarm) = self
            .alarm
            .get_or_insert_with(|| (at, runtime.sleep_until(at)));
        ready!(Pin::new(alarm).poll(cx));
        self.alarm = None;
        self.waiting.pop_first();
        if self.times.get(&key) == Some(&at) {
            self.times.remove(&key);
        }
        Poll::Ready(key)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::rt;
    use crate::supervisor::plan::ChildKey;

    #[test]
    fn r242_a_child_has_one_restart_that_waits() {
        let hour = Duration::from_secs(3_600);
        let keys = [1, 2].map(ChildKey);
        let mut delays = Times::default();
        for _ in 0..1_000 {
            keys.into_iter()
                .for_each(|key| delays.set(key, rt::deadline(hour)));
        }
        assert_eq!((delays.waiting.len(), delays.times.len()), (2, 2));
        keys.into_iter().for_each(|key| delays.forget(key));
        assert_eq!((delays.waiting.len(), delays.times.len()), (0, 0));
    }
}
