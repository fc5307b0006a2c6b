//! Children with ids.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{AutoShutdown, ChildId, ChildInfo, Strategy, SupervisorSpec, exit};

use super::{Leaf, TRIES, in_proportion, scattered, worked};
use crate::support::Sup;

/// Children with ids.
async fn fixed(many: usize) -> Sup {
    Sup::start(move |spec| {
        let children = (0..many).map(|at| Again::child_spec().with_id(at.to_string()));
        children.fold(spec.max_restarts(u32::MAX), SupervisorSpec::child)
    })
    .await
    .unwrap()
}

/// What a hundred thousand cost is, with room to spare, a hundred times what a thousand cost.
async fn a_hundred_times(cost: impl AsyncFn(usize) -> Duration) {
    const SLACK: u32 = 10;
    let (mut thousand, mut all) = (Duration::MAX, Duration::MAX);
    for _ in 0..TRIES {
        for _ in 0..3 {
            thousand = thousand.min(cost(1_000).await.max(Duration::from_micros(1)));
        }
        all = all.min(cost(100_000).await);
        if all < thousand * 100 * SLACK {
            return;
        }
    }
    panic!("a thousand took {thousand:?}, a hundred thousand {all:?}");
}

#[tokio::test(start_paused = true)]
async fn sup_83_a_hundred_thousand_children_cost_a_hundred_times_what_a_thousand_cost() {
    a_hundred_times(async |many| {
        let begun = worked();
        let sup = fixed(many).await;
        assert_eq!(sup.count_children().await.unwrap().active, many);
        sup.stop().await.unwrap();
        worked().saturating_sub(begun)
    })
    .await;
}

/// Counts down how many of them are left.
struct InTurn {
    at: usize,
    left: Arc<AtomicUsize>,
}

#[genserver]
impl InTurn {
    #[init]
    fn init(at: usize, left: Arc<AtomicUsize>) -> Self {
        left.fetch_add(1, Ordering::Relaxed);
        Self { at, left }
    }
}

impl Drop for InTurn {
    fn drop(&mut self) {
        let before = self.left.fetch_sub(1, Ordering::Relaxed);
        // Out of turn: then there is never nobody left.
        if before != self.at + 1 {
            self.left.fetch_add(1 << 32, Ordering::Relaxed);
        }
    }
}

/// The figure itself, a second for all of them, is the benchmark's: a test has no machine of its own.
#[tokio::test(start_paused = true)]
async fn f10_a_hundred_thousand_children_shut_down_in_order() {
    a_hundred_times(async |many| {
        let left = Arc::new(AtomicUsize::new(0));
        let all = Arc::clone(&left);
        let sup = Sup::start(move |spec| {
            let child =
                |at: usize| InTurn::child_spec(at, Arc::clone(&all)).with_id(ChildId::new(at));
            (0..many).map(child).fold(spec, SupervisorSpec::child)
        })
        .await
        .unwrap();
        assert_eq!(left.load(Ordering::Relaxed), many);
        let begun = worked();
        sup.stop().await.unwrap();
        let took = worked().saturating_sub(begun);
        assert_eq!(left.load(Ordering::Relaxed), 0);
        took
    })
    .await;
}

/// The restart of a group costs as much as the group is large.
#[tokio::test(start_paused = true)]
async fn r97_a_group_that_is_restarted() {
    in_proportion(1_000, async |many| {
        let sup = Sup::start_as(Strategy::OneForAll, move |spec| {
            let children = (0..many).map(|at| Again::child_spec().with_id(at.to_string()));
            children.fold(spec, SupervisorSpec::child)
        })
        .await
        .unwrap();
        let first = sup.which_children().await.unwrap()[0].pid().unwrap();
        async move {
            exit(first, ExitReason::Kill);
            assert_eq!(sup.count_children().await.unwrap().active, many);
            assert_eq!(sup.info().unwrap().restarts, 1);
            sup.stop().await.unwrap();
        }
    })
    .await;
}

/// Significant children that end one after the other: the last of them is known without a look at all.
#[tokio::test(start_paused = true)]
async fn r97_significant_children_that_end() {
    in_proportion(1_000, async |many| {
        let sup = Sup::start(move |spec| {
            let child = |at: usize| {
                let child = Again::child_spec().with_id(at.to_string());
                child.restart(Restart::Transient).significant(true)
            };
            let spec = spec.auto_shutdown(AutoShutdown::AllSignificant);
            (0..many).map(child).fold(spec, SupervisorSpec::child)
        })
        .await
        .unwrap();
        let children = sup.which_children().await.unwrap();
        let all: Vec<Pid> = children.iter().filter_map(ChildInfo::pid).collect();
        let end = sup.monitor();
        async move {
            for at in scattered(many) {
                exit(all[at], ExitReason::Shutdown);
            }
            assert_eq!(end.await.reason, ExitReason::Shutdown);
        }
    })
    .await;
}

/// Started again whenever it ends.
#[derive(Default)]
struct Again;

#[genserver]
impl Again {}

#[tokio::test(start_paused = true)]
async fn r97_children_that_are_restarted() {
    in_proportion(1_000, async |many| {
        let sup = fixed(many).await;
        let all: Vec<Pid> = sup
            .which_children()
            .await
            .unwrap()
            .iter()
            .filter_map(|child| child.pid())
            .collect();
        async move {
            for at in scattered(many) {
                exit(all[at], ExitReason::Kill);
            }
            assert_eq!(sup.count_children().await.unwrap().active, many);
            sup.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_children_by_their_ids() {
    in_proportion(1_000, async |many| {
        let sup = fixed(many).await;
        async move {
            for at in scattered(many) {
                let id = at.to_string();
                sup.terminate_child(id.clone()).await.unwrap();
                let spec = Leaf::child_spec().with_id(format!("new {id}"));
                sup.start_child(spec).await.unwrap();
                sup.terminate_child(format!("new {id}")).await.unwrap();
            }
            sup.stop().await.unwrap();
        }
    })
    .await;
}
