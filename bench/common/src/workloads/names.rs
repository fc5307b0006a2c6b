//! Calls by name.

use std::time::Instant;

use crate::system::Named;

const SERVERS: u64 = 10_000;

/// `n` calls to servers found by name among 10,000; ns a call, with the look-up.
pub(super) async fn call_by_name<S: Named>(n: u64) -> f64 {
    let names = start_named::<S>().await;
    for name in &names {
        S::call_named(name).await;
    }
    let begin = Instant::now();
    for name in names.iter().cycle().take(n as usize) {
        S::call_named(name).await;
    }
    begin.elapsed().as_nanos() as f64 / n as f64
}

/// Starts the servers; the names of 64 of them, spread over all.
pub(super) async fn start_named<S: Named>() -> Vec<String> {
    for i in 0..SERVERS {
        S::start_named(format!("server_{i}")).await;
    }
    (0..64)
        .map(|i| format!("server_{}", (i * 977 + 13) % SERVERS))
        .collect()
}
