//! One operation `n` times and nothing else, for callgrind: the difference of two runs, divided by the difference of their
//! `n`, is what one operation costs.

use tokio::task::yield_now;

use super::calls::{Async, Call, Plain, Queued};
use super::names::start_named;
use crate::flavour::Flavour;
use crate::system::{Mailbox, Named, Spoken, System};

/// How many casts are sent before the server gets the thread.
const BATCH: u64 = 64;

pub(super) fn run<S: System>(work: &str, flavour: Flavour, n: u64) -> bool {
    match work {
        "ir_call" => S::run(flavour, calls::<S, Plain<S>>(n)),
        "ir_call_async" => S::run(flavour, calls::<S, Async<S>>(n)),
        "ir_call_queued" => S::run(flavour, calls::<S, Queued<S>>(n)),
        "ir_cast" => S::run(flavour, casts::<S>(n)),
        "ir_spawn" => S::run(flavour, lives::<S>(n)),
        _ => return false,
    }
    true
}

async fn calls<S: System, C: Call<S>>(n: u64) {
    let server = S::start(Mailbox::Default).await;
    let client = S::client(&server);
    for _ in 0..n {
        C::call(&client).await;
    }
    drop(server);
}

pub(super) async fn named_calls<S: Named>(n: u64) {
    let names = start_named::<S>().await;
    for name in names.iter().cycle().take(n as usize) {
        S::call_named(name).await;
    }
}

pub(super) async fn spoken_calls<S: Spoken>(n: u64) {
    let speaker = S::start_spoken().await;
    for _ in 0..n {
        S::call_spoken(&speaker).await;
    }
}

pub(super) async fn spoken_casts<S: Spoken>(n: u64) {
    let speaker = S::start_spoken().await;
    for i in 1..=n {
        S::cast_spoken(&speaker, 1).await;
        if i % BATCH == 0 {
            yield_now().await;
        }
    }
    S::call_spoken(&speaker).await;
}

async fn casts<S: System>(n: u64) {
    let server = S::start(Mailbox::Unbounded).await;
    let client = S::client(&server);
    for i in 1..=n {
        S::cast(&client, 1).await;
        if i % BATCH == 0 {
            yield_now().await;
        }
    }
    S::call(&client).await;
    drop(server);
}

/// Start and stop, one server after the other.
async fn lives<S: System>(n: u64) {
    for _ in 0..n {
        let server = S::start(Mailbox::Default).await;
        S::stop_all(vec![server]).await;
    }
}
