//! Tempo: how long handlers take, to keep slow ones out of their callers' tasks.

use std::time::Duration;

use super::state::State;
use crate::gen_server::{Inline, ServerOptions};
use crate::rt;

/// Samples how long handlers take.
#[derive(Debug)]
pub(super) struct Tempo {
    calls: u32,
    /// Nanoseconds, a moving average.
    average: u32,
}

impl Tempo {
    pub(super) const fn new() -> Self {
        Self {
            calls: 0,
            average: 0,
        }
    }

    const EVERY: u32 = 64;
    const SLOW: u32 = 5_000;

    /// Whether to take the time of this call.
    #[inline]
    const fn samples_next(&mut self) -> bool {
        self.calls = self.calls.wrapping_add(1);
        self.calls.is_multiple_of(Self::EVERY)
    }

    /// Takes a sample in. `true`: handlers are slow by now.
    ///
    /// One sample cannot say so alone, nor can two: the thread may have been interrupted in the middle of a short handler.
    fn add(&mut self, took: Duration) -> bool {
        const MOST: u32 = Tempo::SLOW * 2;
        let took = u32::try_from(took.as_nanos()).map_or(MOST, |took| took.min(MOST));
        self.average = (self.average * 3 + took) / 4;
        self.average > Self::SLOW
    }

    /// Begins to take the time of a call, now and then.
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
