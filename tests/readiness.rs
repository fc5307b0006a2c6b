//! Whether a tree is ready: every child that should run does.

use std::future::pending;
use std::task::Poll;

use suptree::{
    AutoShutdown, Backoff, CallError, Child, ChildSpec, ExitReason, Ignore, Restart, Shutdown,
    Strategy,
};

use crate::support::supervisors::supervise_as;
use crate::support::{
    AnyDyn, Dyn, Log, Plain, Probe, Script, Server, Sup, TrapAndTerminate, act, act_async, child,
    ms, oops, place, poll_once, settle, supervise,
};

/// A supervisor of one child, whose restarts wait for a minute or so.
async fn slow(log: &Log) -> (Sup, Server<Plain>) {
    let (handle, made) = (place(), log.clone());
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        let a = child(&handle, &Script::new("a", &made));
        spec.child(a.backoff(Backoff::new(ms(60_000), ms(60_000))))
    })
    .await
    .unwrap();
    (sup, server)
}

/// Kills it, and waits for its end: it is missed from then on.
async fn dies(server: &Server<Plain>) {
    let down = server.monitor();
    server.kill();
    down.await;
}

#[tokio::test(start_paused = true)]
async fn r190_a_tree_is_ready_from_its_start_to_its_end() {
    let log = Log::new();
    let handle = place::<Plain>();
    let (above, made) = (<Sup as Child>::vacant(), log.clone());
    let tree = above.clone();
    let start = tokio::spawn(Sup::start(move |spec| {
        let (made, handle) = (made.clone(), handle.clone());
        let inner = supervise(move |spec| {
            let b = Script::new("b", &made).init_sleeps(ms(10));
            spec.child(child(&handle, &b))
        });
        spec.child(<Sup as Child>::child_spec(&above, "inner", inner))
    }));
    log.until("b init", 1).await;
    assert!(!tree.is_ready());
    let sup = start.await.unwrap().unwrap();
    assert!(sup.is_ready() && tree.is_ready());
    let mut watch = sup.watch_readiness();
    assert_eq!(watch.changed().await, Ok(true));
    let changed = tokio::spawn(async move {
        let mut seen = Vec::new();
        loop {
            match watch.changed().await {
                Ok(ready) => seen.push(ready),
                Err(end) => return (seen, end),
            }
        }
    });
    settle().await;
    sup.stop_with(ExitReason::Shutdown).await.unwrap();
    let (seen, end) = changed.await.unwrap();
    assert!(seen.is_empty() || seen == [false], "{seen:?}");
    assert_eq!(end, CallError::Exited(ExitReason::Shutdown));
    assert!(!sup.is_ready() && !tree.is_ready());
    assert_eq!(sup.ready().await, Err(CallError::NoProc));
}

#[tokio::test(start_paused = true)]
async fn r191_a_child_is_missed_from_its_death_to_its_restart() {
    let log = Log::new();
    let (sup, server) = slow(&log).await;
    let began = tokio::time::Instant::now();
    for starts in 2..5 {
        assert!(sup.is_ready());
        server.kill();
        while server.is_alive() {
            tokio::task::yield_now().await;
        }
        // Before its supervisor has heard of it, too.
        assert!(!sup.is_ready());
        sup.ready().await.unwrap();
        assert_eq!(log.count("a init"), starts);
        assert!(server.is_alive());
    }
    assert!(began.elapsed() >= ms(90_000));
}

