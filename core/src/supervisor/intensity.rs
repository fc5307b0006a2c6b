//! Restart intensity: how many restarts a supervisor carries out within a window. Pure; the caller passes the time.

use std::collections::VecDeque;
use std::time::Duration;

use crate::burst;
use crate::planted::{Bug, planted};
use crate::rt::Instant;
use crate::supervisor::children::ChildKey;

#[derive(Debug)]
pub(crate) struct Intensity {
    max_restarts: u32,
    window: Duration,
    restarts: VecDeque<(Instant, ChildKey)>,
}

impl Intensity {
    pub(crate) const fn new(max_restarts: u32, window: Duration) -> Self {
        Self {
            max_restarts,
            window,
            restarts: VecDeque::new(),
        }
    }

    /// Counts a restart of this child at `now`. `false`: it is one more than the window allows.
    ///
    /// The window includes its edge, as OTP's does. Unlike OTP's it is not rounded to whole seconds.
    pub(crate) fn allows(&mut self, child: ChildKey, now: Instant) -> bool {
        let window = self.window;
        let is_over = |(then, _): &(Instant, ChildKey)| {
            let age = now.saturating_duration_since(*then);
            age > window || planted(Bug::WindowWithoutEdge) && age == window
        };
        while self.restarts.front().is_some_and(is_over) {
            self.restarts.pop_front();
            burst::shrink_queue(&mut self.restarts);
        }
        self.restarts.push_back((now, child));
        self.restarts.len()
            <= self.max_restarts as usize + usize::from(planted(Bug::OneRestartTooMany))
    }

    pub(crate) const fn max_restarts(&self) -> u32 {
        self.max_restarts
    }

    pub(crate) const fn window(&self) -> Duration {
        self.window
    }

    /// Those that counted when a restart was counted last, the first one first.
    pub(crate) fn restarts(&self) -> impl ExactSizeIterator<Item = (Instant, ChildKey)> {
        self.restarts.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_includes_its_edge_and_slides() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut intensity = Intensity::new(1, Duration::from_secs(5));
        assert!(intensity.allows(ChildKey(0), at(0)));
        assert!(!intensity.allows(ChildKey(0), at(5_000)));
        let mut intensity = Intensity::new(1, Duration::from_secs(5));
        assert!(intensity.allows(ChildKey(0), at(0)));
        assert!(intensity.allows(ChildKey(0), at(5_001)));
        assert!(!intensity.allows(ChildKey(0), at(5_002)));
    }

    #[test]
    fn zero_restarts_allows_none() {
        assert!(!Intensity::new(0, Duration::from_secs(5)).allows(ChildKey(0), Instant::now()));
    }

    #[test]
    fn r82_a_window_gives_back_what_many_restarts_needed() {
        let start = Instant::now();
        let mut intensity = Intensity::new(u32::MAX, Duration::from_secs(5));
        for _ in 0..50_000 {
            assert!(intensity.allows(ChildKey(0), start));
        }
        assert!(intensity.allows(ChildKey(0), start + Duration::from_secs(6)));
        let kept = intensity.restarts.capacity();
        assert!(kept < 5_000, "{kept}");
    }
}
