//! Restarts: when, how often, in whose place; giving up; what is asked meanwhile.

use std::time::Duration;

use suptree::{CallError, ChildState, ExitReason, Restart};
use tokio::time::Instant;

use crate::support::{
    Boxed, Cx, Kind, Log, Plain, Probe, Script, Server, Sup, Traps, act, add, child, does_async,
    get, kept, ms, oops, place, settle, start, supervise,
};

/// Ends a server for this reason, from inside where it can be.
async fn end<K: Kind>(server: &Server<K>, reason: &ExitReason) {
    let reason = reason.clone();
    match reason {
        ExitReason::Killed => server.kill(),
        reason => server
            .cast(act(move |_, cx| cx.stop(reason)))
            .await
            .unwrap(),
    }
}

#[tokio::test(start_paused = true)]
async fn sup_12_gs_77_restart_types_and_reasons() {
    const TYPES: [Restart; 3] = [Restart::Permanent, Restart::Transient, Restart::Temporary];
    // Whether a child of each type is started again.
    let table = [
        (ExitReason::Normal, [true, false, false]),
        (ExitReason::Shutdown, [true, false, false]),
        (ExitReason::ShutdownWith("1".into()), [true, false, false]),
        (ExitReason::Killed, [true, true, false]),
        (ExitReason::Kill, [true, true, false]),
        (ExitReason::NoProc, [true, true, false]),
        (oops("boom"), [true, true, false]),
    ];
    for (reason, again) in table {
        for (restart, restarted) in TYPES.into_iter().zip(again) {
            let log = Log::new();
            let (handle, script) = (place::<Plain>(), Script::new("a", &log));
            let server = handle.clone();
            let sup = Sup::start(move |spec| spec.child(child(&handle, &script).restart(restart)))
                .await
                .unwrap();
            let down = server.monitor();
            end(&server, &reason).await;
            assert_eq!(down.await.reason, reason);
            let children = sup.which_children().await.unwrap();
            assert_eq!(
                log.count("a init"),
                1 + usize::from(restarted),
                "{restart:?} {reason}"
            );
            assert_eq!(children.len(), usize::from(restart != Restart::Temporary));
            assert!(
                children
                    .iter()
                    .all(|child| child.pid().is_some() == restarted),
                "{restart:?} {reason}: {children:?}"
            );
            assert_eq!(sup.info().unwrap().restarts, u64::from(restarted));
        }
    }
}

/// A child whose crashes are many.
async fn crashing(log: &Log, max_restarts: u32, max_seconds: u64) -> (Sup, Server<Plain>) {
    let (handle, script) = (place::<Plain>(), Script::new("a", log));
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        spec.max_restarts(max_restarts)
            .max_seconds(max_seconds)
            .child(child(&handle, &script))
    })
    .await
    .unwrap();
    (sup, server)
}

#[tokio::test(start_paused = true)]
async fn sup_15_without_restarts_the_first_crash_is_the_last() {
    let log = Log::new();
    let (sup, server) = crashing(&log, 0, 5).await;
    let down = sup.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a init"), 1);
}

#[tokio::test(start_paused = true)]
async fn sup_16_the_default_limits_allow_three() {
    let log = Log::new();
    let (handle, script) = (place::<Plain>(), Script::new("a", &log));
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    for nth in 2..=4 {
        tokio::time::sleep(ms(1_000)).await;
        server.kill();
        log.until("a init", nth).await;
    }
    settle().await;
    assert!(sup.is_alive());
    let down = sup.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a init"), 4);
}

/// The window is exact (D28): 5.001 s are outside of one of 5 s.
#[tokio::test(start_paused = true)]
async fn sup_17_sup_18_crashes_outside_of_the_window_are_forgiven() {
    let log = Log::new();
    let (sup, server) = crashing(&log, 1, 1).await;
    for nth in 0..4 {
        server.kill();
        log.until("a init", nth + 2).await;
        tokio::time::sleep(ms(2_100)).await;
    }
    assert!(sup.is_alive());
    let log = Log::new();
    let (sup, server) = crashing(&log, 3, 5).await;
    for nth in 0..6 {
        if nth == 3 {
            tokio::time::sleep(ms(5_001)).await;
        }
        server.kill();
        log.until("a init", nth + 2).await;
    }
    settle().await;
    assert!(sup.is_alive());
}

/// A machine that was suspended: the clock leaps by years. The budget is a new one, and a call that waits times out.
#[tokio::test(start_paused = true)]
async fn r68_a_clock_that_leaps() {
    let years = Duration::from_secs(20 * 365 * 24 * 3600);
    let log = Log::new();
    let (sup, server) = crashing(&log, 1, 5).await;
    for nth in 2..=3 {
        server.kill();
        log.until("a init", nth).await;
        let caller = server.clone();
        let waiting = tokio::spawn(async move { kept(&caller).await });
        settle().await;
        tokio::time::advance(years).await;
        let timeout = CallError::Timeout(Duration::from_secs(5));
        assert_eq!(waiting.await.unwrap(), Err(timeout));
        assert_eq!(server.call(get()).await, Ok(0));
    }
    assert_eq!(log.count("a init"), 3, "nothing but what was killed");
    assert!(sup.is_alive());
}

