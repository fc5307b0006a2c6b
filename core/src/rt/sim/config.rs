//! The options of a simulated run, and the verdict on a run that cannot go on.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use super::executor;
use super::rng::{OPTIONS, Rng};

/// A seed and the options of a run; [`run`](super::run) is the run with no option set.
///
/// The schedule follows from the seed and the options together: to replay a run, give both again.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub(super) seed: u64,
    pub(super) fifo: f64,
    pub(super) unfair: usize,
    pub(super) spurious_wakes: f64,
    pub(super) stalls: f64,
    pub(super) longest_stall: Duration,
    pub(super) poll_limit: Option<u64>,
    pub(super) time_limit: Option<Duration>,
}

impl Config {
    /// A run whose every choice follows from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            fifo: 0.0,
            unfair: 1,
            spurious_wakes: 0.0,
            stalls: 0.0,
            longest_stall: Duration::ZERO,
            poll_limit: None,
            time_limit: None,
        }
    }

    /// Like [`new`](Self::new), with a fair or unfair, first-in or random, quiet or spuriously waking schedule as
    /// `seed` has it: over many seeds this finds more than any one kind of schedule.
    #[must_use]
    pub fn swarm(seed: u64) -> Self {
        let mut draws = Rng::new(seed, OPTIONS);
        let mut draw = |choices: [f64; 4]| choices[draws.index(choices.len())];
        Self::new(seed)
            .fifo(draw([0.0, 0.0, 0.5, 0.9]))
            .unfair(draw([1.0, 1.0, 3.0, 8.0]) as usize)
            .spurious_wakes(draw([0.0, 0.0, 0.02, 0.2]))
    }

    /// With this probability per step the task that has been ready longest runs instead of a random one
    /// (default 0; 1 is strictly first in, first out).
    #[must_use]
    pub fn fifo(mut self, probability: f64) -> Self {
        self.fifo = probability;
        self
    }

    /// Makes the random pick unfair: it draws this many candidates and takes the one with the highest priority,
    /// and every task has a random priority for life (default 1: no priorities). From 3 or 4 on, some tasks lag
    /// far behind the others, which a fair pick hardly ever does to them.
    #[must_use]
    pub fn unfair(mut self, candidates: usize) -> Self {
        self.unfair = candidates.max(1);
        self
    }

    /// With this probability per step one task, not necessarily a waiting one, is woken for no reason
    /// (default 0, at most 0.5).
    #[must_use]
    pub fn spurious_wakes(mut self, probability: f64) -> Self {
        self.spurious_wakes = probability.min(0.5);
        self
    }

    /// With this probability per step the picked task is put aside for up to `longest` of virtual time, as if its
    /// thread had been suspended, so that timers can fire while it is ready (default 0, at most 0.5).
    #[must_use]
    pub fn stalls(mut self, probability: f64, longest: Duration) -> Self {
        self.stalls = probability.min(0.5);
        self.longest_stall = longest;
        self
    }

    /// Calls the run [`Stuck`] after this many polls (default: never).
    #[must_use]
    pub fn poll_limit(mut self, polls: u64) -> Self {
        self.poll_limit = Some(polls);
        self
    }

    /// Calls the run [`Stuck`] when the virtual clock would have to pass this time (default: never).
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    /// Runs `main` on a fresh simulated runtime with these options.
    ///
    /// # Errors
    ///
    /// [`Stuck`] for a deadlock (`main` has not finished, no task is ready and no timer is set), or when one of
    /// the limits is reached.
    ///
    /// # Panics
    ///
    /// When `main` panics, with its payload, and when called inside a simulation: runs do not nest.
    #[track_caller]
    pub fn run<F>(self, main: F) -> Result<F::Output, Stuck>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        executor::run(self, main)
    }
}

/// Why a run is [`Stuck`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StuckReason {
    /// No task is ready, no timer is set, and the main future has not finished.
    Deadlock,
    /// The [poll limit](Config::poll_limit) was reached.
    PollLimit,
    /// The [time limit](Config::time_limit) was reached.
    TimeLimit,
}

/// A simulated run that could not go on, as it was just before its tasks were dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    pub(super) reason: StuckReason,
    pub(super) seed: u64,
    pub(super) elapsed: Duration,
    pub(super) live_tasks: usize,
    pub(super) polls: u64,
    pub(super) trace_hash: u64,
}

impl Stuck {
    /// What stopped the run.
    #[must_use]
    pub fn reason(&self) -> StuckReason {
        self.reason
    }

    /// The seed of the run.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The virtual time the run had reached.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// How many tasks had not finished, the main one included.
    #[must_use]
    pub fn live_tasks(&self) -> usize {
        self.live_tasks
    }

    /// How many polls the run had made.
    #[must_use]
    pub fn polls(&self) -> u64 {
        self.polls
    }

    /// The [`trace_hash`](super::trace_hash) at the end of the run.
    #[must_use]
    pub fn trace_hash(&self) -> u64 {
        self.trace_hash
    }
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            StuckReason::Deadlock => "deadlocked (no task is ready and no timer is set)",
            StuckReason::PollLimit => "reached its poll limit",
            StuckReason::TimeLimit => "reached its time limit",
        };
        write!(
            f,
            "the simulation with seed {} {reason} after {:?} of virtual time and {} polls; live tasks: {}",
            self.seed, self.elapsed, self.polls, self.live_tasks,
        )
    }
}

impl Error for Stuck {}
