//! Children by request: started, stopped, counted and listed while their supervisor runs.

use suptree::{
    CallError, Child, ChildState, ChildType, ExitReason, Restart, StartChildError, StartError,
    TerminateChildError,
};
use tokio::time::Instant;

use crate::support::{
    Log, NamedSup, Plain, Script, Sup, Traps, abc, child, ms, oops, place, settle, spec_of,
    supervise,
};

fn temp(log: &Log, id: &'static str) -> suptree::ChildSpec {
    child(&place::<Plain>(), &Script::new(id, log)).restart(Restart::Temporary)
}

#[tokio::test(start_paused = true)]
async fn sup_13_a_transient_child_that_is_done_stays_known() {
    let log = Log::new();
    let handle = place::<Plain>();
    let server = handle.clone();
    let script = Script::new("a", &log);
    let sup =
        Sup::start(move |spec| spec.child(child(&handle, &script).restart(Restart::Transient)))
            .await
            .unwrap();
    server.stop().await.unwrap();
    let children = sup.which_children().await.unwrap();
    assert_eq!(
        (children[0].state, children[0].pid()),
        (ChildState::Stopped, None)
    );
    let counts = sup.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active, counts.workers), (1, 0, 1));
    assert_eq!(
        sup.start_child(spec_of(&log, "a")).await,
        Err(StartChildError::AlreadyPresent)
    );
}

#[tokio::test(start_paused = true)]
async fn sup_14_sup_61_a_temporary_child_that_ended_is_forgotten() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let first = sup.start_child(temp(&log, "a")).await.unwrap();
    suptree::exit(first, ExitReason::Kill);
    suptree::monitor(first).await;
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    let second = sup.start_child(temp(&log, "a")).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(sup.terminate_child("a").await, Ok(()));
    assert_eq!(
        sup.terminate_child("a").await,
        Err(TerminateChildError::NotFound)
    );
    assert!(sup.start_child(temp(&log, "a")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn sup_59_start_child_with_a_known_id() {
    let log = Log::new();
    let (sup, [_, b, _]) = abc(&log).await;
    assert_eq!(
        sup.start_child(spec_of(&log, "b")).await,
        Err(StartChildError::AlreadyStarted(b.pid().unwrap()))
    );
    sup.terminate_child("b").await.unwrap();
    assert_eq!(
        sup.start_child(spec_of(&log, "b")).await,
        Err(StartChildError::AlreadyPresent)
    );
    assert_eq!(log.count("b init"), 1);
}

#[tokio::test(start_paused = true)]
async fn sup_60_a_child_that_fails_to_start_is_forgotten() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec.max_restarts(0)).await.unwrap();
    let fails = Script::<Plain>::new("a", &log).init_fails(oops("bad"));
    for _ in 0..3 {
        let error = sup.start_child(child(&place(), &fails)).await.unwrap_err();
        assert_eq!(error, StartChildError::Start(StartError::Init(oops("bad"))));
    }
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    assert!(sup.start_child(spec_of(&log, "a")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn sup_61_terminate_child_twice() {
    let log = Log::new();
    let (sup, [_, b, _]) = abc(&log).await;
    let down = b.monitor();
    assert_eq!(sup.terminate_child("b").await, Ok(()));
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(sup.terminate_child("b").await, Ok(()));
    assert_eq!(
        sup.terminate_child("z").await,
        Err(TerminateChildError::NotFound)
    );
    settle().await;
    assert_eq!(log.count("b init"), 1, "not restarted, though permanent");
    let counts = sup.count_children().await.unwrap();
    assert_eq!(
        (
            counts.specs,
            counts.active,
            counts.workers,
            counts.supervisors
        ),
        (3, 2, 3, 0)
    );
}

/// As far as there is no `restart_child` yet: what is done by hand does not count.
#[tokio::test(start_paused = true)]
async fn sup_63_starts_and_stops_by_hand_do_not_count() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec.max_restarts(0)).await.unwrap();
    for _ in 0..5 {
        sup.start_child(temp(&log, "a")).await.unwrap();
        sup.terminate_child("a").await.unwrap();
    }
    settle().await;
    assert!(sup.is_alive());
}

#[tokio::test(start_paused = true)]
async fn sup_65_a_child_started_later_is_restarted_and_stopped_first() {
    let log = Log::new();
    let (sup, _) = abc(&log).await;
    let late = sup
        .start_child(child(&place(), &Script::<Traps>::new("late", &log)))
        .await
        .unwrap();
    suptree::exit(late, ExitReason::Kill);
    log.until("late init", 2).await;
    sup.stop().await.unwrap();
    assert_eq!(
        log.with("terminate"),
        ["late", "c", "b", "a"].map(|id| format!("{id} terminate shutdown"))
    );
}

#[tokio::test(start_paused = true)]
async fn sup_67_two_starts_at_the_same_time_are_serialised() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let began = Instant::now();
    let slow = |id| {
        child(
            &place(),
            &Script::<Plain>::new(id, &log).init_sleeps(ms(100)),
        )
    };
    let (one, other) = tokio::join!(sup.start_child(slow("a")), sup.start_child(slow("b")));
    assert!(one.unwrap() < other.unwrap());
    assert_eq!(began.elapsed(), ms(200));
}

