//! Bounded mailboxes: who waits for room, how long, and what never waits behind messages.

use std::time::Duration;

use suptree::{CallError, CastError, ExitReason, Name, TrySendError};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::support::{
    Kind, Log, Plain, Probe, Script, Server, Tiny, Traps, Unbounded, act, does, gated, get, ms,
    oops, poll_once, settle, start, start_link_from,
};

/// A server whose handler waits and whose mailbox, of one, is full.
async fn full(log: &Log) -> (Server<Tiny>, oneshot::Sender<()>) {
    let server = suptree::start::<Probe<Tiny>>(Script::new("a", log).named("full"))
        .await
        .unwrap();
    let (open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    server
        .cast(act(|probe, _| probe.log("first")))
        .try_send()
        .unwrap();
    (server, open)
}

fn says<K: Kind>(line: &'static str) -> crate::support::Act<K> {
    act(move |probe, _| probe.log(line))
}

#[tokio::test(start_paused = true)]
async fn try_send_to_a_full_mailbox_says_full() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    assert_eq!(server.cast(says("no")).try_send(), Err(TrySendError::Full));
    assert_eq!(server.send(says("no")).try_send(), Err(TrySendError::Full));
    open.send(()).unwrap();
    log.until("first", 1).await;
    settle().await;
    server.cast(says("again")).try_send().unwrap();
    server.stop().await.unwrap();
    assert_eq!(
        log.all(),
        [
            "a init",
            "started",
            "done",
            "first",
            "again",
            "a terminate normal",
            "a drop"
        ]
    );
}

/// D3: OTP's mailboxes have no bound.
#[tokio::test(start_paused = true)]
async fn r62_the_default_bound_is_1024() {
    let server = start::<Plain>("a", &Log::new()).await;
    for nth in 0..1024 {
        assert_eq!(
            server.cast(act(|probe, _| probe.n += 1)).try_send(),
            Ok(()),
            "{nth}"
        );
    }
    assert_eq!(
        server.cast(act(|_, _| {})).try_send(),
        Err(TrySendError::Full)
    );
    assert_eq!(server.call(get()).await, Ok(1024));
}

#[tokio::test(start_paused = true)]
async fn an_unbounded_mailbox_is_never_full() {
    let server = start::<Unbounded>("a", &Log::new()).await;
    for _ in 0..100_000 {
        server
            .cast(act(|probe, _| probe.n += 1))
            .try_send()
            .unwrap();
    }
    assert_eq!(server.call(get()).await, Ok(100_000));
}

