//! A child that asks for its own end, and waits for it: its handler ends at that `.await`, nothing that is queued is handled, and
//! `terminate` runs, whatever the shutdown time (D40).

use std::future::Future;
use std::pin::Pin;

use suptree::{
    DynamicSupervisorRef, ExitReason, Inline, Pid, ServerOptions, Shutdown, SupervisorRef, self_pid,
};
use tokio::time::{Duration, Instant};

use crate::support::probe::Handlers;
use crate::support::{
    AnyDyn, Dyn, Graceful, Kind, Log, NamedSup, Plain, Probe, Script, Server, Sup,
    TrapAndTerminate, Traps, act_async, child, does, does_async, ms, place, settle, supervise,
};

/// As [`Graceful`], with calls that their callers begin.
struct BegunGraceful;

impl Kind for BegunGraceful {
    const OPTIONS: ServerOptions = Graceful::OPTIONS;
    const HANDLERS: Handlers = Handlers::Async;
}

/// As [`Graceful`], with calls that the server's loop handles.
struct GracefulByLoop;

impl Kind for GracefulByLoop {
    const OPTIONS: ServerOptions = Graceful::OPTIONS;
    const HANDLERS: Handlers = Handlers::ByLoop;
}

/// As [`Graceful`], with everything queued.
struct QueuedGraceful;

impl Kind for QueuedGraceful {
    const OPTIONS: ServerOptions = Graceful::OPTIONS.inline(Inline::Never);
}