/// Nobody waits for a child that does not come back.
#[tokio::test(start_paused = true)]
async fn r192_who_does_not_come_back_is_not_missed() {
    let log = Log::new();
    let (sup, server) = slow(&log).await;
    let mut watch = sup.watch_readiness();
    assert_eq!(watch.changed().await, Ok(true));
    sup.terminate_child("a").await.unwrap();
    let mut unchanged = Box::pin(watch.changed());
    assert_eq!(poll_once(&mut unchanged), Poll::Pending, "terminated");
    sup.restart_child("a").await.unwrap();

    let handles: [Server<Plain>; 4] = std::array::from_fn(|_| place());
    let ignores = |nth: usize| {
        Script::<Plain>::new("ignores", &log).on_init(move |probe, _| {
            let ignore = probe.log_count("ignores init") == nth;
            Box::pin(async move { if ignore { Err(Ignore.into()) } else { Ok(()) } })
        })
    };
    let transient = child(&handles[0], &Script::new("transient", &log)).restart(Restart::Transient);
    let temporary = child(&handles[1], &Script::new("temporary", &log)).restart(Restart::Temporary);
    sup.start_child(transient).await.unwrap();
    sup.start_child(temporary).await.unwrap();
    sup.start_child(child(&handles[2], &ignores(1)).with_id("ignores"))
        .await
        .unwrap_err();
    for (server, reason) in [
        (&handles[0], ExitReason::Normal),
        (&handles[1], oops("boom")),
    ] {
        let down = server.monitor();
        server
            .cast(act(move |_, cx| cx.stop(reason)))
            .await
            .unwrap();
        down.await;
    }
    sup.which_children().await.unwrap();
    assert_eq!(poll_once(&mut unchanged), Poll::Pending, "done");

    // A further child counts when it runs.
    let late = Script::new("late", &log).init_sleeps(ms(1_000));
    let starting = tokio::spawn(sup.start_child(child(&handles[3], &late)));
    log.until("late init", 1).await;
    assert!(sup.is_ready());
    starting.await.unwrap().unwrap();
    assert_eq!(poll_once(&mut unchanged), Poll::Pending, "started");
    handles[3].kill();
    log.until("late init", 2).await;
    assert!(!sup.is_ready());
    sup.ready().await.unwrap();
    assert!(poll_once(&mut unchanged).is_pending(), "and taken back");

    // One that waits for its restart, and is terminated, is missed no longer; nor is one that ignores its restart.
    server.kill();
    settle().await;
    assert!(!sup.is_ready());
    sup.terminate_child("a").await.unwrap();
    assert!(sup.is_ready());
    let handle = place::<Plain>();
    let ignored = child(&handle, &ignores(3)).with_id("later");
    sup.start_child(ignored).await.unwrap();
    dies(&handle).await;
    sup.ready().await.unwrap();
    assert!(!handle.is_alive());
}

#[tokio::test(start_paused = true)]
async fn r193_what_is_missed_below_is_missed_above() {
    let log = Log::new();
    let handle = place::<Plain>();
    let levels: [Sup; 3] = std::array::from_fn(|_| <Sup as Child>::vacant());
    let (places, made, server) = (levels.clone(), log.clone(), handle.clone());
    let sup = Sup::start(move |spec| {
        let (made, handle) = (made.clone(), handle.clone());
        let mut inner = supervise(move |spec| {
            let a = child(&handle, &Script::new("a", &made));
            spec.max_restarts(1)
                .child(a.backoff(Backoff::new(ms(1_000), ms(1_000))))
        });
        for level in &places[1..] {
            let (level, below) = (level.clone(), inner);
            inner = supervise(move |spec| {
                spec.child(<Sup as Child>::child_spec(&level, "below", below.clone()))
            });
        }
        spec.child(<Sup as Child>::child_spec(&places[0], "first", inner))
    })
    .await
    .unwrap();
    let all = [&sup, &levels[0], &levels[1], &levels[2]];
    let ready = || all.map(|sup| sup.is_ready());
    assert_eq!(ready(), [true; 4]);
    server.kill();
    settle().await;
    assert_eq!(ready(), [false; 4]);
    levels[0].ready().await.unwrap();
    assert_eq!(ready(), [true; 4]);
    // The lowest gives up, and is started again by the one above it.
    dies(&server).await;
    sup.ready().await.unwrap();
    assert_eq!(ready(), [true; 4]);
    assert_eq!(log.count("a init"), 3);
    // A supervisor that is stopped for good takes what it misses along.
    server.kill();
    settle().await;
    assert_eq!(ready(), [false; 4]);
    sup.terminate_child("first").await.unwrap();
    assert_eq!(ready(), [true, false, false, false]);
    sup.restart_child("first").await.unwrap();
    assert_eq!(ready(), [true; 4]);
}

