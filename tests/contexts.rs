//! Where handlers run: in their server's runtime and in its context, whoever calls. And what executors may call from.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{Thread, ThreadId};
use std::time::Duration;

use suptree::ExitReason;
use tokio::runtime::{Builder, Handle, LocalOptions, Runtime};
use tokio::task::{LocalSet, block_in_place, spawn_local, try_id, yield_now};

use crate::support::{
    Begun, Boxed, ByLoop, Cx, Kind, Log, Plain, Probe, Queued, Server, Tiny, act, act_async, asks,
    does, does_async, get, start,
};

fn multi(workers: usize) -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_time()
        .build()
        .unwrap()
}

fn current() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

/// The executor that every library has of its own: polls on this thread, and parks it.
fn foreign_block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread, AtomicBool);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.1.store(true, Ordering::Release);
            self.0.unpark();
        }
    }
    let woken = Arc::new(Unpark(std::thread::current(), AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        while !woken.1.swap(false, Ordering::Acquire) {
            std::thread::park();
        }
    }
}

/// Polls a future by a waker of its own, as combinators of many futures do.
async fn combined<F: Future>(future: F) -> F::Output {
    struct Own(Waker);
    impl Wake for Own {
        fn wake(self: Arc<Self>) {
            self.0.wake_by_ref();
        }
    }
    let mut future = pin!(future);
    poll_fn(|cx| {
        let own = Waker::from(Arc::new(Own(cx.waker().clone())));
        future.as_mut().poll(&mut Context::from_waker(&own))
    })
    .await
}

/// What a handler finds where it runs.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    runtime: tokio::runtime::Id,
    scheduled: bool,
    may_block: bool,
    spawns_local: bool,
    in_place: bool,
    thread: ThreadId,
}

fn look(in_place: bool) -> Seen {
    let quietly = |run: &mut dyn FnMut()| catch_unwind(AssertUnwindSafe(run)).is_ok();
    Seen {
        runtime: Handle::current().id(),
        scheduled: tokio::runtime::worker_index().is_some(),
        may_block: quietly(&mut || block_in_place(|| ())),
        spawns_local: quietly(&mut || drop(spawn_local(async {}))),
        in_place,
        thread: std::thread::current().id(),
    }
}

fn here() -> (ThreadId, Option<tokio::task::Id>) {
    (std::thread::current().id(), try_id())
}

/// Waits until the scheduler has told which runtime this thread drives, which takes it a turn; the task may go on on another worker.
async fn is_known<K: Kind>(server: &Server<K>) {
    for _ in 0..200 {
        let caller = here();
        let looks = does(move |_: &mut Probe<K>, _: &mut Cx<K>| here() == caller);
        if server.call(looks).no_timeout().await.unwrap() {
            return;
        }
        // Not Tokio's: under another executor inside a task that waits for ever.
        let mut yielded = false;
        poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if std::mem::replace(&mut yielded, true) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

/// Asks the server what its handlers find, one that does not wait and one that may.
async fn asked<K: Kind>(server: Server<K>) -> [Seen; 2] {
    is_known(&server).await;
    let caller = here();
    let sync = does(move |_: &mut Probe<K>, _: &mut Cx<K>| here() == caller);
    let sync = server.call(sync).no_timeout().await.unwrap();
    let caller = here();
    let waits = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, bool> {
        Box::pin(async move { here() == caller })
    });
    let waits = server.call(waits).no_timeout().await.unwrap();
    // These block, and a worker that blocks may have become another thread after that.
    let sync = does(move |_: &mut Probe<K>, _: &mut Cx<K>| look(sync));
    let sync = server.call(sync).no_timeout().await.unwrap();
    let waits = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, Seen> {
        Box::pin(async move { look(waits) })
    });
    [sync, server.call(waits).no_timeout().await.unwrap()]
}

