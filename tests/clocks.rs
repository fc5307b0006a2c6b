//! Whose clock a caller's time is on: its own. Where the caller has a runtime its clock is paused, so that the time that passes is
//! that clock's alone; the server's runtime is never driven, or blocked, and has no time to give.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use suptree::{CallError, CastError, ExitReason, StartError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::support::{
    Kind, Log, Plain, Probe, Queued, Script, Server, Tiny, act, gated, get, kept, ms, poll_once,
    start,
};

/// A runtime that nobody drives but in `block_on`.
fn idle() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

/// A caller's.
fn paused() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().unwrap()
}

/// A runtime with a server, none of whose tasks get a turn.
struct Stopped<K: Kind> {
    server: Server<K>,
    runtime: Runtime,
    release: Option<mpsc::Sender<()>>,
}

impl<K: Kind> Stopped<K> {
    fn not_driven() -> Self {
        let runtime = idle();
        let server = runtime.block_on(start::<K>("a", &Log::new()));
        Self {
            server,
            runtime,
            release: None,
        }
    }

    /// Its only worker is in a handler that does not return.
    fn blocked() -> Self {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_time().build().unwrap();
        let server = runtime.block_on(start::<K>("a", &Log::new()));
        let (release, wait) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let blocks = act(move |_, _| {
            tell.send(()).unwrap();
            let _released = wait.recv();
        });
        runtime.block_on(async { server.cast(blocks).await.unwrap() });
        told.recv().unwrap();
        Self {
            server,
            runtime,
            release: Some(release),
        }
    }

    fn each() -> [Self; 2] {
        [Self::not_driven(), Self::blocked()]
    }
}

impl<K: Kind> Drop for Stopped<K> {
    fn drop(&mut self) {
        drop(self.release.take());
    }
}

/// What a future gives, and how much of the clock it is polled on has passed.
async fn timed<F: IntoFuture>(future: F) -> (F::Output, Duration) {
    let begun = Instant::now();
    (future.await, begun.elapsed())
}

fn took(least: Duration, took: Duration) {
    // A tick early where the timeout is a second or more; a timer's millisecond late.
    let early = if least >= Duration::from_secs(1) {
        ms(10)
    } else {
        ms(0)
    };
    assert!(
        took + early >= least && took <= least + ms(12),
        "{took:?} instead of {least:?}"
    );
}

fn calls_time_out<K: Kind>() {
    for there in Stopped::<K>::each() {
        paused().block_on(async {
            for timeout in [ms(1), ms(15), ms(100), ms(999), ms(1_000), ms(60_000)] {
                let (reply, passed) = timed(there.server.call(get()).timeout(timeout)).await;
                assert_eq!(reply, Err(CallError::Timeout(timeout)));
                took(timeout, passed);
            }
            let (reply, passed) = timed(there.server.call(get())).await;
            assert_eq!(reply, Err(CallError::Timeout(ms(5_000))));
            took(ms(5_000), passed);
            // Many at once, shortest last.
            let calls = (1..100).rev().map(|n| {
                let call = there.server.call(get()).timeout(ms(n)).owned();
                tokio::spawn(async move { timed(call).await })
            });
            for (n, call) in (1..100).rev().zip(calls.collect::<Vec<_>>()) {
                let (reply, passed) = call.await.unwrap();
                assert_eq!(reply, Err(CallError::Timeout(ms(n))));
                took(ms(n), passed);
            }
        });
    }
}

#[test]
fn r113_a_call_times_out_on_its_callers_clock() {
    calls_time_out::<Plain>();
    calls_time_out::<Queued>();
}

#[test]
fn r113_a_wait_for_room_times_out_on_its_senders_clock() {
    for there in Stopped::<Tiny>::each() {
        let server = &there.server;
        paused().block_on(async {
            while server.cast(act(|_, _| ())).try_send().is_ok() {}
            let (sent, passed) = timed(server.cast(act(|_, _| ())).timeout(ms(300))).await;
            assert_eq!(sent, Err(CastError::Timeout(ms(300))));
            took(ms(300), passed);
            let (sent, passed) = timed(server.cast(act(|_, _| ()))).await;
            assert_eq!(sent, Err(CastError::Timeout(ms(5_000))));
            took(ms(5_000), passed);
            let (reply, passed) = timed(server.call(get()).timeout(ms(300))).await;
            assert_eq!(reply, Err(CallError::Timeout(ms(300))));
            took(ms(300), passed);
        });
    }
}

/// The server's runtime is told to shut down, and cannot.
#[test]
fn r113_a_call_times_out_while_the_servers_runtime_shuts_down() {
    let mut there = Stopped::<Plain>::blocked();
    let runtime = std::mem::replace(&mut there.runtime, idle());
    runtime.shutdown_background();
    paused().block_on(async {
        let (reply, passed) = timed(there.server.call(get()).timeout(ms(100))).await;
        assert_eq!(reply, Err(CallError::Timeout(ms(100))));
        took(ms(100), passed);
    });
}

