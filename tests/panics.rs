//! Panics and destructors that panic: contained, told, never the runtime's end.

use std::sync::{Arc, Mutex};

use suptree::{CallError, CastError, ExitReason, Restart, StopError, TrySendError};

use crate::support::bomb::{Chain, Drops};
use crate::support::{
    Cx, Kind, Log, Plain, Probe, Script, Server, Sup, act, asks, child, does, gated, get, kept, ms,
    on_every_path, oops, panic_text, place, poll_once, settle, start,
};

on_every_path! {
    r01_r02_r03_the_text_of_a_panic
    r150_a_panic_that_callers_pass_on_by_unwrap
    r04_r05_a_payload_whose_destructor_panics
    r09_a_panic_in_the_states_destructor_after_a_stop
    r10_a_panic_in_the_states_destructor_after_a_panic
    r11_r12_panics_in_the_destructors_of_queued_messages
    r13_a_panic_in_a_late_replys_destructor
    r14_a_panic_in_the_destructor_of_a_refused_message
    a_panic_in_the_destructor_of_a_handlers_locals
    an_errors_destructor_panics_wherever_the_error_went
}

/// Calls a handler that panics, under a supervisor: the text the caller was told.
async fn told<K: Kind>(panics: impl FnOnce() + Send + 'static) -> String {
    let log = Log::new();
    let handles = (place::<K>(), place::<K>());
    let (server, sibling) = handles.clone();
    let scripts = (Script::new("a", &log), Script::new("b", &log));
    let sup = Sup::start(move |spec| {
        spec.child(child(&handles.0, &scripts.0))
            .child(child(&handles.1, &scripts.1))
    })
    .await
    .unwrap();
    let beside = sibling.pid();
    let Err(CallError::Exited(reason)) = server.call(does(move |_, _| panics())).await else {
        panic!("told")
    };
    log.until("a init", 2).await;
    assert_eq!(server.call(get()).await, Ok(0), "restarted");
    assert_eq!(sibling.pid(), beside, "untouched");
    sup.stop().await.unwrap();
    panic_text(&reason)
}

async fn r01_r02_r03_the_text_of_a_panic<K: Kind>() {
    assert_eq!(told::<K>(|| panic!("x")).await, "x");
    assert_eq!(told::<K>(|| panic!("x {}", 1)).await, "x 1");
    assert_eq!(
        told::<K>(|| std::panic::panic_any(7_u64)).await,
        "a panic without a message"
    );
}

/// Each server of a chain unwraps what the next one told it.
async fn r150_a_panic_that_callers_pass_on_by_unwrap<K: Kind>() {
    let mut last = None;
    for servers in 1..=16 {
        let server = start::<K>("a", &Log::new()).await;
        let error = last.take();
        let fails = does(move |_, _| match error {
            // As `unwrap` says it.
            Some(error) => {
                panic!("called `Result::unwrap()` on an `Err` value: {error:?}")
            }
            None => panic!("nothing\n\"holds\""),
        });
        let error: CallError = server.call(fails).await.unwrap_err();
        let text = format!("{error:?}");
        assert!(text.len() <= 200 * servers.min(10), "{} bytes", text.len());
        if servers < 5 {
            assert!(text.contains("nothing\\n\"holds\""), "{text}");
        }
        last = Some(error);
    }
}

async fn r04_r05_a_payload_whose_destructor_panics<K: Kind>() {
    for length in [1, 20, 200] {
        let drops = Drops::default();
        let payload = Chain(length, drops.clone());
        assert_eq!(
            told::<K>(move || std::panic::panic_any(payload)).await,
            "a panic without a message"
        );
        // Bounded: a long chain is leaked in the end.
        assert!(
            (length.min(20)..=40).contains(&u32::try_from(drops.count()).unwrap()),
            "{}",
            drops.count()
        );
    }
}

async fn r09_a_panic_in_the_states_destructor_after_a_stop<K: Kind>() {
    let log = Log::new();
    let drops = Drops::default();
    let server = start::<K>("a", &log).await;
    let bomb = drops.bomb();
    server
        .call(does(move |probe, _| probe.tokens.push(bomb)))
        .await
        .unwrap();
    let down = server.monitor();
    assert_eq!(server.stop().await, Ok(()), "the reason is kept");
    assert_eq!(down.await.reason, ExitReason::Normal);
    assert_eq!(drops.count(), 1);
}