#[tokio::test(start_paused = true)]
async fn a_cast_waits_for_room_as_long_as_a_call() {
    let log = Log::new();
    let (server, _open) = full(&log).await;
    let began = Instant::now();
    assert_eq!(
        server.cast(says("no")).await,
        Err(CastError::Timeout(Duration::from_secs(5)))
    );
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    assert_eq!(
        server.send(says("no")).timeout(ms(50)).await,
        Err(CastError::Timeout(ms(50)))
    );
    assert_eq!(began.elapsed(), ms(5_050));
    assert_eq!(
        server.cast(says("no")).timeout(Duration::ZERO).await,
        Err(CastError::Timeout(Duration::ZERO))
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_room_within_its_timeout() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let began = Instant::now();
    let timed_out = server
        .call(does(|probe, _| probe.log("no")))
        .timeout(ms(50))
        .await;
    assert_eq!(timed_out, Err(CallError::Timeout(ms(50))));
    assert_eq!(began.elapsed(), ms(50));
    // Room after 30 ms, a slow answer: the timeout counts both.
    let slow = server
        .call(crate::support::does_async(|_, _| {
            Box::pin(tokio::time::sleep(ms(100)))
        }))
        .timeout(ms(80));
    let mut slow = Box::pin(slow.into_future());
    assert!(poll_once(&mut slow).is_pending());
    tokio::time::sleep(ms(30)).await;
    open.send(()).unwrap();
    assert_eq!(slow.await, Err(CallError::Timeout(ms(80))));
    assert_eq!(began.elapsed(), ms(130));
    assert_eq!(server.call(get()).await, Ok(0));
    assert_eq!(
        log.count("no"),
        0,
        "a message that found no room was not sent"
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_senders_get_in_one_by_one() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let senders: Vec<_> = (0..20)
        .map(|nth| {
            let server = if nth % 2 == 0 {
                server.clone()
            } else {
                Server::named(Name::from_static("full"))
            };
            tokio::spawn(async move {
                if nth % 3 == 0 {
                    server.call(does(|probe, _| probe.log("in"))).await.unwrap();
                } else {
                    server.cast(says("in")).await.unwrap();
                }
            })
        })
        .collect();
    settle().await;
    open.send(()).unwrap();
    for sender in senders {
        sender.await.unwrap();
    }
    server.stop().await.unwrap();
    assert_eq!(log.count("in"), 20);
}

#[tokio::test(start_paused = true)]
async fn r54_a_sender_that_gives_up_leaves_its_room_to_others() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let mut gives_up = Box::pin(server.cast(says("given up")).into_future());
    let mut calls = Box::pin(
        server
            .call(does(|probe, _| probe.log("given up")))
            .into_future(),
    );
    assert!(poll_once(&mut gives_up).is_pending());
    assert!(poll_once(&mut calls).is_pending());
    let waiting = server.clone();
    let waiting = tokio::spawn(async move { waiting.cast(says("stayed")).await });
    settle().await;
    drop(gives_up);
    drop(calls);
    open.send(()).unwrap();
    assert_eq!(waiting.await.unwrap(), Ok(()));
    server.stop().await.unwrap();
    assert_eq!(
        log.all()[2..],
        ["done", "first", "stayed", "a terminate normal", "a drop"]
    );
}

#[tokio::test(start_paused = true)]
async fn r59_control_does_not_wait_behind_a_full_mailbox() {
    for control in ["stop", "shutdown", "kill"] {
        let log = Log::new();
        let (server, open) = full(&log).await;
        let (caster, caller) = (server.clone(), server.clone());
        let casting = tokio::spawn(async move { caster.cast(says("late")).await });
        let calling =
            tokio::spawn(async move { caller.call(does(|probe, _| probe.log("late"))).await });
        settle().await;
        let began = Instant::now();
        let reason = match control {
            "stop" => {
                let stopping = tokio::spawn(server.stop());
                settle().await;
                open.send(()).unwrap();
                stopping.await.unwrap().unwrap();
                ExitReason::Normal
            }
            "shutdown" => {
                server.exit(ExitReason::Shutdown);
                ExitReason::Shutdown
            }
            _ => {
                server.kill();
                ExitReason::Killed
            }
        };
        // The waiting senders are told: refused, lost with the server, or, by a stop only, let in before it.
        let cast = casting.await.unwrap();
        assert!(
            matches!(cast, Ok(()) | Err(CastError::NoProc)),
            "{control}: {cast:?}"
        );
        assert_eq!(
            calling.await.unwrap(),
            Err(CallError::Exited(reason)),
            "{control}"
        );
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(
            log.count("late"),
            0,
            "{control}: nothing runs after the stop"
        );
        assert_eq!(log.count("first"), usize::from(control == "stop"));
    }
}

/// The exits of others are never bounded either.
#[tokio::test(start_paused = true)]
async fn exits_reach_a_trapping_server_whatever_its_mailbox_holds() {
    struct TinyTraps;
    impl Kind for TinyTraps {
        const OPTIONS: suptree::ServerOptions = suptree::ServerOptions::new()
            .trap_exit(true)
            .mailbox(suptree::Mailbox::Bounded(1));
    }
    let log = Log::new();
    let parent = start::<Traps>("parent", &log).await;
    let server = start_link_from(&parent, Script::<TinyTraps>::new("a", &log)).await;
    let (open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    server.cast(says("first")).try_send().unwrap();
    for _ in 0..100 {
        server.exit(oops("stranger"));
    }
    parent.kill();
    open.send(()).unwrap();
    server.monitor().await;
    assert_eq!(log.with("a exit").len(), 100);
    assert_eq!(log.with("a terminate"), ["a terminate killed"]);
}

/// Whatever the backlog, nothing is handled after a kill.
#[tokio::test(start_paused = true)]
async fn r60_a_kill_goes_past_a_long_backlog() {
    let log = Log::new();
    let server = start::<Unbounded>("a", &log).await;
    for _ in 0..200_000 {
        server
            .cast(act(|probe, _| probe.log("handled")))
            .try_send()
            .unwrap();
    }
    let down = server.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(log.all(), ["a init", "a drop"]);
}

/// A kill in the middle of a backlog: the handler in progress ends, the next message is not looked at.
#[tokio::test(start_paused = true)]
async fn a_kill_takes_effect_before_the_next_message() {
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    for nth in 0..10 {
        server
            .cast(act(move |probe, cx| {
                probe.log("handled");
                if nth == 3 {
                    suptree::exit(cx.pid(), ExitReason::Kill);
                }
            }))
            .await
            .unwrap();
    }
    let down = server.monitor();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(log.count("handled"), 4);
}

/// A place in the mailbox that a message left is free again at once, also when its handler waits.
#[tokio::test(start_paused = true)]
async fn room_is_free_while_a_handler_waits() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let (next, second) = gated();
    open.send(()).unwrap();
    log.until("first", 1).await;
    server.cast(second).await.unwrap();
    log.until("started", 2).await;
    server.cast(says("waits")).try_send().unwrap();
    assert_eq!(server.info().unwrap().mailbox_len, 1);
    next.send(()).unwrap();
    log.until("waits", 1).await;
}

/// A cast that waits for room in one incarnation's mailbox is refused when that one dies; it does not
/// reach the next holder of the name.
#[tokio::test(start_paused = true)]
async fn a_waiting_cast_by_name_does_not_reach_the_next_incarnation() {
    let log = Log::new();
    let (server, _open) = full(&log).await;
    let named = Server::<Tiny>::named(Name::from_static("full"));
    let mut waiting = Box::pin(named.cast(says("for the old one")).into_future());
    assert!(poll_once(&mut waiting).is_pending());
    server.kill();
    server.monitor().await;
    let _new = suptree::start::<Probe<Tiny>>(Script::new("b", &log).named("full"))
        .await
        .unwrap();
    assert_eq!(waiting.await, Err(CastError::NoProc));
    settle().await;
    assert_eq!(log.count("for the old one"), 0);
}
