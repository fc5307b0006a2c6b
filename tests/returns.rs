//! Callers of a name whose holder is restarted, who wait for the next one.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use suptree::{
    Backoff, CallError, CastError, Child, ExitReason, Name, Restart, ServerRef, Strategy,
};
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::support::supervisors::supervise_as;
use crate::support::{
    Act, Dyn, Kind, Log, Plain, Probe, Script, Server, Sup, Tiny, act, act_async, add, child,
    gated, get, kept, ms, oops, place, poll_once, settle,
};

/// The server that holds the name "a", for those who wait.
fn a() -> Server<Plain> {
    ServerRef::named("a".into())
}

fn named(log: &Log) -> Script<Plain> {
    Script::new("a", log).named("a")
}

fn add_cast() -> Act<Plain> {
    act(|probe: &mut Probe<Plain>, _| probe.n += 1)
}

/// About a second.
fn backoff() -> Backoff {
    Backoff::new(ms(1_000), ms(1_000))
}

/// A supervisor of a child that is named "a", and whose restarts wait.
async fn slow(script: Script<Plain>, restart: Restart, max_restarts: u32) -> (Sup, Server<Plain>) {
    let handle = place();
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        let a = child(&handle, &script).restart(restart);
        spec.max_restarts(max_restarts).child(a.backoff(backoff()))
    })
    .await
    .unwrap();
    (sup, server)
}

/// Ends it, and waits for its end.
async fn dies<K: Kind>(server: &Server<K>) {
    let down = server.monitor();
    server.kill();
    down.await;
}

#[tokio::test(start_paused = true)]
async fn r195_who_calls_a_name_waits_for_its_next_holder() {
    let log = Log::new();
    let (_sup, server) = slow(named(&log), Restart::Permanent, 10).await;
    let began = Instant::now();
    assert_eq!(a().call(add(1)).await_restart().await, Ok(1));
    assert_eq!(began.elapsed(), ms(0), "nobody has to wait");
    dies(&server).await;
    assert_eq!(
        a().call(get()).await,
        Err(CallError::NoProc),
        "unless it asks for it"
    );
    assert_eq!(a().call(get()).await_restart().await, Ok(0));
    let waited = began.elapsed();
    assert!(ms(500) <= waited && waited <= ms(1_002), "{waited:?}");

    dies(&server).await;
    let client = a();
    let (one, two, three, four, five) = tokio::join!(
        client.cast(add_cast()).await_restart(),
        tokio::spawn(a().cast(add_cast()).owned().await_restart()),
        tokio::spawn(a().call(add(1)).owned().await_restart()),
        client.call(add(1)).await_restart().keep_args(),
        client
            .cast(add_cast())
            .no_timeout()
            .await_restart()
            .keep_args(),
    );
    assert!(one.is_ok() && two.unwrap().is_ok() && three.unwrap().is_ok());
    assert!(four.is_ok() && five.is_ok());
    assert_eq!(server.call(get()).await, Ok(5));
    assert_eq!(log.count("a init"), 3);
}

/// Restarts that fail are waited out as well: what was to be called has not begun to.
#[tokio::test(start_paused = true)]
async fn r195_restarts_that_fail() {
    let log = Log::new();
    let script = named(&log).on_init(|probe: &mut Probe<Plain>, _| {
        let starts = probe.log_count("a init");
        Box::pin(async move {
            tokio::time::sleep(ms(100)).await;
            if 1 < starts && starts < 4 {
                Err(oops("not yet"))
            } else {
                Ok(())
            }
        })
    });
    let (_sup, server) = slow(script, Restart::Permanent, 10).await;
    dies(&server).await;
    let early = tokio::spawn(a().call(add(1)).owned().await_restart());
    log.until("a init", 2).await;
    assert!(a().is_alive(), "it has the name already");
    let meanwhile = tokio::spawn(a().call(add(1)).owned().await_restart());
    let without = tokio::spawn(a().call(add(1)).owned());
    assert_eq!(early.await.unwrap(), Ok(1));
    assert_eq!(meanwhile.await.unwrap(), Ok(2));
    assert_eq!(
        without.await.unwrap(),
        Err(CallError::Exited(oops("not yet")))
    );
    assert_eq!(log.count("a init"), 4);
}

