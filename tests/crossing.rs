//! Messages that race a death, on threads: everybody is told, nobody waits for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use suptree::{CallError, CastError, ExitReason};

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Queued, Script, Server, Sup, act, add, asks, child, does_async,
    get, place, start,
};

/// Calls until the server is gone: how often it was answered, and the error at last.
async fn until_gone<K: Kind>(server: Server<K>, waits: bool) -> (i64, CallError) {
    let mut answered = 0;
    loop {
        let told = if waits {
            let waits = does_async(|probe: &mut Probe<K>, _: &mut Cx<K>| {
                Box::pin(async move {
                    tokio::task::yield_now().await;
                    probe.n += 1;
                })
            });
            server.call(waits).no_timeout().await
        } else {
            server.call(add(1)).no_timeout().await.map(|_| ())
        };
        match told {
            Ok(()) => answered += 1,
            Err(error) => return (answered, error),
        }
    }
}

async fn calls_race_a_death<K: Kind>() {
    for round in 0..100 {
        let log = Log::new();
        let server = start::<K>("a", &log).await;
        let callers: Vec<_> = (0..4)
            .map(|nth| tokio::spawn(until_gone(server.clone(), nth % 2 == 0)))
            .collect();
        for _ in 0..round % 10 {
            tokio::task::yield_now().await;
        }
        match round % 3 {
            0 => server.kill(),
            1 => server.exit(ExitReason::Shutdown),
            _ => server
                .cast(act(|_, cx| cx.stop(ExitReason::Normal)))
                .await
                .unwrap(),
        }
        let all = async {
            for caller in callers {
                let (_, error) = caller.await.unwrap();
                let told = matches!(error, CallError::NoProc | CallError::Exited(_));
                assert!(told, "{error}");
            }
            log.until("a drop", 1).await;
        };
        let ended = tokio::time::timeout(Duration::from_secs(20), all).await;
        assert!(ended.is_ok(), "a caller waits for ever, round {round}");
        assert_eq!(log.with("drop"), ["a drop"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r47_calls_in_place_race_a_death() {
    calls_race_a_death::<Plain>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r47_queued_calls_race_a_death() {
    calls_race_a_death::<Queued>().await;
}

/// Calls and casts by the place of a child that crashes again and again: an answer each, from some incarnation.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r73_calls_race_restarts() {
    let log = Log::new();
    let (handle, script) = (place::<Plain>(), Script::new("a", &log));
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.max_restarts(10_000).child(child(&handle, &script)))
        .await
        .unwrap();
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move {
                for _ in 0..2_000 {
                    let told = server.call(add(1)).no_timeout().await;
                    match told {
                        Ok(counted) => assert!(counted > 0),
                        Err(CallError::NoProc | CallError::Exited(ExitReason::Killed)) => {}
                        Err(other) => panic!("{other}"),
                    }
                    let cast = server.cast(act(|probe, _| probe.n += 1)).await;
                    assert!(matches!(cast, Ok(()) | Err(CastError::NoProc)), "{cast:?}");
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let mut kills = 0;
    while callers.iter().any(|caller| !caller.is_finished()) {
        server.kill();
        kills += 1;
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    for caller in callers {
        caller.await.unwrap();
    }
    assert!(kills > 1);
    sup.stop().await.unwrap();
    assert_eq!(log.count("a init"), log.count("a drop"));
}

/// What was cast before a call is handled before it, also while others call in place: handlers that are futures, and
/// handlers that are not.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn gs_34_a_cast_is_not_overtaken_by_its_senders_call() {
    const ROUNDS: i64 = 30_000;
    let server = start::<Plain>("a", &Log::new()).await;
    let done = Arc::<AtomicBool>::default();
    let others: Vec<_> = (0..2)
        .map(|_| {
            let (server, done) = (server.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                while !done.load(Ordering::Relaxed) {
                    asks::<_, ()>(&server, |_, _, reply| reply.send(()))
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    let sender = tokio::spawn(async move {
        for round in 1..=ROUNDS {
            server.cast(act(|probe, _| probe.n += 1)).await.unwrap();
            assert_eq!(server.call(get()).await, Ok(round));
        }
    });
    let sent = sender.await;
    done.store(true, Ordering::Relaxed);
    for other in others {
        other.await.unwrap();
    }
    sent.unwrap();
}