/// The runtime is gone: nobody waits for a timeout.
#[test]
fn r113_a_caller_is_told_at_once_that_the_servers_runtime_is_gone() {
    for waited in [ms(0), ms(1_000)] {
        let there = Stopped::<Plain>::not_driven();
        let server = there.server.clone();
        paused().block_on(async {
            let call = tokio::spawn(server.call(get()).timeout(ms(60_000)).owned());
            tokio::time::sleep(waited).await;
            tokio::task::yield_now().await;
            // Not from inside a runtime.
            thread::scope(|scope| drop(scope.spawn(|| drop(there))));
            let (reply, passed) = timed(call).await;
            let gone = ExitReason::ShutdownWith("the runtime shut down".into());
            assert_eq!(reply.unwrap(), Err(CallError::Exited(gone)));
            assert_eq!(passed, ms(0));
            let (reply, passed) = timed(server.call(get())).await;
            assert_eq!(reply, Err(CallError::NoProc));
            assert_eq!(passed, ms(0));
        });
    }
}

/// Another executor's.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// In real time: there is no other. D43.
#[test]
fn r114_a_caller_without_a_runtime_times_out() {
    for there in Stopped::<Tiny>::each() {
        for timeout in [ms(5), ms(30)] {
            let reply = block_on(there.server.call(get()).timeout(timeout).into_future());
            assert_eq!(reply, Err(CallError::Timeout(timeout)));
        }
        let sent = block_on(
            there
                .server
                .cast(act(|_, _| ()))
                .timeout(ms(5))
                .into_future(),
        );
        assert_eq!(sent, Err(CastError::Timeout(ms(5))));
    }
}

/// A runtime that its caller is in, and that nobody drives meanwhile.
#[test]
fn r114_a_caller_that_keeps_its_own_runtime_from_running_times_out() {
    // Below two ticks, with a tick before it, and with the deadline counted from the tick.
    let timeouts = [ms(5), ms(30), ms(1_000)];
    let runtime = idle();
    runtime.block_on(async {
        let server = start::<Queued>("a", &Log::new()).await;
        for timeout in timeouts {
            let call = server.call(get()).timeout(timeout).owned();
            let blocks = tokio::spawn(async move { block_on(call) });
            assert_eq!(blocks.await.unwrap(), Err(CallError::Timeout(timeout)));
        }
    });
    let there = Stopped::<Plain>::not_driven();
    let _inside = runtime.enter();
    for timeout in timeouts {
        let reply = block_on(there.server.call(get()).timeout(timeout).into_future());
        assert_eq!(reply, Err(CallError::Timeout(timeout)));
    }
}

/// Wakes nobody, and says so.
struct Told(AtomicBool);

impl Wake for Told {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// No real time wakes a caller whose clock is paused: the clock would pass the caller by meanwhile.
#[test]
fn r118_a_caller_on_a_paused_clock_is_woken_by_that_clock_alone() {
    let there = Stopped::<Tiny>::not_driven();
    let runtime = paused();
    let _inside = runtime.enter();
    let told = Arc::new(Told(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&told));
    let mut context = Context::from_waker(&waker);
    let mut call = there.server.call(get()).timeout(ms(20)).into_future();
    let mut long = kept(&there.server).timeout(ms(60_000)).into_future();
    while there.server.cast(act(|_, _| ())).try_send().is_ok() {}
    let mut cast = there
        .server
        .cast(act(|_, _| ()))
        .timeout(ms(20))
        .into_future();
    assert!(
        std::pin::Pin::new(&mut call)
            .poll(&mut context)
            .is_pending()
    );
    assert!(
        std::pin::Pin::new(&mut long)
            .poll(&mut context)
            .is_pending()
    );
    assert!(
        std::pin::Pin::new(&mut cast)
            .poll(&mut context)
            .is_pending()
    );
    // In real time, and by the timers that would wake them: those are over now.
    thread::scope(|scope| {
        let waits = || block_on(kept(&there.server).timeout(ms(60)).into_future());
        let reply = scope.spawn(waits).join().unwrap();
        assert_eq!(reply, Err(CallError::Timeout(ms(60))));
    });
    assert!(!told.0.load(Ordering::SeqCst));
}

/// D43.
#[test]
fn r114_a_caller_on_a_runtime_without_timers_times_out() {
    let bare = Builder::new_current_thread().build().unwrap();
    for there in Stopped::<Plain>::each() {
        let reply = bare.block_on(async { there.server.call(get()).timeout(ms(30)).await });
        assert_eq!(reply, Err(CallError::Timeout(ms(30))));
    }
}

/// In a process of its own, to see what it says. Asked twice, and of both kinds of runtimes.
#[test]
fn r117_a_start_on_a_runtime_without_timers_is_an_error_and_no_panic() {
    const NAME: &str = "clocks::r117_a_start_on_a_runtime_without_timers_is_an_error_and_no_panic";
    if std::env::var_os("SUPTREE_NO_TIMERS").is_none() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env("SUPTREE_NO_TIMERS", "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*said), (Some(0), ""));
        return;
    }
    for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let bare = builder.build().unwrap();
        for _ in 0..2 {
            let script = Script::<Plain>::new("a", &Log::new());
            let started = bare.block_on(async { suptree::start::<Probe<Plain>>(script).await });
            assert_eq!(started.err(), Some(StartError::NoRuntime));
        }
    }
}