/// Each way there is to call from, on or around a runtime, and what the handlers found.
fn from_everywhere<K: Kind>(runtime: &Runtime) -> Vec<(&'static str, [Seen; 2])> {
    let handle = runtime.handle();
    // A server each: these handlers are slow, and callers are kept out of a server whose handlers are.
    let server = || runtime.block_on(start::<K>("a", &Log::new()));
    let ask = || asked(server());
    let spawned = |server: Server<K>| async move { tokio::spawn(asked(server)).await.unwrap() };
    let multi = handle.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread;
    let mut seen = vec![
        ("block_on", runtime.block_on(ask())),
        ("a task", runtime.block_on(spawned(server()))),
        ("a combinator in a task", {
            let asks = combined(ask());
            runtime.block_on(async { tokio::spawn(asks).await.unwrap() })
        }),
        (
            "a combinator in block_on",
            runtime.block_on(combined(ask())),
        ),
        (
            "a LocalSet",
            runtime.block_on(LocalSet::new().run_until(ask())),
        ),
        ("a task of a LocalSet", {
            let server = server();
            let local = async { spawn_local(asked(server)).await.unwrap() };
            runtime.block_on(LocalSet::new().run_until(local))
        }),
        ("a combinator in a task of a LocalSet", {
            let server = server();
            let local = async { spawn_local(combined(asked(server))).await.unwrap() };
            runtime.block_on(LocalSet::new().run_until(local))
        }),
        // The runtime goes on beside what blocks.
        (
            "block_on of a handle",
            beside(runtime, {
                let (handle, server) = (handle.clone(), server());
                move || handle.block_on(asked(server))
            }),
        ),
        ("block_on in a blocking task", {
            let (handle, server) = (handle.clone(), server());
            let blocking = handle
                .clone()
                .spawn_blocking(move || handle.block_on(asked(server)));
            runtime.block_on(blocking).unwrap()
        }),
        (
            "another executor beside the runtime",
            beside(runtime, {
                let (handle, server) = (handle.clone(), server());
                move || {
                    let _entered = handle.enter();
                    foreign_block_on(asked(server))
                }
            }),
        ),
        (
            "a task of another runtime",
            beside(runtime, {
                let server = server();
                move || current().block_on(spawned(server))
            }),
        ),
    ];
    if multi {
        let inside = |run: Box<dyn FnOnce(Handle, Server<K>) -> [Seen; 2] + Send>| {
            let (handle, server) = (handle.clone(), server());
            let task = async move {
                tokio::spawn(async move { block_in_place(|| run(handle, server)) }).await
            };
            runtime.block_on(task).unwrap()
        };
        seen.push((
            "block_on in block_in_place",
            inside(Box::new(|handle, server| handle.block_on(asked(server)))),
        ));
        seen.push((
            "a LocalSet in block_in_place",
            inside(Box::new(|handle, server| {
                handle.block_on(
                    LocalSet::new().run_until(async { spawn_local(asked(server)).await.unwrap() }),
                )
            })),
        ));
        seen.push((
            "another runtime in block_in_place",
            inside(Box::new(|_, server| current().block_on(asked(server)))),
        ));
        let server = server();
        let task =
            async move { tokio::spawn(async move { foreign_block_on(asked(server)) }).await };
        seen.push((
            "another executor in a task",
            runtime.block_on(task).unwrap(),
        ));
    }
    seen
}

/// Does it on another thread, while this one drives the runtime.
fn beside<R: Send + 'static>(runtime: &Runtime, run: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, wait) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        let result = run();
        let _waits = done.send(());
        result
    });
    runtime.block_on(async { drop(wait.await) });
    thread.join().unwrap()
}

/// Who may run a handler: a task that a worker of the runtime runs, or `what` such a task polls.
const IN_PLACE: [&str; 2] = ["a task", "a combinator in a task"];

fn is_on_a_worker<K: Kind>(in_place: bool) {
    let runtime = multi(2);
    for (caller, seen) in from_everywhere::<K>(&runtime) {
        for seen in seen {
            assert_eq!(seen.runtime, runtime.handle().id(), "{caller}");
            assert!(
                seen.scheduled && seen.may_block && !seen.spawns_local,
                "{caller}: {seen:?}"
            );
            if IN_PLACE.contains(&caller) {
                assert_eq!(seen.in_place, in_place, "{caller}");
            }
        }
    }
}

