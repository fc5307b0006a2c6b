//! The end of trees: nested supervisors, killed ones, those whose parent ends.

use std::time::Duration;

use suptree::{Child, ExitReason, Shutdown};
use tokio::time::Instant;

use crate::support::{
    Boxed, Cx, Graceful, Log, Plain, Probe, Queued, Script, Sup, Traps, act, child, does_async, ms,
    oops, place, settle, start, supervise,
};

#[tokio::test(start_paused = true)]
async fn sup_04_a_nested_tree_stops_depth_first_in_reverse() {
    let log = Log::new();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|id| Script::<Graceful>::new(id, &log));
    let inner = supervise(move |spec| spec.child(child(&place(), &b)).child(child(&place(), &c)));
    let sup = Sup::start(move |spec| {
        spec.child(child(&place(), &a))
            .child(Sup::child_spec(
                &<Sup as Child>::vacant(),
                "s",
                inner.clone(),
            ))
            .child(child(&place(), &d))
    })
    .await
    .unwrap();
    assert_eq!(log.take(), ["a init", "b init", "c init", "d init"]);
    sup.stop().await.unwrap();
    assert_eq!(
        log.with("terminate"),
        ["d", "c", "b", "a"].map(|id| format!("{id} terminate shutdown"))
    );
}

/// D31: OTP's supervisor is dead at once, and its children find out.
#[tokio::test(start_paused = true)]
async fn sup_57_r36_the_children_of_a_killed_supervisor() {
    let log = Log::new();
    let (plain, traps) = (place::<Plain>(), place::<Traps>());
    let (a, b) = (plain.clone(), traps.clone());
    let scripts = (Script::new("a", &log), Script::<Traps>::new("b", &log));
    let sup = Sup::start(move |spec| {
        spec.child(child(&plain, &scripts.0))
            .child(child(&traps, &scripts.1))
    })
    .await
    .unwrap();
    let (first, second, down) = (a.monitor(), b.monitor(), sup.monitor());
    sup.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    // Dead before its death is announced.
    assert_eq!((a.pid(), b.pid()), (None, None));
    assert_eq!(log.with("drop").len(), 2);
    assert_eq!(first.await.reason, ExitReason::Killed);
    assert_eq!(second.await.reason, ExitReason::Killed);
    assert_eq!(log.with("terminate"), ["b terminate killed"]);
}

#[tokio::test(start_paused = true)]
async fn r36_no_child_of_a_killed_tree_is_left() {
    let log = Log::new();
    let made = log.clone();
    let inner = supervise(move |mut spec| {
        for _ in 0..50 {
            let id = suptree::ChildId::new(made.with("init").len() + spec_number());
            spec = spec.child(child(&place(), &Script::<Plain>::new("a", &made)).with_id(id));
        }
        spec
    });
    let sup = Sup::start(move |spec| {
        spec.child(Sup::child_spec(
            &<Sup as Child>::vacant(),
            "x",
            inner.clone(),
        ))
        .child(Sup::child_spec(
            &<Sup as Child>::vacant(),
            "y",
            inner.clone(),
        ))
    })
    .await
    .unwrap();
    assert_eq!(log.count("a init"), 100);
    let down = sup.monitor();
    sup.kill();
    down.await;
    assert_eq!(log.count("a drop"), 100);
    assert!(suptree::processes().is_empty());
}

fn spec_number() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1_000_000, Ordering::Relaxed)
}

/// A supervisor ends in order with the process that started it, also a normal end.
#[tokio::test(start_paused = true)]
async fn sup_80_a_supervisor_ends_with_its_parent() {
    for reason in [ExitReason::Normal, ExitReason::Shutdown, oops("boom")] {
        let log = Log::new();
        let script = Script::<Traps>::new("a", &log);
        let tree = supervise(move |spec| spec.child(child(&place(), &script)));
        let parent = start::<Queued>("parent", &log).await;
        let starts = does_async(
            move |_: &mut Probe<Queued>, _: &mut Cx<Queued>| -> Boxed<'_, Sup> {
                Box::pin(async move { suptree::start_link_supervisor::<Sup>(tree).await.unwrap() })
            },
        );
        let sup = parent.call(starts).await.unwrap();
        let down = sup.monitor();
        let ends = reason.clone();
        parent.cast(act(move |_, cx| cx.stop(ends))).await.unwrap();
        assert_eq!(down.await.reason, reason);
        assert_eq!(log.with("a "), ["a init", "a terminate shutdown", "a drop"]);
    }
}

