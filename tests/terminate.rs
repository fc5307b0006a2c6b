//! Stopping in order: `stop`, `terminate`, and what becomes the exit reason.

use suptree::{CallError, ExitReason, StopError};
use tokio::time::Instant;

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Reports, Script, Server, Sup, Traps, act, asks, child, does, get,
    kept, ms, on_every_path, oops, panic_text, place, settle, start,
};

on_every_path! {
    gs_57_r08_a_panic_in_terminate_becomes_the_reason
    gs_58_a_stop_waits_behind_what_is_queued
    gs_60_a_stop_with_any_reason_succeeds
    gs_61_a_stop_fails_when_terminate_ends_otherwise
    gs_62_a_stop_of_nobody_or_oneself
    a_reply_is_sent_after_terminate
    a_reply_is_sent_though_terminate_panics
    a_kept_reply_can_be_given_in_terminate
    a_stopped_server_handles_no_more_messages
}

fn script<K: Kind>(log: &Log) -> Script<K> {
    Script::new("a", log)
}

async fn gs_57_r08_a_panic_in_terminate_becomes_the_reason<K: Kind>() {
    for first in [ExitReason::Normal, oops("first")] {
        let reports = Reports::capture();
        let log = Log::new();
        let panics = script::<K>(&log).on_terminate(|_, _, _| Box::pin(async { panic!("other") }));
        let server = suptree::start::<Probe<K>>(panics).await.unwrap();
        let label = server.pid().unwrap().to_string();
        let (down, stops) = (server.monitor(), first.clone());
        server.cast(act(move |_, cx| cx.stop(stops))).await.unwrap();
        assert_eq!(panic_text(&down.await.reason), "other");
        let terminated = format!("a terminate {first}");
        assert_eq!(log.all(), ["a init", &terminated, "a drop"]);
        // One report, of the reason that it became.
        settle().await;
        assert_eq!(reports.briefs(), [format!("crash {label}")]);
        let report = reports.only(&format!("crash {label}"));
        assert!(
            report
                .field("reason")
                .starts_with("it panicked: other, at tests/terminate.rs:"),
            "{report:?}"
        );
        assert_eq!(report.field("last_message"), "cast act");
    }
}

async fn gs_58_a_stop_waits_behind_what_is_queued<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    for _ in 0..3 {
        server
            .cast(act(|probe, _| probe.log("cast")))
            .await
            .unwrap();
    }
    assert_eq!(server.stop().await, Ok(()));
    assert_eq!(
        log.all(),
        [
            "a init",
            "cast",
            "cast",
            "cast",
            "a terminate normal",
            "a drop"
        ]
    );
}

async fn gs_60_a_stop_with_any_reason_succeeds<K: Kind>() {
    for reason in [
        ExitReason::Shutdown,
        ExitReason::ShutdownWith("x".into()),
        oops("other"),
        ExitReason::Kill,
    ] {
        let log = Log::new();
        let server = start::<K>("a", &log).await;
        let down = server.monitor();
        assert_eq!(server.stop_with(reason.clone()).await, Ok(()));
        assert_eq!(down.await.reason, reason);
        assert_eq!(log.with("terminate"), [format!("a terminate {reason}")]);
    }
}

async fn gs_61_a_stop_fails_when_terminate_ends_otherwise<K: Kind>() {
    let log = Log::new();
    let panics = script::<K>(&log).on_terminate(|_, _, _| Box::pin(async { panic!("other") }));
    let server = suptree::start::<Probe<K>>(panics).await.unwrap();
    let Err(StopError::Exited(reason)) = server.stop().await else {
        panic!("another reason")
    };
    assert_eq!(panic_text(&reason), "other");
}

async fn gs_62_a_stop_of_nobody_or_oneself<K: Kind>() {
    let log = Log::new();
    let dead = start::<K>("dead", &log).await;
    dead.stop().await.unwrap();
    for nobody in [dead, Server::<K>::named("nobody".into()), place()] {
        assert_eq!(nobody.stop().await, Err(StopError::NoProc));
    }
    let server = start::<K>("a", &log).await;
    let stops_itself = crate::support::does_async(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        let own = cx.server();
        Box::pin(async move { own.stop().await })
    });
    assert_eq!(
        server.call(stops_itself).await,
        Ok(Err(StopError::CallingSelf))
    );
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0));
}

async fn a_reply_is_sent_after_terminate<K: Kind>() {
    // `{stop, Reason, Reply, State}` terminates, replies, ends. With a slow terminate the reply is late.
    let log = Log::new();
    let server = suptree::start::<Probe<K>>(script(&log).terminate_sleeps(ms(50)))
        .await
        .unwrap();
    let began = Instant::now();
    let answer = server.call(does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.stop(oops("why"));
        7
    }));
    assert_eq!(answer.await, Ok(7));
    assert_eq!(began.elapsed(), ms(50));
    assert_eq!(
        log.with("termina"),
        ["a terminate an error was returned: why", "a terminated"]
    );
    settle().await;
    assert_eq!(server.call(get()).await, Err(CallError::NoProc));
}

