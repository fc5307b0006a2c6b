//! The harness: runs a scenario under many schedules, and sees that everything in it comes to an end.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use shuttle::future::block_on;
use shuttle::scheduler::{
    PctScheduler, RandomScheduler, ReplayScheduler, Scheduler,
    UncontrolledNondeterminismCheckScheduler,
};
use shuttle::thread::{self, JoinHandle};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};
use suptree_core::checker::{self, Timers};
use suptree_core::{ExitReason, exit, monitor, processes};

/// A name, and what one run of it does.
pub(crate) type Scenario = (&'static str, fn());

/// A thread that runs one future.
pub(crate) fn client(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    thread::spawn(move || block_on(work))
}

/// Waits for clients.
pub(crate) fn join(clients: impl IntoIterator<Item = JoinHandle<()>>) {
    for client in clients {
        client.join().expect("clients do not panic");
    }
}

/// What a run has found wrong. Handlers cannot panic for it: that would be a crash of theirs.
#[derive(Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<Vec<String>>>);

impl Faults {
    pub(crate) fn add(&self, what: impl Into<String>) {
        self.0.lock().expect("nobody panics here").push(what.into());
    }
}

/// One run: the scenario, then the end of every process, and of every task.
pub(crate) fn run(timers: Timers, scenario: impl FnOnce(&Faults)) {
    let faults = Faults::default();
    checker::run(timers, || {
        scenario(&faults);
        block_on(async {
            for process in processes() {
                let down = monitor(process.pid);
                exit(process.pid, ExitReason::Kill);
                down.await;
            }
        });
    });
    let faults = faults.0.lock().expect("nobody panics here");
    assert!(faults.is_empty(), "{faults:#?}");
}

fn from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Where the seeds begin.
pub(crate) fn first_seed() -> u64 {
    from_env("SUPTREE_RACES_SEED").unwrap_or(1)
}

fn config() -> Config {
    let mut config = Config::new();
    config.stack_size = 1 << 18;
    config.max_steps = MaxSteps::FailAfter(200_000);
    config.silence_warnings = true;
    if cfg!(suptree_planted_bugs) {
        config.failure_persistence = FailurePersistence::None;
    }
    config
}

/// Runs a scenario for a while.
pub(crate) fn explore(name: &str, scenario: fn()) {
    if let Ok(schedule) = std::env::var("SUPTREE_RACES_SCHEDULE") {
        check(ReplayScheduler::new_from_encoded(&schedule), scenario);
        return;
    }
    let most = Duration::from_secs(from_env("SUPTREE_RACES_SECONDS").unwrap_or(1));
    let first = first_seed();
    let started = Instant::now();
    let mut runs = 0;
    // Each round has schedules of few switches, at few places or a few more, and such of many.
    for seed in first.. {
        runs += check(PctScheduler::new_from_seed(seed, 1, ROUND), scenario);
        runs += check(PctScheduler::new_from_seed(seed, 3, ROUND), scenario);
        runs += check(RandomScheduler::new_from_seed(seed, ROUND), scenario);
        if started.elapsed() >= most {
            println!("{name}: {runs} runs, with the seeds {first} to {seed}");
            return;
        }
    }
}

/// Schedules of one kind and seed.
const ROUND: usize = 500;

fn check(scheduler: impl Scheduler + 'static, scenario: fn()) -> usize {
    Runner::new(scheduler, config()).run(scenario)
}

/// Runs a scenario a number of times: how it failed, if it did.
#[cfg(suptree_planted_bugs)]
pub(crate) fn hunt(scenario: fn(), seed: u64) -> Option<String> {
    let found = std::panic::catch_unwind(|| {
        check(PctScheduler::new_from_seed(seed, 3, ROUND), scenario);
        check(RandomScheduler::new_from_seed(seed, ROUND), scenario);
    });
    let payload = found.err()?;
    let text = payload.downcast_ref::<String>();
    let text = text.map_or("a panic", String::as_str);
    Some(
        text.chars()
            .filter(|char| *char != '\n')
            .take(200)
            .collect(),
    )
}

/// Runs each of some schedules twice: whatever else there is to depend on would show.
pub(crate) fn replays(scenario: fn()) {
    let random = RandomScheduler::new_from_seed(7, 20);
    check(
        UncontrolledNondeterminismCheckScheduler::new(random),
        scenario,
    );
}
