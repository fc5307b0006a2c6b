//! The life of many servers: start, one call, stop.

use std::time::{Duration, Instant};

use crate::system::{Mailbox, System};

/// All in ns a server.
pub(super) struct Cycle {
    pub(super) whole: f64,
    pub(super) start: f64,
    pub(super) stop: f64,
}

/// Starts `n` servers, calls each once, stops them all and waits for their end.
pub(super) async fn start_call_stop<S: System>(n: u64) -> Cycle {
    let mut warm_up = Vec::new();
    for _ in 0..n / 50 {
        warm_up.push(S::start(Mailbox::Default).await);
    }
    S::stop_all(warm_up).await;

    let mut running = Vec::with_capacity(n as usize);
    let begin = Instant::now();
    for _ in 0..n {
        running.push(S::start(Mailbox::Default).await);
    }
    let started = begin.elapsed();
    for server in &running {
        S::call(&S::client(server)).await;
    }
    let called = begin.elapsed();
    S::stop_all(running).await;
    let stopped = begin.elapsed();

    let per_server = |time: Duration| time.as_nanos() as f64 / n as f64;
    Cycle {
        whole: per_server(stopped),
        start: per_server(started),
        stop: per_server(stopped - called),
    }
}
