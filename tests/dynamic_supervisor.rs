//! Dynamic supervisors: children on demand, their limit, their shared budget, their end together.

use std::time::Duration;

use suptree::{
    Child, ChildId, ChildSpec, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
    ExitReason, Shutdown, StartChildError, StartError, TerminateChildError, whereis,
};
use tokio::time::Instant;

use crate::support::{
    AnyDyn, Dyn, Kind, Log, Plain, Probe, Script, Server, Traps, act_async, child, get, ms,
    on_every_path, oops, place, settle,
};

on_every_path! {
    ds_25_the_articles_end
    ds_05_any_number_of_children_of_one_kind
}

/// A supervisor that sets nothing.
#[derive(Clone, Debug)]
struct Bare(DynamicSupervisorRef<Probe<Plain>>);

impl Child for Bare {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        Self(DynamicSupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        handle.as_child(id, ())
    }
}

impl DynamicSupervisor for Bare {
    type Child = Probe<Plain>;

    fn supervisor(&self) -> &DynamicSupervisorRef<Probe<Plain>> {
        &self.0
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        DynamicSupervisorSpec::new()
    }
}

#[tokio::test(start_paused = true)]
async fn ds_01_without_children_and_with_the_default_limits() {
    let log = Log::new();
    let Bare(sup) = suptree::start_link_dynamic_supervisor::<Bare>(())
        .await
        .unwrap();
    assert_eq!(sup.which_children().await, Ok(Vec::new()));
    assert_eq!(
        sup.count_children().await,
        Ok(suptree::ChildCounts::default())
    );
    let mut servers = Vec::new();
    for _ in 0..10_000 {
        servers.push(sup.start_child(Script::new("a", &log)).await.unwrap());
    }
    // Three restarts within five seconds, then three more, and one too many.
    for round in 0..2 {
        for server in &servers[round * 3..][..3] {
            server.kill();
            settle().await;
        }
        assert!(sup.is_alive());
        if round == 0 {
            tokio::time::sleep(ms(5_001)).await;
        }
    }
    let down = sup.monitor();
    servers[9].kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a init"), 10_000 + 6);
}

#[tokio::test(start_paused = true)]
async fn a_dynamic_supervisor_stops_without_children() {
    assert_eq!(Dyn::<Plain>::start().await.stop().await, Ok(()));
}

