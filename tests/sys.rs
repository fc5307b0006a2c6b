//! `sys`: the state of a server from outside, and servers that are held up.

use std::time::Duration;

use suptree::prelude::*;
use suptree::sys::{self, SysError};
use suptree::{Status, process_info};
use tokio::time::{Instant, sleep};

use crate::support::bomb::Drops;
use crate::support::{
    Act, Graceful, Kind, Log, Plain, Probe, Script, Tiny, TrapAndTerminate, Traps, act, act_async,
    add, gated, get, ms, on_every_path, oops, panic_text, settle, start, start_link_from,
};

on_every_path! {
    sys_01_the_state_is_read_when_the_server_is_idle_and_not_in_time_when_it_is_busy
    sys_01_the_state_is_read_after_what_was_sent_before
    sys_02_the_state_is_replaced_and_a_function_that_panics_leaves_it
    sys_03_a_suspended_server_handles_system_messages_only
    sys_03_calls_are_not_answered_in_place_by_a_suspended_server
    sys_03_what_was_queued_when_it_was_suspended_waits_in_order
    sys_05_a_suspended_server_dies_of_signals
    sys_12_the_status_says_who_it_is_and_whether_it_is_suspended
    r320_a_suspended_server_stops_in_order
    r63_requests_of_sys_without_end_let_messages_be_handled
}

fn logs<K: Kind>(line: &'static str) -> Act<K> {
    act(move |probe: &mut Probe<K>, _| probe.log(line))
}

fn n<K: Kind>(probe: &Probe<K>) -> i64 {
    probe.n
}

async fn sys_01_the_state_is_read_when_the_server_is_idle_and_not_in_time_when_it_is_busy<
    K: Kind,
>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    server.call(add(3)).await.unwrap();
    assert_eq!(sys::with_state(&server, n).await, Ok(3));
    server
        .cast(act_async(|_: &mut Probe<K>, _| Box::pin(sleep(ms(200)))))
        .await
        .unwrap();
    settle().await;
    let began = Instant::now();
    let busy = sys::with_state(&server, n).timeout(ms(20)).await;
    assert_eq!(busy, Err(SysError::Call(CallError::Timeout(ms(20)))));
    assert_eq!(began.elapsed(), ms(20));
    // It answers when it is done, within the 5 s that there are otherwise.
    assert_eq!(sys::with_state(&server, n).await, Ok(3));
    assert_eq!(began.elapsed(), ms(200));
    let in_vain = sys::with_state(&server, n).timeout(Duration::ZERO).await;
    assert!(in_vain.unwrap_err().is_timeout());
    server.stop().await.unwrap();
    let dead = sys::with_state(&server, n).await;
    assert_eq!(dead, Err(SysError::Call(CallError::NoProc)));
}

async fn sys_01_the_state_is_read_after_what_was_sent_before<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    for nth in 1..=100 {
        let adds = act(|probe: &mut Probe<K>, _| probe.n += 1);
        server.cast(adds).await.unwrap();
        if nth % 10 == 0 {
            assert_eq!(sys::with_state(&server, n).await, Ok(nth));
        }
    }
    // Many at once, between messages.
    let mut asked = Vec::new();
    for nth in 101..=200 {
        let adds = act(|probe: &mut Probe<K>, _| probe.n += 1);
        server.cast(adds).await.unwrap();
        let mut asks = sys::with_state(&server, n);
        assert!(crate::support::poll_once(&mut asks).is_pending());
        asked.push((nth, asks));
    }
    for (nth, asks) in asked {
        assert_eq!(asks.await, Ok(nth));
    }
}

#[tokio::test(start_paused = true)]
async fn sys_01_a_server_that_asks_for_its_own_state_is_told_so() {
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    let asks = crate::support::does_async(|_: &mut Probe<Plain>, cx| {
        let me = cx.server();
        Box::pin(async move { sys::with_state(&me, n).await })
    });
    let told = server.call(asks).await.unwrap();
    assert_eq!(told, Err(SysError::Call(CallError::CallingSelf)));
}

#[tokio::test(start_paused = true)]
async fn sys_01_the_state_of_a_server_that_dies_meanwhile_is_not_read() {
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    let drops = Drops::default();
    let token = drops.token();
    let (open, gate) = gated();
    server.cast(gate).await.unwrap();
    log.until("started", 1).await;
    let asks = tokio::spawn(sys::with_state(&server, move |probe: &Probe<Plain>| {
        drop(token);
        probe.n
    }));
    settle().await;
    server.kill();
    let told = asks.await.unwrap();
    let killed = SysError::Call(CallError::Exited(ExitReason::Killed));
    assert_eq!(told, Err(killed));
    assert_eq!(drops.count(), 1, "what was asked goes with the server");
    drop(open);
}

