//! `Backoff`: how long the restarts of a child wait. Pure; the caller passes the time and the chance.

use std::time::Duration;

use crate::rt::Instant;

/// How long the restarts of a child wait: beyond OTP, and off unless [`ChildSpec::backoff`](crate::ChildSpec::backoff) sets it.
///
/// The first restart waits for about `min`, each one after it twice as long, and none longer than `max`. Of each wait a random part
/// of up to a half is left out, so that many children that ended together do not come back together. A child that has run for longer
/// than `max` begins anew.
///
/// Under `OneForAll` and `RestForOne` the siblings are stopped when the restart is carried out: while the child waits, they run on
/// without it.
///
/// While it waits, the child is listed as restarting; a shutdown, `terminate_child` and every other request get in between, and the
/// restart of a group takes it along without waiting. A restart counts towards the supervisor's budget when it is carried out, not
/// when the child ends: so with a `max` that is longer than `max_seconds` divided by `max_restarts`, a child that never comes up is
/// tried for ever, and where the waits are short, the supervisor gives up as it would without them.
///
/// ```
/// use std::time::Duration;
/// use suptree::Backoff;
///
/// let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
/// assert_eq!(backoff.min(), Duration::from_millis(100));
/// assert_eq!(backoff.max(), Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    min: Duration,
    max: Duration,
}

impl Backoff {
    /// Waits between `min`, at first, and `max`. A `max` that is shorter than `min` counts as `min`.
    #[must_use]
    pub const fn new(min: Duration, max: Duration) -> Self {
        let max = if max.as_nanos() < min.as_nanos() {
            min
        } else {
            max
        };
        Self { min, max }
    }

    /// What the first restart waits for, at the most.
    #[must_use]
    pub const fn min(&self) -> Duration {
        self.min
    }

    /// What no restart waits longer for.
    #[must_use]
    pub const fn max(&self) -> Duration {
        self.max
    }
}

/// The restarts of one child that waits, so far.
#[derive(Debug)]
pub(super) struct Delayed {
    backoff: Backoff,
    /// When the next one is carried out, and not before.
    due: Option<Instant>,
    /// How many there were, since it last ran for long.
    restarts: u32,
    started: Option<Instant>,
}

impl Delayed {
    pub(super) const fn new(backoff: Backoff) -> Self {
        Self {
            backoff,
            due: None,
            restarts: 0,
            started: None,
        }
    }

    /// The child was started.
    pub(super) fn started(&mut self, now: Instant) {
        self.started = Some(now);
        self.due = None;
    }

    /// Whether its time has not come.
    pub(super) fn is_early(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| now < due)
    }

    /// How long the next restart waits. `chance`: any number.
    pub(super) fn next(&mut self, now: Instant, chance: u64) -> Duration {
        let Backoff { min, max } = self.backoff;
        if let Some(started) = self.started.take()
            && now.saturating_duration_since(started) > max
        {
            self.restarts = 0;
        }
        let doubled = 1_u32.checked_shl(self.restarts).filter(|by| *by > 0);
        let whole = doubled
            .and_then(|by| min.checked_mul(by))
            .map_or(max, |wait| wait.min(max));
        self.restarts = self.restarts.saturating_add(1);
        // The upper 32 bits: a part of the half.
        let left_out = (whole / 2).mul_f64((chance >> 32) as f64 / f64::from(u32::MAX));
        let wait = whole.saturating_sub(left_out);
        self.due = now.checked_add(wait);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let now = Instant::now();
        let mut delayed = Delayed::new(Backoff::new(ms(100), ms(1_000)));
        let all: Vec<_> = (0..6).map(|_| delayed.next(now, 0)).collect();
        assert_eq!(all, [100, 200, 400, 800, 1_000, 1_000].map(ms));
        let mut delayed = Delayed::new(Backoff::new(ms(100), Duration::MAX));
        for _ in 0..200 {
            delayed.next(now, 0);
        }
        assert_eq!(delayed.next(now, 0), Duration::MAX);
    }

    #[test]
    fn up_to_a_half_is_left_out() {
        let now = Instant::now();
        let mut delayed = Delayed::new(Backoff::new(ms(100), ms(100)));
        assert_eq!(delayed.next(now, u64::MAX), ms(50));
        let some = delayed.next(now, u64::MAX / 2);
        assert!(ms(74) < some && some < ms(76), "{some:?}");
    }

    #[test]
    fn a_child_that_ran_for_long_begins_anew() {
        let now = Instant::now();
        let mut delayed = Delayed::new(Backoff::new(ms(100), ms(1_000)));
        for expected in [100, 200] {
            delayed.started(now);
            assert_eq!(delayed.next(now + ms(1_000), 0), ms(expected));
        }
        delayed.started(now);
        assert_eq!(delayed.next(now + ms(1_001), 0), ms(100));
        // Attempts that fail are no run.
        assert_eq!(delayed.next(now + ms(60_000), 0), ms(200));
    }

    #[test]
    fn what_is_shorter_than_the_shortest_is_as_long() {
        assert_eq!(Backoff::new(ms(5), ms(1)).max(), ms(5));
    }
}
