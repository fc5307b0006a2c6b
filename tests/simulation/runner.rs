//! The runner: as many seeds as time allows, on every core, and the replay of a share of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::story::{self, Verdict};

/// One seed in this many is played twice.
const REPLAYED: u64 = 16;

#[derive(Debug, Default)]
pub(crate) struct Sum {
    pub(crate) seeds: u64,
    pub(crate) faults: u64,
    pub(crate) replays: u64,
    /// Seed and what went wrong.
    pub(crate) violations: Vec<(u64, String)>,
}

/// How long to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub(crate) base: u64,
    pub(crate) seeds: u64,
    pub(crate) faults: u64,
    pub(crate) time: Duration,
    pub(crate) threads: u64,
    /// How many bad seeds to collect.
    pub(crate) violations: usize,
}

/// Plays seeds, starting at the base, until one part of the budget is used up.
pub(crate) fn run(budget: Budget) -> Sum {
    let next = AtomicU64::new(0);
    let faults = AtomicU64::new(0);
    let enough = AtomicBool::new(false);
    let sum = Mutex::new(Sum::default());
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..budget.threads {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    let over = nth >= budget.seeds
                        || enough.load(Ordering::Relaxed)
                        || faults.load(Ordering::Relaxed) >= budget.faults
                        || started.elapsed() > budget.time;
                    if over {
                        return;
                    }
                    let seed = budget.base.wrapping_add(nth);
                    let (verdict, replayed) = play(seed, nth.is_multiple_of(REPLAYED));
                    faults.fetch_add(verdict.faults, Ordering::Relaxed);
                    let mut sum = sum.lock().expect("no thread panics here");
                    sum.seeds += 1;
                    sum.faults += verdict.faults;
                    sum.replays += u64::from(replayed);
                    if let Some(violation) = verdict.violation {
                        sum.violations.push((seed, violation));
                        if sum.violations.len() >= budget.violations {
                            enough.store(true, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    sum.into_inner().expect("no thread panics here")
}

/// Plays one seed; a second time if it is to be replayed, or if it went wrong.
fn play(seed: u64, replay: bool) -> (Verdict, bool) {
    let verdict = story::play(seed);
    if !replay && verdict.violation.is_none() {
        return (verdict, false);
    }
    let again = story::play(seed);
    if again.trace != verdict.trace || again.faults != verdict.faults {
        let before = verdict.violation.clone();
        let violation = Some(format!("the replay differs ({before:?})"));
        return (
            Verdict {
                violation,
                ..verdict
            },
            true,
        );
    }
    (verdict, true)
}
