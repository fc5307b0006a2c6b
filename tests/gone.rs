//! Callers who have gone: the holder of a reply handle hears of it, wherever it waits.

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use suptree::{CallError, ReplyTo};
use tokio::sync::oneshot;

use crate::support::act::Act;
use crate::support::{Kind, Log, Plain, asks, get, ms, on_every_path, settle, start};

on_every_path! {
    r98_a_handler_hears_that_its_caller_has_gone
    r98_another_task_hears_that_the_caller_has_gone
    r98_a_caller_who_waits_has_not_gone
}

/// Ways of a caller to go.
#[derive(Clone, Copy, Debug)]
enum Goes {
    /// Its future is dropped.
    Drops,
    /// Its time is over.
    TimesOut,
    /// It waits for nothing from the beginning.
    WaitsNot,
    /// Its task is aborted.
    Aborted,
    /// Its runtime shuts down.
    WithItsRuntime,
}

const WAYS: [Goes; 5] = [
    Goes::Drops,
    Goes::TimesOut,
    Goes::WaitsNot,
    Goes::Aborted,
    Goes::WithItsRuntime,
];

/// Makes a call, and goes when the handler says that it has begun.
async fn goes(
    way: Goes,
    call: impl Future<Output = ()> + Send + 'static,
    begun: oneshot::Receiver<()>,
) {
    match way {
        Goes::TimesOut | Goes::WaitsNot => call.await,
        Goes::Drops => tokio::select! {
            () = call => panic!("nobody answers"),
            _ = begun => {}
        },
        Goes::Aborted => {
            let calling = tokio::spawn(call);
            begun.await.unwrap();
            calling.abort();
            assert!(calling.await.unwrap_err().is_cancelled());
        }
        Goes::WithItsRuntime => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_time()
                .build()
                .unwrap();
            runtime.spawn(call);
            begun.await.unwrap();
            tokio::task::spawn_blocking(|| drop(runtime)).await.unwrap();
        }
    }
}

async fn r98_a_handler_hears_that_its_caller_has_gone<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    for way in WAYS {
        let (begins, begun) = oneshot::channel();
        let calls = server.clone();
        let call = async move {
            let handler = |mut reply: ReplyTo<i64>| {
                Act::waits("long", move |probe, _| {
                    Box::pin(async move {
                        let _ = begins.send(());
                        tokio::select! {
                            () = reply.closed() => probe.log("gone"),
                            () = pending() => {}
                        }
                        assert!(reply.is_closed());
                        // Again, and at once.
                        reply.closed().await;
                        reply.send(7);
                        Ok(())
                    })
                })
            };
            let call = calls.call_with(handler);
            let told = match way {
                Goes::TimesOut => call.timeout(ms(30)).await,
                Goes::WaitsNot => call.timeout(Duration::ZERO).await,
                _ => call.no_timeout().await,
            };
            assert!(matches!(told, Err(CallError::Timeout(_))));
        };
        goes(way, call, begun).await;
        log.until("gone", 1).await;
        assert_eq!(
            log.take().len(),
            if matches!(way, Goes::Drops) { 2 } else { 1 },
            "{way:?}"
        );
        // The late reply is not for the next call.
        assert_eq!(server.call(get()).await, Ok(0), "{way:?}");
    }
}

async fn r98_another_task_hears_that_the_caller_has_gone<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    for way in WAYS {
        for elsewhere in [false, true] {
            let (begins, begun) = oneshot::channel();
            let (sends, hears) = oneshot::channel();
            let calls = server.clone();
            let call = async move {
                let call = asks(&calls, move |_, _, mut reply: ReplyTo<i64>| {
                    let work = async move {
                        reply.closed().await;
                        let _ = sends.send(reply.is_closed());
                    };
                    if elsewhere {
                        std::thread::spawn(|| {
                            tokio::runtime::Builder::new_current_thread()
                                .build()
                                .unwrap()
                                .block_on(work);
                        });
                    } else {
                        tokio::spawn(work);
                    }
                    let _ = begins.send(());
                });
                let told = match way {
                    Goes::TimesOut => call.timeout(ms(30)).await,
                    Goes::WaitsNot => call.timeout(Duration::ZERO).await,
                    _ => call.no_timeout().await,
                };
                assert!(matches!(told, Err(CallError::Timeout(_))));
            };
            goes(way, call, begun).await;
            assert_eq!(hears.await, Ok(true), "{way:?}");
        }
    }
}

