//! What an idle server costs.

use std::fs::read_to_string;

use crate::system::{Mailbox, System};

const PAGE: u64 = 4_096;

/// Resident bytes a server, of `n` that have answered a call each and are idle.
pub(super) async fn per_server<S: System>(n: u64) -> f64 {
    // The first server pays for what all share.
    let first = S::start(Mailbox::Default).await;
    S::call(&S::client(&first)).await;

    let mut running = Vec::with_capacity(n as usize);
    let before = resident_bytes();
    for _ in 0..n {
        let server = S::start(Mailbox::Default).await;
        S::call(&S::client(&server)).await;
        running.push(server);
    }
    let after = resident_bytes();
    drop((first, running));
    (after - before) as f64 / n as f64
}

pub(super) fn resident_bytes() -> u64 {
    let statm = read_to_string("/proc/self/statm").expect("Linux tells the size of a process");
    let pages = statm.split_whitespace().nth(1).expect("resident pages");
    pages.parse::<u64>().expect("a number of pages") * PAGE
}
