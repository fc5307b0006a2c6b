//! Exit signals: kill, shutdown, strangers, parents; what a server that traps exits sees of them.

use suptree::{CallError, ExitReason, exit};

use crate::support::{
    Cx, Graceful, Kind, Log, Plain, Probe, Queued, Script, Server, TrapAndTerminate, Traps, act,
    add, does, gated, get, kept, ms, on_every_path, oops, settle, start, start_link_from,
};

on_every_path! {
    gs_52_a_signal_ends_an_idle_server_with_its_mailbox_unread
    gs_52_a_signal_ends_a_waiting_handler
    gs_14_a_crash_of_the_starter_takes_the_linked_server_along
    gs_15_a_normal_end_of_the_starter_does_not
    prc_02_a_normal_signal_to_itself_ends_a_process
    r26_a_kill_interrupts_a_waiting_handler
    r29_a_handler_that_waits_for_ever
    r64_a_kill_before_a_stop_wins
}

/// Sends an exit signal from inside `from`.
async fn exit_from<K: Kind, T: Kind>(from: &Server<K>, to: &Server<T>, reason: ExitReason) {
    let pid = to.pid().unwrap();
    from.call(does(move |_: &mut Probe<K>, _: &mut Cx<K>| {
        exit(pid, reason);
    }))
    .await
    .unwrap();
}

async fn gs_52_a_signal_ends_an_idle_server_with_its_mailbox_unread<K: Kind>() {
    let log = Log::new();
    let parent = start::<Plain>("parent", &log).await;
    let server = start_link_from(&parent, Script::<K>::new("a", &log)).await;
    let down = server.monitor();
    // Nothing runs between these: the casts are in the mailbox when the signal comes.
    let mut sending = Box::pin(async {
        for _ in 0..3 {
            server
                .cast(act(|probe, _| probe.log("handled")))
                .await
                .unwrap();
        }
        exit_from(&parent, &server, ExitReason::Shutdown).await;
    });
    assert!(crate::support::poll_once(&mut sending).is_ready());
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.with("a "), ["a init", "a drop"]);
    // The link carries the child's end back, as OTP's does.
    assert_eq!(parent.monitor().await.reason, ExitReason::NoProc);
}

async fn gs_52_a_signal_ends_a_waiting_handler<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (_open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    for _ in 0..3 {
        server
            .cast(act(|probe, _| probe.log("handled")))
            .await
            .unwrap();
    }
    let down = server.monitor();
    server.exit(ExitReason::ShutdownWith("enough".into()));
    assert_eq!(down.await.reason, ExitReason::ShutdownWith("enough".into()));
    assert_eq!(log.all(), ["a init", "started", "a drop"]);
}

async fn gs_14_a_crash_of_the_starter_takes_the_linked_server_along<K: Kind>() {
    let log = Log::new();
    let parent = start::<Plain>("parent", &log).await;
    let server = start_link_from(&parent, Script::<K>::new("a", &log)).await;
    let down = server.monitor();
    parent
        .cast(act(|_, cx| cx.stop(oops("boom"))))
        .await
        .unwrap();
    assert_eq!(down.await.reason, oops("boom"));
    assert_eq!(log.with("a "), ["a init", "a drop"], "without terminate");
}

