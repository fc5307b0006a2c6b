//! Idle timeouts: a server is told when nothing has come for so long.

use std::marker::PhantomData;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{NoMessage, Recorded, ServerOptions, process_info};
use tokio::time::{Instant, sleep};

use crate::support::{
    Act, Boxed, Cx, Handlers, Kind, Log, Plain, Probe, Reports, Script, Server, Traps, act,
    act_async, does, does_async, failing, gated, get, ms, on_every_path, oops, settle, start,
};

on_every_path! {
    gs_39_a_timeout_fires_once
    gs_40_any_message_cancels_a_timeout
    gs_40_a_timeout_is_set_anew_by_the_handler_that_says_so
    gs_42_a_timeout_of_zero_fires_at_once_when_nothing_is_queued
    gs_43_what_is_no_message_cancels_no_timeout
    r314_a_timeout_counts_from_the_end_of_its_handler
    r314_every_handler_may_set_a_timeout
    r314_a_timeout_ends_with_its_server
    r315_an_idle_server_is_told_once_until_something_comes
    r315_a_server_that_works_is_not_idle
    r315_a_handler_takes_the_place_of_the_option
}

/// The server waits so long for a message, from the end of this call on.
async fn waits<K: Kind>(server: &Server<K>, time: Duration) {
    let waits = does(move |_: &mut Probe<K>, cx: &mut Cx<K>| cx.timeout(time));
    server.call(waits).await.unwrap();
}

fn says<K: Kind>(time: Duration) -> Act<K> {
    act(move |_: &mut Probe<K>, cx: &mut Cx<K>| cx.timeout(time))
}

async fn gs_39_a_timeout_fires_once<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    waits(&server, ms(50)).await;
    sleep(ms(49)).await;
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 1);
    sleep(ms(500)).await;
    assert_eq!(log.count("a timeout"), 1);
    // The last one that a handler says counts, longer or shorter.
    let twice = |one, other| {
        does(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
            cx.timeout(one);
            cx.timeout(other);
        })
    };
    server.call(twice(ms(10), ms(80))).await.unwrap();
    sleep(ms(79)).await;
    assert_eq!(log.count("a timeout"), 1);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 2);
    server.call(twice(ms(80), ms(10))).await.unwrap();
    sleep(ms(11)).await;
    assert_eq!(log.count("a timeout"), 3);
    sleep(ms(500)).await;
    assert_eq!(log.count("a timeout"), 3);
}

async fn gs_40_any_message_cancels_a_timeout<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    for way in 0..7 {
        waits(&server, ms(50)).await;
        sleep(ms(40)).await;
        match way {
            0 => drop(server.call(get()).await),
            1 => drop(server.cast(act(|_, _| {})).await),
            2 => drop(server.send(act(|_, _| {})).await),
            3 => drop(server.cast(act_async(|_, _| Box::pin(async {}))).await),
            // One whose handler still waits when it is time.
            4 => {
                let slow = does_async(|_: &mut Probe<K>, _: &mut Cx<K>| Box::pin(sleep(ms(100))));
                server.call(slow).await.unwrap();
            }
            // The end of a process that it monitors.
            5 => {
                let other = start::<K>("b", &log).await;
                let watched = other.clone();
                let monitors = does(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
                    cx.monitor(&watched);
                    cx.timeout(ms(50));
                });
                server.call(monitors).await.unwrap();
                other.kill();
            }
            // A continue is one.
            _ => {
                let continues = does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
                    cx.timeout(ms(50));
                    cx.continue_with(act(|_, _| {}));
                });
                server.call(continues).await.unwrap();
            }
        }
        sleep(ms(300)).await;
        assert_eq!(log.count("a timeout"), 0, "{way}");
    }
    // The exit of another process.
    let traps = start::<Traps>("t", &log).await;
    waits(&traps, ms(50)).await;
    traps.exit(oops("stranger"));
    sleep(ms(300)).await;
    assert_eq!(log.count("t timeout"), 0);
}

async fn gs_40_a_timeout_is_set_anew_by_the_handler_that_says_so<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    for _ in 0..10 {
        server.cast(says(ms(50))).await.unwrap();
        sleep(ms(40)).await;
    }
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(11)).await;
    assert_eq!(log.count("a timeout"), 1);
}

