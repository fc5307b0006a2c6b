//! A token that goes round a ring of 1,000 servers.

use std::time::Instant;

use crate::ring_end::wait_for_token;
use crate::system::{Mailbox, System};

const SERVERS: usize = 1_000;

/// ns a hop.
pub(super) async fn hops<S: System>(n: u64) -> f64 {
    let mut running = Vec::new();
    for _ in 0..SERVERS {
        running.push(S::start(Mailbox::Default).await);
    }
    let clients: Vec<_> = running.iter().map(S::client).collect();
    for (i, client) in clients.iter().enumerate() {
        S::set_next(client, clients[(i + 1) % SERVERS].clone()).await;
    }
    let warm_up = 2 * SERVERS as u64;
    S::token(&clients[0], warm_up).await;
    wait_for_token().await;

    let begin = Instant::now();
    S::token(&clients[0], n).await;
    wait_for_token().await;
    let elapsed = begin.elapsed();
    drop(running);
    elapsed.as_nanos() as f64 / n as f64
}
