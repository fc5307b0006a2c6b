//! Handlers run in place: whose process they are, when they are not, and that nobody starves of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use suptree::{CallError, Inline, ServerOptions, self_pid, try_self_pid};
use tokio::task::try_id;

use crate::support::{
    Always, Boxed, Cx, Kind, Log, Plain, Probe, Queued, Server, act, add, asks, does, does_async,
    get, ms, on_every_path, settle, start,
};

on_every_path! {
    the_process_in_a_handler_is_the_server
    calls_from_other_threads_and_runtimes_are_answered
    a_deep_chain_of_calls
    gs_72_two_servers_that_call_each_other_time_out_inside_first
}

async fn the_process_in_a_handler_is_the_server<K: Kind>() {
    let log = Log::new();
    let (outer, inner) = (
        start::<K>("outer", &log).await,
        start::<K>("inner", &log).await,
    );
    let (outer_pid, inner_pid) = (outer.pid().unwrap(), inner.pid().unwrap());
    let calls = does_async(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        Box::pin(async move {
            assert_eq!((self_pid(), cx.pid()), (outer_pid, outer_pid));
            let check = move |_: &mut Probe<K>, cx: &mut Cx<K>| {
                assert_eq!(
                    (self_pid(), cx.pid(), cx.server().pid()),
                    (inner_pid, inner_pid, Some(inner_pid))
                );
            };
            inner.call(does(check)).await.unwrap();
            let waits = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| {
                Box::pin(async move {
                    tokio::time::sleep(ms(10)).await;
                    assert_eq!(self_pid(), inner_pid);
                })
            });
            inner.call(waits).await.unwrap();
            assert_eq!(self_pid(), outer_pid);
            tokio::time::sleep(ms(10)).await;
            assert_eq!(self_pid(), outer_pid);
            // A task that a handler spawns is no process.
            tokio::spawn(async { try_self_pid() }).await.unwrap()
        })
    });
    assert_eq!(outer.call(calls).await, Ok(None));
    assert_eq!(try_self_pid(), None);
}

/// In whose task a handler runs: the caller's, or another.
async fn in_place<K: Kind>(server: &Server<K>) -> (bool, bool) {
    let server = server.clone();
    let caller = tokio::spawn(async move {
        let own = try_id();
        let sync = server
            .call(does(move |_, _| try_id() == own))
            .await
            .unwrap();
        let waiting = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| {
            Box::pin(async move { try_id() == own })
        });
        (sync, server.call(waiting).await.unwrap())
    });
    caller.await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_idle_server_is_called_in_place_unless_it_is_told_not_to() {
    let log = Log::new();
    let plain = start::<Plain>("a", &log).await;
    settle().await;
    assert_eq!(in_place(&plain).await, (true, true));
    assert_eq!(
        in_place(&start::<Always>("a", &log).await).await,
        (true, true)
    );
    assert_eq!(
        in_place(&start::<Queued>("a", &log).await).await,
        (false, false)
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_waits_goes_on_in_the_servers_task() {
    let server = start::<Plain>("a", &Log::new()).await;
    settle().await;
    let caller = tokio::spawn(async move {
        let own = try_id();
        let moves = does_async(move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| {
            Box::pin(async move {
                let before = try_id() == own;
                tokio::time::sleep(ms(10)).await;
                (before, try_id() == own)
            })
        });
        server.call(moves).await.unwrap()
    });
    assert_eq!(caller.await.unwrap(), (true, false));
}

/// Real time: the handlers' own time is what is measured. A sleep takes at least as long as it says.
#[tokio::test]
async fn a_slow_handler_leaves_the_callers_task() {
    let log = Log::new();
    let (auto, always) = (
        start::<Plain>("a", &log).await,
        start::<Always>("b", &log).await,
    );
    let slow = || does(|_, _| std::thread::sleep(std::time::Duration::from_micros(200)));
    let mut calls = 0;
    while in_place(&auto).await.0 {
        // The time of some calls is taken. The look itself is two fast ones: few of those that are timed.
        for _ in 0..20 {
            auto.call(slow()).await.unwrap();
        }
        calls += 20;
        assert!(calls < 1_000, "still in place after {calls} slow calls");
    }
    for _ in 0..200 {
        always
            .call(does(|_, _| {
                std::thread::sleep(std::time::Duration::from_micros(50));
            }))
            .await
            .unwrap();
    }
    assert!(in_place(&always).await.0);
}

#[tokio::test(start_paused = true)]
async fn a_fast_handler_stays_in_the_callers_task() {
    let server = start::<Plain>("a", &Log::new()).await;
    for _ in 0..10_000 {
        server.call(add(1)).await.unwrap();
    }
    assert_eq!(in_place(&server).await, (true, true));
    assert_eq!(server.info().unwrap().handled, 10_002);
}

/// A caller whose calls are all answered in place still lets others run.
#[tokio::test(start_paused = true)]
async fn a_caller_that_is_answered_in_place_yields() {
    let server = start::<Always>("a", &Log::new()).await;
    let others = Arc::<AtomicUsize>::default();
    let turns = Arc::clone(&others);
    let other = tokio::spawn(async move {
        loop {
            turns.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
        }
    });
    for asks_from_a_process in [false, true] {
        others.store(0, Ordering::SeqCst);
        let server = server.clone();
        let calling = async move {
            for _ in 0..10_000 {
                server.call(add(1)).await.unwrap();
            }
        };
        if asks_from_a_process {
            let caller = start::<Plain>("caller", &Log::new()).await;
            let calls = does_async(
                move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, ()> {
                    Box::pin(calling)
                },
            );
            caller.call(calls).await.unwrap();
        } else {
            tokio::spawn(calling).await.unwrap();
        }
        let turns = others.load(Ordering::SeqCst);
        assert!(
            turns > 20,
            "{turns} turns of another task during 10,000 calls"
        );
    }
    other.abort();
}

/// A sender that floods an unbounded mailbox lets the server and others run, too.
#[tokio::test(start_paused = true)]
async fn r61_a_caster_that_never_waits_yields() {
    let server = start::<crate::support::Unbounded>("a", &Log::new()).await;
    let flood = server.clone();
    let flooding = tokio::spawn(async move {
        for _ in 0..10_000 {
            flood.cast(act(|probe, _| probe.n += 1)).await.unwrap();
        }
    });
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    assert!(!flooding.is_finished(), "10,000 casts in one poll");
    flooding.await.unwrap();
    assert_eq!(server.call(get()).await, Ok(10_000));
}

async fn a_deep_chain_of_calls<K: Kind>() {
    // Each server's handler calls the next: in place only so deep, then through queues, on a stack that does not grow.
    fn descend<K: Kind>(mut rest: Vec<Server<K>>) -> Boxed<'static, usize> {
        Box::pin(async move {
            let Some(next) = rest.pop() else { return 0 };
            let pid = next.pid();
            let calls = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, usize> {
                Box::pin(async move {
                    let deeper = descend(rest).await;
                    assert_eq!(Some(self_pid()), pid);
                    deeper + 1
                })
            });
            next.call(calls).no_timeout().await.unwrap()
        })
    }
    let log = Log::new();
    let mut chain = Vec::new();
    for _ in 0..500 {
        chain.push(start::<K>("a", &log).await);
    }
    assert_eq!(descend(chain).await, 500);
}