/// Runs a future until it has waited for so long on this runtime, and leaves the runtime.
fn wait_on<F: Future + Unpin>(runtime: &Runtime, future: &mut F, time: Duration) {
    runtime.block_on(async {
        let waits = tokio::time::timeout(time, future).await;
        assert!(waits.is_err(), "it still waits");
    });
}

#[test]
fn r115_a_caller_that_moves_to_another_runtime_takes_its_clock_along() {
    let there = Stopped::<Tiny>::not_driven();
    while there.server.cast(act(|_, _| ())).try_send().is_ok() {}
    let timeout = ms(2_000);
    // Before its first tick, and with a timer of its own.
    for waited in [ms(0), ms(5), ms(500)] {
        let (first, second) = (paused(), paused());
        let mut call = there.server.call(get()).timeout(timeout).into_future();
        wait_on(&first, &mut call, waited);
        let reply = second.block_on(call);
        assert_eq!(reply, Err(CallError::Timeout(timeout)));

        let mut cast = there
            .server
            .cast(act(|_, _| ()))
            .timeout(timeout)
            .into_future();
        wait_on(&first, &mut cast, waited);
        drop(first);
        let sent = second.block_on(cast);
        assert_eq!(sent, Err(CastError::Timeout(timeout)));
    }
}

#[test]
fn r115_a_call_whose_reply_is_on_its_way_moves_to_another_runtime() {
    let there = Stopped::<Plain>::not_driven();
    for timeout in [ms(500), ms(2_000)] {
        for waited in [ms(0), ms(5), ms(400)] {
            let (first, second) = (paused(), paused());
            let mut call = kept(&there.server).timeout(timeout).into_future();
            wait_on(&first, &mut call, waited);
            let reply = second.block_on(call);
            assert_eq!(reply, Err(CallError::Timeout(timeout)));
            // What stood on the list of the first is used again on the second.
            let mut call = kept(&there.server).timeout(timeout).into_future();
            wait_on(&first, &mut call, ms(0));
            drop(call);
            let reply = second.block_on(async { kept(&there.server).timeout(timeout).await });
            assert_eq!(reply, Err(CallError::Timeout(timeout)));
        }
    }
}

#[test]
fn r115_a_call_that_leaves_its_runtime_times_out_without_one() {
    let there = Stopped::<Plain>::not_driven();
    let first = paused();
    let mut call = kept(&there.server).timeout(ms(30)).into_future();
    wait_on(&first, &mut call, ms(1));
    assert_eq!(block_on(call), Err(CallError::Timeout(ms(30))));
    // And with its runtime gone.
    let mut call = kept(&there.server).timeout(ms(30)).into_future();
    wait_on(&first, &mut call, ms(1));
    drop(first);
    assert_eq!(block_on(call), Err(CallError::Timeout(ms(30))));
}

#[test]
fn r115_a_start_that_moves_to_another_runtime_times_out() {
    let (first, second) = (paused(), paused());
    let script =
        Script::<Plain>::new("a", &Log::new()).on_init(|_, _| Box::pin(std::future::pending()));
    let mut starting = Box::pin(suptree::start::<Probe<Plain>>(script).timeout(ms(2_000)));
    wait_on(&first, &mut starting, ms(100));
    assert_eq!(
        second.block_on(starting).err(),
        Some(StartError::Timeout(ms(2_000)))
    );
}

/// A waker that panics, as that of the async book's executor.
struct Bad;

impl Wake for Bad {
    fn wake(self: Arc<Self>) {
        panic!("a bad waker");
    }
}