#[tokio::test(start_paused = true)]
async fn r191_a_group_is_ready_when_all_of_it_is() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::new();
        let servers: [Server<Plain>; 3] = std::array::from_fn(|_| place());
        let (handles, made) = (servers.clone(), log.clone());
        let sup = Sup::start_as(strategy, move |mut spec| {
            for (handle, id) in handles.iter().zip(["a", "b", "c"]) {
                let slow = Script::new(id, &made).init_sleeps(ms(100));
                spec = spec.child(child(handle, &slow));
            }
            spec
        })
        .await
        .unwrap();
        servers[0].kill();
        log.until("c init", 2).await;
        assert!(!sup.is_ready());
        sup.ready().await.unwrap();
        assert!(servers.iter().all(Server::is_alive));
        assert_eq!(log.with("init").len(), 6);
    }
}

/// A child whose restarts fail is missed all the time.
#[tokio::test(start_paused = true)]
async fn r191_failed_restarts() {
    let log = Log::new();
    let (handle, made) = (place(), log.clone());
    let server: Server<Plain> = handle.clone();
    let sup = Sup::start(move |spec| {
        let script = Script::<Plain>::new("a", &made).on_init(|probe: &mut Probe<Plain>, _| {
            let starts = probe.log_count("a init");
            Box::pin(async move {
                tokio::time::sleep(ms(10)).await;
                if 1 < starts && starts < 6 {
                    Err(oops("not yet"))
                } else {
                    Ok(())
                }
            })
        });
        spec.max_restarts(10).child(child(&handle, &script))
    })
    .await
    .unwrap();
    let mut watch = sup.watch_readiness();
    assert_eq!(watch.changed().await, Ok(true));
    server.kill();
    assert_eq!(watch.changed().await, Ok(false));
    assert_eq!(watch.changed().await, Ok(true));
    assert_eq!(log.count("a init"), 6);
}

#[tokio::test(start_paused = true)]
async fn r192_a_supervisor_that_gives_up_is_gone() {
    let log = Log::new();
    let (handle, made) = (place(), log.clone());
    let server: Server<Plain> = handle.clone();
    let sup = Sup::start(move |spec| {
        spec.max_restarts(0)
            .child(child(&handle, &Script::new("a", &made)))
    })
    .await
    .unwrap();
    let ready = sup.ready();
    server.kill();
    while server.is_alive() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ready.await, Err(CallError::Exited(ExitReason::Shutdown)));
    // Significant children end it as well.
    let (handle, made) = (place(), log.clone());
    let server: Server<Plain> = handle.clone();
    let sup = Sup::start(move |spec| {
        let a = child(&handle, &Script::new("a", &made)).restart(Restart::Transient);
        spec.auto_shutdown(AutoShutdown::AnySignificant)
            .child(a.significant(true))
    })
    .await
    .unwrap();
    server
        .cast(act(|_, cx| cx.stop(ExitReason::Normal)))
        .await
        .unwrap();
    sup.monitor().await;
    assert_eq!(sup.ready().await, Err(CallError::NoProc));
}

