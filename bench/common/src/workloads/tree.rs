//! Starting and stopping a supervisor with many children.

use std::time::{Duration, Instant};

use tokio::task::yield_now;

use crate::supervision::{Strategy, Supervision};

/// Both in ns a child.
pub(super) struct Tree {
    pub(super) start: f64,
    pub(super) stop: f64,
}

pub(super) async fn start_and_stop<V: Supervision>(children: usize) -> Tree {
    let warm_up = V::start(Strategy::OneForOne, 10).await;
    V::stop(warm_up).await;

    let begin = Instant::now();
    let supervisor = V::start(Strategy::OneForOne, children).await;
    let started = begin.elapsed();
    while V::generation(&supervisor, children - 1).await.is_none() {
        yield_now().await;
    }
    let begin = Instant::now();
    V::stop(supervisor).await;
    let stopped = begin.elapsed();
    let per_child = |time: Duration| time.as_nanos() as f64 / children as f64;
    Tree {
        start: per_child(started),
        stop: per_child(stopped),
    }
}
