//! How supervisors stop children: order, times, kills; a child that asks for its own end.

use std::time::Duration;

use suptree::{CallError, ChildState, ExitReason, Restart, Shutdown, SupervisorRef};
use tokio::time::Instant;

use crate::support::{
    Kind, Log, NamedSup, Plain, Probe, Script, Server, Sup, Traps, act_async, child, does, get, ms,
    on_every_path, oops, place, settle,
};

on_every_path! {
    sup_52_a_child_that_does_not_trap_exits_stops_at_once
    sup_53_a_child_may_ask_its_supervisor_to_end_it
}

/// A supervisor of one child.
async fn one<K: Kind>(script: &Script<K>, shutdown: Shutdown) -> (Sup, Server<K>) {
    let (handle, script) = (place::<K>(), script.clone());
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script).shutdown(shutdown)))
        .await
        .unwrap();
    (sup, server)
}

#[tokio::test(start_paused = true)]
async fn sup_03_children_stop_in_reverse_order_one_after_the_other() {
    let log = Log::new();
    let scripts = ["a", "b", "c"].map(|id| Script::<Traps>::new(id, &log).terminate_sleeps(ms(20)));
    let began = Instant::now();
    let sup = Sup::start(move |mut spec| {
        for script in &scripts {
            spec = spec.child(child(&place(), script));
        }
        spec
    })
    .await
    .unwrap();
    log.take();
    sup.stop().await.unwrap();
    let wanted = ["c", "b", "a"].map(|id| {
        [
            format!("{id} terminate shutdown"),
            format!("{id} terminated"),
            format!("{id} drop"),
        ]
    });
    assert_eq!(log.all(), wanted.concat());
    assert_eq!(began.elapsed(), ms(60));
}

#[tokio::test(start_paused = true)]
async fn sup_77_a_stop_with_any_reason_shuts_the_children_down() {
    for reason in [
        ExitReason::Normal,
        ExitReason::Shutdown,
        ExitReason::ShutdownWith("1".into()),
        oops("boom"),
    ] {
        let log = Log::new();
        let (sup, _) = one(&Script::<Traps>::new("a", &log), Shutdown::Infinity).await;
        let down = sup.monitor();
        assert_eq!(sup.stop_with(reason.clone()).await, Ok(()));
        assert_eq!(down.await.reason, reason);
        assert_eq!(log.with("terminate"), ["a terminate shutdown"]);
    }
}

#[tokio::test(start_paused = true)]
async fn sup_47_a_child_that_overstays_is_killed() {
    let log = Log::new();
    let (a, b) = (place::<Plain>(), place::<Traps>());
    let (first, last) = (a.clone(), b.clone());
    let scripts = (
        Script::new("a", &log),
        Script::<Traps>::new("b", &log).terminate_sleeps(ms(10_000)),
    );
    let sup = Sup::start(move |spec| {
        spec.child(child(&a, &scripts.0))
            .child(child(&b, &scripts.1).shutdown(Shutdown::Timeout(ms(100))))
    })
    .await
    .unwrap();
    let began = Instant::now();
    let (down, other) = (last.monitor(), first.monitor());
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), ms(100));
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(other.await.reason, ExitReason::Shutdown);
    assert_eq!(log.with("b ").last().unwrap(), "b drop");
    assert_eq!(log.count("b terminated"), 0);
}

#[tokio::test(start_paused = true)]
async fn sup_48_two_slow_children_take_the_sum_of_their_times() {
    let log = Log::new();
    let scripts = ["a", "b"].map(|id| Script::<Traps>::new(id, &log).terminate_sleeps(ms(200)));
    let sup = Sup::start(move |spec| {
        spec.child(child(&place(), &scripts[0]))
            .child(child(&place(), &scripts[1]))
    })
    .await
    .unwrap();
    let began = Instant::now();
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), ms(400));
}

#[tokio::test(start_paused = true)]
async fn sup_49_brutal_kill() {
    let log = Log::new();
    let (sup, server) = one(
        &Script::<Traps>::new("a", &log).terminate_sleeps(ms(200)),
        Shutdown::BrutalKill,
    )
    .await;
    let (down, began) = (server.monitor(), Instant::now());
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(log.all(), ["a init", "a drop"]);
}

#[tokio::test(start_paused = true)]
async fn sup_50_shutdown_infinity_waits() {
    let log = Log::new();
    let slow = Script::<Traps>::new("a", &log).terminate_sleeps(Duration::from_secs(3600));
    let (sup, server) = one(&slow, Shutdown::Infinity).await;
    let (down, began) = (server.monitor(), Instant::now());
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(3600));
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a terminated"), 1);
}

