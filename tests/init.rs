//! Starting: `init`, its failures, its timeout, its cancellation, and what the starter hears of them.

use std::time::Duration;

use suptree::{CallError, ExitReason, StartError, exit, whereis};
use tokio::time::Instant;

use crate::support::{
    Boxed, Cx, Graceful, Kind, Log, Plain, Probe, Script, Server, Traps, act, does, get, ms,
    on_every_path, oops, panic_text, poll_once, settle, start, start_link_from,
};

on_every_path! {
    gs_01_the_starter_waits_for_init
    gs_02_init_makes_the_state
    gs_08_a_panic_in_init_is_a_failed_start
    gs_09_r71_init_past_its_timeout
    gs_12_a_start_with_a_monitor
    r28_a_kill_during_init
    r27_a_start_that_is_dropped
    messages_sent_during_init_are_handled_after_it
    a_stop_asked_for_in_init
}

type Started<K> = Result<Server<K>, StartError>;

/// `start_link` from inside `from`: what it returned, or the end of `from`.
async fn start_link_in<P: Kind, K: Kind>(
    from: &Server<P>,
    script: Script<K>,
) -> Result<Started<K>, CallError> {
    from.call(crate::support::does_async(
        move |_: &mut Probe<P>, _: &mut Cx<P>| -> Boxed<'_, Started<K>> {
            Box::pin(async move { suptree::start_link::<Probe<K>>(script).await })
        },
    ))
    .await
}

async fn gs_01_the_starter_waits_for_init<K: Kind>() {
    let log = Log::new();
    let began = Instant::now();
    let server = suptree::start::<Probe<K>>(Script::new("a", &log).init_sleeps(ms(100)))
        .await
        .unwrap();
    assert_eq!(began.elapsed(), ms(100));
    assert_eq!(server.call(get()).await, Ok(0));
}

async fn gs_02_init_makes_the_state<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log).on_init(|probe, cx| {
        Box::pin(async move {
            assert_eq!(suptree::self_pid(), cx.pid());
            tokio::task::yield_now().await;
            assert_eq!(suptree::self_pid(), cx.pid());
            probe.n = 42;
            Ok(())
        })
    });
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    assert_eq!(server.call(get()).await, Ok(42));
    assert_eq!(suptree::try_self_pid(), None);
}

#[tokio::test(start_paused = true)]
async fn gs_03_a_failed_init_and_a_starter_that_traps_exits() {
    let log = Log::new();
    let starter = start::<Traps>("starter", &log).await;
    let script = Script::<Traps>::new("a", &log)
        .named("stillborn")
        .init_fails(oops("bad"));
    let started = start_link_in(&starter, script).await.unwrap();
    assert_eq!(started.unwrap_err(), StartError::Init(oops("bad")));
    assert_eq!(whereis("stillborn"), None);
    settle().await;
    assert!(starter.is_alive());
    assert_eq!(
        log.all(),
        [
            "starter init",
            "a init",
            "a drop",
            "starter exit an error was returned: bad"
        ],
        "one exit, no terminate"
    );
}

#[tokio::test(start_paused = true)]
async fn gs_04_gs_06_a_failed_init_ends_a_linked_starter() {
    for reason in [
        oops("bad"),
        ExitReason::Shutdown,
        ExitReason::ShutdownWith("x".into()),
    ] {
        let log = Log::new();
        let starter = start::<Plain>("starter", &log).await;
        let down = starter.monitor();
        let _either = start_link_in(
            &starter,
            Script::<Plain>::new("a", &log).init_fails(reason.clone()),
        )
        .await;
        assert_eq!(down.await.reason, reason);
    }
}

#[tokio::test(start_paused = true)]
async fn gs_05_a_normal_end_of_init_leaves_a_linked_starter_alive() {
    let log = Log::new();
    let starter = start::<Plain>("starter", &log).await;
    let started = start_link_in(
        &starter,
        Script::<Plain>::new("a", &log).init_fails(ExitReason::Normal),
    )
    .await;
    assert_eq!(
        started.unwrap().unwrap_err(),
        StartError::Init(ExitReason::Normal)
    );
    settle().await;
    assert_eq!(starter.call(get()).await, Ok(0));
}