/// What goes with its group comes back with it: transient children as well, and temporary ones not.
#[tokio::test(start_paused = true)]
async fn r195_a_group_that_is_restarted() {
    let log = Log::new();
    let servers: [Server<Plain>; 3] = std::array::from_fn(|_| place());
    let (handles, made) = (servers.clone(), log.clone());
    let _sup = Sup::start_as(Strategy::OneForAll, move |mut spec| {
        let first = Script::new("first", &made).init_sleeps(ms(100));
        spec = spec.child(child(&handles[0], &first));
        for (handle, restart) in handles[1..]
            .iter()
            .zip([Restart::Transient, Restart::Temporary])
        {
            let name = format!("{restart:?}");
            let script = Script::new("other", &made).named(name.clone());
            spec = spec.child(child(handle, &script).with_id(name).restart(restart));
        }
        spec
    })
    .await
    .unwrap();
    dies(&servers[0]).await;
    log.until("first init", 2).await;
    assert!(servers[1..].iter().all(|server| !server.is_alive()));
    let of = |restart| Server::<Plain>::named(Name::new(format!("{restart:?}")));
    let began = Instant::now();
    let temporary = of(Restart::Temporary);
    let nobody = temporary.call(get()).await_restart().await;
    assert_eq!(nobody, Err(CallError::NoProc));
    assert_eq!(began.elapsed(), ms(0));
    let transient = of(Restart::Transient);
    assert_eq!(transient.call(get()).await_restart().await, Ok(0));
    assert_eq!(began.elapsed(), ms(100));
}

/// Where nobody returns nobody waits.
#[tokio::test(start_paused = true)]
async fn r196_nobody_waits_for_those_who_do_not_return() {
    let began = Instant::now();
    let nobody = |call| assert_eq!(call, Err(CallError::NoProc));
    nobody(a().call(get()).await_restart().await);
    let log = Log::new();
    // One that nobody supervises.
    let server = suptree::start::<Probe<Plain>>(named(&log)).await.unwrap();
    dies(&server).await;
    nobody(a().call(get()).no_timeout().await_restart().await);
    for (restart, reason) in [
        (Restart::Temporary, oops("boom")),
        (Restart::Transient, ExitReason::Normal),
    ] {
        let (sup, server) = slow(named(&log), restart, 10).await;
        let down = server.monitor();
        server
            .cast(act(move |_, cx| cx.stop(reason)))
            .await
            .unwrap();
        down.await;
        nobody(a().call(get()).await_restart().await);
        sup.stop().await.unwrap();
    }
    let (sup, _server) = slow(named(&log), Restart::Permanent, 10).await;
    sup.terminate_child("a").await.unwrap();
    nobody(a().call(get()).await_restart().await);
    sup.restart_child("a").await.unwrap();
    assert_eq!(a().call(get()).await_restart().await, Ok(0));
    sup.stop().await.unwrap();
    nobody(a().call(get()).await_restart().await);
    let cast = a().cast(add_cast()).await_restart().keep_args().await;
    assert_eq!(cast.as_ref().unwrap_err(), &CastError::NoProc);
    assert!(cast.unwrap_err().into_args().is_some());
    assert_eq!(began.elapsed(), ms(0));
}