#[tokio::test(start_paused = true)]
async fn sup_51_shutdown_zero_kills_practically_at_once() {
    let log = Log::new();
    let slow = Script::<Traps>::new("a", &log).terminate_sleeps(ms(1_000));
    let (sup, server) = one(&slow, Shutdown::Timeout(Duration::ZERO)).await;
    let (down, began) = (server.monitor(), Instant::now());
    sup.stop().await.unwrap();
    assert!(began.elapsed() <= ms(2), "{:?}", began.elapsed());
    assert_eq!(down.await.reason, ExitReason::Killed);
}

async fn sup_52_a_child_that_does_not_trap_exits_stops_at_once<K: Kind>() {
    let log = Log::new();
    let (sup, server) = one(&Script::<K>::new("a", &log), Shutdown::Infinity).await;
    server
        .cast(act_async(|probe, _| {
            Box::pin(async move {
                probe.log("started");
                std::future::pending::<()>().await;
            })
        }))
        .await
        .unwrap();
    log.until("started", 1).await;
    let (down, began) = (server.monitor(), Instant::now());
    sup.stop().await.unwrap();
    assert_eq!(
        (down.await.reason, began.elapsed()),
        (ExitReason::Shutdown, Duration::ZERO)
    );
    assert_eq!(log.all(), ["a init", "started", "a drop"]);
}

/// Asks the supervisor "sup" to end the child "a", from its own handler.
fn ends_itself<K: Kind>() -> crate::support::Act<K> {
    act_async(|probe: &mut Probe<K>, _| {
        Box::pin(async move {
            probe.log("asks");
            let asked = SupervisorRef::named("sup".into())
                .terminate_child("a")
                .await;
            probe.log(format!("goes on: {asked:?}"));
        })
    })
}

async fn sup_53_a_child_may_ask_its_supervisor_to_end_it<K: Kind>() {
    for by_call in [false, true] {
        let log = Log::new();
        let (handle, script) = (place::<K>(), Script::<K>::new("a", &log).named("a"));
        let server = handle.clone();
        let sup = NamedSup::start(move |spec| spec.child(child(&handle, &script)))
            .await
            .unwrap();
        let (down, began) = (server.monitor(), Instant::now());
        if by_call {
            let asking = server.call_with(|reply: suptree::ReplyTo<()>| {
                act_async(move |probe, cx| {
                    Box::pin(async move {
                        let _kept_until_the_end = reply;
                        let sup = SupervisorRef::named("sup".into());
                        probe.log("asks");
                        sup.terminate_child("a").await.unwrap();
                        probe.log(format!("goes on in {}", cx.pid()));
                    })
                })
            });
            assert_eq!(asking.await, Err(CallError::Exited(ExitReason::Shutdown)));
        } else {
            server.cast(ends_itself()).await.unwrap();
        }
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        assert_eq!(suptree::whereis("a"), None);
        let children = sup.which_children().await.unwrap();
        assert_eq!(
            children[0].state,
            ChildState::Stopped,
            "though it is permanent"
        );
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(log.all(), ["a init", "asks", "a drop"]);
        sup.stop().await.unwrap();
    }
}

/// While a supervisor stops, its children are not restarted, whatever they end of.
#[tokio::test(start_paused = true)]
async fn a_crash_during_the_shutdown_restarts_nothing() {
    let log = Log::new();
    let (a, b) = (place::<Plain>(), place::<Traps>());
    let server = a.clone();
    let scripts = (
        Script::new("a", &log),
        Script::<Traps>::new("b", &log).terminate_sleeps(ms(100)),
    );
    let sup = Sup::start(move |spec| {
        spec.child(child(&a, &scripts.0).restart(Restart::Permanent))
            .child(child(&b, &scripts.1))
    })
    .await
    .unwrap();
    let stopping = tokio::spawn(sup.stop());
    log.until("b terminate shutdown", 1).await;
    assert_eq!(
        server.call(does(|probe, _| probe.id())).await,
        Ok("a"),
        "not asked yet"
    );
    server.kill();
    stopping.await.unwrap().unwrap();
    settle().await;
    assert_eq!(log.with("init"), ["a init", "b init"]);
    assert_eq!(server.call(get()).await, Err(CallError::NoProc));
}