async fn gs_08_a_panic_in_init_is_a_failed_start<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log)
        .named("stillborn")
        .on_init(|_, _| Box::pin(async { panic!("no {}", 1) }));
    let StartError::Init(reason) = suptree::start::<Probe<K>>(script.clone())
        .await
        .unwrap_err()
    else {
        panic!("init failed")
    };
    assert_eq!(panic_text(&reason), "no 1");
    assert_eq!(whereis("stillborn"), None);
    let starter = start::<Traps>("starter", &log).await;
    start_link_in(&starter, script).await.unwrap().unwrap_err();
    settle().await;
    assert_eq!(log.with("starter exit").len(), 1);
    assert_eq!(log.with("a terminate"), Vec::<String>::new());
}

/// Its end is told, whatever it is, also when it comes at once; a start that fails is an error and nothing else.
async fn gs_12_a_start_with_a_monitor<K: Kind>() {
    let log = Log::new();
    let start = || suptree::start_monitor::<Probe<K>>(Script::new("a", &log).named("watched"));
    let (server, end) = start().await.unwrap();
    assert_eq!(end.pid(), server.pid().unwrap());
    server.stop_with(oops("over")).await.unwrap();
    assert_eq!(end.await.reason, oops("over"));

    let (server, end) = start().await.unwrap();
    server.kill();
    assert_eq!(end.await.reason, ExitReason::Killed);

    let failing = Script::new("a", &log)
        .named("watched")
        .init_fails(oops("no"));
    let error = suptree::start_monitor::<Probe<K>>(failing)
        .await
        .unwrap_err();
    assert_eq!(error, StartError::Init(oops("no")));
    assert_eq!(whereis("watched"), None);
}

async fn gs_09_r71_init_past_its_timeout<K: Kind>() {
    let log = Log::new();
    let starter = start::<Traps>("starter", &log).await;
    for asks_from_a_process in [false, true] {
        let script = Script::<K>::new("a", &log)
            .named("late")
            .on_init(|probe, _| {
                Box::pin(async move {
                    tokio::time::sleep(ms(1000)).await;
                    probe.log("a went on");
                    Ok(())
                })
            });
        let began = Instant::now();
        let start = async move {
            suptree::start_link::<Probe<K>>(script)
                .timeout(ms(100))
                .await
        };
        let started = if asks_from_a_process {
            let starting = crate::support::does_async(
                move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| -> Boxed<'_, Started<K>> {
                    Box::pin(start)
                },
            );
            starter.call(starting).await.unwrap()
        } else {
            start.await
        };
        assert_eq!(started.unwrap_err(), StartError::Timeout(ms(100)));
        assert_eq!(began.elapsed(), ms(100));
        assert_eq!(whereis("late"), None);
    }
    tokio::time::sleep(ms(2000)).await;
    assert_eq!(log.count("a went on"), 0);
    assert_eq!(
        log.with("starter exit"),
        Vec::<String>::new(),
        "the starter is not signalled"
    );
    assert_eq!(log.count("a drop"), 2);
}

async fn r28_a_kill_during_init<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log)
        .named("slow")
        .init_sleeps(ms(1000));
    let starting = tokio::spawn(async move { suptree::start::<Probe<K>>(script).await });
    log.until("a init", 1).await;
    let pid = whereis("slow").unwrap();
    let down = suptree::monitor(pid);
    exit(pid, ExitReason::Kill);
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(whereis("slow"), None);
    assert_eq!(
        starting.await.unwrap().unwrap_err(),
        StartError::Init(ExitReason::Killed)
    );
    assert_eq!(log.all(), ["a init", "a drop"]);
}

/// `init` runs in the starter's task (D20).
async fn r27_a_start_that_is_dropped<K: Kind>() {
    let log = Log::new();
    let script = || {
        Script::<K>::new("a", &log)
            .named("dropped")
            .init_sleeps(ms(1000))
    };
    // Before its first poll: nothing has happened.
    drop(suptree::start::<Probe<K>>(script()).into_future());
    assert_eq!(log.all(), Vec::<String>::new());
    let aborted = tokio::spawn(suptree::start::<Probe<K>>(script()).into_future());
    aborted.abort();
    assert!(aborted.await.is_err());
    assert_eq!(whereis("dropped"), None);
    // In the middle of init: the server is killed.
    log.take();
    let mut starting = suptree::start::<Probe<K>>(script()).into_future();
    assert!(poll_once(&mut starting).is_pending());
    let pid = whereis("dropped").unwrap();
    let down = suptree::monitor(pid);
    drop(starting);
    assert_eq!(whereis("dropped"), None);
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(log.all(), ["a init", "a drop"]);
}

