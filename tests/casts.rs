//! Casts and other messages: order, loss, crashes in their handlers.

use suptree::{CallError, CastError, ExitReason, Name, TrySendError};

use crate::support::{
    Kind, Log, Server, act, act_async, asks, failing, get, ms, on_every_path, oops, panic_text,
    place, settle, start,
};

on_every_path! {
    gs_24_a_cast_to_nobody_says_so_at_once
    gs_34_one_senders_messages_are_handled_in_send_order
    gs_50_a_panic_in_a_cast_or_message_crashes_the_server
    gs_77_a_server_stops_itself_in_a_message
    an_error_in_a_cast_is_a_crash_with_that_error
    a_cast_does_not_wait_for_its_handler
    r06_nothing_of_a_handler_runs_after_its_panic
}

/// D2: OTP says `ok`.
async fn gs_24_a_cast_to_nobody_says_so_at_once<K: Kind>() {
    let dead = start::<K>("a", &Log::new()).await;
    dead.stop().await.unwrap();
    for nobody in [
        dead,
        Server::<K>::named(Name::from_static("nobody")),
        place(),
    ] {
        assert_eq!(nobody.cast(act(|_, _| {})).await, Err(CastError::NoProc));
        assert_eq!(nobody.send(act(|_, _| {})).await, Err(CastError::NoProc));
        assert_eq!(
            nobody.cast(act(|_, _| {})).try_send(),
            Err(TrySendError::NoProc)
        );
    }
}

async fn gs_34_one_senders_messages_are_handled_in_send_order<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let mut sent = Vec::new();
    for round in 0..100 {
        // An idle server, and one that has a backlog.
        for step in 0..4 {
            let cast = format!("cast {round} {step}");
            let info = format!("info {round} {step}");
            sent.extend([cast.clone(), info.clone()]);
            server
                .cast(act(move |probe, _| probe.log(cast)))
                .await
                .unwrap();
            server
                .send(act(move |probe, _| probe.log(info)))
                .await
                .unwrap();
            if (round + step) % 3 == 0 {
                settle().await;
            }
        }
        let call = format!("call {round}");
        sent.push(call.clone());
        if round % 2 == 0 {
            server
                .call(crate::support::does(move |probe, _| probe.log(call)))
                .await
                .unwrap();
        } else {
            asks::<K, ()>(&server, move |probe, _, reply| {
                probe.log(call);
                reply.send(());
            })
            .await
            .unwrap();
        }
    }
    assert_eq!(log.all()[1..], sent);
}

async fn gs_50_a_panic_in_a_cast_or_message_crashes_the_server<K: Kind>() {
    for info in [false, true] {
        let log = Log::new();
        let server = start::<K>("a", &log).await;
        let down = server.monitor();
        let panics = act(|_, _| panic!("boom"));
        if info {
            server.send(panics).await.unwrap();
        } else {
            server.cast(panics).await.unwrap();
        }
        let reason = down.await.reason;
        assert_eq!(panic_text(&reason), "boom");
        assert_eq!(
            log.all(),
            [
                "a init".to_owned(),
                format!("a terminate {reason}"),
                "a drop".to_owned()
            ]
        );
    }
}

async fn gs_77_a_server_stops_itself_in_a_message<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let down = server.monitor();
    server
        .send(act(|probe, cx| {
            cx.stop(oops("first"));
            cx.stop(ExitReason::Normal);
            probe.log("to its end");
        }))
        .await
        .unwrap();
    server
        .cast(act(|probe, _| probe.log("not handled")))
        .await
        .unwrap();
    assert_eq!(
        down.await.reason,
        ExitReason::Normal,
        "the last reason counts"
    );
    assert_eq!(
        log.all(),
        ["a init", "to its end", "a terminate normal", "a drop"]
    );
}

async fn an_error_in_a_cast_is_a_crash_with_that_error<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let down = server.monitor();
    server.cast(failing(oops("boom"))).await.unwrap();
    let reason = down.await.reason;
    assert_eq!(
        reason.downcast_ref::<crate::support::Oops>().unwrap().0,
        "boom"
    );
    assert_eq!(
        log.all(),
        [
            "a init",
            "a terminate an error was returned: boom",
            "a drop"
        ]
    );
    assert_eq!(server.call(get()).await, Err(CallError::NoProc));
}

async fn a_cast_does_not_wait_for_its_handler<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    server
        .cast(act_async(|probe, _| {
            Box::pin(async move {
                tokio::time::sleep(ms(100)).await;
                probe.log("done");
            })
        }))
        .await
        .unwrap();
    assert_eq!(log.count("done"), 0);
    log.until("done", 1).await;
}

async fn r06_nothing_of_a_handler_runs_after_its_panic<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let asked = asks::<K, ()>(&server, |_, _, _reply| {}).await;
    assert_eq!(asked, Err(CallError::NoReply));
    let panics = server.call(crate::support::does_async(|probe, _| {
        Box::pin(async move {
            tokio::time::sleep(ms(10)).await;
            if probe.n == 0 {
                panic!("late");
            }
            probe.log("after");
        })
    }));
    let Err(CallError::Exited(reason)) = panics.await else {
        panic!("told")
    };
    assert_eq!(panic_text(&reason), "late");
    assert_eq!(log.with("after"), Vec::<String>::new());
    assert_eq!(log.count("a drop"), 1);
}

/// Each sender's own order is kept; how they interleave is free. On threads: the race is the point.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn gs_35_two_senders_keep_an_order_each() {
    const EACH: usize = 500;
    let log = Log::new();
    let server = start::<crate::support::Unbounded>("a", &log).await;
    let mut senders = Vec::new();
    for sender in ["x", "y", "z"] {
        let server = server.clone();
        senders.push(tokio::spawn(async move {
            for nth in 0..EACH {
                let line = format!("{sender} {nth}");
                match nth % 4 {
                    0 => server
                        .cast(act(move |probe, _| probe.log(line)))
                        .await
                        .unwrap(),
                    1 => server
                        .send(act(move |probe, _| probe.log(line)))
                        .await
                        .unwrap(),
                    2 => server
                        .call(crate::support::does(move |probe, _| probe.log(line)))
                        .await
                        .unwrap(),
                    _ => asks::<_, ()>(&server, move |probe, _, reply| {
                        probe.log(line);
                        reply.send(());
                    })
                    .await
                    .unwrap(),
                }
            }
        }));
    }
    for sender in senders {
        sender.await.unwrap();
    }
    server.stop().await.unwrap();
    for sender in ["x ", "y ", "z "] {
        let sent: Vec<_> = (0..EACH).map(|nth| format!("{sender}{nth}")).collect();
        assert_eq!(log.with(sender), sent);
    }
}