#[tokio::test(start_paused = true)]
async fn r193_dynamic_children_and_tasks() {
    let log = Log::new();
    let sup = Dyn::<Plain, 100>::start().await;
    assert!(sup.is_ready());
    let slow = Script::new("a", &log).init_sleeps(ms(10));
    let servers = [(); 10].map(|()| slow.clone());
    let mut started = Vec::new();
    for script in servers {
        started.push(sup.start_child(script).await.unwrap());
    }
    for server in &started {
        dies(server).await;
    }
    assert!(!sup.is_ready());
    sup.ready().await.unwrap();
    assert!(started.iter().all(Server::is_alive));
    sup.terminate_child(&started[0]).await.unwrap();
    assert!(sup.is_ready());

    // Tasks are restarted at once; temporary ones are not missed.
    let any = AnyDyn::start().await;
    let pid = any.start_any(ChildSpec::task("t", pending::<()>)).await;
    let down = suptree::monitor(pid);
    suptree::exit(pid, ExitReason::Killed);
    down.await;
    assert!(any.is_ready());
    let task = ChildSpec::task("t", pending::<()>).restart(Restart::Permanent);
    let pid = any
        .start_any(task.backoff(Backoff::new(ms(1_000), ms(1_000))))
        .await;
    let down = suptree::monitor(pid);
    suptree::exit(pid, ExitReason::Killed);
    down.await;
    assert!(!any.is_ready());
    any.ready().await.unwrap();
    assert_eq!(any.count_children().await.unwrap().active, 1);
}

/// A child that ends as soon as it runs, on a supervisor that looks at it later.
#[tokio::test(start_paused = true)]
async fn r194_a_child_that_ends_at_once() {
    let log = Log::new();
    let sup = Sup::start_as(Strategy::OneForOne, |spec| spec.max_restarts(5))
        .await
        .unwrap();
    let handle = place::<Plain>();
    let script = Script::new("a", &log).on_init(|probe: &mut Probe<Plain>, cx| {
        if probe.log_count("a init") < 4 {
            cx.stop(oops("at once"));
        }
        Box::pin(async { Ok(()) })
    });
    sup.start_child(child(&handle, &script)).await.unwrap();
    sup.ready().await.unwrap();
    assert!(handle.is_alive());
    assert_eq!(log.count("a init"), 4);
}

/// Threads that kill, and ask: a tree is ready in the end, and each time when all live.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r194_many_ends_at_one_time() {
    let log = Log::new();
    let servers: Vec<Server<Plain>> = (0..20).map(|_| place()).collect();
    let (handles, made) = (servers.clone(), log.clone());
    let sup = Sup::start(move |mut spec| {
        for (id, half) in handles.chunks(10).enumerate() {
            let (half, made) = (half.to_vec(), made.clone());
            let inner = supervise_as(Strategy::RestForOne, move |mut spec| {
                for (n, handle) in half.iter().enumerate() {
                    spec =
                        spec.child(child(handle, &Script::new("a", &made)).with_id(n.to_string()));
                }
                spec.max_restarts(3)
            });
            let place = <Sup as Child>::vacant();
            let id = id.to_string();
            spec = spec.child(<Sup as Child>::child_spec(&place, id, inner));
        }
        spec.max_restarts(u32::MAX)
    })
    .await
    .unwrap();
    for round in 0..50 {
        let mut killing = Vec::new();
        for at in 0..4 {
            let server = servers[(round * 7 + at * 5) % servers.len()].clone();
            killing.push(tokio::spawn(async move { dies(&server).await }));
        }
        let asking = tokio::spawn(sup.ready());
        for killed in killing {
            killed.await.unwrap();
        }
        asking.await.unwrap().unwrap();
        // Nobody ends any more: what is ready stays so.
        sup.ready().await.unwrap();
        assert!(servers.iter().all(Server::is_alive), "round {round}");
    }
}

/// A child of `sup` whose `init` waits for it to be ready, and says what came of it.
fn waits_in_init(log: &Log, sup: &Sup) -> Script<Plain> {
    let sup = sup.clone();
    Script::new("w", log).on_init(move |probe: &mut Probe<Plain>, _| {
        let ready = sup.ready();
        let log = probe.script_log();
        Box::pin(async move {
            log.push(format!("w {:?}", ready.await));
            Ok(())
        })
    })
}