async fn r10_a_panic_in_the_states_destructor_after_a_panic<K: Kind>() {
    let drops = Drops::default();
    let server = start::<K>("a", &Log::new()).await;
    let bomb = drops.bomb();
    let panics = does(move |probe: &mut Probe<K>, _: &mut Cx<K>| {
        probe.tokens.push(bomb);
        panic!("first");
    });
    let Err(CallError::Exited(reason)) = server.call::<_>(panics).await else {
        panic!("told")
    };
    assert_eq!(panic_text(&reason), "first");
    settle().await;
    assert_eq!(drops.count(), 1);
}

async fn r11_r12_panics_in_the_destructors_of_queued_messages<K: Kind>() {
    for bombs in [vec![42], vec![0, 1, 99]] {
        let log = Log::new();
        let drops = Drops::default();
        let server = start::<K>("a", &log).await;
        let (_open, busy) = gated();
        server.cast(busy).await.unwrap();
        log.until("started", 1).await;
        let mut callers = Vec::new();
        for nth in 0..100 {
            let token = if bombs.contains(&nth) {
                drops.bomb()
            } else {
                drops.token()
            };
            let server = server.clone();
            callers.push(tokio::spawn(async move {
                server.call(does(move |_, _| drop(token))).await
            }));
        }
        settle().await;
        let down = server.monitor();
        server.exit(oops("boom"));
        assert_eq!(down.await.reason, oops("boom"));
        assert_eq!(drops.count(), 100);
        for caller in callers {
            assert_eq!(caller.await.unwrap(), Err(CallError::Exited(oops("boom"))));
        }
    }
}

async fn r13_a_panic_in_a_late_replys_destructor<K: Kind>() {
    let drops = Drops::default();
    let log = Log::new();
    let (handle, script) = (place::<K>(), Script::new("a", &log));
    let server = handle.clone();
    let _sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let bomb = drops.bomb();
    let late = asks(&server, move |_, _, reply| {
        tokio::spawn(async move {
            tokio::time::sleep(ms(20)).await;
            reply.send(bomb);
        });
    });
    assert!(matches!(
        late.timeout(ms(10)).await,
        Err(CallError::Timeout(_))
    ));
    tokio::time::sleep(ms(50)).await;
    assert_eq!(drops.count(), 1);
    // A reply that arrived, but whose caller went away before it looked.
    let bomb = drops.bomb();
    let later = asks(&server, move |_, _, reply| {
        drop(tokio::spawn(async move { reply.send(bomb) }));
    });
    let mut unread = Box::pin(later.into_future());
    assert!(poll_once(&mut unread).is_pending());
    settle().await;
    drop(unread);
    assert_eq!(drops.count(), 2);
    assert_eq!(server.call(get()).await, Ok(0));
}

async fn r14_a_panic_in_the_destructor_of_a_refused_message<K: Kind>() {
    let drops = Drops::default();
    let dead = start::<K>("a", &Log::new()).await;
    dead.stop().await.unwrap();
    let carries = || {
        let bomb = drops.bomb();
        act(move |_, _| drop(bomb))
    };
    assert_eq!(dead.cast(carries()).await, Err(CastError::NoProc));
    assert_eq!(dead.cast(carries()).try_send(), Err(TrySendError::NoProc));
    for nobody in [dead, Server::named("nobody".into())] {
        let bomb = drops.bomb();
        assert_eq!(
            nobody.call(does(move |_, _| drop(bomb))).await,
            Err(CallError::NoProc)
        );
    }
    // The server itself is refused as its own caller.
    let server = start::<K>("a", &Log::new()).await;
    let bomb = drops.bomb();
    let calls_itself = crate::support::does_async(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        let own = cx.server();
        Box::pin(async move { own.call(does(move |_, _| drop(bomb))).await })
    });
    assert_eq!(
        server.call(calls_itself).await,
        Ok(Err(CallError::CallingSelf))
    );
    assert_eq!(drops.count(), 5);
}

async fn a_panic_in_the_destructor_of_a_handlers_locals<K: Kind>() {
    // The handler waits with a bomb on its stack when it is killed.
    let drops = Drops::default();
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let bomb = drops.bomb();
    server
        .cast(crate::support::act_async(move |probe, _| {
            Box::pin(async move {
                let _bomb = bomb;
                probe.log("started");
                std::future::pending::<()>().await;
            })
        }))
        .await
        .unwrap();
    log.until("started", 1).await;
    let down = server.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!((drops.count(), log.count("a drop")), (1, 1));
}