async fn messages_sent_during_init_are_handled_after_it<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log)
        .named("slow")
        .on_init(|probe, _| {
            Box::pin(async move {
                tokio::time::sleep(ms(100)).await;
                probe.log("init is through");
                Ok(())
            })
        });
    let starting = tokio::spawn(async move { suptree::start::<Probe<K>>(script).await.unwrap() });
    log.until("a init", 1).await;
    let named = Server::<K>::named("slow".into());
    named.cast(act(|probe, _| probe.log("cast"))).await.unwrap();
    named
        .call(does(|probe, _| probe.log("call")))
        .await
        .unwrap();
    starting.await.unwrap();
    assert_eq!(log.all(), ["a init", "init is through", "cast", "call"]);
}

async fn a_stop_asked_for_in_init<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log).on_init(|_, cx| {
        cx.stop(oops("enough"));
        Box::pin(async { Ok(()) })
    });
    // As `{ok, State, {continue, _}}` whose continue stops: the start succeeds, the server ends with `terminate`.
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    // It may be over by now.
    let reason = server.monitor().await.reason;
    assert!(
        reason == oops("enough") || reason == ExitReason::NoProc,
        "{reason:?}"
    );
    assert_eq!(
        log.all(),
        [
            "a init",
            "a terminate an error was returned: enough",
            "a drop"
        ]
    );
}

/// A start that its own process gives up is nobody's crash: the starter goes on.
#[tokio::test(start_paused = true)]
async fn a_start_dropped_inside_a_process_does_not_hurt_it() {
    let log = Log::new();
    let starter = start::<Traps>("starter", &log).await;
    let script = Script::<Plain>::new("a", &log).init_sleeps(ms(1000));
    let gives_up = crate::support::does_async(move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| {
        Box::pin(async move {
            let starting = suptree::start_link::<Probe<Plain>>(script).into_future();
            tokio::time::timeout(ms(10), starting).await.is_err()
        })
    });
    assert_eq!(starter.call(gives_up).await, Ok(true));
    settle().await;
    assert_eq!(log.with("starter exit"), Vec::<String>::new());
}

/// The parent asks a child to shut down that is still in its init.
#[tokio::test(start_paused = true)]
async fn a_signal_during_init() {
    let log = Log::new();
    let plain = Script::<Plain>::new("p", &log)
        .named("p")
        .init_sleeps(ms(100));
    let traps = Script::<Traps>::new("t", &log)
        .named("t")
        .init_sleeps(ms(100));
    let starting = tokio::spawn(async move { suptree::start::<Probe<Plain>>(plain).await });
    let trapping = tokio::spawn(async move { suptree::start::<Probe<Traps>>(traps).await });
    settle().await;
    exit(whereis("p").unwrap(), ExitReason::Shutdown);
    exit(whereis("t").unwrap(), ExitReason::Shutdown);
    assert_eq!(
        starting.await.unwrap().unwrap_err(),
        StartError::Init(ExitReason::Shutdown)
    );
    let server = trapping.await.unwrap().unwrap();
    assert_eq!(server.call(get()).await, Ok(0));
    assert_eq!(log.all(), ["p init", "t init", "p drop", "t exit shutdown"]);
}

#[tokio::test(start_paused = true)]
async fn r07_the_name_is_free_when_the_parent_hears_of_a_failed_init() {
    let log = Log::new();
    let starter = start::<Plain>("starter", &log).await;
    let script = Script::<Graceful>::new("a", &log)
        .named("stillborn")
        .init_fails(ExitReason::Normal);
    for _ in 0..100 {
        assert_eq!(
            start_link_in(&starter, script.clone())
                .await
                .unwrap()
                .unwrap_err(),
            StartError::Init(ExitReason::Normal)
        );
        assert_eq!(whereis("stillborn"), None);
    }
    let ok = Script::<Graceful>::new("b", &log).named("stillborn");
    assert!(start_link_from(&starter, ok).await.is_alive());
}

#[test]
fn r43_a_start_outside_of_a_runtime_is_an_error() {
    let mut starting = suptree::start::<Probe<Plain>>(Script::new("a", &Log::new())).into_future();
    let std::task::Poll::Ready(started) = poll_once(&mut starting) else {
        panic!("at once")
    };
    assert_eq!(started.unwrap_err(), StartError::NoRuntime);
    let without_timers = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let started = without_timers.block_on(async {
        suptree::start::<Probe<Plain>>(Script::new("a", &Log::new()))
            .timeout(Duration::MAX)
            .await
    });
    assert_eq!(started.unwrap_err(), StartError::NoRuntime);
}
