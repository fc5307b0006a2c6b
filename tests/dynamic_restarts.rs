//! Children of dynamic supervisors that end: restarted or forgotten, on one budget.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use suptree::prelude::*;
use suptree::{ChildState, Ignore, StartChildError, TerminateChildError};

use crate::support::{AnyDyn, Dyn, Log, Plain, Script, act, child, get, ms, oops, place, settle};

#[tokio::test(start_paused = true)]
async fn ds_11_restart_types_and_reasons() {
    const TYPES: [Restart; 3] = [Restart::Permanent, Restart::Transient, Restart::Temporary];
    // How many children of each type there are afterwards.
    let table = [
        (ExitReason::Normal, [1, 0, 0]),
        (ExitReason::Shutdown, [1, 0, 0]),
        (ExitReason::ShutdownWith("1".into()), [1, 0, 0]),
        (ExitReason::Killed, [1, 1, 0]),
        (oops("boom"), [1, 1, 0]),
    ];
    for (reason, left) in table {
        for (restart, restarted) in TYPES.into_iter().zip(left) {
            let log = Log::new();
            let sup = AnyDyn::start().await;
            let handle = place::<Plain>();
            sup.start_any(child(&handle, &Script::new("a", &log)).restart(restart))
                .await;
            let down = handle.monitor();
            let ends = reason.clone();
            handle.cast(act(move |_, cx| cx.stop(ends))).await.unwrap();
            down.await;
            let left = sup.count_children().await.unwrap();
            assert_eq!(
                (left.specs, left.active),
                (restarted, restarted),
                "{restart:?} {reason}"
            );
            assert_eq!(log.count("a init"), 1 + restarted);
        }
    }
}

/// `max_restarts` 2: the first failure is one attempt, and the second attempt succeeds.
#[tokio::test(start_paused = true)]
async fn ds_12_ds_13_a_restart_that_fails_once() {
    let log = Log::new();
    let sup = Dyn::<Plain, 2>::start().await;
    let server = sup.start_child(fails(&log, 1)).await.unwrap();
    let old = server.pid();
    server.kill();
    log.until("a init", 3).await;
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0));
    assert_ne!(server.pid(), old);
    assert_eq!(log.count("a init"), 3);
    // The budget is used up: the next crash is one too many.
    let down = sup.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a init"), 3);
}

#[tokio::test(start_paused = true)]
async fn ds_14_restarts_that_always_fail() {
    let log = Log::new();
    let sup = Dyn::<Plain, 10>::start().await;
    let server = sup.start_child(fails(&log, usize::MAX)).await.unwrap();
    let down = sup.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a init"), 1 + 10);
}

/// A child whose first start succeeds, and the next `failures` do not.
fn fails(log: &Log, failures: usize) -> Script<Plain> {
    Script::new("a", log).on_init(move |probe, _| {
        let nth = probe.log_count("a init");
        Box::pin(async move {
            if nth > 1 && nth - 1 <= failures {
                Err(oops("bad"))
            } else {
                Ok(())
            }
        })
    })
}

#[tokio::test(start_paused = true)]
async fn ds_15_four_children_share_the_budget() {
    let log = Log::new();
    let sup = Dyn::<Plain>::start().await;
    let mut servers = Vec::new();
    for _ in 0..4 {
        servers.push(sup.start_child(Script::new("a", &log)).await.unwrap());
    }
    let down = sup.monitor();
    for server in &servers {
        assert!(sup.is_alive());
        server.kill();
        settle().await;
    }
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!((log.count("a init"), log.count("a drop")), (4 + 3, 4 + 3));
}

#[tokio::test(start_paused = true)]
async fn ds_23_which_children_of_a_dynamic_supervisor() {
    let log = Log::new();
    let sup = Dyn::<Plain, 1000>::start().await;
    let steady = sup.start_child(Script::new("a", &log)).await.unwrap();
    let script = Script::<Plain>::new("b", &log).on_init(|probe, _| {
        let again = probe.log_count("b init") > 1;
        Box::pin(async move {
            if again {
                tokio::time::sleep(ms(100)).await;
                return Err(oops("bad"));
            }
            Ok(())
        })
    });
    let failing = sup.start_child(script).await.unwrap();
    let old = failing.pid().unwrap();
    failing.kill();
    log.until("b init", 3).await;
    let children = sup.which_children().await.unwrap();
    assert!(children.iter().all(|child| child.id.is_none()));
    let states: Vec<_> = children.iter().map(|child| child.state).collect();
    assert_eq!(
        states,
        [
            ChildState::Running(steady.pid().unwrap()),
            ChildState::Restarting
        ]
    );
    let counts = sup.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active), (2, 1));
    // The one that is being restarted goes by the pid it had.
    assert_eq!(sup.terminate_child(old).await, Ok(()));
    assert_eq!(
        sup.terminate_child(old).await,
        Err(TerminateChildError::NotFound)
    );
    assert_eq!(sup.count_children().await.unwrap().specs, 1);
}

/// A child that wants to run as often as it is told.
struct Willing(u64);

#[genserver]
impl Willing {
    #[init]
    fn init(starts: Arc<AtomicUsize>, most: usize) -> Result<Self, Ignore> {
        let nth = starts.fetch_add(1, Ordering::Relaxed);
        if nth < most { Ok(Self(7)) } else { Err(Ignore) }
    }

    #[call]
    fn ping(&self) -> u64 {
        self.0
    }
}

supervisor! { Willings { dynamic: Willing, max_children: 1 } }

#[tokio::test(start_paused = true)]
async fn ds_02_a_start_that_is_ignored_is_not_counted() {
    let sup = Willings::start_link().await.unwrap();
    let starts = Arc::default();
    let ignored = sup.start_child((Arc::clone(&starts), 0)).await;
    assert_eq!(ignored.unwrap_err(), StartChildError::Ignored);
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    assert!(sup.children().await.unwrap().is_empty());
    // There is room for it.
    let child = sup.start_child((starts, 9)).await.unwrap();
    assert_eq!(child.ping().await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn ds_12_a_restart_that_is_ignored_forgets_the_child() {
    let sup = Willings::start_link().await.unwrap();
    let starts: Arc<AtomicUsize> = Arc::default();
    let child = sup.start_child((Arc::clone(&starts), 2)).await.unwrap();
    for left in [1, 0] {
        child.kill();
        child.monitor().await;
        assert_eq!(sup.count_children().await.unwrap().specs, left);
    }
    assert_eq!(starts.load(Ordering::Relaxed), 3);
    settle().await;
    assert_eq!(starts.load(Ordering::Relaxed), 3);
    assert!(sup.is_alive());
    assert!(sup.start_child((Arc::default(), 1)).await.is_ok());
}
