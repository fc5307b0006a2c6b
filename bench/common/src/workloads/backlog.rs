//! Stopping and killing a server that has a backlog.

use std::time::Instant;

use crate::gate::{open_gate, wait_until_held};
use crate::system::{Kill, Mailbox, System};

/// Milliseconds from the stop of a server with `n` messages of 1 µs in its mailbox until it is gone.
pub(super) async fn stop_behind<S: System>(n: u64) -> f64 {
    let server = start_with_backlog::<S>(n).await;
    let begin = Instant::now();
    open_gate();
    S::stop_all(vec![server]).await;
    milliseconds_since(begin)
}

/// The same for a kill.
pub(super) async fn kill_behind<S: Kill>(n: u64) -> f64 {
    let server = start_with_backlog::<S>(n).await;
    let begin = Instant::now();
    open_gate();
    S::kill(server).await;
    milliseconds_since(begin)
}

/// A server that stands still behind the gate, with `n` messages in its mailbox.
async fn start_with_backlog<S: System>(n: u64) -> S::Server {
    let server = S::start(Mailbox::Unbounded).await;
    let client = S::client(&server);
    S::hold(&client).await;
    wait_until_held().await;
    for _ in 0..n {
        S::work(&client).await;
    }
    server
}

fn milliseconds_since(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1e3
}