/// A child that ends normally as soon as it is started.
fn returns_at_once(log: &Log) -> Script<Plain> {
    Script::new("a", log).on_init(|_, cx| {
        cx.stop(ExitReason::Normal);
        Box::pin(async { Ok(()) })
    })
}

#[tokio::test(start_paused = true)]
async fn sup_19_a_permanent_child_that_returns_at_once_uses_the_budget_up() {
    let log = Log::new();
    let script = returns_at_once(&log);
    let tree = supervise(move |spec| spec.child(child(&place(), &script)));
    // A starter that traps exits hears of the end, however soon it comes.
    let starter = start::<Traps>("starter", &log).await;
    let starts = does_async(
        move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| -> Boxed<'_, Sup> {
            Box::pin(async move { suptree::start_link_supervisor::<Sup>(tree).await.unwrap() })
        },
    );
    let sup = starter.call(starts).await.unwrap();
    log.until("starter exit shutdown", 1).await;
    assert!(!sup.is_alive());
    assert_eq!(log.count("a init"), 1 + 3);
}

#[tokio::test(start_paused = true)]
async fn sup_20_a_transient_child_that_returns_at_once_is_done() {
    let log = Log::new();
    let script = returns_at_once(&log);
    let sup =
        Sup::start(move |spec| spec.child(child(&place(), &script).restart(Restart::Transient)))
            .await
            .unwrap();
    settle().await;
    assert_eq!(
        sup.which_children().await.unwrap()[0].state,
        ChildState::Stopped
    );
    assert_eq!(log.count("a init"), 1);
}

#[tokio::test(start_paused = true)]
async fn sup_28_one_for_one_restarts_the_one() {
    let log = Log::new();
    let handles = [place::<Plain>(), place(), place()];
    let scripts = ["a", "b", "c"].map(|id| Script::new(id, &log));
    let [a, b, c] = handles.clone();
    let sup = Sup::start(move |mut spec| {
        for (handle, script) in handles.iter().zip(&scripts) {
            spec = spec.child(child(handle, script));
        }
        spec
    })
    .await
    .unwrap();
    let before = [a.pid(), b.pid(), c.pid()];
    b.kill();
    log.until("b init", 2).await;
    assert_eq!([a.pid(), c.pid()], [before[0], before[2]]);
    assert_ne!(b.pid(), before[1]);
    let ids: Vec<_> = sup
        .which_children()
        .await
        .unwrap()
        .into_iter()
        .map(|child| child.id.unwrap().to_string())
        .collect();
    assert_eq!(ids, ["a", "b", "c"], "in its place");
}

#[tokio::test(start_paused = true)]
async fn sup_66_a_slow_restart_makes_the_supervisor_wait() {
    let log = Log::new();
    let (handle, script) = (
        place::<Plain>(),
        Script::new("a", &log).init_sleeps(ms(300)),
    );
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    server.kill();
    log.until("a init", 2).await;
    let began = Instant::now();
    assert!(sup.which_children().await.unwrap()[0].pid().is_some());
    assert_eq!(began.elapsed(), ms(300));
}

#[tokio::test(start_paused = true)]
async fn sup_78_a_restart_begins_with_the_first_arguments() {
    let log = Log::new();
    let (handle, script) = (place::<Plain>(), Script::new("a", &log));
    let server = handle.clone();
    let _sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    assert_eq!(server.call(add(5)).await, Ok(5));
    server.cast(act(|_, _| panic!("boom"))).await.unwrap();
    server.cast(act(|probe, _| probe.n += 1)).await.unwrap();
    log.until("a init", 2).await;
    assert_eq!(
        server.call(get()).await,
        Ok(0),
        "nothing is left, nor the old mailbox"
    );
}

#[tokio::test(start_paused = true)]
async fn sup_82_a_death_during_terminate_child_is_seen_to_afterwards() {
    let log = Log::new();
    let (b, c) = (place::<Plain>(), place::<Traps>());
    let server = b.clone();
    let scripts = (
        Script::new("b", &log),
        Script::<Traps>::new("c", &log).terminate_sleeps(ms(150)),
    );
    let sup = Sup::start(move |spec| {
        spec.child(child(&b, &scripts.0))
            .child(child(&c, &scripts.1))
    })
    .await
    .unwrap();
    let stopping = tokio::spawn(sup.terminate_child("c"));
    log.until("c terminate shutdown", 1).await;
    server.kill();
    settle().await;
    assert_eq!(log.count("b init"), 1, "the supervisor waits for c");
    stopping.await.unwrap().unwrap();
    log.until("b init", 2).await;
    assert!(
        log.all().iter().position(|line| line == "c terminated")
            < log.all().iter().rposition(|line| line == "b init")
    );
}

/// D30: anyone who was told of an exit, by a monitor or a link, and asks the supervisor then, finds it seen to.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_supervisor_that_is_asked_after_an_exit_has_restarted_the_child() {
    let log = Log::new();
    let (handle, script) = (place::<Plain>(), Script::new("a", &log));
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        let spec = spec.max_restarts(u32::MAX).max_seconds(1);
        spec.child(child(&handle, &script).restart(Restart::Permanent))
    })
    .await
    .unwrap();
    for _ in 0..1_000 {
        let down = server.monitor();
        server.kill();
        assert_eq!(down.await.reason, ExitReason::Killed);
        sup.which_children().await.unwrap();
        assert!(server.is_alive());
    }
    sup.stop().await.unwrap();
}