async fn a_reply_is_sent_though_terminate_panics<K: Kind>() {
    let log = Log::new();
    let panics = script::<K>(&log).on_terminate(|_, _, _| Box::pin(async { panic!("other") }));
    let server = suptree::start::<Probe<K>>(panics).await.unwrap();
    let down = server.monitor();
    let answer = server.call(does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.stop(ExitReason::Normal);
        7
    }));
    assert_eq!(answer.await, Ok(7));
    assert_eq!(panic_text(&down.await.reason), "other");
}

async fn a_kept_reply_can_be_given_in_terminate<K: Kind>() {
    let log = Log::new();
    let replies = script::<K>(&log).on_terminate(|probe, _, _| {
        for reply in probe.kept.drain(..) {
            reply.send(3);
        }
        Box::pin(async {})
    });
    let server = suptree::start::<Probe<K>>(replies).await.unwrap();
    let caller = server.clone();
    let waiting = tokio::spawn(async move { kept(&caller).await });
    settle().await;
    server.stop().await.unwrap();
    assert_eq!(waiting.await.unwrap(), Ok(3));
}

async fn a_stopped_server_handles_no_more_messages<K: Kind>() {
    let log = Log::new();
    let server = suptree::start::<Probe<K>>(script(&log).terminate_sleeps(ms(100)))
        .await
        .unwrap();
    let down = server.monitor();
    server
        .cast(act(|_, cx| cx.stop(ExitReason::Normal)))
        .await
        .unwrap();
    server
        .cast(act(|probe, _| probe.log("handled")))
        .await
        .unwrap();
    settle().await;
    // It terminates: still there, holding its name, taking messages that it will never handle.
    assert!(server.is_alive());
    let late = server.clone();
    let late =
        tokio::spawn(async move { asks::<K, ()>(&late, |_, _, reply| reply.send(())).await });
    assert_eq!(down.await.reason, ExitReason::Normal);
    assert_eq!(
        late.await.unwrap(),
        Err(CallError::Exited(ExitReason::Normal))
    );
    assert_eq!(log.count("handled"), 0);
}

/// D18: the state `terminate` sees after a panic is the state as the handler left it: Rust cannot roll it back.
#[tokio::test(start_paused = true)]
async fn terminate_after_a_panic_sees_the_state_as_it_is() {
    let log = Log::new();
    let shows = script::<Plain>(&log).on_terminate(|probe, _, _| {
        probe.log(format!("n = {}", probe.n));
        Box::pin(async {})
    });
    let server = suptree::start::<Probe<Plain>>(shows).await.unwrap();
    let down = server.monitor();
    server
        .cast(act(|probe, _| {
            probe.n = 5;
            panic!("half way");
        }))
        .await
        .unwrap();
    down.await;
    assert_eq!(log.with("n ="), ["n = 5"]);
}

#[tokio::test(start_paused = true)]
async fn r31_a_terminate_that_hangs_is_killed_after_the_shutdown_time() {
    let log = Log::new();
    let hangs =
        Script::<Traps>::new("a", &log).on_terminate(|_, _, _| Box::pin(std::future::pending()));
    let (handle, server) = (place::<Traps>(), place::<Traps>());
    let (at, watched) = (handle.clone(), server.clone());
    let other = Script::<Traps>::new("b", &log);
    let sup = Sup::start(move |spec| {
        spec.child(child(&server, &other))
            .child(child(&handle, &hangs))
    })
    .await
    .unwrap();
    let (down, other) = (at.monitor(), watched.monitor());
    let began = Instant::now();
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), ms(5_000));
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(other.await.reason, ExitReason::Shutdown);
    assert_eq!(log.with("drop"), ["a drop", "b drop"]);
}

/// A stop whose future is dropped after its first poll still stops the server: `terminate` goes on in its own task.
#[tokio::test(start_paused = true)]
async fn a_stop_goes_on_when_nobody_waits_for_it() {
    let log = Log::new();
    let waits = script::<Plain>(&log)
        .on_terminate(|_, _, _| Box::pin(async { tokio::time::sleep(ms(1)).await }));
    let server = suptree::start::<Probe<Plain>>(waits).await.unwrap();
    let down = server.monitor();
    let mut stopping = Box::pin(server.stop());
    assert!(crate::support::poll_once(&mut stopping).is_pending());
    drop(stopping);
    assert_eq!(down.await.reason, ExitReason::Normal);
    assert_eq!(log.all(), ["a init", "a terminate normal", "a drop"]);
}

/// Nobody has to run for an idle server to stop.
#[tokio::test(start_paused = true)]
async fn an_idle_server_stops_in_place() {
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    settle().await;
    let down = server.monitor();
    let mut stopping = Box::pin(server.stop());
    assert!(crate::support::poll_once(&mut stopping).is_ready());
    assert_eq!(log.all(), ["a init", "a terminate normal", "a drop"]);
    assert_eq!(down.await.reason, ExitReason::Normal);
    // Nor for one that has something queued, which is handled first.
    let server = start::<Plain>("b", &log).await;
    server
        .cast(act(|probe, _| probe.log("cast")))
        .await
        .unwrap();
    let mut stopping = Box::pin(server.stop());
    assert!(crate::support::poll_once(&mut stopping).is_ready());
    assert_eq!(log.with("cast"), ["cast"]);
    assert!(!server.is_alive());
}
