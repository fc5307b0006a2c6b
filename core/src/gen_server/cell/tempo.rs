//! Tempo: how long handlers take, to keep slow ones out of their callers' tasks.

use std::time::Duration;

use super::state::State;
use crate::gen_server::{Inline, ServerOptions};
use crate::rt;

/// Samples how long handlers take.
#[derive(Debug)]
pub(super) struct Tempo {
    /// Messages until the next one whose time is taken.
    left: u32,
    /// Nanoseconds, a moving average.
    average: u32,
}

impl Tempo {
    pub(super) const fn new() -> Self {
        Self {
            left: Self::EVERY,
            average: 0,
        }
    }

    /// A prime: every second, third or tenth message may be slow, and has to be met.
    const EVERY: u32 = 61;
    const SLOW: u32 = 5_000;

    /// Whether to take the time of this message.
    #[inline]
    const fn samples_next(&mut self) -> bool {
        self.left -= 1;
        if self.left == 0 {
            self.left = Self::EVERY;
            return true;
        }
        false
    }

    /// Takes a sample in. `true`: handlers are slow by now.
    ///
    /// A slow one among fast ones counts for a good deal more than `SLOW`, but neither one sample nor two can say so alone: the
    /// thread may have been interrupted in the middle of a short handler. And handlers that are fast again are soon found to be.
    fn add(&mut self, took: Duration) -> bool {
        const MOST: u32 = Tempo::SLOW * 8;
        let took = u32::try_from(took.as_nanos()).map_or(MOST, |took| took.min(MOST));
        let average = (self.average * 15 + took) / 16;
        self.average = average.min(Self::SLOW * 2);
        self.average > Self::SLOW
    }

    /// Begins to take the time of a message, now and then.
    #[inline]
    pub(super) fn start_sample(&mut self, options: &ServerOptions) -> Option<rt::Instant> {
        if matches!(options.inline, Inline::Auto) && self.samples_next() {
            return Some(rt::now());
        }
        None
    }

    /// Takes in how long a handler took, and lets callers in, or not.
    #[cold]
    #[inline(never)]
    pub(super) fn sample(&mut self, state: &State, start: rt::Instant) {
        state.set_slow(self.add(rt::now().saturating_duration_since(start)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow_after(samples: impl IntoIterator<Item = u64>) -> Option<usize> {
        let mut tempo = Tempo::new();
        let mut samples = samples.into_iter().map(Duration::from_micros);
        samples.position(|took| tempo.add(took))
    }

    #[test]
    fn two_interruptions_do_not_make_a_server_slow_and_three_do() {
        assert_eq!(
            slow_after([1_000, 1_000].into_iter().chain([0; 1_000])),
            None
        );
        assert_eq!(slow_after([1_000; 3]), Some(2));
    }

    #[test]
    fn a_mix_is_as_slow_as_its_mean() {
        let mix = |every: usize, slow: u64| {
            (0..1_000).map(move |n| if n % every == 0 { slow } else { 0 })
        };
        assert!(slow_after(mix(3, 200)).is_some());
        assert!(slow_after(mix(3, 20)).is_some());
        assert_eq!(slow_after(mix(3, 10)), None);
        assert_eq!(slow_after(mix(100, 200)), None);
    }

    #[test]
    fn a_server_that_is_fast_again_is_found_to_be() {
        let mut tempo = Tempo::new();
        assert!((0..1_000).any(|n| tempo.add(Duration::from_secs(1)) && n == 999));
        let fast = (0..100).position(|_| !tempo.add(Duration::ZERO));
        assert_eq!(fast, Some(10));
    }

    #[test]
    fn no_short_rhythm_hides_from_the_samples() {
        for rhythm in 2..=60_u32 {
            let mut tempo = Tempo::new();
            let met = (0..rhythm * 200).filter(|n| tempo.samples_next() && n % rhythm == 0);
            assert!(met.count() > 0, "every {rhythm}th");
        }
    }
}