async fn gs_42_a_timeout_of_zero_fires_at_once_when_nothing_is_queued<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let began = Instant::now();
    waits(&server, Duration::ZERO).await;
    log.until("a timeout", 1).await;
    assert_eq!(began.elapsed(), Duration::ZERO);
    // What is queued comes, and cancels it.
    let (open, blocks) = gated();
    server.cast(blocks).await.unwrap();
    log.until("started", 1).await;
    server.cast(says(Duration::ZERO)).await.unwrap();
    server
        .cast(act(|probe: &mut Probe<K>, _| probe.log("queued")))
        .await
        .unwrap();
    open.send(()).unwrap();
    log.until("queued", 1).await;
    sleep(ms(100)).await;
    assert_eq!(log.count("a timeout"), 1);
}

async fn gs_43_what_is_no_message_cancels_no_timeout<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let other = start::<K>("b", &log).await;
    let pid = server.pid().unwrap();
    let watched = other.clone();
    let sets = does_async(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        let waits: Boxed<'_, ()> = Box::pin(async move {
            // Its message is queued behind this handler, and comes to nothing.
            let monitor = cx.monitor(&watched);
            watched.kill();
            watched.monitor().await;
            cx.demonitor(monitor);
            cx.timeout(ms(60));
        });
        waits
    });
    server.call(sets).await.unwrap();
    sleep(ms(40)).await;
    // Signals, and questions about it.
    server.exit(ExitReason::Normal);
    assert!(process_info(pid).is_some());
    assert!(server.is_alive());
    drop(server.monitor());
    sleep(ms(19)).await;
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 1);
    sleep(ms(200)).await;
    assert_eq!(log.count("a timeout"), 1);
}

async fn r314_a_timeout_counts_from_the_end_of_its_handler<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let slow = does_async(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        Box::pin(async move {
            cx.timeout(ms(50));
            sleep(ms(200)).await;
        })
    });
    server.call(slow).await.unwrap();
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(49)).await;
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 1);
}

async fn r314_every_handler_may_set_a_timeout<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log).on_init(|_, cx| {
        cx.timeout(ms(10));
        Box::pin(async { Ok(()) })
    });
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    log.until("a timeout", 1).await;
    server.cast(says(ms(10))).await.unwrap();
    log.until("a timeout", 2).await;
    server.send(says(ms(10))).await.unwrap();
    log.until("a timeout", 3).await;
    let continues = act(|_: &mut Probe<K>, cx: &mut Cx<K>| cx.continue_with(says(ms(10))));
    server.cast(continues).await.unwrap();
    log.until("a timeout", 4).await;
    let waits = act_async(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        Box::pin(async move {
            sleep(ms(1)).await;
            cx.timeout(ms(10));
        })
    });
    server.cast(waits).await.unwrap();
    log.until("a timeout", 5).await;
    // The handler of one, too.
    let chain = act(|probe: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.timeout(ms(10));
        probe.on_timeout(says(ms(10)));
    });
    server.cast(chain).await.unwrap();
    log.until("a timeout", 7).await;
    sleep(ms(100)).await;
    assert_eq!(log.count("a timeout"), 7);
    // It may fail.
    let end = server.monitor();
    let fails = act(|probe: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.timeout(ms(10));
        probe.on_timeout(failing(oops("idle")));
    });
    server.cast(fails).await.unwrap();
    assert_eq!(end.await.reason, oops("idle"));
}

async fn r314_a_timeout_ends_with_its_server<K: Kind>() {
    let log = Log::new();
    let script = || Script::<K>::new("a", &log).named("r314");
    let server = suptree::start::<Probe<K>>(script()).await.unwrap();
    waits(&server, ms(50)).await;
    server.kill();
    settle().await;
    let second = suptree::start::<Probe<K>>(script()).await.unwrap();
    sleep(ms(300)).await;
    assert_eq!(second.call(get()).await, Ok(0));
    let stops = does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.timeout(Duration::ZERO);
        cx.stop(ExitReason::Normal);
    });
    second.call(stops).await.unwrap();
    sleep(ms(300)).await;
    assert_eq!(log.count("a timeout"), 0);
}

/// As another kind, told when nothing has come for 100 ms.
struct Idle<K>(PhantomData<K>);

impl<K: Kind> Kind for Idle<K> {
    const OPTIONS: ServerOptions = K::OPTIONS.idle(Duration::from_millis(100));
    const HANDLERS: Handlers = K::HANDLERS;
}