#[tokio::test(start_paused = true)]
async fn sys_01_a_clone_of_the_state_by_name() {
    #[derive(Clone, Debug, Default, PartialEq)]
    struct Cache(Option<String>);

    #[genserver(name = "sys_01_cache")]
    impl Cache {
        #[cast]
        fn save(&mut self, new: String) {
            self.0 = Some(new);
        }
    }

    let nobody = sys::get_state(&Cache::named()).await;
    assert_eq!(nobody, Err(SysError::Call(CallError::NoProc)));
    let by_name = sys::get_state(&Cache::named());
    let cache = Cache::start().await.unwrap();
    cache.save("hola").await.unwrap();
    // Found when it is asked.
    assert_eq!(by_name.await, Ok(Cache(Some("hola".into()))));
}

async fn sys_02_the_state_is_replaced_and_a_function_that_panics_leaves_it<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    server.call(add(3)).await.unwrap();
    let log_of_new = log.clone();
    let before = sys::replace_state(&server, move |_: &Probe<K>| panic!("no"));
    match before.await {
        Err(SysError::CallbackFailed(reason)) => assert_eq!(panic_text(&reason), "no"),
        other => panic!("{:?}", other.map(|probe| probe.n)),
    }
    assert_eq!(server.call(get()).await, Ok(3));
    let read = sys::with_state(&server, |probe: &Probe<K>| -> i64 {
        panic!("{} is not enough", probe.n)
    });
    let error = read.await.unwrap_err();
    let told = "callback failed: it panicked: 3 is not enough";
    assert!(error.to_string().starts_with(told), "{error}");
    // The new state is a part of what is there, and the old one comes back.
    let other = start::<K>("b", &log_of_new).await;
    let spare = sys::replace_state(&other, |_: &Probe<K>| Probe::spare("c")).await;
    assert_eq!(spare.unwrap().id(), "b");
    let who =
        crate::support::does(|probe: &mut Probe<K>, _: &mut crate::support::Cx<K>| probe.id());
    assert_eq!(other.call(who).await, Ok("c"));
}

async fn sys_03_a_suspended_server_handles_system_messages_only<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    sys::suspend(&server).await.unwrap();
    sys::suspend(&server).await.unwrap();
    server.cast(logs("cast")).await.unwrap();
    server.send(logs("info")).await.unwrap();
    server.send(logs("late")).send_after(ms(10));
    let call = server.call(add(1)).timeout(ms(30)).await;
    assert_eq!(call, Err(CallError::Timeout(ms(30))));
    sleep(Duration::from_secs(60)).await;
    assert_eq!(sys::with_state(&server, n).await, Ok(0));
    assert_eq!(log.all(), ["a init"]);
    let pid = server.pid().unwrap();
    let info = process_info(pid).unwrap();
    assert_eq!((info.status, info.mailbox_len), (Status::Suspended, 4));
    sys::resume(&server).await.unwrap();
    sys::resume(&server).await.unwrap();
    // The call that has timed out is handled, too, as in OTP.
    assert_eq!(server.call(get()).await, Ok(1));
    assert_eq!(log.all(), ["a init", "cast", "info", "late"]);
    assert_eq!(process_info(pid).unwrap().status, Status::Idle);
}

async fn sys_03_calls_are_not_answered_in_place_by_a_suspended_server<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    // Nothing is queued, and nobody runs it.
    assert_eq!(server.call(add(1)).await, Ok(1));
    sys::suspend(&server).await.unwrap();
    for _ in 0..3 {
        let called = server.call(add(1)).timeout(ms(1_000)).await;
        assert_eq!(called, Err(CallError::Timeout(ms(1_000))));
        assert_eq!(sys::with_state(&server, n).await, Ok(1));
    }
    let calls = tokio::join!(server.call(add(1)), async {
        sleep(ms(10)).await;
        sys::resume(&server).await
    });
    assert_eq!(calls, (Ok(5), Ok(())));
    assert_eq!(server.call(add(1)).await, Ok(6));
}

async fn sys_03_what_was_queued_when_it_was_suspended_waits_in_order<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (open, gate) = gated();
    server.cast(gate).await.unwrap();
    settle().await;
    // All of it is queued behind the first.
    server.cast(logs("1")).await.unwrap();
    let mut suspends = sys::suspend(&server);
    assert!(crate::support::poll_once(&mut suspends).is_pending());
    server.cast(logs("2")).await.unwrap();
    let mut read = sys::with_state(&server, |probe: &Probe<K>| probe.log_count("2"));
    assert!(crate::support::poll_once(&mut read).is_pending());
    server.cast(logs("3")).await.unwrap();
    open.send(()).unwrap();
    suspends.await.unwrap();
    // It was behind a message that waits.
    assert_eq!(read.await, Ok(0));
    settle().await;
    assert_eq!(log.all(), ["a init", "started", "done", "1"]);
    sys::resume(&server).await.unwrap();
    log.until("3", 1).await;
    assert_eq!(log.all()[3..], ["1", "2", "3"]);
}