/// Each test for a server that terminates, by each way that a message takes.
macro_rules! on_every_path {
    ($($name:ident)*) => {$(
        mod $name {
            #[tokio::test(start_paused = true)]
            async fn in_place() {
                super::$name::<super::Graceful>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn trapping() {
                super::$name::<super::Traps>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn trapping_and_terminating() {
                super::$name::<super::TrapAndTerminate>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn begun() {
                super::$name::<super::BegunGraceful>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn by_loop() {
                super::$name::<super::GracefulByLoop>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn queued() {
                super::$name::<super::QueuedGraceful>().await;
            }
        }
    )*};
}

on_every_path! {
    sup_53_a_child_that_asks_by_its_id
    ds_25_a_child_that_asks_by_its_pid
    sup_53_a_child_that_stops_its_supervisor
    sup_53_a_child_that_asks_while_it_is_stopped_by_others
    sup_53_what_an_interrupted_handler_holds_may_panic
    sup_53_a_terminate_that_asks_for_the_end
    sup_53_what_a_child_asked_for_before_is_over
}

/// What a child waits for in its handler.
type Asks = fn() -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// How long a child may have.
const TIMES: [Shutdown; 2] = [
    Shutdown::Infinity,
    Shutdown::Timeout(Duration::from_secs(5)),
];

/// Has the child "a" ask, by a cast and by a call: it terminates at once, and nobody waits for it.
async fn asks_and_ends<K: Kind>(server: &Server<K>, log: &Log, by_call: bool, asks: Asks) {
    let down = server.monitor();
    let act = act_async(move |probe: &mut Probe<K>, _| {
        Box::pin(async move {
            probe.log("asks");
            asks().await;
            probe.log("goes on");
        })
    });
    let began = Instant::now();
    if by_call {
        let asking = server.clone();
        let call = tokio::spawn(async move {
            let calls = asking.call_with(move |reply: suptree::ReplyTo<()>| {
                act_async(move |probe: &mut Probe<K>, _| {
                    Box::pin(async move {
                        let _kept_until_the_end = reply;
                        probe.log("asks");
                        asks().await;
                        probe.log("goes on");
                    })
                })
            });
            calls.no_timeout().await.unwrap_err()
        });
        drop(act);
        let error = call.await.unwrap();
        assert_eq!(error, suptree::CallError::Exited(ExitReason::Shutdown));
    } else {
        server.cast(act).await.unwrap();
        let unread = does(|probe: &mut Probe<K>, _: &mut _| probe.log("handles what is queued"));
        // It may be gone by then.
        let _told = server.call(unread).await;
    }
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(began.elapsed(), Duration::ZERO);
    let wanted = ["a init", "asks", "a terminate shutdown", "a drop"];
    assert_eq!(log.take(), wanted);
}

fn by_id() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async {
        let asked = SupervisorRef::named("sup".into())
            .terminate_child("a")
            .await;
        panic!("a dead server was told {asked:?}");
    })
}

async fn sup_53_a_child_that_asks_by_its_id<K: Kind>() {
    for by_call in [false, true] {
        for shutdown in TIMES {
            let log = Log::new();
            let (handle, script) = (place::<K>(), Script::<K>::new("a", &log));
            let server = handle.clone();
            let sup =
                NamedSup::start(move |spec| spec.child(child(&handle, &script).shutdown(shutdown)))
                    .await
                    .unwrap();
            asks_and_ends(&server, &log, by_call, by_id).await;
            assert_eq!(sup.count_children().await.unwrap().active, 0);
            sup.stop().await.unwrap();
        }
    }
}

async fn ds_25_a_child_that_asks_by_its_pid<K: Kind>() {
    let log = Log::new();
    let sup = Dyn::<K>::start().await;
    let server = sup.start_child(Script::new("a", &log)).await.unwrap();
    let asked: DynamicSupervisorRef<Probe<K>> = (*sup).clone();
    let down = server.monitor();
    server
        .cast(act_async(move |probe: &mut Probe<K>, _| {
            Box::pin(async move {
                let _asked = asked.terminate_child(self_pid()).await;
                probe.log("goes on");
            })
        }))
        .await
        .unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.all(), ["a init", "a terminate shutdown", "a drop"]);
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
}

async fn sup_53_a_child_that_stops_its_supervisor<K: Kind>() {
    for shutdown in TIMES {
        let log = Log::new();
        let (handle, script) = (place::<K>(), Script::<K>::new("a", &log));
        let server = handle.clone();
        let sup =
            NamedSup::start(move |spec| spec.child(child(&handle, &script).shutdown(shutdown)))
                .await
                .unwrap();
        let down = sup.monitor();
        let stops: Asks = || {
            Box::pin(async {
                let stopped = SupervisorRef::named("sup".into()).stop().await;
                panic!("a dead server was told {stopped:?}");
            })
        };
        asks_and_ends(&server, &log, false, stops).await;
        assert_eq!(down.await.reason, ExitReason::Normal);
    }
}

/// It may ask before, or after, others have asked for the same.
async fn sup_53_a_child_that_asks_while_it_is_stopped_by_others<K: Kind>() {
    for asks_first in [false, true] {
        let log = Log::new();
        let (handle, script) = (place::<K>(), Script::<K>::new("a", &log));
        let (blocker, slow) = (
            place::<Traps>(),
            Script::<Traps>::new("b", &Log::new()).terminate_sleeps(ms(50)),
        );
        let server = handle.clone();
        let sup = NamedSup::start(move |spec| {
            spec.child(child(&handle, &script).shutdown(Shutdown::Infinity))
                .child(child(&blocker, &slow))
        })
        .await
        .unwrap();
        let (down, began) = (server.monitor(), Instant::now());
        // The supervisor stops the other one first.
        let stopping = tokio::spawn(sup.stop());
        settle().await;
        let wait = ms(if asks_first { 10 } else { 100 });
        server
            .cast(act_async(move |probe: &mut Probe<K>, _| {
                Box::pin(async move {
                    tokio::time::sleep(wait).await;
                    probe.log("asks");
                    by_id().await;
                })
            }))
            .await
            .unwrap();
        stopping.await.unwrap().unwrap();
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        assert_eq!(began.elapsed(), wait.max(ms(50)));
        let wanted = ["a init", "asks", "a terminate shutdown", "a drop"];
        assert_eq!(log.take(), wanted);
    }
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a local of the handler");
    }
}

async fn sup_53_what_an_interrupted_handler_holds_may_panic<K: Kind>() {
    let log = Log::new();
    let (handle, script) = (place::<K>(), Script::<K>::new("a", &log));
    let server = handle.clone();
    let _sup = NamedSup::start(move |spec| {
        spec.child(child(&handle, &script).shutdown(Shutdown::Infinity))
    })
    .await
    .unwrap();
    asks_and_ends(&server, &log, false, || {
        Box::pin(async {
            let _bomb = Bomb;
            by_id().await;
        })
    })
    .await;
}

/// A child that asked for an end once, and was answered, is shut down like any other: its handler finishes, and so does what
/// is queued.
async fn sup_53_what_a_child_asked_for_before_is_over<K: Kind>() {
    let log = Log::new();
    let (handle, script) = (place::<K>(), Script::<K>::new("a", &log));
    let server = handle.clone();
    let sup = NamedSup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let asks = does_async(|probe: &mut Probe<K>, _: &mut _| {
        Box::pin(async {
            let sup = SupervisorRef::named("sup".into());
            let asked = sup.terminate_child("nobody").await;
            probe.log(format!("{asked:?}"));
        })
    });
    server.call(asks).await.unwrap();
    for _ in 0..2 {
        let works = act_async(|probe: &mut Probe<K>, _| {
            Box::pin(async {
                tokio::time::sleep(ms(50)).await;
                probe.log("worked");
            })
        });
        server.cast(works).await.unwrap();
    }
    settle().await;
    sup.terminate_child("a").await.unwrap();
    let wanted = [
        "a init",
        "Err(NotFound)",
        "worked",
        "worked",
        "a terminate shutdown",
        "a drop",
    ];
    assert_eq!(log.all(), wanted);
}

/// There is nothing left to terminate: it ends where it is.
async fn sup_53_a_terminate_that_asks_for_the_end<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log).on_terminate(|probe, _, _| {
        Box::pin(async move {
            probe.log("asks");
            by_id().await;
        })
    });
    let handle = place::<K>();
    let server = handle.clone();
    let sup = NamedSup::start(move |spec| {
        spec.child(child(&handle, &script).shutdown(Shutdown::Infinity))
    })
    .await
    .unwrap();
    let (down, began) = (server.monitor(), Instant::now());
    sup.terminate_child("a").await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    let wanted = ["a init", "a terminate shutdown", "asks", "a drop"];
    assert_eq!(log.all(), wanted);
}