async fn r315_an_idle_server_is_told_once_until_something_comes<K: Kind>() {
    let log = Log::new();
    let server = start::<Idle<K>>("a", &log).await;
    // From the start on.
    sleep(ms(99)).await;
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 1);
    sleep(ms(1_000)).await;
    assert_eq!(log.count("a timeout"), 1);
    for (told, way) in (2..).zip(0..4) {
        match way {
            0 => drop(server.call(get()).await),
            1 => drop(server.cast(act(|_, _| {})).await),
            2 => drop(server.send(act(|_, _| {})).await),
            _ => {
                let slow = does_async(|_: &mut Probe<Idle<K>>, _: &mut Cx<Idle<K>>| {
                    Box::pin(sleep(ms(10)))
                });
                server.call(slow).await.unwrap();
            }
        }
        sleep(ms(99)).await;
        assert_eq!(log.count("a timeout"), told - 1, "{way}");
        sleep(ms(2)).await;
        assert_eq!(log.count("a timeout"), told, "{way}");
        sleep(ms(1_000)).await;
        assert_eq!(log.count("a timeout"), told, "{way}");
    }
}

async fn r315_a_server_that_works_is_not_idle<K: Kind>() {
    let log = Log::new();
    let server = start::<Idle<K>>("a", &log).await;
    for nth in 0..30 {
        match nth % 3 {
            0 => drop(server.call(get()).await),
            1 => drop(server.cast(act(|_, _| {})).await),
            _ => {
                let slow = does_async(|_: &mut Probe<Idle<K>>, _: &mut Cx<Idle<K>>| {
                    Box::pin(sleep(ms(300)))
                });
                server.call(slow).await.unwrap();
            }
        }
        sleep(ms(60)).await;
    }
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(39)).await;
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 1);
}

async fn r315_a_handler_takes_the_place_of_the_option<K: Kind>() {
    let log = Log::new();
    let server = start::<Idle<K>>("a", &log).await;
    for (told, time) in [(1, 20), (2, 500)] {
        waits(&server, ms(time)).await;
        sleep(ms(time - 1)).await;
        assert_eq!(log.count("a timeout"), told - 1);
        sleep(ms(2)).await;
        assert_eq!(log.count("a timeout"), told);
        sleep(ms(1_000)).await;
        assert_eq!(log.count("a timeout"), told);
    }
    // Until the next message.
    waits(&server, ms(20)).await;
    server.call(get()).await.unwrap();
    sleep(ms(99)).await;
    assert_eq!(log.count("a timeout"), 2);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 3);
    // By the handler of a timeout: again.
    let again = does(|probe: &mut Probe<Idle<K>>, _: &mut Cx<Idle<K>>| {
        probe.on_timeout(says(ms(10)));
    });
    server.call(again).await.unwrap();
    sleep(ms(101)).await;
    assert_eq!(log.count("a timeout"), 4);
    sleep(ms(11)).await;
    assert_eq!(log.count("a timeout"), 5);
    sleep(ms(1_000)).await;
    assert_eq!(log.count("a timeout"), 5);
}

/// In the words of the macro, in a server in which nothing waits.
#[tokio::test(start_paused = true)]
async fn r315_gs_39_the_words_of_the_macro() {
    #[derive(Default)]
    struct Session(Vec<&'static str>);

    #[genserver(idle = 1m)]
    impl Session {
        #[cast]
        fn visit(&mut self) {
            self.0.push("visit");
        }

        #[timeout]
        fn nothing_comes(&mut self, cx: &mut Context<Self>) {
            self.0.push("timeout");
            if self.0.len() > 2 {
                cx.stop(ExitReason::Normal);
            } else {
                cx.hibernate();
            }
        }

        #[hibernate]
        fn shrink(&mut self) {
            self.0.push("shrink");
        }

        #[call]
        fn seen(&self) -> Vec<&'static str> {
            self.0.clone()
        }
    }

    let session = Session::start().await.unwrap();
    session.visit().await.unwrap();
    sleep(Duration::from_secs(61)).await;
    assert_eq!(
        session.seen().await.unwrap(),
        ["visit", "timeout", "shrink"]
    );
    let end = session.monitor();
    sleep(Duration::from_secs(59)).await;
    assert!(session.is_alive());
    sleep(Duration::from_secs(2)).await;
    assert_eq!(end.await.reason, ExitReason::Normal);
}