#[tokio::test(start_paused = true)]
async fn sys_03_a_suspended_server_keeps_the_bound_of_its_mailbox() {
    let log = Log::new();
    let server = start::<Tiny>("a", &log).await;
    sys::suspend(&server).await.unwrap();
    server.cast(logs("1")).await.unwrap();
    assert!(server.cast(logs("refused")).try_send().is_err());
    let late = server.cast(logs("late")).timeout(ms(50)).await;
    assert!(late.is_err());
    let mut waits = server.cast(logs("2"));
    assert!(crate::support::poll_once(&mut waits).is_pending());
    // Control is not bounded.
    for _ in 0..100 {
        assert_eq!(sys::with_state(&server, n).await, Ok(0));
    }
    sys::resume(&server).await.unwrap();
    waits.await.unwrap();
    log.until("2", 1).await;
    assert_eq!(log.all(), ["a init", "1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn sys_03_an_exit_that_is_trapped_waits_as_a_message() {
    let log = Log::new();
    let server = start::<Traps>("a", &log).await;
    sys::suspend(&server).await.unwrap();
    suptree::exit(server.pid().unwrap(), oops("away"));
    settle().await;
    assert_eq!(log.all(), ["a init"]);
    sys::resume(&server).await.unwrap();
    log.until("a exit an error was returned: away", 1).await;
    assert!(server.is_alive());
}

async fn sys_05_a_suspended_server_dies_of_signals<K: Kind>() {
    for kill in [false, true] {
        let log = Log::new();
        let server = start::<K>("a", &log).await;
        sys::suspend(&server).await.unwrap();
        let call = tokio::spawn(server.call(get()).owned());
        settle().await;
        let death = server.monitor();
        let expected = if kill {
            server.kill();
            ExitReason::Killed
        } else {
            server.exit(ExitReason::Shutdown);
            ExitReason::Shutdown
        };
        assert_eq!(death.await.reason, expected);
        assert_eq!(call.await.unwrap(), Err(CallError::Exited(expected)));
        assert_eq!(log.all(), ["a init", "a drop"]);
    }
}

#[tokio::test(start_paused = true)]
async fn sys_11_a_suspended_server_ends_with_its_parent() {
    async fn with_parent<K: Kind>(terminates: bool) {
        let log = Log::new();
        let parent = start::<Plain>("parent", &log).await;
        let child = start_link_from::<K, Plain>(&parent, Script::new("child", &log)).await;
        sys::suspend(&child).await.unwrap();
        child.cast(logs("unread")).await.unwrap();
        let death = child.monitor();
        parent.exit(oops("over"));
        assert_eq!(death.await.reason, oops("over"));
        assert_eq!(log.count("unread"), 0);
        let terminated = log.with("child terminate").len();
        assert_eq!(terminated, usize::from(terminates));
    }
    with_parent::<Plain>(false).await;
    with_parent::<Traps>(true).await;
    with_parent::<Graceful>(true).await;
    with_parent::<TrapAndTerminate>(true).await;
}

async fn sys_12_the_status_says_who_it_is_and_whether_it_is_suspended<K: Kind>() {
    let log = Log::new();
    let parent = start::<Plain>("parent", &log).await;
    let script = Script::new("a", &log).named("sys_12");
    let server = start_link_from::<K, Plain>(&parent, script).await;
    server.call(add(7)).await.unwrap();
    let status = sys::get_status(&server).await.unwrap();
    assert_eq!(status.pid, server.pid().unwrap());
    assert_eq!(status.name, Some("sys_12".into()));
    assert_eq!(status.parent, parent.pid());
    assert_eq!(
        (status.suspended, status.mailbox_len, status.handled),
        (false, 0, 1)
    );
    assert_eq!(status.state.as_deref(), Some("7"));
    let shown = status.to_string();
    let shown = shown.lines().skip(1).collect::<Vec<_>>();
    assert_eq!(
        shown,
        [
            "Status: running".to_owned(),
            format!("Parent: {}", parent.pid().unwrap()),
            "Message queue length: 0".to_owned(),
            "Messages handled: 1".to_owned(),
            "State: 7".to_owned(),
        ]
    );
    sys::suspend(&server).await.unwrap();
    server.cast(logs("waits")).await.unwrap();
    let status = sys::get_status(&server).await.unwrap();
    assert_eq!((status.suspended, status.mailbox_len), (true, 1));
    assert!(status.to_string().contains("Status: suspended"));
}

async fn r320_a_suspended_server_stops_in_order<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    sys::suspend(&server).await.unwrap();
    server.cast(logs("unread")).await.unwrap();
    server.stop().await.unwrap();
    assert_eq!(log.all(), ["a init", "a terminate normal", "a drop"]);

    // The stop is queued behind what suspends it.
    let server = start::<K>("b", &log).await;
    log.take();
    let (open, gate) = gated();
    server.cast(gate).await.unwrap();
    settle().await;
    let mut suspends = sys::suspend(&server);
    assert!(crate::support::poll_once(&mut suspends).is_pending());
    server.cast(logs("unread")).await.unwrap();
    let (stopper, death) = (server.clone(), server.monitor());
    let stops = tokio::spawn(async move { stopper.stop_with(ExitReason::Shutdown).await });
    settle().await;
    let mut late = sys::with_state(&server, n);
    assert!(crate::support::poll_once(&mut late).is_pending());
    open.send(()).unwrap();
    stops.await.unwrap().unwrap();
    assert_eq!(death.await.reason, ExitReason::Shutdown);
    assert_eq!(suspends.await, Ok(()));
    let ended = SysError::Call(CallError::Exited(ExitReason::Shutdown));
    assert_eq!(late.await, Err(ended));
    assert_eq!(
        log.all(),
        ["started", "done", "b terminate shutdown", "b drop"]
    );
}

async fn r63_requests_of_sys_without_end_let_messages_be_handled<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    // As soon as one is answered the next is there, a hundred at a time.
    let floods: Vec<_> = (0..100)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move {
                loop {
                    sys::with_state(&server, n).await.unwrap();
                }
            })
        })
        .collect();
    settle().await;
    for nth in 1..=1_000 {
        assert_eq!(server.call(add(1)).await, Ok(nth));
        server.cast(logs("cast")).await.unwrap();
    }
    log.until("cast", 1_000).await;
    floods.iter().for_each(tokio::task::JoinHandle::abort);
    server.kill();
}

