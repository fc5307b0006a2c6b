//! Which workload is run for which name.

mod backlog;
mod calls;
mod casts;
mod dynamic;
mod instructions;
mod lifecycle;
mod memory;
mod names;
mod restarts;
mod ring;
mod timers;
mod tree;

use std::process::exit;

use self::calls::{Async, Plain, Queued};
use crate::args::args;
use crate::flavour::run_on_this_thread;
use crate::metric::emit;
use crate::supervision::{Dynamic, Strategy, Supervision};
use crate::system::{Kill, Later, Mailbox, Named, Spoken, System};

/// The bound of the workloads with a bounded mailbox.
const BOUND: usize = 1_024;
const UNSUPPORTED: i32 = 3;

/// Runs the workload of the command line, if it is one of the messaging workloads.
pub fn run_messaging<S: System>() -> bool {
    let (work, flavour) = (args().work.as_str(), args().flavour);
    if !S::supports(work, flavour) {
        unsupported();
    }
    let many = |default: u64| args().n.unwrap_or(default);
    let one_metric = |value: f64| emit(work, value);
    match work {
        "call_seq" => one_metric(S::run(
            flavour,
            calls::one_client::<S, Plain<S>>(many(200_000)),
        )),
        "call_async" => one_metric(S::run(
            flavour,
            calls::one_client::<S, Async<S>>(many(200_000)),
        )),
        "call_queued" => one_metric(S::run(
            flavour,
            calls::one_client::<S, Queued<S>>(many(200_000)),
        )),
        "call_blk" => one_metric(run_on_this_thread(
            flavour,
            calls::one_client::<S, Plain<S>>(many(20_000)),
        )),
        "call_conc" => one_metric(S::run(flavour, calls::many_clients::<S>(many(192_000), 1))),
        "call_fan" => one_metric(S::run(
            flavour,
            calls::many_clients::<S>(many(192_000), calls::CLIENTS),
        )),
        "cast1_u" => one_metric(S::run(
            flavour,
            casts::burst::<S>(many(1_000_000), 1, Mailbox::Unbounded),
        )),
        "cast4_u" => one_metric(S::run(
            flavour,
            casts::burst::<S>(many(1_000_000), 4, Mailbox::Unbounded),
        )),
        "cast1_b" => one_metric(S::run(
            flavour,
            casts::burst::<S>(many(1_000_000), 1, Mailbox::Bounded(BOUND)),
        )),
        "cast4_b" => one_metric(S::run(
            flavour,
            casts::burst::<S>(many(1_000_000), 4, Mailbox::Bounded(BOUND)),
        )),
        "crowd_b" => {
            let crowd = casts::crowd::<S>(many(200_000), Mailbox::Bounded(BOUND));
            let crowd = S::run(flavour, crowd);
            emit("crowd_b", crowd.cast);
            emit("crowd_b_worst", crowd.worst);
        }
        "ring" => one_metric(S::run(flavour, ring::hops::<S>(many(1_000_000)))),
        "spawn_stop" => {
            let cycle = S::run(flavour, lifecycle::start_call_stop::<S>(many(100_000)));
            emit("spawn_stop", cycle.whole);
            emit("spawn_only", cycle.start);
            emit("stop_only", cycle.stop);
        }
        "mem" => one_metric(S::run(flavour, memory::per_server::<S>(many(100_000)))),
        "stop_backlog" => one_metric(S::run(flavour, backlog::stop_behind::<S>(many(1_000_000)))),
        counted if counted.starts_with("ir_") => {
            return instructions::run::<S>(counted, flavour, many(1_000));
        }
        _ => return false,
    }
    true
}

/// Runs the workload of the command line, if it is the one that kills.
pub fn run_killing<S: Kill>() -> bool {
    let (work, flavour, n) = (args().work.as_str(), args().flavour, args().n);
    if work != "kill_backlog" {
        return false;
    }
    let killed = backlog::kill_behind::<S>(n.unwrap_or(1_000_000));
    emit(work, S::run(flavour, killed));
    true
}