async fn gs_15_a_normal_end_of_the_starter_does_not<K: Kind>() {
    let log = Log::new();
    let parent = start::<Plain>("parent", &log).await;
    let server = start_link_from(&parent, Script::<K>::new("a", &log)).await;
    parent.stop().await.unwrap();
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn gs_13_a_server_that_was_started_without_link_outlives_its_starter() {
    let log = Log::new();
    let parent = start::<Plain>("parent", &log).await;
    let script = Script::<Traps>::new("a", &log);
    let starting = crate::support::does_async(move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| {
        Box::pin(async move { suptree::start::<Probe<Traps>>(script).await.unwrap() })
    });
    let server = parent.call(starting).await.unwrap();
    // Its starter is a stranger: the signal is a message.
    exit_from(&parent, &server, oops("foo")).await;
    parent.kill();
    parent.monitor().await;
    log.until("a exit an error was returned: foo", 1).await;
    assert_eq!(server.call(get()).await, Ok(0));
    assert_eq!(
        log.with("a "),
        ["a init", "a exit an error was returned: foo"]
    );
}

#[tokio::test(start_paused = true)]
async fn gs_16_the_parents_signal_terminates_a_server_that_traps_exits() {
    for reason in [oops("foo"), ExitReason::Shutdown, ExitReason::Normal] {
        let log = Log::new();
        let parent = start::<Plain>("parent", &log).await;
        let server = start_link_from(&parent, Script::<Traps>::new("a", &log)).await;
        let down = server.monitor();
        server
            .cast(act(|probe, _| probe.log("a queued before")))
            .await
            .unwrap();
        exit_from(&parent, &server, reason.clone()).await;
        assert_eq!(down.await.reason, reason);
        let terminated = format!("a terminate {reason}");
        assert_eq!(
            log.with("a "),
            ["a init", "a queued before", &terminated, "a drop"]
        );
    }
}

/// `terminate` without `trap_exit` makes the parent's shutdown graceful, and nothing else.
#[tokio::test(start_paused = true)]
async fn d15_a_server_with_terminate_ends_gracefully_for_its_parent_only() {
    let log = Log::new();
    let parent = start::<Plain>("parent", &log).await;
    let script = |id| Script::<Graceful>::new(id, &log);
    let (a, b) = (
        start_link_from(&parent, script("a")).await,
        start_link_from(&parent, script("b")).await,
    );
    let (open, busy) = gated();
    a.cast(busy).await.unwrap();
    log.until("started", 1).await;
    a.cast(act(|probe, _| probe.log("a queued"))).await.unwrap();
    let down = (a.monitor(), b.monitor());
    exit_from(&parent, &a, ExitReason::Shutdown).await;
    b.exit(ExitReason::Shutdown);
    assert_eq!(down.1.await.reason, ExitReason::Shutdown);
    open.send(()).unwrap();
    assert_eq!(down.0.await.reason, ExitReason::Shutdown);
    assert_eq!(
        log.with("a "),
        ["a init", "a queued", "a terminate shutdown", "a drop"]
    );
    assert_eq!(
        log.with("b "),
        ["b init", "b drop"],
        "a stranger's signal is no shutdown"
    );
}

/// Nor does it trap its parent's normal end, of which OTP's server would terminate.
#[tokio::test(start_paused = true)]
async fn d15_a_server_with_terminate_outlives_a_normal_end_of_its_parent() {
    let log = Log::new();
    let parent = start::<Plain>("parent", &log).await;
    let server = start_link_from(&parent, Script::<Graceful>::new("a", &log)).await;
    exit_from(&parent, &server, ExitReason::Normal).await;
    parent.stop().await.unwrap();
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0));
    assert_eq!(log.with("a "), ["a init"]);
}

/// In OTP the parent's signal comes first, since it was sent first.
#[tokio::test(start_paused = true)]
async fn d9_a_cast_overtakes_the_exit_that_a_handler_sent_before_it() {
    for from_the_parent in [true, false] {
        let log = Log::new();
        let parent = start::<Plain>("parent", &log).await;
        let server = start_link_from(&parent, Script::<Traps>::new("a", &log)).await;
        let sender = if from_the_parent {
            parent
        } else {
            start::<Plain>("stranger", &log).await
        };
        let (pid, to) = (server.pid().unwrap(), server.clone());
        let both = does(move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| {
            exit(pid, oops("foo"));
            to.cast(act(|probe, _| probe.log("a cast"))).try_send()
        });
        assert_eq!(sender.call(both).await, Ok(Ok(())));
        settle().await;
        let what = if from_the_parent { "terminate" } else { "exit" };
        let then = format!("a {what} an error was returned: foo");
        assert_eq!(log.with("a ")[..3], ["a init", "a cast", &then]);
        assert_eq!(server.is_alive(), !from_the_parent);
    }
}

