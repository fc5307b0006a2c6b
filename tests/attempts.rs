//! Restarts that fail: what counts, what is asked meanwhile, when a supervisor gives up.

use std::time::Duration;

use suptree::{
    Child, ChildState, ExitReason, Restart, StartChildError, StartError, SupervisorRef,
    TerminateChildError, exit, whereis,
};
use tokio::time::Instant;

use crate::support::{
    Log, NamedSup, Plain, Probe, Reports, Script, Server, Sup, Traps, child, child_id, get, ms,
    oops, place, settle, supervise,
};

/// A child that starts once, and never again: `init` fails from the second time on, after `delay`.
fn starts_once(log: &Log, delay: u64) -> Script<Plain> {
    Script::<Plain>::new("a", log).on_init(move |probe, _| {
        let again = probe.log_count("a init") > 1;
        Box::pin(async move {
            if again {
                tokio::time::sleep(ms(delay)).await;
                return Err(oops("never again"));
            }
            Ok(())
        })
    })
}

#[tokio::test(start_paused = true)]
async fn sup_22_r69_every_attempt_to_restart_counts() {
    let log = Log::new();
    let (handle, script) = (place::<Plain>(), starts_once(&log, 0));
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.max_restarts(3).child(child(&handle, &script)))
        .await
        .unwrap();
    let down = sup.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a init"), 4);
}

/// A child that is being restarted all the time, each attempt taking 100 ms; its `nth` start has just begun.
async fn restarting(log: &Log, nth: usize) -> Sup {
    let (handle, script) = (place::<Plain>(), starts_once(log, 100));
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.max_restarts(1000).child(child(&handle, &script)))
        .await
        .unwrap();
    server.kill();
    log.until("a init", nth).await;
    sup
}

#[tokio::test(start_paused = true)]
async fn sup_24_what_is_asked_while_a_child_is_being_restarted() {
    let log = Log::new();
    let sup = restarting(&log, 3).await;
    assert_eq!(
        sup.which_children().await.unwrap()[0].state,
        ChildState::Restarting
    );
    let counts = sup.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active, counts.workers), (1, 0, 1));
    let again = child(&place(), &Script::<Plain>::new("a", &log));
    assert_eq!(
        sup.start_child(again).await,
        Err(StartChildError::AlreadyPresent)
    );
    // A stop by hand cancels the attempts.
    assert_eq!(sup.terminate_child("a").await, Ok(()));
    assert_eq!(
        sup.which_children().await.unwrap()[0].state,
        ChildState::Stopped
    );
    let attempts = log.count("a init");
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(log.count("a init"), attempts);
    assert!(sup.is_alive());
}

#[tokio::test(start_paused = true)]
async fn sup_26_a_stop_during_attempts_does_not_hang() {
    for nth in 2..6 {
        let log = Log::new();
        let sup = restarting(&log, nth).await;
        let began = Instant::now();
        assert_eq!(sup.stop().await, Ok(()));
        assert_eq!(began.elapsed(), Duration::ZERO, "no attempt holds it up");
        settle().await;
        assert_eq!(log.count("a init"), nth, "and no other");
    }
}

