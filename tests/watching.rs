//! Servers that are watched by `sys`: counts, the last events, a trace, hooks.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use suptree::prelude::*;
use suptree::sys::{self, Event};
use tokio::time::sleep;

use crate::support::{
    Act, Cx, Kind, Log, Plain, Probe, Reports, Server, Traps, act, act_async, add, does_async,
    failing, gated, get, kept, ms, on_every_path, oops, settle, start,
};

on_every_path! {
    sys_06_statistics_count_what_comes_in_and_goes_out
    sys_07_the_log_keeps_the_last_events
    sys_08_the_trace_tells_of_each_message_reply_and_state
    sys_10_a_hook_that_panics_is_removed
    r322_a_server_that_is_watched_handles_what_another_would
}

fn adds<K: Kind>(number: i64) -> Act<K> {
    act(move |probe: &mut Probe<K>, _| probe.n += number)
}

/// In, and out.
async fn counts<K: Kind>(server: &Server<K>) -> Option<(u64, u64)> {
    let counts = sys::get_statistics(server).await.unwrap()?;
    Some((counts.messages_in, counts.messages_out))
}

async fn sys_06_statistics_count_what_comes_in_and_goes_out<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    server.call(add(1)).await.unwrap();
    assert_eq!(counts(&server).await, None);
    sys::statistics(&server, true).await.unwrap();
    server.call(add(1)).await.unwrap();
    server.call(get()).await.unwrap();
    server.cast(adds(1)).await.unwrap();
    server.send(adds(1)).await.unwrap();
    assert_eq!(counts(&server).await, Some((4, 2)));
    // A reply that comes late was not given by the handler. What is asked of it counts nothing.
    let waits = tokio::spawn(kept(&server).timeout(ms(5)).owned());
    assert!(waits.await.unwrap().is_err());
    assert_eq!(counts(&server).await, Some((5, 2)));
    // One that waits answers when it is done.
    let slow = does_async(|_: &mut Probe<K>, _: &mut Cx<K>| {
        Box::pin(async { sleep(ms(100)).await }) as crate::support::Boxed<'_, ()>
    });
    server.call(slow).await.unwrap();
    let told = sys::get_statistics(&server).await.unwrap().unwrap();
    assert_eq!((told.messages_in, told.messages_out), (6, 3));
    assert_eq!(told.elapsed, ms(105));
    // Switched on again, they go on; off and on, they begin anew.
    sys::statistics(&server, true).await.unwrap();
    assert_eq!(counts(&server).await, Some((6, 3)));
    sys::statistics(&server, false).await.unwrap();
    assert_eq!(counts(&server).await, None);
    sys::statistics(&server, true).await.unwrap();
    assert_eq!(counts(&server).await, Some((0, 0)));
}

#[tokio::test(start_paused = true)]
async fn sys_06_an_exit_that_is_trapped_comes_in_and_a_continue_does_not() {
    let log = Log::new();
    let server = start::<Traps>("a", &log).await;
    sys::statistics(&server, true).await.unwrap();
    suptree::exit(server.pid().unwrap(), oops("away"));
    server
        .cast(act(|_: &mut Probe<Traps>, cx| {
            cx.continue_with(act(|probe: &mut Probe<Traps>, _| probe.log("continued")));
        }))
        .await
        .unwrap();
    log.until("continued", 1).await;
    assert_eq!(counts(&server).await, Some((2, 0)));
}

