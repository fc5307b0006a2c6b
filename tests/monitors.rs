//! Monitors, and the one order in which a process dies.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use suptree::{CallError, Down, ExitReason, Monitor, Name, monitor, process_info, whereis};

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Script, Server, Sup, Traps, act, child, does, gated, get, kept,
    on_every_path, oops, panic_text, place, settle, start,
};

on_every_path! {
    prc_07_two_monitors_are_two_downs
    prc_08_a_monitor_of_nobody_is_down_at_once
    prc_08_a_monitor_of_the_dead_knows_who_it_was
    prc_11_r74_a_dropped_monitor_is_silent
    prc_14_a_down_carries_the_panic
    a_death_is_complete_when_a_monitor_fires
    pending_callers_are_told_before_monitors
    r48_r60_a_death_with_a_backlog_tells_every_caller_once
}

async fn prc_07_two_monitors_are_two_downs<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let pid = server.pid().unwrap();
    let (one, other, dropped) = (server.monitor(), monitor(pid), monitor(pid));
    drop(dropped);
    server.exit(oops("boom"));
    let down: Down = one.await;
    assert_eq!((down.pid, down.reason), (pid, oops("boom")));
    let down: Down = other.await;
    assert_eq!((down.pid, down.reason), (pid, oops("boom")));
}

async fn prc_08_a_monitor_of_nobody_is_down_at_once<K: Kind>() {
    let dead = start::<K>("a", &Log::new()).await;
    let pid = dead.pid().unwrap();
    dead.stop().await.unwrap();
    let nobody = Server::<K>::named(Name::from_static("nobody"));
    for mut watch in [
        monitor(pid),
        dead.monitor(),
        nobody.monitor(),
        place::<K>().monitor(),
    ] {
        let Poll::Ready(down) = crate::support::poll_once(&mut watch) else {
            panic!("at once")
        };
        assert_eq!(down.reason, ExitReason::NoProc);
    }
}

/// Who keeps something by pids finds it, however soon the other one died.
async fn prc_08_a_monitor_of_the_dead_knows_who_it_was<K: Kind>() {
    let dead = start::<K>("a", &Log::new()).await;
    let (pid, process) = (dead.pid().unwrap(), dead.process());
    dead.stop().await.unwrap();
    assert_eq!(dead.pid(), None);
    for watch in [dead.monitor(), process.monitor()] {
        assert_eq!(watch.pid(), pid);
        let Down {
            pid: told, reason, ..
        } = watch.await;
        assert_eq!((told, reason), (pid, ExitReason::NoProc));
    }
    let nobody = Server::<K>::named(Name::from_static("nobody"));
    assert_eq!(nobody.monitor().pid().serial(), 0);
}

/// Counts its wakes.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn poll_with(watch: &mut Monitor, waker: &Waker) -> Poll<Down> {
    std::pin::Pin::new(watch).poll(&mut Context::from_waker(waker))
}

async fn prc_11_r74_a_dropped_monitor_is_silent<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let (dropped, kept) = (Arc::<Counter>::default(), Arc::<Counter>::default());
    let mut watch = server.monitor();
    let mut other = server.monitor();
    assert!(poll_with(&mut watch, &Arc::clone(&dropped).into()).is_pending());
    assert!(poll_with(&mut other, &Arc::clone(&kept).into()).is_pending());
    drop(watch);
    server.kill();
    settle().await;
    assert_eq!(dropped.0.load(Ordering::SeqCst), 0);
    assert_eq!(kept.0.load(Ordering::SeqCst), 1);
    assert!(poll_with(&mut other, Waker::noop()).is_ready());
}

async fn prc_14_a_down_carries_the_panic<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    let down = server.monitor();
    server
        .cast(act(|probe, _| panic!("no {}", probe.n)))
        .await
        .unwrap();
    let reason = down.await.reason;
    assert_eq!(panic_text(&reason), "no 0");
    assert!(
        reason
            .to_string()
            .starts_with("it panicked: no 0, at tests/monitors.rs:"),
        "{reason}"
    );
}

/// Runs a check at the very moment it is woken.
struct Witness<F>(F);

impl<F: Fn() + Send + Sync + 'static> Wake for Witness<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

fn witness(check: impl Fn() + Send + Sync + 'static) -> Waker {
    Waker::from(Arc::new(Witness(check)))
}

async fn a_death_is_complete_when_a_monitor_fires<K: Kind>() {
    for kill in [false, true] {
        let log = Log::new();
        let server = suptree::start::<Probe<K>>(Script::new("a", &log).named("mortal"))
            .await
            .unwrap();
        let pid = server.pid().unwrap();
        let mut watch = server.monitor();
        let (seen, dead) = (log.clone(), server.clone());
        let check = witness(move || {
            seen.push(format!(
                "{:?} {:?} {}",
                whereis("mortal"),
                dead.pid(),
                process_info(pid).is_some()
            ));
            seen.push(format!("{:?}", dead.cast(act(|_, _| {})).try_send()));
        });
        assert!(poll_with(&mut watch, &check).is_pending());
        if kill {
            server.kill();
        } else {
            server
                .cast(act(|_, cx| cx.stop(ExitReason::Normal)))
                .await
                .unwrap();
        }
        settle().await;
        assert_eq!(
            log.all()
                .into_iter()
                .filter(|line| !line.contains("terminate"))
                .collect::<Vec<_>>(),
            ["a init", "a drop", "None None false", "Err(NoProc)"]
        );
    }
}

