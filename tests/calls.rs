//! Calls: replies, timeouts, errors, late and deferred replies.

use std::future::IntoFuture as _;
use std::time::Duration;

use suptree::{CallError, ExitReason, Name, exit};
use tokio::time::Instant;

use crate::support::{
    Boxed, Cx, Kind, Log, Plain, Probe, Script, Server, act_async, add, asks, does, does_async,
    get, kept, ms, on_every_path, oops, panic_text, place, poll_once, settle, start,
};

on_every_path! {
    gs_19_a_call_replies_and_its_change_is_seen_by_the_next
    gs_20_a_timed_out_call_is_still_handled
    gs_21_a_late_reply_never_reaches_the_next_call
    gs_22_a_call_with_timeout_zero_times_out_on_an_idle_server
    gs_23_a_call_to_nobody_fails_at_once
    gs_26_r55_a_server_cannot_call_itself
    gs_29_a_stop_without_a_reply_tells_the_caller_the_reason
    gs_30_a_reply_may_come_later_from_another_task
    gs_32_a_call_that_is_never_answered_times_out
    gs_33_a_killed_caller_does_not_hurt_the_server
    r53_a_call_that_is_dropped_does_not_hurt_the_server
    gs_50_a_panic_in_a_call_crashes_the_server
    r49_a_dropped_reply_handle_tells_the_caller
    r49_a_handle_dropped_before_a_crash_tells_its_reason
    r50_a_kept_reply_handle_dies_with_the_server
    r51_a_late_reply_is_dropped_and_the_handler_can_know
    r65_extreme_timeouts
}

async fn gs_19_a_call_replies_and_its_change_is_seen_by_the_next<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    assert_eq!(server.call(get()).await, Ok(0));
    assert_eq!(server.call(add(7)).await, Ok(7));
    assert_eq!(server.call(get()).await, Ok(7));
}

async fn gs_20_a_timed_out_call_is_still_handled<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let began = Instant::now();
    let slow = does_async(|probe: &mut Probe<K>, _: &mut Cx<K>| {
        Box::pin(async move {
            tokio::time::sleep(ms(100)).await;
            probe.n = 1;
        })
    });
    assert_eq!(
        server.call(slow).timeout(ms(20)).await,
        Err(CallError::Timeout(ms(20)))
    );
    assert!(began.elapsed() < ms(25), "{:?}", began.elapsed());
    assert_eq!(server.call(get()).await, Ok(1));
    assert!(began.elapsed() >= ms(100));
}

async fn gs_21_a_late_reply_never_reaches_the_next_call<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    assert_eq!(
        kept(&server).timeout(ms(20)).await,
        Err(CallError::Timeout(ms(20)))
    );
    // The second call uses the same client, and so the same reply slot; the first reply arrives in the middle of it.
    let second = does_async(|probe: &mut Probe<K>, _: &mut Cx<K>| {
        Box::pin(async move {
            probe.kept.pop().unwrap().send(1);
            tokio::time::sleep(ms(5)).await;
            2
        })
    });
    assert_eq!(server.call(second).await, Ok(2));
    assert_eq!(server.call(get()).await, Ok(0));
}

async fn gs_22_a_call_with_timeout_zero_times_out_on_an_idle_server<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    assert_eq!(
        server.call(add(1)).timeout(Duration::ZERO).await,
        Err(CallError::Timeout(Duration::ZERO))
    );
    assert_eq!(server.call(get()).await, Ok(1), "it was sent all the same");
}

async fn gs_23_a_call_to_nobody_fails_at_once<K: Kind>() {
    let began = Instant::now();
    let server = start::<K>("a", &Log::new()).await;
    server.stop().await.unwrap();
    assert_eq!(server.call(get()).await, Err(CallError::NoProc));
    let named = Server::<K>::named(Name::from_static("nobody"));
    assert_eq!(named.call(get()).await, Err(CallError::NoProc));
    assert_eq!(place::<K>().call(get()).await, Err(CallError::NoProc));
    assert_eq!(began.elapsed(), Duration::ZERO);
}

async fn gs_26_r55_a_server_cannot_call_itself<K: Kind>() {
    let log = Log::new();
    let server = suptree::start::<Probe<K>>(Script::new("a", &log).named("selfish"))
        .await
        .unwrap();
    let began = Instant::now();
    let mut own = vec![
        server.clone(),
        Server::<K>::named(Name::from_static("selfish")),
    ];
    let calls_itself = does_async(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        Box::pin(async move {
            own.push(cx.server());
            for server in own {
                assert_eq!(server.call(get()).await, Err(CallError::CallingSelf));
                assert_eq!(
                    asks::<K, ()>(&server, |_, _, _| {}).await,
                    Err(CallError::CallingSelf)
                );
            }
        })
    });
    assert_eq!(server.call(calls_itself).await, Ok(()));
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(server.call(get()).await, Ok(0));
}

