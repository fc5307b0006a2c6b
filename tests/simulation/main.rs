//! The simulation: whole trees under a random schedule in virtual time, with every fault there is (F1, F8, R26-R75).
//!
//! Each seed is a story: a tree, clients that call and cast and do harm, and a world that knows what must come of it.
//!
//! * `cargo test --features sim --test simulation`: a few seconds.
//! * `SUPTREE_SIM_SECONDS=120 cargo test --profile simulation --features sim --test simulation -- --nocapture`: as CI runs it.
//! * `SUPTREE_SIM_SEED=17`: that seed alone. `SUPTREE_SIM_BASE`, `SUPTREE_SIM_SEEDS`, `SUPTREE_SIM_FAULTS`,
//!   `SUPTREE_SIM_THREADS` set the rest.
//! * `RUSTFLAGS="--cfg suptree_planted_bugs"`: finds every planted bug, within 1,000 seeds each.

mod attached;
mod client;
mod crowd;
mod delays;
mod dependents;
mod groups;
mod idles;
mod kinds;
mod later;
mod line;
mod liveness;
mod lives;
mod offers;
mod options;
mod outcomes;
mod owners;
mod partitions;
mod planted;
mod registers;
mod requests;
mod resizes;
mod restarts;
mod rng;
mod runner;
mod script;
mod sending;
mod stops;
mod story;
mod sup;
mod supervision;
mod suspends;
mod tasks;
mod targets;
mod tree;
mod watches;
mod worker;
mod world;

use std::time::{Duration, Instant};

use runner::Budget;

/// The text of the panics that are part of a story.
const PLANNED: &str = "planned";

fn from_env(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.replace('_', "")
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
    )
}

/// F1: no hung caller, no lost, doubled or misdelivered reply, no orphan, no stale or doubly held name, exactly one down
/// per monitor, and every seed replays identically.
#[test]
fn f1_trees_keep_their_promises_whatever_happens() {
    silence_panics();
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let seed = from_env("SUPTREE_SIM_SEED");
    let budget = Budget {
        base: seed.or(from_env("SUPTREE_SIM_BASE")).unwrap_or(1),
        seeds: seed
            .map(|_| 1)
            .or(from_env("SUPTREE_SIM_SEEDS"))
            .unwrap_or(u64::MAX),
        faults: from_env("SUPTREE_SIM_FAULTS").unwrap_or(u64::MAX),
        time: Duration::from_secs(from_env("SUPTREE_SIM_SECONDS").unwrap_or(3)),
        threads: from_env("SUPTREE_SIM_THREADS").unwrap_or(cores),
        violations: from_env("SUPTREE_SIM_VIOLATIONS").unwrap_or(1) as usize,
    };
    let started = Instant::now();
    let sum = runner::run(budget);
    let took = started.elapsed().as_secs_f64();
    println!(
        "base seed {}: {} seeds, {} faults, {} replays in {took:.1} s on {} threads: {:.0} faults/s/thread",
        budget.base,
        sum.seeds,
        sum.faults,
        sum.replays,
        budget.threads,
        sum.faults as f64 / took / budget.threads as f64,
    );
    for (seed, violation) in &sum.violations {
        println!("SUPTREE_SIM_SEED={seed}: {violation}");
    }
    assert!(
        sum.violations.is_empty(),
        "{} bad seeds, the first: {:?}",
        sum.violations.len(),
        sum.violations[0]
    );
}

/// The small stories, of one thing each. `Some`: what went wrong.
#[cfg(suptree_planted_bugs)]
const SMALL: [fn(u64) -> Option<String>; 16] = [
    stops::play,
    tasks::play,
    owners::play,
    delays::play,
    groups::play,
    kinds::play,
    partitions::play,
    dependents::play,
    resizes::play,
    offers::play,
    registers::play,
    suspends::play,
    later::play,
    idles::play,
    watches::play,
    attached::play,
];

/// Plays small stories of one kind.
fn play_all(play: fn(u64) -> Option<String>) {
    silence_panics();
    let seeds = from_env("SUPTREE_SIM_SEEDS").unwrap_or(300);
    let base = from_env("SUPTREE_SIM_SEED").or(from_env("SUPTREE_SIM_BASE"));
    for nth in 0..seeds {
        let seed = base.unwrap_or(1).wrapping_add(nth);
        if let Some(violation) = play(seed) {
            panic!("SUPTREE_SIM_SEED={seed}: {violation}");
        }
    }
}

/// R88: children that stop together, each at its own time.
#[test]
fn r88_each_child_that_stops_has_its_own_time() {
    play_all(stops::play);
}

/// Tasks that are told to stop, or are not, and what they do then.
#[test]
fn tsk_30_tasks_that_stop() {
    play_all(tasks::play);
}

/// Tasks that are awaited, asked, streamed, and given up.
#[test]
fn tsk_20_tasks_and_those_that_wait_for_them() {
    play_all(owners::play);
}

/// Restarts that wait come when it is their time.
#[test]
fn r200_restarts_that_wait() {
    play_all(delays::play);
}

/// Groups of servers and tasks, under each strategy, and whoever meddles with them.
#[test]
fn r201_groups_of_servers_and_tasks() {
    play_all(groups::play);
}

/// A dynamic supervisor of two kinds of children, with room for a few.
#[test]
fn r202_children_of_two_kinds() {
    play_all(kinds::play);
}

/// Keys find their partition while partitions, and their supervisor, die.
#[test]
fn r203_partitions_that_die() {
    play_all(partitions::play);
}

/// One death is one restart, however fast others learn of it, and die of it.
#[test]
fn r204_who_dies_of_a_death_comes_after_it() {
    play_all(dependents::play);
}

/// Partitions come and go: all that were asked for, or none.
#[test]
fn ps_06_partitions_that_come_and_go() {
    play_all(resizes::play);
}

/// What does not become a child comes back, however its supervisor ends.
#[test]
fn r180_specifications_that_come_back() {
    play_all(offers::play);
}

/// What is registered goes with its process, whatever happens beside.
#[test]
fn r291_registrations_that_meet_deaths() {
    play_all(registers::play);
}

/// Servers that are suspended, and go on.
#[test]
fn sys_03_suspended_servers() {
    play_all(suspends::play);
}

/// Timers and continues of servers that are busy, die and return.
#[test]
fn r354_what_servers_are_sent_later() {
    play_all(later::play);
}

/// Servers that are attached to streams.
#[test]
fn r365_servers_that_are_attached_to_streams() {
    play_all(attached::play);
}

/// Servers that hear of the ends of others.
#[test]
fn r366_servers_that_monitor_others() {
    play_all(watches::play);
}

/// Servers that are told when nothing comes.
#[test]
fn r367_servers_that_wait_for_a_message() {
    play_all(idles::play);
}

/// The panics of the stories are on purpose: nobody wants to read them.
fn silence_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info
                .payload()
                .downcast_ref::<String>()
                .is_none_or(|text| text != PLANNED)
            {
                loud(info);
            }
        }));
    });
}
