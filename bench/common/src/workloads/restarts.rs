//! Crashes and restarts.

use std::time::Instant;

use tokio::task::yield_now;

use crate::children::{generation, start_count, wait_for_starts};
use crate::supervision::{Strategy, Supervision};

/// All in ns.
pub(super) struct Restart {
    pub(super) median: f64,
    pub(super) p99: f64,
    /// With the time between two crashes.
    pub(super) mean_cycle: f64,
}

/// Crashes one of `children` at a time: from the crash until the new incarnation answers a call.
pub(super) async fn one_at_a_time<V: Supervision>(cycles: u64, children: usize) -> Restart {
    silence_panics();
    let supervisor = V::start(Strategy::OneForOne, children).await;
    let warm_up = cycles / 10;
    let mut latencies = Vec::with_capacity(cycles as usize);
    let mut begin = Instant::now();
    for cycle in 0..warm_up + cycles {
        if cycle == warm_up {
            begin = Instant::now();
        }
        let index = (cycle as usize * 7_919) % children;
        let crashed = Instant::now();
        crash_and_wait::<V>(&supervisor, index).await;
        if cycle >= warm_up {
            latencies.push(crashed.elapsed().as_nanos() as f64);
        }
    }
    let mean_cycle = begin.elapsed().as_nanos() as f64 / cycles as f64;
    drop(supervisor);
    latencies.sort_by(f64::total_cmp);
    Restart {
        median: latencies[latencies.len() / 2],
        p99: latencies[latencies.len() * 99 / 100],
        mean_cycle,
    }
}

async fn crash_and_wait<V: Supervision>(supervisor: &V::Supervisor, index: usize) {
    let old = generation(index);
    let starts = start_count() + 1;
    V::crash(supervisor, index).await;
    wait_for_starts(starts).await;
    while V::generation(supervisor, index)
        .await
        .is_none_or(|answered| answered <= old)
    {
        yield_now().await;
    }
}

/// Crashes all children at once, until all answer again; ns a restart.
pub(super) async fn all_at_once<V: Supervision>(children: usize, rounds: u64) -> f64 {
    silence_panics();
    let supervisor = V::start(Strategy::OneForOne, children).await;
    storm::<V>(&supervisor, children).await;
    let begin = Instant::now();
    for _ in 0..rounds {
        storm::<V>(&supervisor, children).await;
    }
    let elapsed = begin.elapsed();
    drop(supervisor);
    elapsed.as_nanos() as f64 / (rounds * children as u64) as f64
}

async fn storm<V: Supervision>(supervisor: &V::Supervisor, children: usize) {
    let starts = start_count() + children as u64;
    for index in 0..children {
        V::crash(supervisor, index).await;
    }
    wait_for_starts(starts).await;
    for index in 0..children {
        while V::generation(supervisor, index).await.is_none() {
            yield_now().await;
        }
    }
}

/// Crashes the first of `children`, with which all the others are stopped and started: until all answer again; ns a child.
pub(super) async fn group<V: Supervision>(strategy: Strategy, children: usize, rounds: u64) -> f64 {
    silence_panics();
    let supervisor = V::start(strategy, children).await;
    let warm_up = 1;
    let mut begin = Instant::now();
    for round in 0..warm_up + rounds {
        if round == warm_up {
            begin = Instant::now();
        }
        let before: Vec<_> = (0..children).map(generation).collect();
        let starts = start_count() + children as u64;
        V::crash(&supervisor, 0).await;
        wait_for_starts(starts).await;
        for (index, old) in before.into_iter().enumerate() {
            while V::generation(&supervisor, index)
                .await
                .is_none_or(|answered| answered <= old)
            {
                yield_now().await;
            }
        }
    }
    let elapsed = begin.elapsed();
    drop(supervisor);
    elapsed.as_nanos() as f64 / (rounds * children as u64) as f64
}

/// A crash a cycle: the report of the standard hook would be what is measured.
fn silence_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}