async fn sys_07_the_log_keeps_the_last_events<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let told = async |server: &Server<K>| -> Vec<String> {
        let events = sys::get_log(server).await.unwrap();
        events.iter().map(ToString::to_string).collect()
    };
    sys::log(&server, 3).await.unwrap();
    assert_eq!(told(&server).await, Vec::<String>::new());
    server.call(add(1)).await.unwrap();
    let call = ["got call does", "sent a reply, new state 1"];
    assert_eq!(told(&server).await, call);
    server.cast(adds(1)).await.unwrap();
    assert_eq!(
        told(&server).await,
        ["sent a reply, new state 1", "got cast act", "new state 2"]
    );
    sys::log(&server, 1).await.unwrap();
    assert_eq!(told(&server).await, ["new state 2"]);
    assert!(matches!(
        sys::get_log(&server).await.unwrap()[..],
        [Event::NoReply { .. }]
    ));
    sys::log(&server, 0).await.unwrap();
    server.cast(adds(1)).await.unwrap();
    assert_eq!(told(&server).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn sys_07_a_crash_report_has_the_last_events() {
    let log = Log::new();
    for keep in [0, 10] {
        let reports = Reports::capture();
        let server = start::<Plain>("a", &log).await;
        sys::log(&server, keep).await.unwrap();
        server.cast(adds(1)).await.unwrap();
        server.cast(failing(oops("no"))).await.unwrap();
        server.monitor().await;
        let all = reports.all();
        assert_eq!(all.len(), 1);
        let expected = if keep == 0 {
            ""
        } else {
            "got cast act; new state 1; got cast failing"
        };
        assert_eq!(all[0].field("log"), expected);
    }
}

async fn sys_08_the_trace_tells_of_each_message_reply_and_state<K: Kind>() {
    let reports = Reports::capture();
    let log = Log::new();
    let script = crate::support::Script::<K>::new("a", &log).named("traced");
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    server.call(add(1)).await.unwrap();
    sys::trace(&server, true).await.unwrap();
    server.call(add(1)).await.unwrap();
    server.cast(adds(1)).await.unwrap();
    server.send(adds(1)).await.unwrap();
    sys::trace(&server, false).await.unwrap();
    server.call(add(1)).await.unwrap();
    let traced: Vec<_> = reports
        .all()
        .into_iter()
        .filter(|report| report.target == "suptree::sys")
        .map(|report| {
            assert_eq!(report.field("process"), "traced");
            report.field("message").to_owned()
        })
        .collect();
    assert_eq!(
        traced,
        [
            "got call does",
            "sent a reply, new state 2",
            "got cast act",
            "new state 3",
            "got message act",
            "new state 4",
        ]
    );
}

async fn sys_10_a_hook_that_panics_is_removed<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let sees = |name: &'static str, after: usize, panics: bool| {
        let (seen, mut count) = (Arc::clone(&seen), 0);
        move |event: &Event| {
            seen.lock().unwrap().push(format!("{name} {event}"));
            count += 1;
            assert!(!panics || count < after, "enough");
            if count < after {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        }
    };
    let panics = sys::install(&server, sees("1", 1, true)).await.unwrap();
    let done = sys::install(&server, sees("2", 2, false)).await.unwrap();
    let stays = sys::install(&server, sees("3", 100, false)).await.unwrap();
    for _ in 0..2 {
        server.cast(adds(1)).await.unwrap();
    }
    assert_eq!(server.call(get()).await, Ok(2));
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "1 got cast act",
            "2 got cast act",
            "3 got cast act",
            "2 new state 1",
            "3 new state 1",
            "3 got cast act",
            "3 new state 2",
            "3 got call does",
            "3 sent a reply, new state 2",
        ]
    );
    assert_eq!(sys::remove(&server, panics).await, Ok(false));
    assert_eq!(sys::remove(&server, done).await, Ok(false));
    assert_eq!(sys::remove(&server, stays).await, Ok(true));
    assert_eq!(sys::remove(&server, stays).await, Ok(false));
    seen.lock().unwrap().clear();
    server.call(get()).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), Vec::<String>::new());
}