/// D32: the end of its ancestors interrupts a slow `init`; OTP waits for it.
#[tokio::test(start_paused = true)]
async fn sup_79_a_slow_init_does_not_hold_up_a_shutdown() {
    let log = Log::new();
    let slow = Script::<Traps>::new("slow", &log).init_sleeps(ms(400));
    let place = <Sup as Child>::vacant();
    let inner = place.clone();
    let sup = Sup::start(move |spec| {
        spec.child(Sup::child_spec(&place, "inner", supervise(|spec| spec)))
    })
    .await
    .unwrap();
    let starting = tokio::spawn(inner.start_child(child(&crate::support::place(), &slow)));
    log.until("slow init", 1).await;
    let began = Instant::now();
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert!(starting.await.unwrap().is_err());
    assert_eq!(log.count("slow drop"), 1);
}

/// A grandchild's supervisor under a shutdown of its own: the outer one may take as long as the inner needs.
#[tokio::test(start_paused = true)]
async fn a_nested_supervisor_has_all_the_time_it_needs() {
    let log = Log::new();
    let slow = Script::<Traps>::new("a", &log).terminate_sleeps(Duration::from_secs(60));
    let inner =
        supervise(move |spec| spec.child(child(&place(), &slow).shutdown(Shutdown::Infinity)));
    let sup = Sup::start(move |spec| {
        spec.child(Sup::child_spec(
            &<Sup as Child>::vacant(),
            "s",
            inner.clone(),
        ))
    })
    .await
    .unwrap();
    let began = Instant::now();
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(60));
}

/// An error whose destructor sends a signal to a supervisor.
#[derive(Debug)]
struct Talks(suptree::Pid);

impl std::fmt::Display for Talks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("talks")
    }
}

impl std::error::Error for Talks {}

impl Drop for Talks {
    fn drop(&mut self) {
        suptree::exit(self.0, ExitReason::Normal);
    }
}

mod talking {
    use suptree::prelude::*;

    #[derive(Default)]
    pub(super) struct Friend;

    #[genserver]
    impl Friend {
        #[call]
        pub(super) fn tie(&mut self, to: Pid) {
            suptree::link(to);
        }
        #[cast]
        pub(super) fn end(&mut self, talks: super::Talks) -> Result<(), super::Talks> {
            Err(talks)
        }
    }

    pub(super) struct Hang;

    #[genserver]
    impl Hang {
        #[init]
        async fn init() -> Self {
            std::future::pending().await
        }
    }

    supervisor! { pub(super) Stuck(name = "stuck") { strategy: one_for_one, children: [Hang] } }
}

/// No user's destructor runs under the lock of a supervisor's inbox: one that signals the supervisor would wait for itself.
#[tokio::test]
async fn an_error_of_a_linked_process_is_dropped_outside_of_the_inbox() {
    let starting = tokio::spawn(talking::Stuck::start_link());
    tokio::task::yield_now().await;
    let supervisor = suptree::whereis("stuck").unwrap();
    let friend = talking::Friend::start().await.unwrap();
    friend.tie(supervisor).await.unwrap();
    let end = friend.monitor();
    friend.end(Talks(supervisor)).await.unwrap();
    assert_eq!(end.await.reason.to_string(), "an error was returned: talks");
    suptree::exit(supervisor, ExitReason::Kill);
    assert!(starting.await.unwrap().is_err());
}

/// A worker without a limit, below a nested supervisor, that never ends by itself.
#[derive(Default)]
struct Endless;

#[suptree::genserver(name = "endless", shutdown = infinity)]
impl Endless {
    #[cast]
    async fn wait(&mut self) {
        std::future::pending::<()>().await;
    }

    #[terminate]
    fn terminate(&mut self) {}
}

suptree::supervisor! { Lower { strategy: one_for_one, children: [Endless] } }
suptree::supervisor! { Middle { strategy: one_for_one, children: [Lower] } }
suptree::supervisor! { Upper { strategy: one_for_one, children: [Middle] } }

/// However deep it lives: a killed tree is gone after the time that a server has by default. So is one that was stopping.
#[tokio::test(start_paused = true)]
async fn r36_a_child_without_a_limit_does_not_hold_up_a_killed_tree() {
    for stopping in [false, true] {
        let upper = Upper::start_link().await.unwrap();
        Endless::named().wait().await.unwrap();
        let stops = stopping.then(|| tokio::spawn(upper.stop()));
        settle().await;
        let (end, began) = (upper.monitor(), Instant::now());
        upper.kill();
        assert_eq!(end.await.reason, ExitReason::Killed);
        assert_eq!(began.elapsed(), Duration::from_secs(5));
        assert_eq!(suptree::whereis("endless"), None);
        if let Some(stops) = stops {
            stops.await.unwrap().unwrap_err();
        }
    }
}