#[tokio::test(start_paused = true)]
async fn sup_68_counts_of_supervisors_and_workers() {
    let log = Log::new();
    let inner = supervise(|spec| spec);
    let made = log.clone();
    let sup = Sup::start(move |spec| {
        spec.child(spec_of(&made, "w")).child(Sup::child_spec(
            &<Sup as Child>::vacant(),
            "s",
            inner.clone(),
        ))
    })
    .await
    .unwrap();
    sup.terminate_child("w").await.unwrap();
    let counts = sup.count_children().await.unwrap();
    assert_eq!(
        (
            counts.specs,
            counts.active,
            counts.supervisors,
            counts.workers
        ),
        (2, 1, 1, 1)
    );
    let children = sup.which_children().await.unwrap();
    assert_eq!(
        [children[0].child_type, children[1].child_type],
        [ChildType::Worker, ChildType::Supervisor]
    );
}

#[tokio::test(start_paused = true)]
async fn requests_to_nobody_and_by_name() {
    let log = Log::new();
    let nobody = suptree::SupervisorRef::named("sup".into());
    assert_eq!(nobody.which_children().await, Err(CallError::NoProc));
    assert_eq!(
        nobody.start_child(temp(&log, "a")).await,
        Err(StartChildError::Call(CallError::NoProc))
    );
    assert_eq!(
        nobody.terminate_child("a").await,
        Err(TerminateChildError::Call(CallError::NoProc))
    );
    assert_eq!(nobody.stop().await, Err(suptree::StopError::NoProc));
    let sup = NamedSup::start(|spec| spec).await.unwrap();
    assert_eq!(nobody.pid(), sup.pid());
    nobody.start_child(temp(&log, "a")).await.unwrap();
    assert_eq!(sup.count_children().await.unwrap().active, 1);
    assert_eq!(
        NamedSup::start(|spec| spec).await.err().unwrap(),
        StartError::AlreadyStarted(sup.pid().unwrap())
    );
}

/// A request that a supervisor does not get to, since it dies, is told the reason.
#[tokio::test(start_paused = true)]
async fn a_request_in_flight_fails_with_the_supervisors_end() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let slow = sup.start_child(child(
        &place(),
        &Script::<Plain>::new("a", &log).init_sleeps(ms(1000)),
    ));
    let slow = tokio::spawn(slow);
    settle().await;
    let queued = tokio::spawn(sup.which_children());
    settle().await;
    sup.kill();
    assert_eq!(
        slow.await.unwrap(),
        Err(StartChildError::Call(CallError::Exited(ExitReason::Killed)))
    );
    assert_eq!(
        queued.await.unwrap(),
        Err(CallError::Exited(ExitReason::Killed))
    );
    assert_eq!(log.all(), ["a init", "a drop"]);
}