/// The state is dropped all the same (D16).
#[tokio::test(start_paused = true)]
async fn gs_53_a_kill_cannot_be_trapped() {
    for kind in ["idle", "waiting", "queued"] {
        let log = Log::new();
        let server = start::<TrapAndTerminate>("a", &log).await;
        let down = server.monitor();
        let (_open, busy) = gated();
        if kind == "waiting" {
            server.cast(busy).await.unwrap();
            log.until("started", 1).await;
        }
        if kind == "queued" {
            server
                .cast(act(|probe, _| probe.log("handled")))
                .try_send()
                .unwrap();
        }
        server.kill();
        assert_eq!(down.await.reason, ExitReason::Killed);
        assert_eq!(
            log.with("terminate").len() + log.with("handled").len() + log.with("exit").len(),
            0
        );
        assert_eq!(log.count("a drop"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn gs_54_a_strangers_signal_is_a_message_to_a_server_that_traps_exits() {
    let log = Log::new();
    let server = start::<Traps>("a", &log).await;
    let stranger = start::<Plain>("s", &log).await;
    server.exit(ExitReason::Shutdown);
    exit_from(&stranger, &server, oops("foo")).await;
    assert_eq!(server.call(get()).await, Ok(0));
    settle().await;
    assert_eq!(
        log.with("exit"),
        ["a exit shutdown", "a exit an error was returned: foo"]
    );
    assert!(server.is_alive());
}

#[tokio::test(start_paused = true)]
async fn prc_01_a_normal_signal_is_ignored_or_a_message() {
    let log = Log::new();
    let (plain, traps) = (
        start::<Plain>("plain", &log).await,
        start::<Traps>("traps", &log).await,
    );
    plain.exit(ExitReason::Normal);
    traps.exit(ExitReason::Normal);
    settle().await;
    assert_eq!(plain.call(get()).await, Ok(0));
    assert_eq!(traps.call(get()).await, Ok(0));
    assert_eq!(log.with("exit"), ["traps exit normal"]);
}

/// The handler comes to its end (D11); the server does not.
async fn prc_02_a_normal_signal_to_itself_ends_a_process<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let down = server.monitor();
    server
        .cast(act(|_, cx| exit(cx.pid(), ExitReason::Normal)))
        .await
        .unwrap();
    assert_eq!(down.await.reason, ExitReason::Normal);
    assert_eq!(log.all(), ["a init", "a drop"]);
    let traps = start::<Traps>("t", &log).await;
    traps
        .call(does(|_, cx| exit(cx.pid(), ExitReason::Normal)))
        .await
        .unwrap();
    log.until("t exit normal", 1).await;
    assert!(traps.is_alive());
}

/// What a sender sent before its signal is seen before it.
#[tokio::test(start_paused = true)]
async fn prc_20_messages_before_a_signal_are_seen_before_it() {
    let log = Log::new();
    let server = start::<Traps>("a", &log).await;
    for _ in 0..3 {
        server
            .cast(act(|probe, _| probe.log("cast")))
            .await
            .unwrap();
    }
    server.exit(oops("foo"));
    log.until("a exit an error was returned: foo", 1).await;
    assert_eq!(
        log.all(),
        [
            "a init",
            "cast",
            "cast",
            "cast",
            "a exit an error was returned: foo"
        ]
    );
}

async fn r26_a_kill_interrupts_a_waiting_handler<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let caller = server.clone();
    let in_handler = tokio::spawn(async move {
        let waits = crate::support::does_async(|_: &mut Probe<K>, _: &mut Cx<K>| {
            Box::pin(std::future::pending::<()>())
        });
        caller.call(waits).await
    });
    settle().await;
    let caller = server.clone();
    let queued = tokio::spawn(async move { caller.call(get()).await });
    settle().await;
    let down = server.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(
        log.count("a drop"),
        1,
        "dropped by the time the monitor fires"
    );
    assert_eq!(
        in_handler.await.unwrap(),
        Err(CallError::Exited(ExitReason::Killed))
    );
    assert_eq!(
        queued.await.unwrap(),
        Err(CallError::Exited(ExitReason::Killed))
    );
}

async fn r29_a_handler_that_waits_for_ever<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (_open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    assert_eq!(
        server.call(add(1)).timeout(ms(20)).await,
        Err(CallError::Timeout(ms(20)))
    );
    let caller = server.clone();
    let waiting = tokio::spawn(async move { kept(&caller).no_timeout().await });
    settle().await;
    server.exit(ExitReason::Shutdown);
    assert_eq!(
        waiting.await.unwrap(),
        Err(CallError::Exited(ExitReason::Shutdown))
    );
}

/// The signal is in before the handler asks to stop, so the server is killed: `terminate` does not run.
async fn r64_a_kill_before_a_stop_wins<K: Kind>() {
    for kind in ["call", "cast", "panic"] {
        let log = Log::new();
        let server = start::<K>("a", &log).await;
        let down = server.monitor();
        let ends = move |cx: &mut Cx<K>| {
            exit(cx.pid(), ExitReason::Kill);
            cx.stop(ExitReason::Normal);
            assert_ne!(kind, "panic");
        };
        if kind == "call" {
            let _answer = server.call(does(move |_, cx| ends(cx))).await;
        } else {
            server.cast(act(move |_, cx| ends(cx))).await.unwrap();
        }
        assert_eq!(down.await.reason, ExitReason::Killed, "{kind}");
        assert_eq!(log.all(), ["a init", "a drop"], "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn signals_to_the_dead_are_ignored() {
    let server = start::<Queued>("a", &Log::new()).await;
    let pid = server.pid().unwrap();
    server.stop().await.unwrap();
    exit(pid, ExitReason::Kill);
    exit(pid, oops("again"));
    assert_eq!(server.monitor().await.reason, ExitReason::NoProc);
}