fn is_on_the_thread_of_its_runtime<K: Kind>(in_place: bool) {
    let runtime = current();
    for (caller, seen) in from_everywhere::<K>(&runtime) {
        for seen in seen {
            assert_eq!(seen.runtime, runtime.handle().id(), "{caller}");
            assert_eq!(seen.thread, std::thread::current().id(), "{caller}");
            assert!(seen.scheduled && !seen.may_block, "{caller}: {seen:?}");
            // Which of this thread's tasks are a `LocalSet`'s nobody can tell.
            if !caller.contains("LocalSet") {
                assert!(!seen.spawns_local, "{caller}");
            }
            if caller == "block_on" || IN_PLACE.contains(&caller) {
                assert_eq!(seen.in_place, in_place, "{caller}");
            }
        }
    }
}

/// D7.
#[test]
fn r140_a_handler_runs_on_a_worker_whoever_calls() {
    is_on_a_worker::<Plain>(true);
    is_on_a_worker::<Begun>(true);
    is_on_a_worker::<ByLoop>(true);
    is_on_a_worker::<Queued>(false);
}

#[test]
fn r140_a_handler_runs_on_the_thread_of_its_runtime_whoever_calls() {
    is_on_the_thread_of_its_runtime::<Plain>(true);
    is_on_the_thread_of_its_runtime::<Begun>(true);
    is_on_the_thread_of_its_runtime::<ByLoop>(true);
    is_on_the_thread_of_its_runtime::<Queued>(false);
}

#[test]
fn r140_a_handler_on_a_local_runtime_may_spawn_what_is_local() {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build_local(LocalOptions::default())
        .unwrap();
    let server = runtime.block_on(start::<Plain>("a", &Log::new()));
    let callers = [server.clone(), server.clone(), server.clone()];
    let [tasks, locals, threads] = callers;
    let thread = {
        let threads = std::thread::spawn(move || current().block_on(asked(threads)));
        move || threads.join().unwrap()
    };
    let seen = runtime.block_on(async move {
        let task = tokio::spawn(asked(tasks)).await.unwrap();
        let local = spawn_local(asked(locals)).await.unwrap();
        let thread = tokio::task::spawn_blocking(thread).await.unwrap();
        [task, local, thread, asked(server).await]
    });
    assert!(
        seen.iter().flatten().all(|seen| seen.spawns_local),
        "{seen:?}"
    );
}

/// Runs it in a task of a runtime with two workers, one of which it may keep. It ends, or this fails.
fn in_a_task<R: Send + 'static>(run: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = multi(2);
        let task = runtime.spawn(async move { run() });
        done.send(runtime.block_on(task).unwrap()).unwrap();
    });
    ended
        .recv_timeout(Duration::from_secs(60))
        .expect("somebody waits without end")
}

/// Calls under the `block_on` of another executor in a task: whatever its handlers do, and however they are run.
fn calls_under_another_executor<K: Kind>() {
    in_a_task(|| {
        foreign_block_on(async {
            let log = Log::new();
            let server = start::<K>("a", &log).await;
            // Far more than a task may do in one turn.
            for n in 1..=1_000 {
                assert_eq!(
                    server.call(crate::support::add(1)).no_timeout().await,
                    Ok(n)
                );
            }
            for nth in 0..300 {
                let waits = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, i32> {
                    Box::pin(async move {
                        if nth % 2 == 0 {
                            yield_now().await;
                        }
                        nth
                    })
                });
                assert_eq!(server.call(waits).no_timeout().await, Ok(nth));
            }
            for _ in 0..300 {
                let later = asks::<K, i64>(&server, |_, _, reply| {
                    drop(tokio::spawn(async move { reply.send(7) }));
                });
                assert_eq!(later.no_timeout().await, Ok(7));
            }
            let sleeps = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, ()> {
                Box::pin(tokio::time::sleep(Duration::from_millis(1)))
            });
            assert_eq!(server.call(sleeps).no_timeout().await, Ok(()));
            assert_eq!(server.call(get()).await, Ok(1_000));
        });
    });
}

#[test]
fn r142_calls_under_another_executor_in_a_task_are_answered() {
    calls_under_another_executor::<Plain>();
    calls_under_another_executor::<Begun>();
    calls_under_another_executor::<ByLoop>();
    calls_under_another_executor::<Queued>();
}