async fn gs_29_a_stop_without_a_reply_tells_the_caller_the_reason<K: Kind>() {
    for reason in [
        ExitReason::Normal,
        ExitReason::ShutdownWith("x".into()),
        oops("why"),
    ] {
        let log = Log::new();
        let server = start::<K>("a", &log).await;
        let wanted = reason.clone();
        let answer = asks::<K, i64>(&server, move |_, cx, _reply| cx.stop(reason)).await;
        assert_eq!(answer, Err(CallError::Exited(wanted.clone())));
        assert_eq!(log.all()[1], format!("a terminate {wanted}"));
        assert!(!server.is_alive());
    }
}

async fn gs_30_a_reply_may_come_later_from_another_task<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let began = Instant::now();
    let answer = asks(&server, |_, _, reply| {
        tokio::spawn(async move {
            tokio::time::sleep(ms(30)).await;
            reply.send(5);
        });
    });
    assert_eq!(answer.await, Ok(5));
    assert_eq!(began.elapsed(), ms(30));
}

async fn gs_32_a_call_that_is_never_answered_times_out<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let began = Instant::now();
    assert_eq!(
        kept(&server).await,
        Err(CallError::Timeout(Duration::from_secs(5)))
    );
    let waited = began.elapsed();
    assert!(waited >= ms(5_000) && waited < ms(5_005), "{waited:?}");
    assert_eq!(server.call(get()).await, Ok(0));
}

/// A process that calls the server: its handler waits for the answer, which it would log.
async fn caller<K: Kind>(
    log: &Log,
    asks: impl FnOnce(Server<K>) -> Boxed<'static, Result<(), CallError>> + Send + 'static,
    server: &Server<K>,
) -> Server<Plain> {
    let caller = start::<Plain>("caller", log).await;
    let asked = asks(server.clone());
    let calls = act_async(move |probe: &mut Probe<Plain>, _| {
        Box::pin(async move {
            let answer = asked.await;
            probe.log(format!("caller was told {answer:?}"));
        })
    });
    caller.cast(calls).await.unwrap();
    settle().await;
    caller
}

/// One request is being handled, one is queued, when the processes that wait for their replies are killed.
async fn gs_33_a_killed_caller_does_not_hurt_the_server<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (open, gate) = tokio::sync::oneshot::channel::<()>();
    let first = |server: Server<K>| -> Boxed<'static, _> {
        Box::pin(async move {
            let waits = does_async(|probe: &mut Probe<K>, _: &mut Cx<K>| {
                Box::pin(async move {
                    probe.log("started");
                    gate.await.unwrap();
                    probe.n += 1;
                })
            });
            server.call(waits).no_timeout().await
        })
    };
    let second = |server: Server<K>| -> Boxed<'static, _> {
        Box::pin(async move {
            server.call(add(10)).no_timeout().await?;
            Ok(())
        })
    };
    let callers = [
        caller(&log, first, &server).await,
        caller(&log, second, &server).await,
    ];
    assert_eq!(log.count("started"), 1);
    for caller in callers {
        let down = caller.monitor();
        caller.kill();
        assert_eq!(down.await.reason, ExitReason::Killed);
    }
    let pid = server.pid();
    open.send(()).unwrap();
    assert_eq!(server.call(get()).await, Ok(11), "both were handled");
    assert_eq!(server.pid(), pid);
    assert_eq!(
        log.all(),
        [
            "a init",
            "caller init",
            "started",
            "caller init",
            "caller drop",
            "caller drop"
        ]
    );
}

/// The caller lives on, but gives its call up: a `select!` in which something else was first.
async fn r53_a_call_that_is_dropped_does_not_hurt_the_server<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let slow = does_async(|probe: &mut Probe<K>, _: &mut Cx<K>| {
        Box::pin(async move {
            tokio::time::sleep(ms(50)).await;
            probe.n += 1;
            probe.n
        })
    });
    tokio::select! {
        biased;
        answer = server.call(slow).into_future() => panic!("{answer:?}"),
        () = tokio::time::sleep(ms(10)) => {}
    }
    // The next call comes from the same client, and gets its own reply.
    assert_eq!(server.call(add(10)).await, Ok(11));
}