/// It is not ready before the child is, which would wait for itself.
#[tokio::test(start_paused = true)]
async fn r252_an_init_that_waits_for_its_own_tree() {
    let log = Log::new();
    let (top, made) = (<Sup as Child>::vacant(), log.clone());
    let (inner, waits): (Sup, Server<Plain>) = (<Sup as Child>::vacant(), place());
    let (above, handles) = (top.clone(), (inner.clone(), waits.clone()));
    let make = supervise(move |spec| {
        let (made, above, waits) = (made.clone(), above.clone(), handles.1.clone());
        let below = supervise(move |spec| spec.child(child(&waits, &waits_in_init(&made, &above))));
        spec.child(<Sup as Child>::child_spec(&handles.0, "inner", below))
    });
    let spec = <Sup as Child>::child_spec(&top, "top", make);
    let root = Sup::start(|spec| spec).await.unwrap();
    root.start_child(spec).await.unwrap();
    // So it is at every start: the first, that of the child alone, and that of the supervisor above it.
    let refused = "w Err(WouldDeadlock)";
    assert_eq!(log.count(refused), 1);
    dies(&waits).await;
    top.ready().await.unwrap();
    assert_eq!(log.count(refused), 2);
    let end = inner.monitor();
    inner.kill();
    end.await;
    top.ready().await.unwrap();
    assert_eq!(log.count(refused), 3);

    // One that is not missed may wait for others, and be started by a supervisor that is not.
    let (slow, server) = slow(&log).await;
    dies(&server).await;
    let began = tokio::time::Instant::now();
    let other = Sup::start(|spec| spec).await.unwrap();
    let further = child(&place(), &waits_in_init(&log, &slow));
    other.start_child(further).await.unwrap();
    assert_eq!(log.count("w Ok(())"), 1);
    assert!(began.elapsed() > ms(20_000));
    let further = child(&place(), &waits_in_init(&log, &slow));
    slow.start_child(further).await.unwrap();
    assert_eq!(log.count("w Ok(())"), 2);
}

/// A child without a limit in time that waits for the tree which waits for it.
#[tokio::test(start_paused = true)]
async fn r252_who_is_stopped_and_waits_for_its_own_tree() {
    for in_terminate in [true, false] {
        let log = Log::new();
        let (top, made) = (<Sup as Child>::vacant(), log.clone());
        let waits: Server<TrapAndTerminate> = place();
        let (above, handle) = (top.clone(), waits.clone());
        let make = supervise(move |spec| {
            let (made, above, handle) = (made.clone(), above.clone(), handle.clone());
            let below = supervise(move |spec| {
                let ready = above.clone();
                let waits = Script::new("w", &made).on_terminate(move |probe, _, _| {
                    let ready = in_terminate.then(|| ready.ready());
                    let log = probe.script_log();
                    Box::pin(async move {
                        if let Some(ready) = ready {
                            log.push(format!("w {:?}", ready.await));
                        }
                    })
                });
                spec.child(child(&handle, &waits).shutdown(Shutdown::Infinity))
            });
            let slow = ChildSpec::task("slow", pending::<()>).restart(Restart::Permanent);
            spec.child(slow.backoff(Backoff::new(ms(60_000), ms(60_000))))
                .child(<Sup as Child>::child_spec(
                    &<Sup as Child>::vacant(),
                    "inner",
                    below,
                ))
        });
        let spec = <Sup as Child>::child_spec(&top, "top", make);
        let root = Sup::start(|spec| spec).await.unwrap();
        root.start_child(spec).await.unwrap();
        if !in_terminate {
            let slow = top.which_children().await.unwrap()[0].pid().unwrap();
            suptree::exit(slow, ExitReason::Kill);
            suptree::monitor(slow).await;
            let ready = top.ready();
            let log = log.clone();
            let handler = waits.cast(act_async(move |_: &mut Probe<TrapAndTerminate>, _| {
                Box::pin(async move {
                    log.push(format!("w {:?}", ready.await));
                })
            }));
            handler.await.unwrap();
            settle().await;
        }
        let began = tokio::time::Instant::now();
        root.stop().await.unwrap();
        assert!(began.elapsed() <= ms(1_010), "{:?}", began.elapsed());
        assert_eq!(log.count("w Err(WouldDeadlock)"), 1);
    }
}