#[test]
fn r116_a_waker_that_panics_leaves_the_timers_of_others_alone() {
    let there = Stopped::<Plain>::not_driven();
    let bad = Waker::from(Arc::new(Bad));
    let mut context = Context::from_waker(&bad);
    let calls =
        || [ms(5), ms(30)].map(|timeout| kept(&there.server).timeout(timeout).into_future());
    let mut bad_calls = calls();
    paused().block_on(async {
        let mut here = calls();
        for call in &mut here {
            assert!(std::pin::Pin::new(call).poll(&mut context).is_pending());
        }
        let (reply, passed) = timed(kept(&there.server).timeout(ms(100))).await;
        assert_eq!(reply, Err(CallError::Timeout(ms(100))));
        took(ms(100), passed);
    });
    for call in &mut bad_calls {
        assert!(std::pin::Pin::new(call).poll(&mut context).is_pending());
    }
    let reply = block_on(kept(&there.server).timeout(ms(60)).into_future());
    assert_eq!(reply, Err(CallError::Timeout(ms(60))));
}

#[test]
fn a_reply_from_another_runtime_ends_the_wait() {
    let there = Stopped::<Plain>::not_driven();
    let (gate, held) = gated();
    paused().block_on(async {
        there.server.cast(held).await.unwrap();
        let mut call = there.server.call(get()).timeout(ms(60_000)).into_future();
        assert!(poll_once(&mut call).is_pending());
        tokio::time::sleep(ms(100)).await;
        assert!(poll_once(&mut call).is_pending());
        gate.send(()).unwrap();
        let answers = async {
            while there.server.info().unwrap().handled < 2 {
                tokio::task::yield_now().await;
            }
        };
        thread::scope(|scope| drop(scope.spawn(|| there.runtime.block_on(answers))));
        let (reply, passed) = timed(call).await;
        assert_eq!(reply, Ok(0));
        assert_eq!(passed, ms(0));
    });
}

/// What polls there has the time of that runtime, also where the task that it blocks has waited on its own before.
#[test]
fn r118_a_paused_runtime_inside_of_a_task_has_its_own_time() {
    let runtime = Builder::new_multi_thread().enable_time().build().unwrap();
    let inside = runtime.block_on(async {
        let server = start::<Tiny>("a", &Log::new()).await;
        let task = tokio::spawn(async move {
            let first = kept(&server).timeout(ms(1)).await;
            assert_eq!(first, Err(CallError::Timeout(ms(1))));
            tokio::task::block_in_place(|| {
                paused().block_on(async {
                    let since = Instant::now();
                    let reply = kept(&server).timeout(ms(20)).await;
                    assert_eq!(reply, Err(CallError::Timeout(ms(20))));
                    since.elapsed()
                })
            })
        });
        task.await.unwrap()
    });
    assert!(inside >= ms(20), "{inside:?}");
}

#[test]
fn r113_the_clock_of_what_a_task_has_entered_is_not_taken_for_its_own() {
    let (runtime, other) = (idle(), idle());
    let handle = other.handle().clone();
    let reply = runtime.block_on(async move {
        let server = start::<Tiny>("a", &Log::new()).await;
        let task = tokio::spawn(async move {
            let mut first = kept(&server).into_future();
            std::future::poll_fn(|cx| {
                let _entered = handle.enter();
                Poll::Ready(std::pin::Pin::new(&mut first).poll(cx).is_pending())
            })
            .await;
            drop(first);
            kept(&server).timeout(ms(30)).await
        });
        task.await.unwrap()
    });
    assert_eq!(reply, Err(CallError::Timeout(ms(30))));
    drop(other);
}

/// In real time. Its own runtime has a turn, and the one that it has entered has none.
#[test]
fn r283_a_caller_in_the_context_of_a_blocked_runtime_times_out() {
    let there = Stopped::<Plain>::blocked();
    let handle = there.runtime.handle().clone();
    let server = there.server.clone();
    let (tell, told) = mpsc::channel();
    let callers = thread::spawn(move || {
        idle().block_on(async {
            let own = start::<Tiny>("a", &Log::new()).await;
            let task = tokio::spawn(async move {
                let first = kept(&own).timeout(ms(1)).await;
                assert_eq!(first, Err(CallError::Timeout(ms(1))));
                for timeout in [ms(5), ms(30)] {
                    let mut call = server.call(get()).timeout(timeout).into_future();
                    let reply = std::future::poll_fn(|cx| {
                        let _entered = handle.enter();
                        std::pin::Pin::new(&mut call).poll(cx)
                    });
                    assert_eq!(reply.await, Err(CallError::Timeout(timeout)));
                    let mut cast = server.cast(act(|_, _| ())).timeout(timeout).into_future();
                    let sent = std::future::poll_fn(|cx| {
                        let _entered = handle.enter();
                        std::pin::Pin::new(&mut cast).poll(cx)
                    });
                    drop(sent.await);
                }
            });
            task.await.unwrap();
        });
        tell.send(()).unwrap();
    });
    let told = told.recv_timeout(Duration::from_secs(30));
    drop(there);
    told.expect("nobody keeps its time");
    callers.join().unwrap();
}
