//! The hammer: many callers race dying servers on the real multi-threaded runtime, and none may hang (F3, R26, R40, R47-R50).
//!
//! Every call is made without a timeout. A round is one server's life: callers call until it is dead, and each of them has
//! to be through 5 s after its death. What a call may end with is a reply of its own or a typed error, nothing else.
//!
//! * `cargo test --test hammer`: a few hundred thousand calls.
//! * `SUPTREE_HAMMER_CALLS=20000000 cargo test --release --test hammer -- --nocapture`: as CI runs it.
//! * `SUPTREE_HAMMER_CALLS=100000000`: the long run. `SUPTREE_HAMMER_WORKERS` sets the worker threads (default: 4).

mod lane;
mod named;
mod round;
mod server;
mod shutdown;
mod tally;
mod watch;

use std::sync::Arc;
use std::time::Instant;

use lane::{Death, Mode};
use tally::Tally;

/// Calls of a plain `cargo test`.
const DEFAULT_CALLS: u64 = 300_000;
/// Lanes run at the same time: each is one server's life after the other.
const LANES: usize = 8;

fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| {
        text.replace('_', "")
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {text}"))
    })
}

/// F3, R26, R47, R48, R49, R50, R54: own exits, crashes, kills and cancelled starts, in every mode.
#[test]
fn f3_r47_no_call_hangs_that_races_a_death() {
    server::silence_panics();
    let calls = from_env("SUPTREE_HAMMER_CALLS", DEFAULT_CALLS);
    let workers = from_env("SUPTREE_HAMMER_WORKERS", 4);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(usize::try_from(workers).expect("a number of threads"))
        .enable_time()
        .build()
        .expect("a runtime");
    let started = Instant::now();
    let mut total = Tally::default();
    for mode in Mode::ALL {
        let watch = watch::Watch::start(mode.name());
        let mut of_mode = Tally::default();
        for death in Death::ALL {
            let share = calls / (Mode::ALL.len() * Death::ALL.len()) as u64;
            let watch = Arc::clone(&watch);
            of_mode += runtime.block_on(lane::run(mode, death, share, LANES, watch));
        }
        println!("{:<16} {of_mode}", mode.name());
        total += of_mode;
    }
    let took = started.elapsed();
    let rate = total.calls() as f64 / took.as_secs_f64() / 1e6;
    println!(
        "{:<16} {total}\n{took:.1?}, {rate:.2} M calls/s, {workers} workers: 0 hung",
        "all"
    );
    assert_eq!(total.wrong, 0, "misdelivered replies");
    // The errors are what this is about: a run without them raced nothing.
    assert!(
        total.exited > 0 && total.no_proc > 0,
        "no call raced a death: {total}"
    );
}

/// R40, R41: a runtime goes down with calls pending from another one.
#[test]
fn r40_no_call_hangs_when_the_servers_runtime_shuts_down() {
    server::silence_panics();
    let calls = from_env("SUPTREE_HAMMER_CALLS", DEFAULT_CALLS) / 20;
    let watch = watch::Watch::start("runtime shutdown");
    let started = Instant::now();
    let tally = shutdown::run(calls, &watch);
    println!(
        "{:<16} {tally} in {:.1?}: 0 hung",
        "runtime shutdown",
        started.elapsed()
    );
    assert_eq!(tally.wrong, 0, "misdelivered replies");
    assert!(tally.exited > 0, "no call raced a shutdown: {tally}");
}
