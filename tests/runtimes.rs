//! Runtimes: what their shutdown does to servers, and that two of them share nothing.

use std::sync::mpsc;
use std::task::Poll;
use std::time::Duration;

use suptree::{CallError, ExitReason, StartError, whereis};
use tokio::runtime::{Builder, Runtime};

use crate::support::bomb::Drops;
use crate::support::{
    Boxed, Cx, Log, Plain, Probe, Queued, Script, Server, Sup, Traps, act, child, does, does_async,
    get, kept, place, poll_once, start,
};

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap()
}

fn here() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn gone() -> ExitReason {
    ExitReason::ShutdownWith("the runtime shut down".into())
}

/// D24.
#[test]
fn r40_a_runtime_that_shuts_down_tells_callers_on_others() {
    for round in 0..20 {
        let (there, log) = (runtime(), Log::new());
        let server = there.block_on(start::<Queued>("a", &log));
        let waits = || {
            does_async(|_: &mut Probe<Queued>, _: &mut Cx<Queued>| {
                Box::pin(std::future::pending::<()>())
            })
        };
        let (caller, in_state) = (server.clone(), server.clone());
        let (sender, told) = mpsc::channel();
        let calling = std::thread::spawn(move || {
            here().block_on(async {
                let calls = async {
                    tokio::join!(
                        kept(&in_state).no_timeout(),
                        caller.call(waits()).no_timeout()
                    )
                };
                tokio::pin!(calls);
                assert!(futures_pending(&mut calls).await);
                sender.send(()).unwrap();
                calls.await
            })
        });
        told.recv().unwrap();
        if round % 2 == 0 {
            // Half of the rounds with the handler surely waiting.
            while server.info().unwrap().status != suptree::Status::Waiting {
                std::thread::yield_now();
            }
        }
        let down = server.monitor();
        drop(there);
        assert_eq!(here().block_on(down).reason, gone());
        let (first, second) = calling.join().unwrap();
        assert_eq!(
            (first, second),
            (
                Err(CallError::Exited(gone())),
                Err(CallError::Exited(gone()))
            )
        );
        assert_eq!(log.count("a drop"), 1);
        assert_eq!(
            here().block_on(async { server.call(get()).await }),
            Err(CallError::NoProc)
        );
        assert!(
            here()
                .block_on(async { server.cast(act(|_, _| {})).await })
                .is_err()
        );
    }
}

/// Whether a future is still pending after one poll in this task.
async fn futures_pending<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|cx| Poll::Ready(std::pin::Pin::new(&mut *future).poll(cx).is_pending()))
        .await
}

#[test]
fn r37_r41_r42_nothing_restarts_on_a_runtime_that_shut_down() {
    for _ in 0..20 {
        let (there, log, drops) = (runtime(), Log::new(), Drops::default());
        let (handles, scripts) = (
            (place::<Plain>(), place::<Traps>()),
            (Script::new("a", &log), Script::new("b", &log)),
        );
        let (a, b) = handles.clone();
        let sup = there.block_on(async move {
            Sup::start(move |spec| {
                spec.child(child(&handles.0, &scripts.0))
                    .child(child(&handles.1, &scripts.1))
            })
            .await
            .unwrap()
        });
        let token = drops.token();
        there.block_on(async {
            a.call(does(move |probe, _| probe.tokens.push(token)))
                .await
                .unwrap();
            b.cast(does_forever()).await.unwrap();
        });
        let downs = [a.monitor(), b.monitor(), sup.monitor()];
        let began = std::time::Instant::now();
        drop(there);
        assert!(
            began.elapsed() < Duration::from_secs(4),
            "not a shutdown time of a child"
        );
        for down in downs {
            let reason = here().block_on(down).reason;
            assert!(
                reason == gone() || reason == ExitReason::Killed,
                "{reason:?}"
            );
        }
        assert_eq!(log.with("init").len(), 2, "no restarts");
        assert_eq!(log.with("drop").len(), 2);
        assert_eq!(drops.count(), 1);
        assert!(!sup.is_alive());
        assert!(here().block_on(sup.which_children()).is_err());
    }
}

fn does_forever() -> crate::support::Act<Traps> {
    crate::support::act_async(|_, _| Box::pin(tokio::time::sleep(Duration::from_secs(3600))))
}