/// Who waits already is told when the child is given up.
#[tokio::test(start_paused = true)]
async fn r196_who_waits_is_told_that_nobody_returns() {
    let log = Log::new();
    let waits = || tokio::spawn(a().call(get()).no_timeout().owned().await_restart());
    // It is terminated meanwhile; its supervisor is stopped, or killed.
    for end in 0..3 {
        let (sup, server) = slow(named(&log), Restart::Permanent, 10).await;
        dies(&server).await;
        let began = Instant::now();
        let waiting = [waits(), waits()];
        settle().await;
        assert!(waiting.iter().all(|waiting| !waiting.is_finished()));
        match end {
            0 => sup.terminate_child("a").await.unwrap(),
            1 => sup.stop().await.unwrap(),
            _ => {
                let down = sup.monitor();
                sup.kill();
                down.await;
            }
        }
        for waiting in waiting {
            assert_eq!(waiting.await.unwrap(), Err(CallError::NoProc));
        }
        assert_eq!(began.elapsed(), ms(0), "{end}");
    }
    // Its supervisor gives up, or it ignores its restart.
    let (_sup, server) = slow(named(&log), Restart::Permanent, 0).await;
    dies(&server).await;
    assert_eq!(waits().await.unwrap(), Err(CallError::NoProc));
    let ignores = named(&log).on_init(|probe: &mut Probe<Plain>, _| {
        let again = probe.log_count("a ignores") > 0;
        probe.log("a ignores");
        Box::pin(async move {
            if again {
                Err(suptree::Ignore.into())
            } else {
                Ok(())
            }
        })
    });
    let (sup, server) = slow(ignores, Restart::Permanent, 1).await;
    dies(&server).await;
    assert_eq!(waits().await.unwrap(), Err(CallError::NoProc));
    assert!(sup.is_alive());
}

