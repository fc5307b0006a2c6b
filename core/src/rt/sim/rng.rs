//! The seeded generator (SplitMix64) behind every choice of a simulated run.

/// The streams of a run's seed: the schedule, the numbers for the program, and the options of a swarm.
pub(super) const SCHEDULE: u64 = 1;
pub(super) const DRAWS: u64 = 2;
pub(super) const OPTIONS: u64 = 3;

/// A stream of numbers that depends on its seed alone.
pub(super) struct Rng {
    state: u64,
}

impl Rng {
    /// One of several unrelated streams of the same seed.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self {
            state: mix(mix(seed) ^ mix(stream.wrapping_add(STEP))),
        }
    }

    pub(super) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number in `0..bound`; `bound` is not 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next_u64()) * u128::from(bound);
        (product >> 64) as u64
    }

    /// An index of a collection with `len` items; `len` is not 0.
    pub(super) fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// True with the given probability. A probability of 0 or 1 draws nothing.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        if probability <= 0.0 {
            return false;
        }
        probability >= 1.0 || ((self.next_u64() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Scrambles a value; also the step of the trace hash.
pub(super) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