#[test]
fn r41_a_start_on_a_runtime_that_shuts_down_is_no_crash() {
    // A server whose destructor starts another one while the runtime goes.
    struct Starts(mpsc::Sender<Result<Server<Plain>, StartError>>, Log);
    impl Drop for Starts {
        fn drop(&mut self) {
            let mut starting =
                suptree::start::<Probe<Plain>>(Script::new("late", &self.1)).into_future();
            let Poll::Ready(started) = poll_once(&mut starting) else {
                panic!("its init does not wait")
            };
            self.0.send(started).unwrap();
        }
    }
    let (started, late) = mpsc::channel();
    let (there, log) = (runtime(), Log::new());
    let server = there.block_on(start::<Plain>("a", &log));
    let starts = Starts(started, log.clone());
    there.block_on(async {
        server
            .cast(crate::support::act_async(move |probe, _| {
                Box::pin(async move {
                    let _starts = starts;
                    probe.log("started");
                    std::future::pending::<()>().await;
                })
            }))
            .await
            .unwrap();
        log.until("started", 1).await;
    });
    drop(there);
    // It may have come in time to be ended by the shutdown, or too late to be started.
    match late.recv().unwrap() {
        Ok(server) => assert!(!server.is_alive()),
        Err(error) => assert_eq!(error, StartError::Init(gone())),
    }
    assert_eq!(
        log.with("drop").len(),
        log.with("init").len(),
        "{:?}",
        log.all()
    );
}

/// D27.
#[test]
fn two_runtimes_share_no_names() {
    let (one, other, log) = (here(), here(), Log::new());
    let named = || suptree::start::<Probe<Plain>>(Script::new("a", &log).named("same"));
    let first = one.block_on(async { named().await.unwrap() });
    let second = other.block_on(async { named().await.unwrap() });
    assert_ne!(first.pid(), second.pid());
    assert_eq!(one.block_on(async { whereis("same") }), first.pid());
    assert_eq!(other.block_on(async { whereis("same") }), second.pid());
    assert_eq!(other.block_on(async { suptree::processes().len() }), 1);
    assert_eq!(whereis("same"), None, "outside of both");
    drop(one);
    assert_eq!(
        other.block_on(async { Server::<Plain>::named("same".into()).call(get()).await }),
        Ok(0)
    );
    assert!(!first.is_alive());
}

/// In a handler, names are those of the server's runtime, wherever it was called from. In real time: two runtimes have no
/// common clock that could be paused.
#[test]
fn a_server_on_another_runtime_is_called_through_its_queue() {
    let (there, local, log) = (runtime(), here(), Log::new());
    let server = there.block_on(async {
        suptree::start::<Probe<Plain>>(Script::new("a", &log).named("there"))
            .await
            .unwrap()
    });
    local.block_on(async {
        let pid = server.pid();
        let looks = does_async(
            move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, bool> {
                Box::pin(async move {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    whereis("there") == pid
                })
            },
        );
        assert_eq!(server.call(looks).await, Ok(true));
        let brief = Duration::from_millis(20);
        assert_eq!(
            kept(&server).timeout(brief).await,
            Err(CallError::Timeout(brief))
        );
        server.stop().await.unwrap();
    });
}