#[test]
fn r142_casts_and_ends_under_another_executor_in_a_task_come_about() {
    for _ in 0..20 {
        in_a_task(|| {
            foreign_block_on(async {
                let log = Log::new();
                let tiny = start::<Tiny>("a", &log).await;
                for _ in 0..100 {
                    tiny.cast(act(|probe, _| probe.n += 1))
                        .no_timeout()
                        .await
                        .unwrap();
                    let waits =
                        act_async(|_: &mut Probe<Tiny>, _: &mut Cx<Tiny>| Box::pin(yield_now()));
                    tiny.cast(waits).no_timeout().await.unwrap();
                }
                assert_eq!(tiny.call(get()).no_timeout().await, Ok(100));
                tiny.stop().await.unwrap();
                let other = start::<Queued>("b", &log).await;
                other.cast(act(|_, _| {})).await.unwrap();
                let down = other.monitor();
                other.kill();
                assert_eq!(down.await.reason, ExitReason::Killed);
                let sup = crate::support::Sup::start(|spec| spec).await.unwrap();
                assert!(sup.which_children().await.unwrap().is_empty());
                sup.stop().await.unwrap();
            });
        });
    }
}

/// A caller in a loop yields to whatever else its executor has to do.
#[test]
fn r142_calls_under_another_executor_let_others_run() {
    in_a_task(|| {
        foreign_block_on(async {
            let server = start::<Plain>("a", &Log::new()).await;
            let mut others = 0;
            let mut caller = pin!(async {
                for _ in 0..10_000 {
                    server.call(get()).await.unwrap();
                }
            });
            poll_fn(|cx| {
                others += 1;
                caller.as_mut().poll(cx)
            })
            .await;
            assert!(others > 30, "{others}");
        });
    });
}

/// A task polls in the context of another runtime, as `tokio_util`'s `TokioContext` does.
async fn entered<F: Future>(handle: &Handle, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let _entered = handle.enter();
        future.as_mut().poll(cx)
    })
    .await
}

/// Blocking in place wakes what was left with the scheduler, in the context that the task has entered.
#[test]
fn r140_what_a_task_has_entered_and_blocks_in_is_not_taken_for_its_runtime() {
    let (callers, servers) = (multi(1), current());
    let server = servers.block_on(start::<Plain>("a", &Log::new()));
    let handle = servers.handle().clone();
    let seen = beside(&servers, move || {
        let task = callers.spawn(async move {
            let look = || does(|_: &mut Probe<Plain>, _: &mut Cx<Plain>| look(false));
            let mut asks = server.call(look()).into_future();
            let answered = {
                let _entered = handle.enter();
                let answered = crate::support::poll_once(&mut asks);
                block_in_place(|| ());
                answered
            };
            let inside = entered(&handle, server.call(look())).await.unwrap();
            let asked = match answered {
                Poll::Ready(seen) => seen,
                Poll::Pending => asks.await,
            };
            [asked.unwrap(), inside]
        });
        callers.block_on(task).unwrap()
    });
    for seen in seen {
        assert_eq!(seen.runtime, servers.handle().id());
        assert!(!seen.may_block);
    }
}

#[test]
fn r140_what_a_task_has_entered_is_not_taken_for_its_runtime() {
    let (callers, servers) = (current(), multi(1));
    let server = servers.block_on(start::<Plain>("a", &Log::new()));
    let handle = servers.handle().clone();
    let seen = callers.block_on(async {
        tokio::spawn(async move {
            let look = || does(|_: &mut Probe<Plain>, _: &mut Cx<Plain>| look(false));
            // No scheduler has had a turn here; then the thread is known.
            let first = entered(&handle, server.call(look())).await.unwrap();
            yield_now().await;
            let inside = entered(&handle, server.call(look())).await.unwrap();
            [first, inside, server.call(look()).await.unwrap()]
        })
        .await
        .unwrap()
    });
    for seen in seen {
        assert_eq!(seen.runtime, servers.handle().id());
        assert!(seen.may_block);
    }
}
