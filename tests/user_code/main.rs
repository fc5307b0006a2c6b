//! User code that panics, wherever the crate calls it or drops a value of it: nobody but its own process notices.
//!
//! The places are read from the source of the public API; each has a case here, and a new one without a case fails. A case is a
//! program with a user's values and code in it, run again and again: each time another single piece of user code panics, until
//! none is left that it calls.

mod api;
mod cases;
mod fault;
mod hand_written;
mod places;
mod planted;
mod wakers;
mod world;

use std::collections::BTreeSet;
use std::pin::Pin;

use crate::fault::Op;
use crate::world::{Beside, Bystanders};

type Case = fn() -> Pin<Box<dyn Future<Output = ()>>>;

macro_rules! cases {
    ($($name:ident: $($case:path),+;)*) => {
        /// The cases, by name, and their variants: in place, and queued.
        const CASES: &[(&str, &[Case])] = &[$((stringify!($name), &[$(|| Box::pin($case())),+])),*];
    };
}

cases! {
    messages: cases::placed::messages, cases::queued::messages;
    ends: cases::placed::ends, cases::queued::ends;
    starts: cases::placed::starts, cases::queued::starts;
    dynamic: cases::placed::dynamic, cases::queued::dynamic;
    several: cases::placed::several, cases::queued::several;
    wakers: cases::placed::wakers, cases::queued::wakers, cases::wakers_that_wait_for_room;
    by_hand: cases::by_hand;
    partitions: cases::partitions;
    server_by_hand: cases::server_by_hand;
    agents: cases::agents;
    protocols: cases::protocols;
    alone: cases::alone;
    keys: cases::keys;
    timers: cases::timers;
    monitors: cases::monitors;
    streams: cases::streams;
    blocking: cases::blocking;
    tasks: cases::tasks;
    task_values: cases::task_values;
    task_supervisors: cases::task_supervisors;
    returns: cases::returns;
    registries: cases::registries;
    groups: cases::groups;
    sys: cases::sys;
}

#[test]
fn r91_r94_messages_and_replies() {
    every_panic("messages", &[Op::Drop, Op::Debug, Op::Run, Op::DropWaker]);
}

#[test]
fn r91_r94_ends_with_errors_of_the_users() {
    every_panic("ends", &[Op::Drop, Op::Debug, Op::Display, Op::Run]);
}

#[test]
fn r91_r94_starts_that_fail_or_are_broken_off() {
    every_panic("starts", &[Op::Drop, Op::Clone, Op::Hash, Op::Eq, Op::Run]);
}

#[test]
fn r91_r94_children_of_several_types_with_extra_arguments() {
    every_panic("several", &[Op::Drop, Op::Clone, Op::Hash, Op::Eq, Op::Run]);
}

#[test]
fn r91_r94_timers() {
    every_panic("timers", &[Op::Drop, Op::Clone, Op::Eq, Op::Run]);
}

#[test]
fn r91_r94_monitors_of_servers() {
    every_panic(
        "monitors",
        &[
            Op::Drop,
            Op::Clone,
            Op::Hash,
            Op::Eq,
            Op::Debug,
            Op::Display,
            Op::Run,
        ],
    );
}

#[test]
fn r91_r94_streams() {
    every_panic("streams", &[Op::Drop, Op::Clone, Op::Run]);
}

#[test]
fn r91_r92_r369_handlers_that_block() {
    every_panic(
        "blocking",
        &[Op::Drop, Op::Clone, Op::Run, Op::Wake, Op::DropWaker],
    );
}

#[test]
fn r91_r94_partitions() {
    every_panic(
        "partitions",
        &[Op::Drop, Op::Clone, Op::Hash, Op::Eq, Op::Run],
    );
}

#[test]
fn r91_r94_children_of_a_dynamic_supervisor() {
    every_panic("dynamic", &[Op::Drop, Op::Clone, Op::Hash, Op::Eq, Op::Run]);
}

#[test]
fn r91_r92_wakers_of_other_executors() {
    every_panic("wakers", &[Op::Wake, Op::DropWaker]);
}

#[test]
fn r91_r94_supervisors_by_hand() {
    every_panic("by_hand", &[Op::Drop, Op::Clone, Op::Hash, Op::Eq, Op::Run]);
}

#[test]
fn r91_a_server_by_hand() {
    every_panic(
        "server_by_hand",
        &[Op::Drop, Op::Clone, Op::Hash, Op::Eq, Op::Run],
    );
}

#[test]
fn r91_r94_agents() {
    every_panic("agents", &[Op::Drop, Op::Clone, Op::Hash, Op::Eq, Op::Run]);
}

#[test]
fn r91_r408_protocols_and_recipients() {
    every_panic("protocols", &[Op::Drop, Op::Run]);
}

#[test]
fn r91_r350_handlers_that_are_tested_alone() {
    every_panic(
        "alone",
        &[Op::Drop, Op::Clone, Op::Debug, Op::Run, Op::DropWaker],
    );
}

#[test]
fn r21_r91_keys() {
    every_panic(
        "keys",
        &[
            Op::Drop,
            Op::Clone,
            Op::Hash,
            Op::Eq,
            Op::Debug,
            Op::Display,
            Op::Run,
        ],
    );
}

#[test]
fn r91_r92_r94_tasks() {
    every_panic(
        "tasks",
        &[Op::Drop, Op::Clone, Op::Run, Op::Wake, Op::DropWaker],
    );
}

#[test]
fn r91_r92_r94_values_of_tasks() {
    every_panic("task_values", &[Op::Drop, Op::Run, Op::Wake, Op::DropWaker]);
}