async fn ds_05_any_number_of_children_of_one_kind<K: Kind>() {
    let log = Log::new();
    let sup = Dyn::<K>::start().await;
    let mut servers: Vec<Server<K>> = Vec::new();
    for _ in 0..100 {
        servers.push(sup.start_child(Script::new("same", &log)).await.unwrap());
    }
    for server in &servers {
        assert_eq!(server.call(get()).await, Ok(0));
    }
    let counts = sup.count_children().await.unwrap();
    assert_eq!(
        (
            counts.specs,
            counts.active,
            counts.workers,
            counts.supervisors
        ),
        (100, 100, 100, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn ds_06_the_limit_counts_those_that_are_there() {
    let log = Log::new();
    let script = || Script::new("a", &log);
    let sup = Dyn::<Plain, 3, 2>::start().await;
    let first = sup.start_child(script()).await.unwrap();
    sup.start_child(script()).await.unwrap();
    assert_eq!(
        sup.start_child(script()).await.err(),
        Some(StartChildError::MaxChildren)
    );
    // Checked before the start: also a start that would fail is refused.
    let fails = sup.start_child(script().init_fails(oops("bad"))).await;
    assert_eq!(fails.err(), Some(StartChildError::MaxChildren));
    assert_eq!(log.count("a init"), 2);
    sup.terminate_child(first.pid().unwrap()).await.unwrap();
    assert!(sup.start_child(script()).await.is_ok());
    // A restart keeps its place.
    let children = sup.which_children().await.unwrap();
    suptree::exit(children[0].pid().unwrap(), ExitReason::Kill);
    log.until("a init", 4).await;
    assert_eq!(
        sup.start_child(script()).await.err(),
        Some(StartChildError::MaxChildren)
    );
    assert_eq!(sup.count_children().await.unwrap().active, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ds_07_of_fifty_starts_at_once_ten_succeed() {
    let log = Log::new();
    let sup = Dyn::<Plain, 3, 10>::start().await;
    let starts: Vec<_> = (0..50)
        .map(|_| tokio::spawn(sup.start_child(Script::new("a", &log))))
        .collect();
    let (mut started, mut refused) = (0, 0);
    for start in starts {
        match start.await.unwrap() {
            Ok(_) => started += 1,
            Err(error) => {
                assert_eq!(error, StartChildError::MaxChildren);
                refused += 1;
            }
        }
    }
    assert_eq!((started, refused), (10, 40));
}

/// `supervisor!` does not take it (D34).
#[tokio::test(start_paused = true)]
async fn ds_09_a_limit_of_zero() {
    let sup = Dyn::<Plain, 3, 0>::start().await;
    let started = sup.start_child(Script::new("a", &Log::new())).await;
    assert_eq!(started.err(), Some(StartChildError::MaxChildren));
}

#[tokio::test(start_paused = true)]
async fn ds_02_ds_03_a_failed_start_gives_the_bare_reason() {
    let log = Log::new();
    let sup = Dyn::<Plain>::start().await;
    let error = sup
        .start_child(Script::new("a", &log).init_fails(oops("bad")))
        .await
        .unwrap_err();
    assert_eq!(error, StartChildError::Start(StartError::Init(oops("bad"))));
    let panics = Script::<Plain>::new("a", &log).on_init(|_, _| Box::pin(async { panic!("boom") }));
    let error = sup.start_child(panics).await.unwrap_err();
    assert!(matches!(
        error,
        StartChildError::Start(StartError::Init(ExitReason::Panic(_)))
    ));
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    assert!(sup.start_child(Script::new("a", &log)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn ds_17_terminate_child_knows_its_own() {
    let log = Log::new();
    let sup = Dyn::<Plain>::start().await;
    let server = sup.start_child(Script::new("a", &log)).await.unwrap();
    let pid = server.pid().unwrap();
    let stranger = crate::support::start::<Plain>("s", &log).await;
    assert_eq!(
        sup.terminate_child(stranger.pid().unwrap()).await,
        Err(TerminateChildError::NotFound)
    );
    assert_eq!(
        sup.terminate_child(sup.pid().unwrap()).await,
        Err(TerminateChildError::NotFound)
    );
    assert_eq!(sup.terminate_child(pid).await, Ok(()));
    assert_eq!(
        sup.terminate_child(pid).await,
        Err(TerminateChildError::NotFound)
    );
    assert!(stranger.is_alive());
    assert_eq!(server.pid(), None);
}

#[tokio::test(start_paused = true)]
async fn ds_18_terminating_a_slow_child_holds_the_supervisor() {
    let log = Log::new();
    let sup = Dyn::<Traps>::start().await;
    let server = sup
        .start_child(Script::new("a", &log).terminate_sleeps(ms(200)))
        .await
        .unwrap();
    let began = Instant::now();
    let stopping = tokio::spawn(sup.terminate_child(server.pid().unwrap()));
    settle().await;
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    assert_eq!(began.elapsed(), ms(200));
    stopping.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn ds_19_children_stop_together() {
    let log = Log::new();
    let sup = Dyn::<Traps>::start().await;
    for _ in 0..2 {
        sup.start_child(Script::new("a", &log).terminate_sleeps(ms(200)))
            .await
            .unwrap();
    }
    let began = Instant::now();
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), ms(200));
    assert_eq!(log.count("a terminated"), 2);
}

/// Each child has a limit of its own, in every order of the starts.
#[tokio::test(start_paused = true)]
async fn ds_19_each_child_has_its_own_time() {
    // Each needs 150 ms. The limit, when it ends, and of what.
    let killed = ExitReason::Killed;
    let kinds = [
        (Shutdown::BrutalKill, 0, killed.clone()),
        (Shutdown::Timeout(Duration::ZERO), 0, killed.clone()),
        (Shutdown::Timeout(ms(50)), 50, killed.clone()),
        (Shutdown::Timeout(ms(100)), 100, killed),
        (Shutdown::Timeout(ms(200)), 150, ExitReason::Shutdown),
        (Shutdown::Infinity, 150, ExitReason::Shutdown),
    ];
    for first in 0..kinds.len() {
        for reversed in [false, true] {
            let mut order: Vec<_> = kinds.iter().collect();
            order.rotate_left(first);
            if reversed {
                order.reverse();
            }
            each_has_its_own_time(&order).await;
        }
    }
}

async fn each_has_its_own_time(order: &[&(Shutdown, u64, ExitReason)]) {
    let log = Log::new();
    let sup = AnyDyn::start().await;
    let mut ends = Vec::new();
    for (shutdown, after, reason) in order {
        let slow = Script::<Traps>::new("a", &log).terminate_sleeps(ms(150));
        let pid = sup
            .start_any(child(&place(), &slow).shutdown(*shutdown))
            .await;
        let down = suptree::monitor(pid);
        let watching = tokio::spawn(async move { (down.await.reason, Instant::now()) });
        ends.push((watching, *after, reason));
    }
    let began = Instant::now();
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), ms(150));
    for (watching, after, reason) in ends {
        let (ended, at) = watching.await.unwrap();
        assert_eq!(&ended, reason, "{order:?}");
        // A timer may be a millisecond late.
        let took = at.duration_since(began);
        assert!(
            took >= ms(after) && took <= ms(after + 1),
            "{took:?} instead of {after} ms in {order:?}"
        );
    }
    assert_eq!(log.count("a terminated"), 2);
}

async fn ds_25_the_articles_end<K: Kind>() {
    let log = Log::new();
    let sup = Dyn::<K>::start().await;
    let server = sup
        .start_child(Script::new("match", &log).named("match_123"))
        .await
        .unwrap();
    let asked: DynamicSupervisorRef<Probe<K>> = (*sup).clone();
    let (down, began) = (server.monitor(), Instant::now());
    server
        .cast(act_async(move |probe, cx| {
            Box::pin(async move {
                asked.terminate_child(cx.pid()).await.unwrap();
                probe.log("goes on");
            })
        }))
        .await
        .unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(whereis("match_123"), None);
    assert_eq!(
        sup.count_children().await.unwrap().specs,
        0,
        "not restarted, though permanent"
    );
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(log.all(), ["match init", "match drop"]);
    assert!(
        sup.start_child(Script::new("match", &log).named("match_123"))
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn a_killed_dynamic_supervisor_leaves_no_child() {
    let log = Log::new();
    let sup = Dyn::<Plain>::start().await;
    for _ in 0..100 {
        sup.start_child(Script::new("a", &log)).await.unwrap();
    }
    let down = sup.monitor();
    sup.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(log.count("a drop"), 100);
    assert!(suptree::processes().is_empty());
}