/// D27: a client by name keeps the holder it found, for the runtime in which it found it.
#[test]
fn r143_a_client_by_name_finds_the_holder_where_it_is_used() {
    let (one, other, log) = (runtime(), runtime(), Log::new());
    let client = Server::<Plain>::named("who".into());
    let who = |runtime: &Runtime| runtime.block_on(async { client.call(get()).await });
    let starts = |runtime: &Runtime, number: i64| {
        runtime.block_on(async {
            let script = Script::new("who", &log).named("who");
            let server = suptree::start::<Probe<Plain>>(script).await.unwrap();
            server.call(crate::support::add(number)).await.unwrap();
            server
        })
    };
    let first = starts(&one, 1);
    assert_eq!(who(&one), Ok(1));
    // Found on one; nobody has the name on the other.
    assert_eq!(who(&other), Err(CallError::NoProc));
    other.block_on(async {
        let copy = client.clone();
        assert_eq!(copy.call(get()).owned().await, Err(CallError::NoProc));
        assert_eq!(
            copy.cast(act(|_, _| {})).await,
            Err(suptree::CastError::NoProc)
        );
        assert_eq!(
            copy.cast(act(|_, _| {})).try_send(),
            Err(suptree::TrySendError::NoProc)
        );
        assert_eq!(copy.stop().await, Err(suptree::StopError::NoProc));
        assert_eq!(
            (copy.pid(), copy.is_alive(), copy.bound().is_some()),
            (None, false, false)
        );
        copy.kill();
    });
    let second = starts(&other, 2);
    for _ in 0..3 {
        assert_eq!((who(&one), who(&other)), (Ok(1), Ok(2)));
    }
    // In a process, names are those of its runtime, whoever polls it.
    let inside = client.clone();
    let asks = || {
        let inside = inside.clone();
        does_async(
            move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, _> {
                Box::pin(async move { inside.pid() })
            },
        )
    };
    assert_eq!(
        other.block_on(async { first.call(asks()).await }),
        Ok(first.pid())
    );
    assert_eq!(
        one.block_on(async { second.call(asks()).await }),
        Ok(second.pid())
    );
    // The runtime that is entered is where names are looked up.
    let _entered = one.enter();
    assert_eq!(client.pid(), first.pid());
}

/// D45: on a thread without a runtime a name leads nowhere, and the error says so.
#[test]
fn r141_a_name_outside_a_runtime_is_an_error_of_its_own() {
    let (there, log) = (runtime(), Log::new());
    let found = there.block_on(async {
        suptree::start::<Probe<Plain>>(Script::new("a", &log).named("a"))
            .await
            .unwrap()
    });
    let sup = there.block_on(async { Sup::start(|spec| spec).await.unwrap() });
    let used = Server::<Plain>::named("a".into());
    assert_eq!(there.block_on(async { used.call(get()).await }), Ok(0));
    let fresh = || Server::<Plain>::named("a".into());
    let nobody = |server: &Server<Plain>| {
        let call = poll_once(&mut server.call(get()));
        assert_eq!(call, Poll::Ready(Err(CallError::NoRuntime)));
        let call = poll_once(&mut server.call(get()).owned());
        assert_eq!(call, Poll::Ready(Err(CallError::NoRuntime)));
        let cast = poll_once(&mut server.cast(act(|_, _| {})).keep_args());
        let Poll::Ready(Err(refused)) = cast else {
            panic!("a cast to nobody")
        };
        assert_eq!(refused, suptree::CastError::NoRuntime);
        assert!(refused.into_args().is_some());
        let sent = server.cast(act(|_, _| {})).try_send();
        assert_eq!(sent, Err(suptree::TrySendError::NoRuntime));
        let stopped = poll_once(&mut std::pin::pin!(server.stop()));
        assert_eq!(stopped, Poll::Ready(Err(suptree::StopError::NoRuntime)));
        let stopped = poll_once(&mut std::pin::pin!(server.process().stop()));
        assert_eq!(stopped, Poll::Ready(Err(suptree::StopError::NoRuntime)));
        assert_eq!(server.pid(), None);
    };
    nobody(&fresh());
    nobody(&used);
    let children = suptree::SupervisorRef::named("sup".into()).which_children();
    let listed = poll_once(&mut std::pin::pin!(children));
    assert!(matches!(listed, Poll::Ready(Err(CallError::NoRuntime))));
    let says = CallError::NoRuntime.to_string();
    assert!(
        says.contains("names belong to a runtime") && says.contains("enter"),
        "{says}"
    );

    // What needs no name works from anywhere, and a dead process is dead.
    assert_eq!(
        here().block_on(async { used.call(get()).await }),
        Err(CallError::NoProc)
    );
    let entered = there.enter();
    let bound = used.bound().unwrap();
    drop(entered);
    assert_eq!(bound.pid(), found.pid());
    let listed = there.block_on(sup.which_children());
    assert!(listed.unwrap().is_empty());
    there.block_on(async { found.stop().await.unwrap() });
    let call = poll_once(&mut found.call(get()));
    assert_eq!(call, Poll::Ready(Err(CallError::NoProc)));
}