async fn pending_callers_are_told_before_monitors<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    // One reply handle is in the state, one with the handler that waits, one in the queue.
    let mut in_state = Box::pin(kept(&server).no_timeout().into_future());
    let told = |line: &'static str| {
        let log = log.clone();
        witness(move || log.push(line))
    };
    assert!(
        in_state
            .as_mut()
            .poll(&mut Context::from_waker(&told("told")))
            .is_pending()
    );
    settle().await;
    let waits = server.call_with(|reply: suptree::ReplyTo<i64>| {
        crate::support::act_async(move |_: &mut Probe<K>, _| {
            Box::pin(async move {
                std::future::pending::<()>().await;
                reply.send(0);
            })
        })
    });
    let mut in_handler = Box::pin(waits.no_timeout().into_future());
    assert!(
        in_handler
            .as_mut()
            .poll(&mut Context::from_waker(&told("told")))
            .is_pending()
    );
    settle().await;
    let mut queued = Box::pin(kept(&server).no_timeout().into_future());
    assert!(
        queued
            .as_mut()
            .poll(&mut Context::from_waker(&told("told")))
            .is_pending()
    );
    let mut watch = server.monitor();
    assert!(poll_with(&mut watch, &told("down")).is_pending());
    log.take();
    server.exit(oops("boom"));
    settle().await;
    assert_eq!(log.all(), ["a drop", "told", "told", "told", "down"]);
    for answer in [
        crate::support::poll_once(&mut in_state),
        crate::support::poll_once(&mut queued),
    ] {
        assert_eq!(answer, Poll::Ready(Err(CallError::Exited(oops("boom")))));
    }
    assert_eq!(
        crate::support::poll_once(&mut in_handler),
        Poll::Ready(Err(CallError::Exited(oops("boom"))))
    );
}

/// The supervisor comes last: OTP leaves this open, the design does not.
#[tokio::test(start_paused = true)]
async fn monitors_hear_of_a_death_before_the_supervisor_restarts() {
    let log = Log::new();
    let (handle, script) = (place::<Plain>(), Script::<Plain>::new("a", &log));
    let server = handle.clone();
    let _sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let peer = start::<Plain>("peer", &log).await;
    let pid = server.pid().unwrap();
    peer.call(does(move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| {
        suptree::link(pid);
    }))
    .await
    .unwrap();
    let mut watch = server.monitor();
    let seen = log.clone();
    assert!(poll_with(&mut watch, &witness(move || seen.push("down"))).is_pending());
    log.take();
    server.exit(oops("boom"));
    log.until("a init", 1).await;
    let all = log.all();
    let at = |line: &str| all.iter().position(|other| other == line).unwrap();
    assert!(
        at("a drop") < at("down") && at("down") < at("a init"),
        "{all:?}"
    );
    assert_eq!(peer.pid(), None);
}

async fn r48_r60_a_death_with_a_backlog_tells_every_caller_once<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (_open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move {
                server
                    .call(does(|probe, _| {
                        probe.log("handled");
                        probe.n
                    }))
                    .no_timeout()
                    .await
            })
        })
        .collect();
    settle().await;
    server.kill();
    for caller in callers {
        assert_eq!(
            caller.await.unwrap(),
            Err(CallError::Exited(ExitReason::Killed))
        );
    }
    assert_eq!(log.count("handled"), 0);
}

/// A monitor that races the death, on threads: exactly one `Down`, with the reason or with `NoProc`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r74_a_monitor_that_races_the_death_is_down_once() {
    for _ in 0..500 {
        let server = start::<Plain>("a", &Log::new()).await;
        let pid = server.pid().unwrap();
        let watching = tokio::spawn(async move { monitor(pid).await });
        server.kill();
        let down = watching.await.unwrap();
        assert!(
            matches!(down.reason, ExitReason::Killed | ExitReason::NoProc),
            "{down:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_monitor_works_inside_a_handler() {
    let log = Log::new();
    let (server, peer) = (
        start::<Traps>("a", &log).await,
        start::<Plain>("p", &log).await,
    );
    let watched = peer.clone();
    let watches = crate::support::does_async(move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| {
        Box::pin(async move {
            let down = watched.monitor();
            watched.stop().await.unwrap();
            down.await.reason
        })
    });
    assert_eq!(server.call(watches).await, Ok(ExitReason::Normal));
    assert_eq!(server.call(get()).await, Ok(0));
}

/// How long it takes to give up a hundred monitors of a process that so many others watch.
fn giving_up(server: &Server<Plain>, others: usize) -> std::time::Duration {
    let _others: Vec<_> = (0..others).map(|_| server.monitor()).collect();
    let once = || {
        let watches: Vec<_> = (0..100).map(|_| server.monitor()).collect();
        let begun = std::time::Instant::now();
        drop(watches);
        begun.elapsed()
    };
    (0..10).map(|_| once()).min().unwrap()
}

/// Real time, as a ratio within one run: a walk through all of them would take a hundred times as long.
#[tokio::test]
async fn r90_giving_up_a_watch_costs_the_same_whatever_others_watch() {
    let server = start::<Plain>("a", &Log::new()).await;
    let (few, many) = (giving_up(&server, 500), giving_up(&server, 50_000));
    assert!(many < few * 25, "{few:?}, then {many:?}");
}
