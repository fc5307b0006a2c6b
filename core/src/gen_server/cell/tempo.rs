//! Tempo: how long handlers take, to keep slow ones out of their callers' tasks.

use std::time::Duration;

use super::state::State;
use crate::gen_server::{GenServer, Inline};
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
    fn sample(&mut self, took: Duration) -> bool {
        const MOST: u32 = Tempo::SLOW * 2;
        let took = u32::try_from(took.as_nanos()).map_or(MOST, |took| took.min(MOST));
        self.average = (self.average * 3 + took) / 4;
        self.average > Self::SLOW
    }
}

/// Whether handlers were found too slow to run inline. Their calls are timed in the queue, to let callers in again.
#[inline]
pub(super) fn is_slow<S: GenServer>(state: &State) -> bool {
    matches!(S::OPTIONS.inline, Inline::Auto) && state.snapshot().keeps_callers_out()
}

/// Begins to take the time of a call, now and then.
#[inline]
pub(super) fn start_sample<S: GenServer>(tempo: &mut Tempo) -> Option<rt::Instant> {
    if matches!(S::OPTIONS.inline, Inline::Auto) && tempo.samples_next() {
        return Some(rt::now());
    }
    None
}

/// Takes in how long a handler took, and lets callers in, or not.
#[cold]
#[inline(never)]
pub(super) fn end_sample(tempo: &mut Tempo, start: rt::Instant, state: &State) {
    let slow = tempo.sample(rt::now().saturating_duration_since(start));
    state.set_slow(slow);
}