/// Where the core compares or shows an error of the user's: nothing of it may panic in the core.
#[tokio::test(start_paused = true)]
async fn r15_r16_an_error_that_cannot_be_shown() {
    #[derive(Debug, Clone, Copy)]
    enum Unshowable {
        Panics,
        Fails,
    }
    impl std::fmt::Display for Unshowable {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            match self {
                Self::Panics => panic!("not shown"),
                Self::Fails => Err(std::fmt::Error),
            }
        }
    }
    impl std::error::Error for Unshowable {}

    for error in [Unshowable::Panics, Unshowable::Fails] {
        let _reports = crate::support::Reports::capture();
        let log = Log::new();
        // A crash under a supervisor.
        let (handle, script) = (place::<Plain>(), Script::new("a", &log));
        let server = handle.clone();
        let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
            .await
            .unwrap();
        let down = server.monitor();
        server
            .cast(crate::support::failing(error.into()))
            .await
            .unwrap();
        let reason = down.await.reason;
        assert!(
            reason.downcast_ref::<Unshowable>().is_some(),
            "not told: {error:?}"
        );
        log.until("a init", 2).await;
        // A stop for another reason.
        assert!(matches!(
            server.stop_with(error.into()).await,
            Ok(()) | Err(StopError::Exited(_))
        ));
        // A failed start of a child, by request and at boot.
        let failing = move || {
            let script = Script::<Plain>::new("b", &Log::new()).init_fails(error.into());
            child(&place::<Plain>(), &script).restart(Restart::Temporary)
        };
        let started = sup.start_child(failing()).await.unwrap_err();
        assert!(matches!(
            started,
            suptree::StartChildError::Start(suptree::StartError::Init(_))
        ));
        sup.stop().await.unwrap();
        let started = Sup::start(move |spec| spec.child(failing()))
            .await
            .err()
            .unwrap();
        assert!(started.downcast_ref::<Unshowable>().is_some());
    }
}

/// User code that runs in the core's hands may use the core: nothing is locked.
#[tokio::test(start_paused = true)]
async fn r19_a_destructor_may_use_the_core() {
    struct Uses(Server<Plain>, Arc<Mutex<Vec<bool>>>);
    impl Drop for Uses {
        fn drop(&mut self) {
            let seen = [
                suptree::whereis("dying").is_none(),
                suptree::processes().is_empty(),
                self.0.is_alive(),
                self.0.cast(act(|probe, _| probe.n += 1)).try_send().is_ok(),
            ];
            self.1.lock().unwrap().extend(seen);
        }
    }
    let log = Log::new();
    let other = start::<Plain>("other", &log).await;
    let seen = Arc::<Mutex<Vec<bool>>>::default();
    let dying = suptree::start::<Probe<Plain>>(Script::new("a", &log).named("dying"))
        .await
        .unwrap();
    // One in the queue of a handler that waits, one with the handler.
    let (queued, held) = (
        Uses(other.clone(), Arc::clone(&seen)),
        Uses(other.clone(), Arc::clone(&seen)),
    );
    dying
        .cast(crate::support::act_async(move |probe, _| {
            Box::pin(async move {
                let _held = held;
                probe.log("started");
                std::future::pending::<()>().await;
            })
        }))
        .await
        .unwrap();
    dying.cast(act(move |_, _| drop(queued))).await.unwrap();
    log.until("started", 1).await;
    let caller = dying.clone();
    let waiting = tokio::spawn(async move { kept(&caller).await });
    settle().await;
    let down = dying.monitor();
    dying.kill();
    down.await;
    assert_eq!(*seen.lock().unwrap(), [true, false, true, true].repeat(2));
    assert_eq!(
        waiting.await.unwrap(),
        Err(CallError::Exited(ExitReason::Killed))
    );
    assert_eq!(other.call(get()).await, Ok(2));
}

/// Keys are hashed, compared, shown and dropped in the core's hands, too.
#[tokio::test(start_paused = true)]
async fn r19_a_key_may_use_the_core() {
    use std::hash::{Hash, Hasher};

    use suptree::{ChildId, Name};

    /// Looks a name up, and lists all processes.
    fn looks() {
        let _holder = suptree::whereis("another");
        let _all = suptree::processes();
    }
    struct Key(u32);
    impl Hash for Key {
        fn hash<H: Hasher>(&self, state: &mut H) {
            looks();
            state.write_u32(1);
        }
    }
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            looks();
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl std::fmt::Debug for Key {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            looks();
            write!(f, "{}", self.0)
        }
    }
    impl Drop for Key {
        fn drop(&mut self) {
            looks();
        }
    }

    let _reports = crate::support::Reports::capture();
    let log = Log::new();
    let _another = suptree::start::<Probe<Plain>>(Script::new("b", &log).named("another")).await;
    let (handle, script) = (
        place::<Plain>(),
        Script::new("a", &log).named(Name::new(Key(1))),
    );
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    // Keys with the same hash.
    for number in [2, 3] {
        let script = Script::<Plain>::new("c", &log).named(Name::new(Key(number)));
        let spec = child(&place::<Plain>(), &script).with_id(ChildId::new(Key(number)));
        sup.start_child(spec).await.unwrap();
    }
    server
        .cast(crate::support::failing(oops("boom")))
        .await
        .unwrap();
    log.until("a init", 2).await;
    assert_eq!(suptree::whereis(&Key(1)), server.pid());
    let third = Server::<Plain>::named(Name::new(Key(3)));
    assert_eq!(third.call(get()).await, Ok(0));
    sup.terminate_child(ChildId::new(Key(3))).await.unwrap();
    assert_eq!(third.call(get()).await, Err(CallError::NoProc));
    assert!(suptree::whereis(&Key(2)).is_some());
    sup.stop().await.unwrap();
    assert_eq!(suptree::whereis(&Key(1)), None);
}