async fn gs_50_a_panic_in_a_call_crashes_the_server<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let panics = does(|_: &mut Probe<K>, _: &mut Cx<K>| -> i64 { panic!("no {}", 3) });
    let Err(CallError::Exited(reason)) = server.call(panics).await else {
        panic!("told")
    };
    assert_eq!(panic_text(&reason), "no 3");
    let ExitReason::Panic(panic) = &reason else {
        unreachable!()
    };
    assert!(
        panic.location().unwrap().contains("tests/calls.rs:"),
        "{panic:?}"
    );
    assert_eq!(
        log.all(),
        [
            "a init".to_owned(),
            format!("a terminate {reason}"),
            "a drop".to_owned()
        ]
    );
}

/// A crash is the answer also where the handler called another server between dropping the handle and crashing.
async fn r49_a_handle_dropped_before_a_crash_tells_its_reason<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let told = asks::<K, i64>(&server, move |_, _, reply| {
        drop(reply);
        let _asked = poll_once(&mut other.call(get()).into_future());
        panic!("x")
    });
    let Err(CallError::Exited(reason)) = told.await else {
        panic!("told")
    };
    assert_eq!(panic_text(&reason), "x");
}

/// D4: in OTP the caller waits for its timeout.
async fn r49_a_dropped_reply_handle_tells_the_caller<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let began = Instant::now();
    assert_eq!(
        asks::<K, i64>(&server, |_, _, reply| drop(reply)).await,
        Err(CallError::NoReply)
    );
    let elsewhere = asks::<K, i64>(&server, |_, _, reply| {
        drop(tokio::spawn(async move { drop(reply) }));
    });
    assert_eq!(elsewhere.await, Err(CallError::NoReply));
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(server.call(get()).await, Ok(0));
}

async fn r50_a_kept_reply_handle_dies_with_the_server<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let waiting = server.clone();
    let call = tokio::spawn(async move { kept(&waiting).no_timeout().await });
    settle().await;
    exit(server.pid().unwrap(), oops("boom"));
    assert_eq!(call.await.unwrap(), Err(CallError::Exited(oops("boom"))));

    // The same with the handle out of the server's hands.
    let server = start::<K>("a", &Log::new()).await;
    let waiting = server.clone();
    let (give, take) = tokio::sync::oneshot::channel();
    let call = tokio::spawn(async move {
        asks::<K, i64>(&waiting, |_, _, reply| drop(give.send(reply)))
            .no_timeout()
            .await
    });
    let reply = take.await.unwrap();
    server.kill();
    assert_eq!(
        call.await.unwrap(),
        Err(CallError::Exited(ExitReason::Killed))
    );
    reply.send(3);
}

async fn r51_a_late_reply_is_dropped_and_the_handler_can_know<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let drops = crate::support::bomb::Drops::default();
    let token = drops.token();
    let (late, told) = tokio::sync::oneshot::channel();
    let slow = asks(&server, |_, _, reply| {
        tokio::spawn(async move {
            assert!(!reply.is_closed());
            tokio::time::sleep(ms(50)).await;
            let closed = reply.is_closed();
            reply.send(token);
            late.send(closed).unwrap();
        });
    });
    assert!(matches!(
        slow.timeout(ms(30)).await,
        Err(CallError::Timeout(_))
    ));
    assert!(told.await.unwrap());
    assert_eq!(drops.count(), 1);
}

async fn r65_extreme_timeouts<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let slow = || {
        does_async(|probe: &mut Probe<K>, _: &mut Cx<K>| {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                probe.n
            })
        })
    };
    assert_eq!(server.call(slow()).timeout(Duration::MAX).await, Ok(0));
    assert_eq!(server.call(slow()).no_timeout().await, Ok(0));
    let nano = Duration::from_nanos(1);
    assert_eq!(
        server.call(slow()).timeout(nano).await,
        Err(CallError::Timeout(nano))
    );
    let started = suptree::start::<Probe<K>>(Script::new("b", &Log::new()))
        .timeout(Duration::MAX)
        .await;
    assert!(started.is_ok());
}

#[test]
fn call_errors_read_like_elixirs() {
    let shown = CallError::NoProc.to_string();
    assert!(
        shown.starts_with("exited in a call: ** (EXIT) no process: the process is not alive"),
        "{shown}"
    );
    assert_eq!(
        CallError::CallingSelf.to_string(),
        "exited in a call: ** (EXIT) process attempted to call itself"
    );
    assert_eq!(
        CallError::Exited(ExitReason::Killed).to_string(),
        "exited in a call: ** (EXIT) killed"
    );
}