/// Runs the workload of the command line, if it is the one with timers.
pub fn run_later<S: Later>() -> bool {
    let (work, flavour, n) = (args().work.as_str(), args().flavour, args().n);
    if work != "timers" {
        return false;
    }
    let timers = timers::set_and_cancel::<S>(n.unwrap_or(1_000_000));
    let timers = S::run(flavour, timers);
    emit("timers_set", timers.set);
    emit("timers_cancel", timers.cancel);
    emit("timers_mem", timers.bytes);
    true
}

/// Runs the workload of the command line, if it is one with names.
pub fn run_named<S: Named>() -> bool {
    let (work, flavour, n) = (args().work.as_str(), args().flavour, args().n);
    match work {
        "named" => {
            let calls = names::call_by_name::<S>(n.unwrap_or(100_000));
            emit(work, S::run(flavour, calls));
        }
        "ir_named" => S::run(flavour, instructions::named_calls::<S>(n.unwrap_or(1_000))),
        _ => return false,
    }
    true
}

/// Counts a server that is asked without its type.
pub fn run_spoken<S: Spoken>() -> bool {
    let (work, flavour, n) = (args().work.as_str(), args().flavour, args().n);
    match work {
        "ir_protocol_call" => {
            S::run(flavour, instructions::spoken_calls::<S>(n.unwrap_or(1_000)));
        }
        "ir_protocol_cast" => {
            S::run(flavour, instructions::spoken_casts::<S>(n.unwrap_or(1_000)));
        }
        _ => return false,
    }
    true
}

/// Runs the workload of the command line, if it is one of the supervision workloads.
pub fn run_supervision<V: Supervision>() -> bool {
    let (work, flavour, n) = (args().work.as_str(), args().flavour, args().n);
    match work {
        "restart1" => {
            let restart = V::run(flavour, restarts::one_at_a_time::<V>(n.unwrap_or(2_000), 1));
            emit("restart1_med", restart.median);
            emit("restart1_p99", restart.p99);
            emit("restart1_rate", restart.mean_cycle);
        }
        "restart1k" => {
            let restart = V::run(
                flavour,
                restarts::one_at_a_time::<V>(n.unwrap_or(1_000), 1_000),
            );
            emit("restart1k_med", restart.median);
            emit("restart1k_p99", restart.p99);
        }
        "storm1k" => emit(
            work,
            V::run(flavour, restarts::all_at_once::<V>(1_000, n.unwrap_or(5))),
        ),
        "all1k" | "rest1k" if !V::GROUPS => unsupported(),
        "all1k" => {
            let group = restarts::group::<V>(Strategy::OneForAll, 1_000, n.unwrap_or(20));
            emit(work, V::run(flavour, group));
        }
        "rest1k" => {
            let group = restarts::group::<V>(Strategy::RestForOne, 1_000, n.unwrap_or(20));
            emit(work, V::run(flavour, group));
        }
        "tree10k" => {
            let tree = V::run(
                flavour,
                tree::start_and_stop::<V>(n.unwrap_or(10_000) as usize),
            );
            emit("tree10k_start", tree.start);
            emit("tree10k_stop", tree.stop);
        }
        "tree100k" => {
            let children = n.unwrap_or(100_000);
            let tree = V::run(flavour, tree::start_and_stop::<V>(children as usize));
            emit("tree100k_stop", tree.stop * children as f64 / 1e6);
        }
        _ => return false,
    }
    true
}

/// Runs the workload of the command line, if it is one of those with children on demand.
pub fn run_dynamic<D: Dynamic>() -> bool {
    let (work, flavour, n) = (args().work.as_str(), args().flavour, args().n);
    if work != "dyn100k" {
        return false;
    }
    let crowd = dynamic::killed_at_once::<D>(n.unwrap_or(100_000) as usize);
    let crowd = D::run(flavour, crowd);
    emit("dyn100k_start", crowd.start);
    emit("dyn100k_back", crowd.back);
    emit("dyn100k_stop", crowd.stop);
    true
}

/// The end of a system's `main`: without waiting for runtimes and servers that were left running.
pub fn finish(known: bool) -> ! {
    if !known {
        unsupported();
    }
    exit(0)
}

fn unsupported() -> ! {
    eprintln!("the system has no such workload");
    exit(UNSUPPORTED)
}