#[test]
fn r91_r92_r94_supervisors_of_tasks_and_streams() {
    every_panic(
        "task_supervisors",
        &[
            Op::Drop,
            Op::Clone,
            Op::Hash,
            Op::Eq,
            Op::Run,
            Op::Wake,
            Op::DropWaker,
        ],
    );
}

#[test]
fn r91_r92_those_who_wait_for_a_restart() {
    every_panic("returns", &[Op::Drop, Op::Wake, Op::DropWaker]);
}

#[test]
fn r91_r92_r94_registries() {
    every_panic(
        "registries",
        &[
            Op::Drop,
            Op::Clone,
            Op::Hash,
            Op::Eq,
            Op::Debug,
            Op::Run,
            Op::Wake,
            Op::DropWaker,
        ],
    );
}

#[test]
fn r91_r92_r94_groups() {
    every_panic(
        "groups",
        &[
            Op::Drop,
            Op::Clone,
            Op::Hash,
            Op::Eq,
            Op::Run,
            Op::Wake,
            Op::DropWaker,
        ],
    );
}

#[test]
fn r91_r92_r94_requests_of_sys() {
    every_panic(
        "sys",
        &[
            Op::Drop,
            Op::Clone,
            Op::Debug,
            Op::Run,
            Op::Wake,
            Op::DropWaker,
        ],
    );
}

/// Runs a case with each piece of user code panicking, one at a time. At least these sorts of it have to be there.
fn every_panic(name: &str, expected: &[Op]) {
    fault::silence();
    let (_, variants) = CASES
        .iter()
        .find(|(case, _)| *case == name)
        .expect("a case");
    for case in *variants {
        let mut found = Vec::new();
        for op in Op::ALL {
            for listens in [false, true] {
                let panics = (0..)
                    .take_while(|nth| run(name, *case, op, *nth, listens))
                    .count();
                if panics > 0 {
                    found.push(op);
                }
                println!("{name}: {panics:>3} of {op:?}");
            }
        }
        let missing: Vec<_> = expected.iter().filter(|op| !found.contains(op)).collect();
        assert!(
            missing.is_empty(),
            "{name} has no user code of the sorts {missing:?}"
        );
    }
}

/// Whether there was such a panic. `listens`: to the reports.
fn run(name: &str, case: Case, op: Op, nth: u32, listens: bool) -> bool {
    // The threads in which handlers block, too.
    let armed = fault::Armed::of_thread();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .on_thread_start(move || armed.join())
        .build()
        .unwrap();
    // Reports show values, and where somebody listens a server's code runs in a span.
    let _listens = listens.then(|| {
        let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        tracing::subscriber::set_default(all.with_writer(std::io::sink).finish())
    });
    let about = format!("{name}, where the {nth}th {op:?} panics");
    runtime.block_on(async {
        let bystanders = Bystanders::start_link().await.unwrap();
        let before = bystanders.beside().pid();
        fault::arm(op, nth);
        let done = tokio::time::timeout(std::time::Duration::from_secs(600), caught(case())).await;
        let panicked = fault::disarm();
        match done {
            Ok(Ok(())) => {}
            Ok(Err(())) => panic!("{about}: it reached the program"),
            Err(_) => panic!("{about}: the program waits for ever"),
        }
        tokio::time::sleep(std::time::Duration::from_secs(20)).await;
        assert_eq!(bystanders.beside().pid(), before, "{about}: the bystander");
        assert_eq!(
            Beside::named().ping().await.ok(),
            Some(7),
            "{about}: the bystander"
        );
        let left = suptree::processes();
        assert_eq!(
            left.len(),
            2,
            "{about}: processes are left, or gone: {left:?}"
        );
        assert_eq!(
            suptree::try_self_pid(),
            None,
            "{about}: the program is taken for a process"
        );
        panicked
    })
}

/// A panic that reaches a program is no end of this one.
async fn caught(mut case: Pin<Box<dyn Future<Output = ()>>>) -> Result<(), ()> {
    std::future::poll_fn(|cx| {
        let polled =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case.as_mut().poll(cx)));
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(_) => std::task::Poll::Ready(Err(())),
        }
    })
    .await
}

/// An executor that polls what it wakes at once, inside of the wake-up: what it polls is no process there.
#[test]
fn r93_what_is_polled_in_a_wake_up_is_nobody() {
    assert_eq!(
        inline(cases::placed::polled_in_a_wake_up),
        Vec::<String>::new()
    );
    assert_eq!(
        inline(cases::queued::polled_in_a_wake_up),
        Vec::<String>::new()
    );
}

fn inline<F: Future<Output = Vec<String>>>(case: impl FnOnce() -> F) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(case())
}

/// Every place of the public API has a case, and every entry a place.
#[test]
fn r91_every_place_where_user_code_comes_in_has_a_case() {
    let places = api::places();
    let listed: BTreeSet<String> = places::PLACES
        .iter()
        .map(|(place, _)| (*place).to_owned())
        .collect();
    assert_eq!(
        listed.len(),
        places::PLACES.len(),
        "a place is listed twice"
    );
    let new: Vec<_> = places.difference(&listed).collect();
    assert!(
        new.is_empty(),
        "user code comes in here, and no case has it panic: write one, and list it in places.rs: {new:#?}"
    );
    let gone: Vec<_> = listed.difference(&places).collect();
    assert!(gone.is_empty(), "no longer in the public API: {gone:#?}");
    for (place, case) in places::PLACES {
        let known = |name: &str| {
            CASES
                .iter()
                .any(|(case, _)| case.trim_end_matches("_placed") == name)
        };
        assert!(known(case), "the case `{case}` of {place} is none");
    }
}