async fn gs_72_two_servers_that_call_each_other_time_out_inside_first<K: Kind>() {
    let log = Log::new();
    let (a, b) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let (to_a, to_b) = (a.clone(), b.clone());
    let inner = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, _> {
        Box::pin(async move { to_a.call(get()).timeout(ms(100)).allow_cycle().await })
    });
    let outer = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, _> {
        Box::pin(async move { to_b.call(inner).timeout(ms(300)).await })
    });
    assert_eq!(
        a.call(outer).await,
        Ok(Ok(Err(CallError::Timeout(ms(100)))))
    );
    settle().await;
    assert_eq!((a.call(get()).await, b.call(get()).await), (Ok(0), Ok(0)));
}

/// An executor of its own: no Tokio in sight.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        std::thread::park();
    }
}

async fn calls_from_other_threads_and_runtimes_are_answered<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (from_thread, from_runtime) = (server.clone(), server.clone());
    let other = tokio::task::spawn_blocking(move || {
        block_on(async {
            from_thread.call(add(1)).await.unwrap();
            from_thread
                .cast(act(|probe, _| probe.n += 10))
                .await
                .unwrap();
            asks::<K, ()>(&from_thread, |_, _, reply| reply.send(()))
                .await
                .unwrap();
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let own = std::thread::current().id();
            let elsewhere = from_runtime
                .call(does(move |_, _| std::thread::current().id() != own))
                .await;
            assert_eq!(
                elsewhere,
                Ok(true),
                "a handler runs on its server's runtime"
            );
            from_runtime.call(add(100)).await.unwrap();
        });
    });
    other.await.unwrap();
    assert_eq!(server.call(get()).await, Ok(111));
}

/// Callers on several threads come in and out: every call is handled once. On threads: the race is the point.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_in_place_from_many_threads_are_handled_once() {
    const EACH: i64 = 2_000;
    let server = start::<Plain>("a", &Log::new()).await;
    let callers: Vec<_> = (0..4)
        .map(|nth| {
            let server = server.clone();
            tokio::spawn(async move {
                for round in 0..EACH {
                    if (round + nth) % 7 == 0 {
                        server.cast(act(|probe, _| probe.n += 1)).await.unwrap();
                    } else {
                        server.call(add(1)).await.unwrap();
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(server.call(get()).await, Ok(4 * EACH));
}

/// D8.
#[tokio::test(start_paused = true)]
async fn inline_casts_run_in_the_senders_task() {
    struct InlineCasts;
    impl Kind for InlineCasts {
        const OPTIONS: ServerOptions = ServerOptions::new()
            .inline(Inline::Always)
            .inline_casts(true);
    }
    let log = Log::new();
    let server = start::<InlineCasts>("a", &log).await;
    settle().await;
    let mut cast = server
        .cast(act(|probe, _| probe.log("handled")))
        .into_future();
    assert!(crate::support::poll_once(&mut cast).is_ready());
    assert_eq!(log.all(), ["a init", "handled"]);
}