/// What a dead server had in its mailbox, or had begun, is not sent to the next one.
#[tokio::test(start_paused = true)]
async fn r197_what_was_delivered_is_not_sent_again() {
    let log = Log::new();
    let (_sup, server) = slow(named(&log), Restart::Permanent, 10).await;
    let (_open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    let queued = tokio::spawn(a().call(add(1)).owned().await_restart());
    settle().await;
    dies(&server).await;
    let killed = Err(CallError::Exited(ExitReason::Killed));
    assert_eq!(queued.await.unwrap(), killed, "it was in the mailbox");
    assert_eq!(a().call(get()).await_restart().await, Ok(0));

    let client = a();
    let begun = client.call_with(|reply| {
        act_async(move |probe: &mut Probe<Plain>, _| {
            probe.log("begun");
            Box::pin(async move {
                let _reply = reply;
                pending::<()>().await;
            })
        })
    });
    let begun = tokio::spawn(begun.owned().await_restart());
    log.until("begun", 1).await;
    dies(&server).await;
    let begun: Result<i64, _> = begun.await.unwrap();
    assert_eq!(begun, killed);
    assert_eq!(a().call(get()).await_restart().await, Ok(0));
    let crash = client.call_with(|_reply| act(|_: &mut Probe<Plain>, _| panic!("by this call")));
    let crashed: Result<i64, _> = crash.await_restart().await;
    assert!(
        matches!(crashed, Err(CallError::Exited(ExitReason::Panic(_)))),
        "{crashed:?}"
    );
    assert_eq!(a().call(get()).await_restart().await, Ok(0));
    assert_eq!(log.count("begun"), 1);
}

/// Who waits for room in the mailbox has delivered nothing: it goes on to the next holder.
#[tokio::test(start_paused = true)]
async fn r197_who_waits_for_room_goes_to_the_next_holder() {
    let log = Log::new();
    let (handle, made) = (place(), log.clone());
    let server: Server<Tiny> = handle.clone();
    let sup = Sup::start(move |spec| {
        let script = Script::new("a", &made).named("a");
        spec.child(child(&handle, &script).backoff(backoff()))
    })
    .await
    .unwrap();
    let a = || Server::<Tiny>::named(Name::from_static("a"));
    let cast = |line: &'static str| act(move |probe: &mut Probe<Tiny>, _| probe.log(line));
    let (_open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    server.cast(cast("lost")).await.unwrap();
    let call = tokio::spawn(a().call(add(1)).owned().await_restart());
    let sent = tokio::spawn(a().cast(cast("sent")).owned().await_restart());
    let without = tokio::spawn(a().call(add(1)).owned());
    settle().await;
    dies(&server).await;
    assert_eq!(
        without.await.unwrap(),
        Err(CallError::Exited(ExitReason::Killed))
    );
    assert_eq!(call.await.unwrap(), Ok(1));
    assert_eq!(sent.await.unwrap(), Ok(()));
    server.call(get()).await.unwrap();
    assert_eq!((log.count("sent"), log.count("lost")), (1, 0));

    // The reason is told as without waiting where nobody returns, and the arguments come back.
    let (_open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 2).await;
    server.cast(cast("lost")).await.unwrap();
    let call = tokio::spawn(a().call(add(1)).owned().await_restart().keep_args());
    settle().await;
    let down = server.monitor();
    sup.kill();
    down.await;
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error, CallError::Exited(ExitReason::Killed));
    assert!(error.into_args().is_some());
}

#[tokio::test(start_paused = true)]
async fn r198_who_waits_has_one_timeout_for_all_of_it() {
    let log = Log::new();
    let (_sup, server) = slow(named(&log), Restart::Permanent, 10).await;
    dies(&server).await;
    let began = Instant::now();
    let late = a().call(get()).timeout(ms(100)).await_restart().await;
    assert_eq!(late, Err(CallError::NotRestarted));
    assert_eq!(began.elapsed(), ms(100));
    let late = a()
        .cast(add_cast())
        .timeout(ms(100))
        .await_restart()
        .keep_args()
        .await;
    let late = late.unwrap_err();
    assert_eq!(late, CastError::NotRestarted);
    assert!(late.into_args().is_some());
    assert_eq!(began.elapsed(), ms(200));
    let at_once = a().call(get()).timeout(ms(0)).await_restart().await;
    assert_eq!(at_once, Err(CallError::NotRestarted));
    assert_eq!(
        at_once.unwrap_err().to_string(),
        "exited in a call: ** (EXIT) no process within the timeout: the one that held the name is to be restarted, and was not yet"
    );
    // What is left of the time is there for the reply.
    let client = a();
    let reply = kept(&client).timeout(ms(3_000)).await_restart().await;
    assert_eq!(reply, Err(CallError::Timeout(ms(3_000))));
    let whole = began.elapsed() - ms(200);
    assert!(ms(2_990) <= whole && whole <= ms(3_001), "{whole:?}");
}

/// A future that is dropped leaves nothing behind, and has sent nothing.
#[tokio::test(start_paused = true)]
async fn r198_who_gives_up_has_sent_nothing() {
    let log = Log::new();
    let (_sup, server) = slow(named(&log), Restart::Permanent, 10).await;
    dies(&server).await;
    struct Counted;
    impl Wake for Counted {
        fn wake(self: Arc<Self>) {}
    }
    let counted = Arc::new(Counted);
    let waker = Waker::from(Arc::clone(&counted));
    let client = a();
    let mut given_up = (0..100)
        .map(|_| Box::pin(client.call(add(1)).await_restart()))
        .collect::<Vec<_>>();
    for call in &mut given_up {
        let mut cx = Context::from_waker(&waker);
        assert!(call.as_mut().poll(&mut cx).is_pending());
    }
    assert!(Arc::strong_count(&counted) > 100);
    drop(given_up);
    drop(waker);
    assert_eq!(Arc::strong_count(&counted), 1);
    assert_eq!(a().call(get()).await_restart().await, Ok(0));
}

/// First come, first served, and each is woken once.
#[tokio::test(start_paused = true)]
async fn r199_many_wait_for_one_name() {
    const CALLERS: usize = 10_000;
    let log = Log::new();
    let script = named(&log).init_sleeps(ms(1));
    let (_sup, server) = slow(script, Restart::Permanent, 10).await;
    dies(&server).await;
    let mut waiting = Vec::with_capacity(CALLERS);
    for _ in 0..CALLERS {
        let mut call = Box::pin(a().call(add(1)).owned().await_restart());
        let mut polls = 0;
        waiting.push(tokio::spawn(async move {
            let reply = poll_fn(|cx| {
                polls += 1;
                call.as_mut().poll(cx)
            });
            let reply = reply.await;
            (reply, polls)
        }));
    }
    for (nth, waiting) in waiting.into_iter().enumerate() {
        let (reply, polls) = waiting.await.unwrap();
        let nth = i64::try_from(nth).unwrap();
        assert_eq!(reply, Ok(nth + 1));
        assert!(polls <= 4, "{polls}");
    }
}

/// A supervisor that is restarted brings the names below it back.
#[tokio::test(start_paused = true)]
async fn r199_the_supervisor_of_the_holder_is_restarted() {
    for strategy in [Strategy::OneForOne, Strategy::OneForAll] {
        let log = Log::new();
        let (handle, made) = (place(), log.clone());
        let server: Server<Plain> = handle.clone();
        let first: Server<Plain> = place();
        let (first_place, inner_place) = (first.clone(), <Sup as Child>::vacant());
        let sup = Sup::start_as(strategy, move |spec| {
            let (handle, made2) = (handle.clone(), made.clone());
            let inner = supervise_as(Strategy::OneForOne, move |spec| {
                spec.max_restarts(0).child(child(&handle, &named(&made2)))
            });
            let inner = <Sup as Child>::child_spec(&inner_place, "inner", inner);
            let slow = Script::new("first", &made).init_sleeps(ms(100));
            spec.child(child(&first_place, &slow))
                .child(inner.backoff(backoff()))
        })
        .await
        .unwrap();
        // The inner supervisor gives up.
        dies(&server).await;
        assert_eq!(a().call(get()).await_restart().await, Ok(0));
        // It is killed; or goes with its group.
        if strategy == Strategy::OneForAll {
            dies(&first).await;
        } else {
            dies(&server).await;
        }
        let waiting = tokio::spawn(a().call(get()).owned().await_restart());
        settle().await;
        assert_eq!(waiting.await.unwrap(), Ok(0));
        dies(&server).await;
        settle().await;
        let waiting = tokio::spawn(a().call(get()).owned().await_restart());
        settle().await;
        let began = Instant::now();
        sup.terminate_child("inner").await.unwrap();
        assert_eq!(waiting.await.unwrap(), Err(CallError::NoProc));
        assert_eq!(began.elapsed(), ms(0));
        sup.stop().await.unwrap();
    }
}

/// A dynamic supervisor comes back without its children.
#[tokio::test(start_paused = true)]
async fn r199_children_that_do_not_return_with_their_supervisor() {
    let log = Log::new();
    let rooms = <Dyn<Plain, 1> as Child>::vacant();
    let at = rooms.clone();
    let _sup = Sup::start(move |spec| {
        let rooms = <Dyn<Plain, 1> as Child>::child_spec(&at, "rooms", ());
        spec.child(rooms.backoff(backoff()))
    })
    .await
    .unwrap();
    let server = rooms.start_child(named(&log)).await.unwrap();
    dies(&server).await;
    assert_eq!(
        a().call(get()).await_restart().await,
        Ok(0),
        "one restart is allowed"
    );
    dies(&server).await;
    let began = Instant::now();
    assert_eq!(
        a().call(get()).await_restart().await,
        Err(CallError::NoProc)
    );
    assert_eq!(began.elapsed(), ms(0), "they are known not to");
    tokio::time::sleep(ms(2_000)).await;
    assert!(rooms.process().is_alive());
}

/// Somebody else takes the name meanwhile: it is the holder now.
#[tokio::test(start_paused = true)]
async fn r199_another_one_takes_the_name() {
    let log = Log::new();
    let (sup, server) = slow(named(&log), Restart::Permanent, 100).await;
    dies(&server).await;
    let waiting = tokio::spawn(a().call(add(7)).owned().await_restart());
    settle().await;
    let began = Instant::now();
    let other = suptree::start::<Probe<Plain>>(Script::new("other", &log).named("a"));
    let other = other.await.unwrap();
    assert_eq!(waiting.await.unwrap(), Ok(7));
    assert_eq!(began.elapsed(), ms(0));
    assert_eq!(other.call(get()).await, Ok(7));
    // Restarts are refused as long as it has the name. It goes, and the child is waited for again.
    tokio::time::sleep(ms(3_000)).await;
    assert!(!server.is_alive());
    dies(&other).await;
    assert_eq!(a().call(get()).await_restart().await, Ok(0));
    assert!(server.is_alive());
    // A child of another supervisor takes it.
    dies(&server).await;
    let waiting = tokio::spawn(a().call(add(8)).owned().await_restart());
    settle().await;
    let (second, other) = slow(named(&log), Restart::Permanent, 100).await;
    assert_eq!(waiting.await.unwrap(), Ok(8));
    assert_eq!(other.call(get()).await, Ok(8));
    second.stop().await.unwrap();
    assert_eq!(a().call(get()).await_restart().await, Ok(0));
    assert!(server.is_alive());
    drop(sup);
}

/// Keys of one's own are names like others, also where two have one hash.
#[tokio::test(start_paused = true)]
async fn r199_keys_of_ones_own() {
    #[derive(Debug, PartialEq, Eq)]
    struct Key(u32);
    impl std::hash::Hash for Key {
        fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
    }
    let log = Log::new();
    let handles: [Server<Plain>; 2] = [place(), place()];
    let (places, made) = (handles.clone(), log.clone());
    let _sup = Sup::start(move |mut spec| {
        for (number, handle) in (0..).zip(&places) {
            let script = Script::new("a", &made).named(Name::new(Key(number)));
            let late = ms(1_000 + u64::from(number) * 10_000);
            let child = child(handle, &script).with_id(number.to_string());
            spec = spec.child(child.backoff(Backoff::new(late, late)));
        }
        spec
    })
    .await
    .unwrap();
    let began = Instant::now();
    let of = |number| Server::<Plain>::named(Name::new(Key(number)));
    for server in &handles {
        dies(server).await;
    }
    let (second, first) = tokio::join!(
        tokio::spawn(of(1).call(get()).no_timeout().owned().await_restart()),
        of(0).call(get()).owned().await_restart(),
    );
    assert_eq!(first, Ok(0));
    assert_eq!(second.unwrap(), Ok(0));
    assert!(began.elapsed() > ms(5_000));
    assert_eq!(
        of(2).call(get()).await_restart().await,
        Err(CallError::NoProc)
    );
}

/// Names belong to a runtime: a thread that has entered it waits, by whatever executor.
#[tokio::test]
async fn r199_who_waits_elsewhere() {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let log = Log::new();
    let handle = place();
    let (server, at, made) = (handle.clone(), handle, log.clone());
    let _sup = Sup::start(move |spec| {
        let a = child(&at, &named(&made)).backoff(Backoff::new(ms(20), ms(20)));
        spec.child(a)
    })
    .await
    .unwrap();
    dies(&server).await;
    let here = Handle::current();
    let foreign = tokio::task::spawn_blocking(|| {
        std::thread::spawn(move || {
            let call = a().call(get()).owned().await_restart();
            let mut outside = Box::pin(a().call(get()).owned().await_restart());
            assert_eq!(
                poll_once(&mut outside),
                Poll::Ready(Err(CallError::NoRuntime))
            );
            let _entered = here.enter();
            let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
            let mut call = pin!(call);
            loop {
                match call.as_mut().poll(&mut Context::from_waker(&waker)) {
                    Poll::Ready(reply) => return reply,
                    Poll::Pending => std::thread::park(),
                }
            }
        })
        .join()
        .unwrap()
    });
    assert_eq!(foreign.await.unwrap(), Ok(0));
}

/// Threads that call while the holder dies again and again: each call is answered, or told that it was begun.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r199_callers_race_a_holder_that_dies() {
    let log = Log::new();
    let handle = place();
    let (server, made): (Server<Plain>, _) = (handle.clone(), log.clone());
    let sup = Sup::start(move |spec| {
        spec.max_restarts(u32::MAX)
            .child(child(&handle, &named(&made)))
    })
    .await
    .unwrap();
    let callers: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn(async move {
                for _ in 0..200 {
                    match a().call(add(1)).no_timeout().await_restart().await {
                        Ok(_) | Err(CallError::Exited(ExitReason::Killed)) => {}
                        other => panic!("{other:?}"),
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    while !callers.iter().all(tokio::task::JoinHandle::is_finished) {
        dies(&server).await;
        sup.ready().await.unwrap();
    }
    for caller in callers {
        caller.await.unwrap();
    }
}