/// The asker is below the child that is to end: its supervisor is told on whose behalf, and stops its children in order all
/// the same.
#[tokio::test(start_paused = true)]
async fn sup_53_a_grandchild_may_ask_for_the_end_of_its_supervisor() {
    let log = Log::new();
    let handles = [place::<Graceful>(), place(), place()];
    let asker = handles[1].clone();
    let scripts = ["x", "a", "z"].map(|id| Script::<Graceful>::new(id, &log));
    let inner = supervise(move |mut spec| {
        for (handle, script) in handles.iter().zip(&scripts) {
            spec = spec.child(child(handle, script).shutdown(Shutdown::Infinity));
        }
        spec
    });
    let sup = NamedSup::start(move |spec| {
        let handle = <Sup as suptree::Child>::vacant();
        spec.child(<Sup as suptree::Child>::child_spec(
            &handle,
            "inner",
            inner.clone(),
        ))
    })
    .await
    .unwrap();
    log.take();
    let began = Instant::now();
    asker
        .cast(act_async(|_, _| {
            Box::pin(async {
                let sup = SupervisorRef::named("sup".into());
                let asked = sup.terminate_child("inner").await;
                panic!("a dead server was told {asked:?}");
            })
        }))
        .await
        .unwrap();
    log.until("x drop", 1).await;
    let wanted =
        ["z", "a", "x"].map(|id| [format!("{id} terminate shutdown"), format!("{id} drop")]);
    assert_eq!(log.all(), wanted.concat());
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(sup.count_children().await.unwrap().active, 0);
}