#[tokio::test(start_paused = true)]
async fn gs_43_what_is_asked_of_it_cancels_no_idle_timeout() {
    #[derive(Clone, Default)]
    struct Idle(Vec<Duration>);

    #[genserver]
    impl Idle {
        #[call]
        fn wait(&mut self, cx: &mut Context<Self>) {
            cx.timeout(ms(60));
        }

        #[timeout]
        fn idle(&mut self) {
            self.0.push(ms(0));
        }
    }

    let idle = Idle::start().await.unwrap();
    for nth in 0..3 {
        idle.wait().await.unwrap();
        sleep(ms(40)).await;
        assert_eq!(sys::get_state(&idle).await.unwrap().0.len(), nth);
        sys::get_status(&idle).await.unwrap();
        sys::statistics(&idle, nth == 1).await.unwrap();
        sleep(ms(19)).await;
        assert_eq!(sys::get_state(&idle).await.unwrap().0.len(), nth);
        // To its runtime's tick.
        sleep(ms(12)).await;
        assert_eq!(sys::get_state(&idle).await.unwrap().0.len(), nth + 1);
    }
    // Of a suspended server it waits, as every message.
    idle.wait().await.unwrap();
    sys::suspend(&idle).await.unwrap();
    sleep(ms(200)).await;
    assert_eq!(sys::get_state(&idle).await.unwrap().0.len(), 3);
    sys::resume(&idle).await.unwrap();
    assert_eq!(sys::get_state(&idle).await.unwrap().0.len(), 4);
}

/// Nothing is left of what was asked while it was suspended, and nothing of it comes before its time.
#[tokio::test(start_paused = true)]
async fn r321_requests_that_are_given_up_are_carried_out_once_or_never() {
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    let (open, gate) = gated();
    server.cast(gate).await.unwrap();
    settle().await;
    let drops = Drops::default();
    for _ in 0..100 {
        let token = drops.token();
        let mut asks = sys::with_state(&server, move |probe: &Probe<Plain>| {
            probe.log("asked");
            drop(token);
        });
        assert!(crate::support::poll_once(&mut asks).is_pending());
    }
    assert_eq!(drops.count(), 0);
    open.send(()).unwrap();
    assert_eq!(sys::with_state(&server, n).await, Ok(0));
    assert_eq!((log.count("asked"), drops.count()), (100, 100));
    // One that was never polled was never sent.
    let token = drops.token();
    drop(sys::with_state(&server, move |_: &Probe<Plain>| {
        drop(token);
    }));
    assert_eq!((log.count("asked"), drops.count()), (100, 101));
}