/// An error whose destructor panics, and is counted.
struct Explosive {
    _bomb: crate::support::bomb::Token,
}

impl std::fmt::Debug for Explosive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Explosive")
    }
}

impl std::fmt::Display for Explosive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("explosive")
    }
}

impl std::error::Error for Explosive {}

fn explosive(drops: &Drops) -> ExitReason {
    Explosive {
        _bomb: drops.bomb(),
    }
    .into()
}

/// An error goes wherever a reason goes: to callers, links, monitors, supervisors, reports. The last of them drops it.
async fn an_errors_destructor_panics_wherever_the_error_went<K: Kind>() {
    for way in [
        "returned",
        "stopped",
        "stop_with",
        "exit",
        "init",
        "linked",
        "killed",
        "shut down",
    ] {
        let drops = Drops::default();
        let log = Log::new();
        let (handle, sibling) = (place::<K>(), place::<K>());
        let (server, beside) = (handle.clone(), sibling.clone());
        let sup = Sup::start({
            let scripts = (Script::new("a", &log), Script::new("b", &log));
            move |spec| {
                spec.child(child(&handle, &scripts.0))
                    .child(child(&sibling, &scripts.1))
            }
        })
        .await
        .unwrap();
        let untouched = beside.pid();
        let down = server.monitor();
        let reason = explosive(&drops);
        match way {
            "returned" => server.cast(crate::support::failing(reason)).await.unwrap(),
            "stopped" => server
                .cast(act(move |_, cx| cx.stop(reason)))
                .await
                .unwrap(),
            "stop_with" => drop(server.stop_with(reason).await),
            "exit" => server.exit(reason),
            "init" => {
                let reason = Mutex::new(Some(reason));
                let script = Script::<K>::new("c", &log).on_init(move |_, _| {
                    let reason = reason.lock().unwrap().take();
                    Box::pin(async move { reason.map_or(Ok(()), Err) })
                });
                let failed = sup.start_child(child(&place::<K>(), &script)).await;
                assert!(matches!(
                    failed,
                    Err(suptree::StartChildError::Start(suptree::StartError::Init(
                        _
                    )))
                ));
            }
            "linked" => {
                let other = start::<K>("other", &log).await;
                let (end, pid) = (other.monitor(), server.pid().unwrap());
                other
                    .call(does(move |_, _| suptree::link(pid)))
                    .await
                    .unwrap();
                server.exit(reason);
                assert_eq!(
                    end.await.reason.to_string(),
                    "an error was returned: explosive"
                );
            }
            "killed" => {
                // What is left over: the kill came first.
                server.kill();
                server.exit(reason);
            }
            _ => {
                let (_open, busy) = gated();
                server.cast(busy).await.unwrap();
                log.until("started", 1).await;
                server.exit(ExitReason::Normal);
                server.exit(reason);
            }
        }
        if way != "init" {
            drop(down.await);
            log.until("a init", 2).await;
        } else {
            drop(down);
        }
        settle().await;
        assert_eq!(server.call(get()).await, Ok(0), "{way}");
        assert_eq!(beside.pid(), untouched, "{way}");
        sup.stop().await.unwrap();
        drop((server, beside, sup));
        settle().await;
        assert_eq!(drops.count(), 1, "{way}");
    }
}

/// A handler fails with an error whose destructor panics, and a kill comes before the server could end with it.
#[tokio::test]
async fn an_error_that_a_kill_made_pointless_is_dropped_guarded() {
    let drops = Drops::default();
    let doomed = start::<Plain>("a", &Log::new()).await;
    let end = doomed.monitor();
    let error = explosive(&drops);
    let fails = crate::support::Act::now("fails", move |_, cx: &mut Cx<Plain>| {
        suptree::exit(cx.pid(), ExitReason::Kill);
        Err(error)
    });
    doomed.cast(fails).await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert_eq!(drops.count(), 1);
}