/// Handlers alone: what they ask for is recorded, and comes when the test has its time go on.
#[tokio::test]
async fn r314_timeouts_of_a_handler_that_is_tested_alone() {
    #[derive(Default)]
    struct Batch(u32, Vec<u32>);

    #[genserver]
    impl Batch {
        #[cast]
        fn add(&mut self, item: u32, cx: &mut Context<Self>) {
            self.0 += item;
            cx.timeout(ms(50));
        }

        #[timeout]
        fn write(&mut self, cx: &mut Context<Self>) {
            self.1.push(std::mem::take(&mut self.0));
            cx.monitor("nobody");
            cx.hibernate();
        }

        #[down]
        fn gone(&mut self, down: Down) {
            assert_eq!(down.name, Some(Name::from("nobody")));
            self.1.push(0);
        }
    }

    let (mut cx, mut batch) = (Context::for_test(), Batch::default());
    batch.add(3, &mut cx);
    assert_eq!(cx.recorded(), [Recorded::Timeout(ms(50))]);
    cx.advance(ms(49));
    cx.run(&mut batch).await.unwrap();
    assert_eq!(batch.1, []);
    cx.advance(ms(1));
    cx.run(&mut batch).await.unwrap();
    assert_eq!(batch.1, [3, 0]);
    assert_eq!(cx.recorded(), [Recorded::Hibernate]);
    cx.advance(ms(500));
    cx.run(&mut batch).await.unwrap();
    assert_eq!(batch.1, [3, 0]);
}

/// Ten thousand servers that are called now and then: each is told when nothing has come, none before.
#[tokio::test(start_paused = true)]
async fn r315_many_servers_wait_for_messages() {
    #[derive(Default)]
    struct Idles(u32);

    #[genserver(idle = 10s)]
    impl Idles {
        #[call]
        fn told(&self) -> u32 {
            self.0
        }

        #[timeout]
        async fn nothing_comes(&mut self) -> Result<(), ExitReason> {
            self.0 += 1;
            Ok(())
        }
    }

    let mut all = Vec::new();
    for _ in 0..10_000 {
        all.push(Idles::start().await.unwrap());
    }
    for _ in 0..5 {
        sleep(Duration::from_secs(9)).await;
        for one in &all {
            assert_eq!(one.told().await, Ok(0));
        }
    }
    sleep(Duration::from_secs(11)).await;
    for one in &all {
        assert_eq!(one.told().await, Ok(1));
    }
}

/// D77. A timeout that nobody has a handler for.
#[tokio::test(start_paused = true)]
async fn gs_49_r314_a_timeout_without_a_handler_is_reported_and_dropped() {
    struct ByHand;

    impl GenServer for ByHand {
        type Args = ();
        type Call = ReplyTo<()>;
        type Cast = NoMessage;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        async fn init((): (), cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            cx.timeout(ms(10));
            Ok(Self)
        }
    }

    #[derive(Default)]
    struct Deaf;

    #[genserver]
    impl Deaf {
        #[cast]
        fn wait(&self, cx: &mut Context<Self>) {
            cx.timeout(ms(10));
        }
    }

    let reports = Reports::capture();
    let by_hand = suptree::start::<ByHand>(()).await.unwrap();
    let deaf = Deaf::start().await.unwrap();
    deaf.wait().await.unwrap();
    sleep(ms(100)).await;
    assert!(by_hand.is_alive() && deaf.is_alive());
    let all = reports.all();
    let received: Vec<_> = all.iter().map(|report| report.field("received")).collect();
    assert_eq!(received, ["a timeout"; 2]);
}

/// Real threads: a message that comes as it is time is handled, and the timeout, if it still holds, once.
#[test]
fn r314_messages_race_timeouts() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let log = Log::new();
        let server = start::<Plain>("a", &log).await;
        for round in 0..200 {
            // The timer's tick is a millisecond.
            server.cast(says(ms(1))).await.unwrap();
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            let told = log.count("a timeout");
            server.call(get()).await.unwrap();
            let before = log.count("a timeout");
            assert!(before - told <= 1);
            tokio::task::yield_now().await;
            assert_eq!(log.count("a timeout"), before, "a call has come");
            log.take();
        }
    });
}