#[tokio::test(start_paused = true)]
async fn sup_27_sup_85_r69_requests_are_answered_between_attempts() {
    let log = Log::new();
    // Two ask it by its name, at the beginning of an attempt and in the middle of one.
    let (handle, script) = (place::<Plain>(), starts_once(&log, 100));
    let server = handle.clone();
    let _sup = NamedSup::start(move |spec| spec.max_restarts(1000).child(child(&handle, &script)))
        .await
        .unwrap();
    let sup = SupervisorRef::named("sup".into());
    server.kill();
    log.until("a init", 2).await;
    for round in 0..5 {
        log.until("a init", round + 2).await;
        let wait = if round % 2 == 0 { 0 } else { 30 };
        tokio::time::sleep(ms(wait)).await;
        let (began, attempts) = (Instant::now(), log.count("a init"));
        let answers = tokio::join!(sup.which_children(), sup.count_children());
        assert_eq!(began.elapsed(), ms(100 - wait), "when this attempt is over");
        assert_eq!(log.count("a init"), attempts + 1, "the next follows");
        assert_eq!(answers.0.unwrap()[0].state, ChildState::Restarting);
        assert_eq!(answers.1.unwrap().active, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn sup_39_sup_40_the_budget_is_shared_and_giving_up_stops_the_others_in_order() {
    let log = Log::new();
    let handles = [place::<Traps>(), place(), place(), place()];
    let scripts = ["a", "b", "c", "d"].map(|id| Script::new(id, &log));
    let [a, b, c, _] = handles.clone();
    let sup = Sup::start(move |mut spec| {
        for (handle, script) in handles.iter().zip(&scripts) {
            spec = spec.child(child(handle, script));
        }
        spec.max_restarts(2)
    })
    .await
    .unwrap();
    let down = sup.monitor();
    a.kill();
    log.until("a init", 2).await;
    b.kill();
    log.until("b init", 2).await;
    c.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(
        log.with("terminate"),
        ["d", "b", "a"].map(|id| format!("{id} terminate shutdown"))
    );
    assert_eq!(log.count("c init"), 1);
}

/// A supervisor that gave up exits with `shutdown`: only a permanent one is started again.
#[tokio::test(start_paused = true)]
async fn sup_42_a_supervisor_that_gave_up_under_another() {
    for (restart, starts) in [
        (Restart::Permanent, 2),
        (Restart::Transient, 1),
        (Restart::Temporary, 1),
    ] {
        let log = Log::new();
        let (handle, script) = (place::<Plain>(), Script::new("a", &log));
        let server = handle.clone();
        let inner = supervise(move |spec| spec.max_restarts(0).child(child(&handle, &script)));
        let place = <Sup as Child>::vacant();
        let inner_ref = place.clone();
        let sup = Sup::start(move |spec| {
            spec.child(<Sup as Child>::child_spec(&place, "inner", inner.clone()).restart(restart))
        })
        .await
        .unwrap();
        let down = inner_ref.monitor();
        server.kill();
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        settle().await;
        assert_eq!(log.count("a init"), starts, "{restart:?}");
        assert_eq!(inner_ref.is_alive(), starts == 2);
        assert_eq!(
            sup.count_children().await.unwrap().specs,
            usize::from(restart != Restart::Temporary)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn sup_45_a_thief_of_the_name_makes_the_supervisor_give_up() {
    let reports = Reports::capture();
    let log = Log::new();
    let (made, attempts) = (log.clone(), log.clone());
    let sup = NamedSup::start(move |spec| {
        let made = made.clone();
        spec.child(child_id::<Probe<Plain>>("a", move || {
            made.push("attempt");
            Script::new("a", &made).named("coveted")
        }))
    })
    .await
    .unwrap();
    let server = Server::<Plain>::named("coveted".into());
    // The supervisor is busy while its child dies and the thief comes.
    let busy = tokio::spawn(sup.start_child(child(
        &place(),
        &Script::<Plain>::new("b", &log).init_sleeps(ms(100)),
    )));
    settle().await;
    server.kill();
    server.monitor().await;
    let thief = suptree::start::<Probe<Plain>>(Script::new("thief", &log).named("coveted"))
        .await
        .unwrap();
    let down = sup.monitor();
    busy.await.unwrap().unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(whereis("coveted"), thief.pid());
    assert_eq!(thief.call(get()).await, Ok(0));
    assert_eq!(log.count("a init"), 1, "init does not run without the name");
    // The first start, and as many as `max_restarts` allows: each found the name taken.
    assert_eq!(attempts.count("attempt"), 1 + 3);
    assert_eq!(
        reports.errors(),
        [
            "child_terminated a",
            "start_error a",
            "start_error a",
            "start_error a",
            "shutdown a"
        ]
    );
    let taken = format!("already started: {}", thief.pid().unwrap());
    for report in reports.all() {
        if report.brief() == "start_error a" {
            assert_eq!(report.field("reason"), taken);
        }
    }
}

/// A child that cannot even be made: the closure that makes its arguments panics.
#[tokio::test(start_paused = true)]
async fn arguments_that_panic_are_a_failed_start() {
    let log = Log::new();
    let made = log.clone();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let spec = child_id::<Probe<Plain>>("a", move || {
        assert!(made.all().is_empty(), "no more");
        Script::new("a", &made)
    });
    let pid = sup.start_child(spec).await.unwrap();
    let down = sup.monitor();
    exit(pid, ExitReason::Kill);
    assert_eq!(
        down.await.reason,
        ExitReason::Shutdown,
        "three attempts, then it gives up"
    );
    assert_eq!(log.count("a init"), 1);
    let sup = Sup::start(|spec| spec).await.unwrap();
    let panics = child_id::<Probe<Plain>>("a", || panic!("never"));
    let error = sup.start_child(panics).await.unwrap_err();
    assert!(matches!(
        error,
        StartChildError::Start(StartError::Init(ExitReason::Panic(_)))
    ));
    assert_eq!(
        sup.terminate_child("a").await,
        Err(TerminateChildError::NotFound)
    );
    assert!(sup.which_children().await.unwrap().is_empty());
    let fine = sup
        .start_child(child(&place(), &Script::<Plain>::new("a", &Log::new())))
        .await;
    assert!(fine.is_ok());
}