/// Order, replies, signals, stops: as without.
async fn r322_a_server_that_is_watched_handles_what_another_would<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    sys::log(&server, 5).await.unwrap();
    sys::statistics(&server, true).await.unwrap();
    let (open, gate) = gated();
    server.cast(gate).await.unwrap();
    settle().await;
    for nth in 1..=300 {
        server.cast(adds(nth)).await.unwrap();
    }
    let call = tokio::spawn(server.call(get()).owned());
    settle().await;
    open.send(()).unwrap();
    assert_eq!(call.await.unwrap(), Ok(300 * 301 / 2));
    assert_eq!(counts(&server).await, Some((302, 1)));
    sys::suspend(&server).await.unwrap();
    server.cast(adds(1)).await.unwrap();
    settle().await;
    assert_eq!(counts(&server).await, Some((302, 1)));
    sys::resume(&server).await.unwrap();
    settle().await;
    assert_eq!(counts(&server).await, Some((303, 1)));
    sys::no_debug(&server).await.unwrap();
    assert_eq!(counts(&server).await, None);
    sys::statistics(&server, true).await.unwrap();
    // It stops, and dies, as any other.
    server
        .cast(act_async(|_: &mut Probe<K>, _| Box::pin(sleep(ms(5)))))
        .await
        .unwrap();
    server.stop().await.unwrap();
    assert_eq!(log.with("terminate"), ["a terminate normal"]);
    let other = start::<K>("b", &log).await;
    sys::log(&other, 5).await.unwrap();
    let death = other.monitor();
    other.kill();
    assert_eq!(death.await.reason, ExitReason::Killed);
}

/// What it is sent may come to nothing before its turn.
#[derive(Default)]
struct Busy;

#[genserver(deadlines)]
impl Busy {
    #[call]
    fn attach(&self, count: u32, cx: &mut Context<Self>) {
        cx.attach(tokio_stream::iter(0..count)).item();
    }

    #[info]
    fn item(&mut self, _number: u32) {}

    #[call]
    fn is_not_idle(&self, cx: &mut Context<Self>) {
        cx.timeout(ms(0));
        cx.then().goes_on();
    }

    #[handle_continue]
    fn goes_on(&mut self) {}

    #[timeout]
    fn timeout(&mut self) {
        unreachable!("it was not idle");
    }

    #[call]
    fn gives_up(&self, dead: Pid, cx: &mut Context<Self>) {
        let monitor = cx.monitor(&dead);
        cx.demonitor(monitor);
    }

    #[down]
    fn down(&mut self, _down: Down) {
        unreachable!("it was given up");
    }

    #[call]
    fn get(&self) {}
}

#[tokio::test(start_paused = true)]
async fn r304_those_who_watch_hear_of_what_is_handled_and_of_nothing_else() {
    let (server, dead) = (Busy::start().await.unwrap(), Busy::start().await.unwrap());
    let dead_pid = dead.pid().unwrap();
    dead.stop().await.unwrap();
    sys::statistics(&server, true).await.unwrap();
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let sees = Arc::clone(&seen);
    let hook = move |event: &Event| {
        sees.lock().unwrap().push(event.to_string());
        ControlFlow::Continue(())
    };
    sys::install(&server, hook).await.unwrap();
    let taken = || {
        let all = std::mem::take(&mut *seen.lock().unwrap());
        let came_in = all.into_iter().filter(|event| event.starts_with("got"));
        came_in.collect::<Vec<_>>()
    };
    server.attach(2).await.unwrap();
    settle().await;
    assert_eq!(
        taken(),
        ["got call attach", "got message item", "got message item"]
    );
    server.is_not_idle().await.unwrap();
    settle().await;
    assert_eq!(taken(), ["got call is_not_idle"]);
    server.gives_up(dead_pid).await.unwrap();
    settle().await;
    assert_eq!(taken(), ["got call gives_up"]);
    // Nobody waits for it when its turn comes.
    sys::suspend(&server).await.unwrap();
    assert_eq!(
        server.get().timeout(ms(1)).await,
        Err(CallError::Timeout(ms(1)))
    );
    sys::resume(&server).await.unwrap();
    settle().await;
    assert_eq!(taken(), Vec::<String>::new());
    let counts = sys::get_statistics(&server).await.unwrap().unwrap();
    assert_eq!((counts.messages_in, counts.messages_out), (5, 3));
}
