//! Many children that are started one by one, killed all at once, and come back.

use std::time::{Duration, Instant};

use tokio::task::yield_now;

use crate::children::{start_count, wait_for_starts};
use crate::supervision::Dynamic;

/// All in ns a child.
pub(super) struct Crowd {
    pub(super) start: f64,
    /// From the first kill until all answer again.
    pub(super) back: f64,
    pub(super) stop: f64,
}

pub(super) async fn killed_at_once<D: Dynamic>(many: usize) -> Crowd {
    let supervisor = D::start().await;
    let begin = Instant::now();
    let mut children = Vec::with_capacity(many);
    for index in 0..many {
        children.push(D::start_child(&supervisor, index).await);
    }
    let started = begin.elapsed();

    let starts = start_count() + many as u64;
    let begin = Instant::now();
    children.iter().for_each(D::kill);
    wait_for_starts(starts).await;
    for child in &children {
        while D::generation(child).await != Some(2) {
            yield_now().await;
        }
    }
    let back = begin.elapsed();

    let begin = Instant::now();
    D::stop(supervisor).await;
    let stopped = begin.elapsed();
    let per_child = |time: Duration| time.as_nanos() as f64 / many as f64;
    Crowd {
        start: per_child(started),
        back: per_child(back),
        stop: per_child(stopped),
    }
}