/// What is asked by a task that a handler spawned is a stranger's: the handler finishes first, as in OTP.
#[tokio::test(start_paused = true)]
async fn sup_53_what_a_handler_spawns_is_a_stranger() {
    let log = Log::new();
    let sup = AnyDyn::start().await;
    let handle = place::<Graceful>();
    let pid: Pid = sup
        .start_any(child(&handle, &Script::new("a", &log)).shutdown(Shutdown::Timeout(ms(100))))
        .await;
    let (down, began) = (suptree::monitor(pid), Instant::now());
    handle
        .cast(act_async(move |probe: &mut Probe<Graceful>, _| {
            Box::pin(async move {
                let asked = tokio::spawn(sup.terminate_child(pid));
                let _asked = asked.await;
                probe.log("goes on");
            })
        }))
        .await
        .unwrap();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(began.elapsed(), ms(100));
    assert_eq!(log.all(), ["a init", "a drop"]);
}

/// A child that does not terminate dies at that `.await`, as of any shutdown.
#[tokio::test(start_paused = true)]
async fn sup_53_a_child_without_terminate_dies_where_it_asks() {
    let log = Log::new();
    let (handle, script) = (place::<Plain>(), Script::<Plain>::new("a", &log));
    let server = handle.clone();
    let _sup = NamedSup::start(move |spec| {
        spec.child(child(&handle, &script).shutdown(Shutdown::Infinity))
    })
    .await
    .unwrap();
    let down = server.monitor();
    let asks = act_async(|_: &mut Probe<Plain>, _| by_id());
    server.cast(asks).await.unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.all(), ["a init", "a drop"]);
}

/// A child waits for another server, which has its supervisor end it, and waits for that.
async fn through_a_third<K: Kind>(shutdown: Shutdown, stops: bool) -> (Log, ExitReason, Duration) {
    let log = Log::new();
    let (handle, script) = (place::<K>(), Script::<K>::new("a", &log));
    let server = handle.clone();
    let sup = NamedSup::start(move |spec| spec.child(child(&handle, &script).shutdown(shutdown)))
        .await
        .unwrap();
    let third = crate::support::start::<Plain>("third", &log).await;
    let (down, began) = (server.monitor(), Instant::now());
    let asks = act_async(move |probe: &mut Probe<K>, _| {
        Box::pin(async move {
            let call = third.call(does_async(move |third: &mut Probe<Plain>, _: &mut _| {
                Box::pin(async move {
                    let sup = SupervisorRef::named("sup".into());
                    if stops {
                        let stopped = sup.stop().await;
                        third.log(format!("third: {stopped:?}"));
                    } else {
                        let ended = sup.terminate_child("a").await;
                        third.log(format!("third: {ended:?}"));
                    }
                })
            }));
            call.no_timeout().await.unwrap();
            probe.log("goes on");
        })
    });
    server.cast(asks).await.unwrap();
    let reason = down.await.reason;
    let took = began.elapsed();
    while log.with("third: ").is_empty() {
        tokio::task::yield_now().await;
    }
    // Unless that was asked for.
    let _gone = sup.stop().await;
    (log, reason, took)
}

/// It counts as slow.
#[tokio::test(start_paused = true)]
async fn r89_a_child_that_asks_through_a_third_is_killed_after_its_time() {
    for stops in [false, true] {
        let limit = Shutdown::Timeout(ms(100));
        let (log, reason, took) = through_a_third::<Graceful>(limit, stops).await;
        assert_eq!((reason, took), (ExitReason::Killed, ms(100)));
        assert_eq!(log.with("third: "), ["third: Ok(())"]);
        assert_eq!(log.count("goes on"), 0);
    }
}