/// Neither it, nor the holder who looks now and then, notices anything of a look.
async fn r98_a_caller_who_waits_has_not_gone<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    for nth in 0..3 {
        let call = asks(&server, move |_, _, mut reply: ReplyTo<i64>| {
            tokio::spawn(async move {
                for _ in 0..4 {
                    // Longer than the time after which a caller who waits is woken to watch the server.
                    assert!(tokio::time::timeout(ms(15), reply.closed()).await.is_err());
                    assert!(!reply.is_closed());
                }
                reply.send(nth);
            });
        });
        assert_eq!(call.await, Ok(nth));
    }
    // A handle that is dropped while somebody waited by it tells its caller so.
    let call = asks(&server, |_, _, mut reply: ReplyTo<i64>| {
        tokio::spawn(async move {
            assert!(tokio::time::timeout(ms(15), reply.closed()).await.is_err());
        });
    });
    assert_eq!(call.await, Err(CallError::NoReply));
}

/// Counts its wakings, and panics at each.
#[derive(Default)]
struct Panics(AtomicUsize);

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        panic!("a waker");
    }
}

/// The waker of what watches is foreign to the caller who goes.
#[tokio::test(start_paused = true)]
async fn r98_a_watchers_waker_that_panics_hurts_no_caller() {
    let server = start::<Plain>("a", &Log::new()).await;
    let panics = Arc::<Panics>::default();
    let (sends, gets) = oneshot::channel();
    let call = asks(&server, move |_, _, reply: ReplyTo<i64>| {
        let _ = sends.send(reply);
    });
    let mut call = Box::pin(call);
    assert!(
        poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx)))
            .await
            .is_pending()
    );
    let mut reply = gets.await.unwrap();
    {
        let mut closed = pin!(reply.closed());
        let waker = Waker::from(Arc::clone(&panics));
        let mut cx = Context::from_waker(&waker);
        // Polled again and again it leaves one waker.
        for _ in 0..100 {
            assert!(closed.as_mut().poll(&mut cx).is_pending());
        }
        assert!(Arc::strong_count(&panics) <= 3);
        assert!(catch_unwind(AssertUnwindSafe(|| drop(call))).is_ok());
        assert_eq!(panics.0.load(Ordering::Relaxed), 1);
        assert!(closed.as_mut().poll(&mut cx).is_ready());
    }
    assert_eq!(
        Arc::strong_count(&panics),
        1,
        "nothing is left of the waker"
    );
    assert_eq!(server.call(get()).await, Ok(0));
}

/// A watch that is given up leaves nothing behind.
#[tokio::test(start_paused = true)]
async fn r98_a_watch_that_is_dropped_leaves_nothing() {
    let server = start::<Plain>("a", &Log::new()).await;
    let panics = Arc::<Panics>::default();
    let (sends, gets) = oneshot::channel();
    let mut call = Box::pin(asks(&server, move |_, _, reply: ReplyTo<i64>| {
        let _ = sends.send(reply);
    }));
    assert!(
        poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx)))
            .await
            .is_pending()
    );
    let mut reply = gets.await.unwrap();
    {
        let waker = Waker::from(Arc::clone(&panics));
        let mut closed = pin!(reply.closed());
        assert!(
            closed
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
    }
    assert_eq!(Arc::strong_count(&panics), 1);
    reply.send(5);
    settle().await;
    assert_eq!(call.await, Ok(5));
    assert_eq!(panics.0.load(Ordering::Relaxed), 0);
}