/// Without a limit nobody waits for ever.
#[tokio::test(start_paused = true)]
async fn r89_a_child_without_limit_that_asks_through_a_third() {
    let (log, reason, took) = through_a_third::<Graceful>(Shutdown::Infinity, false).await;
    assert_eq!(reason, ExitReason::Shutdown);
    assert!(took <= ms(1_001), "{took:?}");
    assert_eq!(log.with("third: "), ["third: Err(Call(WouldDeadlock))"]);
    assert_eq!(log.with("a "), ["a init", "a terminate shutdown", "a drop"]);
    assert_eq!(log.count("goes on"), 1);

    let (log, reason, took) = through_a_third::<Graceful>(Shutdown::Infinity, true).await;
    assert_eq!(reason, ExitReason::Shutdown);
    assert!(took <= ms(1_001), "{took:?}");
    assert_eq!(log.with("third: "), ["third: Ok(())"]);
    assert_eq!(log.with("a "), ["a init", "a terminate shutdown", "a drop"]);
    assert_eq!(log.count("goes on"), 0);
}

/// In which way a child waits for the one that asks for its end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Through {
    Stop,
    Start,
    Supervisor,
    SupervisorsStop,
}

/// Asks for the end of "a", in its `init` or its `terminate`.
struct Third(Through, Log);

async fn third_asks(log: &Log) {
    let ended = SupervisorRef::named("sup".into()).terminate_child("a");
    log.push(format!("third: {:?}", ended.await));
}

#[suptree::genserver(name = "third", restart = temporary, shutdown = infinity)]
impl Third {
    #[init]
    async fn init(through: Through, log: Log) -> Self {
        if matches!(through, Through::Start | Through::Supervisor) {
            third_asks(&log).await;
        }
        Self(through, log)
    }

    #[terminate]
    async fn terminate(&mut self) {
        if matches!(self.0, Through::Stop | Through::SupervisorsStop) {
            third_asks(&self.1).await;
        }
    }
}

suptree::supervisor! { Thirds(name = "thirds") { dynamic: Third } }

/// Calls are not the only thing that a child waits for.
#[tokio::test(start_paused = true)]
async fn r89_a_child_without_limit_that_waits_for_a_start_or_an_end() {
    use Through::{Start, Stop, Supervisor, SupervisorsStop};
    for through in [Start, Stop, Supervisor, SupervisorsStop] {
        let log = Log::new();
        let (handle, script) = (place::<Graceful>(), Script::<Graceful>::new("a", &log));
        let server = handle.clone();
        let sup = NamedSup::start(move |spec| {
            spec.child(child(&handle, &script).shutdown(Shutdown::Infinity))
        })
        .await
        .unwrap();
        let thirds = Thirds::start_link().await.unwrap();
        let third = (through, log.clone());
        match through {
            Stop => drop(Third::start(third.0, third.1.clone()).await.unwrap()),
            SupervisorsStop => drop(thirds.start_child(third.clone()).await.unwrap()),
            Start | Supervisor => {}
        }
        let (down, began) = (server.monitor(), Instant::now());
        let asks = act_async(move |probe: &mut Probe<Graceful>, _| {
            Box::pin(async move {
                match through {
                    Start => drop(Third::start(third.0, third.1).await),
                    Stop => drop(Third::named().stop().await),
                    Supervisor => drop(Thirds::named().start_child(third).await),
                    SupervisorsStop => {
                        let pid = Third::named().pid().unwrap();
                        drop(Thirds::named().terminate_child(pid).await);
                    }
                }
                probe.log("goes on");
            })
        });
        server.cast(asks).await.unwrap();
        assert_eq!(down.await.reason, ExitReason::Shutdown, "{through:?}");
        assert!(began.elapsed() <= ms(1_001), "{through:?}");
        let told = ["third: Err(Call(WouldDeadlock))"];
        assert_eq!(log.with("third: "), told, "{through:?}");
        assert_eq!(log.count("goes on"), 1, "{through:?}");
        sup.stop().await.unwrap();
        thirds.stop().await.unwrap();
        let _gone = Third::named().stop().await;
    }
}
