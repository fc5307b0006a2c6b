//! Children by request: started again, deleted, described; from where it may be asked, and from where it may not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use suptree::{
    CallError, Child, ChildState, ChildType, DeleteChildError, ExitReason, GetChildSpecError,
    Ignore, Restart, RestartChildError, Shutdown, StartChildError, StartError, Strategy,
    SupervisorRef, TerminateChildError,
};

use crate::support::{
    Boxed, Cx, Log, NamedSup, Plain, Probe, Script, Server, Sup, Traps, abc, child, does_async, ms,
    oops, place, settle, spec_of, supervise,
};

async fn state(sup: &Sup, id: &str) -> Option<ChildState> {
    let children = sup.which_children().await.unwrap();
    let child = children
        .iter()
        .find(|child| child.id.as_ref().unwrap().to_string() == id);
    child.map(|child| child.state)
}

#[tokio::test(start_paused = true)]
async fn sup_62_what_runs_is_neither_restarted_nor_deleted() {
    let log = Log::new();
    let (sup, [a, ..]) = abc(&log).await;
    let before = a.pid();
    assert_eq!(
        sup.restart_child("a").await,
        Err(RestartChildError::Running)
    );
    assert_eq!(sup.delete_child("a").await, Err(DeleteChildError::Running));
    assert_eq!(a.pid(), before);
    assert_eq!(
        sup.restart_child("x").await,
        Err(RestartChildError::NotFound)
    );
    assert_eq!(sup.delete_child("x").await, Err(DeleteChildError::NotFound));
    assert_eq!(
        sup.terminate_child("x").await,
        Err(TerminateChildError::NotFound)
    );
    assert_eq!(
        sup.get_childspec("x").await,
        Err(GetChildSpecError::NotFound)
    );
    // Nor does anybody answer who is gone.
    sup.stop().await.unwrap();
    let gone = CallError::NoProc;
    assert_eq!(
        sup.restart_child("a").await,
        Err(RestartChildError::Call(gone.clone()))
    );
    assert_eq!(
        sup.delete_child("a").await,
        Err(DeleteChildError::Call(gone.clone()))
    );
    assert_eq!(
        sup.get_childspec("a").await,
        Err(GetChildSpecError::Call(gone))
    );
}

/// A child that was restarted by request stands behind the same handle.
#[tokio::test(start_paused = true)]
async fn sup_13_sup_62_a_child_that_is_done_is_started_or_deleted() {
    let log = Log::new();
    let (handle, made) = (place::<Plain>(), log.clone());
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        let child = child(&handle, &Script::new("a", &made));
        spec.child(child.restart(Restart::Transient))
    })
    .await
    .unwrap();
    server.stop().await.unwrap();
    assert_eq!(state(&sup, "a").await, Some(ChildState::Stopped));
    assert_eq!(
        sup.start_child(spec_of(&log, "a")).await,
        Err(StartChildError::AlreadyPresent)
    );
    let pid = sup.restart_child("a").await.unwrap();
    assert_eq!(server.pid(), Some(pid));
    server.stop().await.unwrap();
    assert_eq!(sup.delete_child("a").await, Ok(()));
    assert_eq!(state(&sup, "a").await, None);
    assert_eq!(sup.delete_child("a").await, Err(DeleteChildError::NotFound));
    // Its id is free, and its place was.
    sup.start_child(spec_of(&log, "a")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn sup_08_a_child_that_ignored_its_start_is_started_by_request() {
    let (log, ignores) = (Log::new(), Arc::new(AtomicBool::new(true)));
    let (handle, made, flag) = (place::<Plain>(), log.clone(), Arc::clone(&ignores));
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        let flag = Arc::clone(&flag);
        let script = Script::new("a", &made).on_init(move |_, _| {
            let ignores = flag.load(Ordering::Relaxed);
            Box::pin(async move { if ignores { Err(Ignore.into()) } else { Ok(()) } })
        });
        spec.child(child(&handle, &script))
    })
    .await
    .unwrap();
    assert_eq!(
        sup.restart_child("a").await,
        Err(RestartChildError::Ignored)
    );
    assert_eq!(state(&sup, "a").await, Some(ChildState::Stopped));
    ignores.store(false, Ordering::Relaxed);
    let pid = sup.restart_child("a").await.unwrap();
    assert_eq!(server.pid(), Some(pid));
    assert_eq!(sup.delete_child("a").await, Err(DeleteChildError::Running));
}

/// A start by request that fails leaves the child as it was, and is not tried again.
#[tokio::test(start_paused = true)]
async fn sup_63_a_restart_by_request_that_fails() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec.max_restarts(0)).await.unwrap();
    let script = Script::<Plain>::new("a", &log).on_init(|probe, _| {
        let first = probe.log_count("a init") == 1;
        Box::pin(async move {
            if first {
                Ok(())
            } else {
                Err(oops("not again"))
            }
        })
    });
    sup.start_child(child(&place(), &script)).await.unwrap();
    sup.terminate_child("a").await.unwrap();
    for _ in 0..3 {
        let failed = RestartChildError::Start(StartError::Init(oops("not again")));
        assert_eq!(sup.restart_child("a").await, Err(failed));
        assert_eq!(state(&sup, "a").await, Some(ChildState::Stopped));
    }
    assert_eq!(log.count("a init"), 4);
}

#[tokio::test(start_paused = true)]
async fn sup_63_starts_and_stops_by_request_cost_nothing() {
    let log = Log::new();
    let (handle, made) = (place::<Plain>(), log.clone());
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        spec.max_restarts(0)
            .child(child(&handle, &Script::new("a", &made)))
    })
    .await
    .unwrap();
    for _ in 0..5 {
        sup.terminate_child("a").await.unwrap();
        sup.restart_child("a").await.unwrap();
    }
    assert!(server.is_alive());
    assert_eq!(sup.info().unwrap().restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn sup_64_a_child_keeps_its_place_until_it_is_deleted() {
    let log = Log::new();
    let servers: [Server<Traps>; 3] = std::array::from_fn(|_| place());
    let (handles, made) = (servers.clone(), log.clone());
    let sup = Sup::start_as(Strategy::RestForOne, move |mut spec| {
        for (handle, id) in handles.iter().zip(["a", "b", "c"]) {
            spec = spec.child(child(handle, &Script::new(id, &made)));
        }
        spec
    })
    .await
    .unwrap();
    sup.terminate_child("b").await.unwrap();
    sup.restart_child("b").await.unwrap();
    let before = servers[2].pid();
    servers[1].kill();
    sup.count_children().await.unwrap();
    assert_ne!(servers[2].pid(), before, "c is behind it");

    sup.terminate_child("b").await.unwrap();
    sup.delete_child("b").await.unwrap();
    let b = child(&servers[1], &Script::new("b", &log));
    sup.start_child(b).await.unwrap();
    let before = servers[2].pid();
    servers[1].kill();
    sup.count_children().await.unwrap();
    assert_eq!(servers[2].pid(), before, "it is the last one");
    log.take();
    sup.stop().await.unwrap();
    let stops = ["b", "c", "a"].map(|id| format!("{id} terminate shutdown"));
    assert_eq!(log.with("terminate"), stops);
}

/// Asked about while its restart is tried again and again.
#[tokio::test(start_paused = true)]
async fn sup_24_a_child_that_is_being_restarted() {
    let log = Log::new();
    let (handle, made) = (place::<Plain>(), log.clone());
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        let script = Script::<Plain>::new("a", &made).on_init(|probe, _| {
            let first = probe.log_count("a init") == 1;
            Box::pin(async move {
                tokio::time::sleep(ms(100)).await;
                if first { Ok(()) } else { Err(oops("not yet")) }
            })
        });
        spec.max_restarts(u32::MAX).child(child(&handle, &script))
    })
    .await
    .unwrap();
    let had = server.pid().unwrap();
    server.kill();
    tokio::time::sleep(ms(150)).await;
    assert_eq!(state(&sup, "a").await, Some(ChildState::Restarting));
    assert_eq!(sup.count_children().await.unwrap().active, 0);
    assert_eq!(
        sup.restart_child("a").await,
        Err(RestartChildError::Restarting)
    );
    assert_eq!(
        sup.delete_child("a").await,
        Err(DeleteChildError::Restarting)
    );
    let known = Err(StartChildError::AlreadyPresent);
    assert_eq!(sup.start_child(spec_of(&log, "a")).await, known);
    // It goes by the pid it had; a stop by request ends the attempts.
    assert_eq!(sup.get_childspec(had).await.unwrap().id, "a".into());
    sup.terminate_child(had).await.unwrap();
    let starts = log.count("a init");
    tokio::time::sleep(ms(10_000)).await;
    assert_eq!(log.count("a init"), starts);
    assert_eq!(state(&sup, "a").await, Some(ChildState::Stopped));
    assert_eq!(sup.delete_child("a").await, Ok(()));
}

/// By its id, its pid, a reference to it of any kind; a reference that leads elsewhere finds no child.
#[tokio::test(start_paused = true)]
async fn sup_61_which_child_is_meant() {
    let log = Log::new();
    let nested = Sup::vacant();
    let (server, inner) = (place::<Plain>(), nested.clone());
    let (handle, made) = (server.clone(), log.clone());
    let sup = Sup::start(move |spec| {
        spec.child(child(&handle, &Script::new("a", &made)))
            .child(Sup::child_spec(&inner, "inner", supervise(|spec| spec)))
    })
    .await
    .unwrap();
    let stopped = async |which: suptree::WhichChild| {
        assert_eq!(
            sup.get_childspec(which.clone()).await.unwrap().id,
            "a".into()
        );
        sup.terminate_child(which).await.unwrap();
        assert!(!server.is_alive());
        sup.restart_child("a").await.unwrap();
    };
    stopped("a".into()).await;
    stopped("a".to_owned().into()).await;
    stopped(suptree::ChildId::from("a").into()).await;
    stopped(server.pid().unwrap().into()).await;
    stopped((&server).into()).await;
    stopped(server.process().into()).await;
    sup.terminate_child(&*nested).await.unwrap();
    assert!(!nested.is_alive());
    let nobody = [
        (&place::<Plain>()).into(),
        (&*sup).into(),
        suptree::WhichChild::from(suptree::ProcessRef::named("nobody".into())),
    ];
    for which in nobody {
        let not_found = Err(TerminateChildError::NotFound);
        assert_eq!(
            sup.terminate_child(which.clone()).await,
            not_found,
            "{which:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn get_childspec_tells_what_was_given() {
    let log = Log::new();
    let backoff = suptree::Backoff::new(ms(10), ms(100));
    let sup = Sup::start(move |spec| {
        let a = child(&place::<Plain>(), &Script::new("a", &log))
            .restart(Restart::Transient)
            .shutdown(Shutdown::BrutalKill)
            .significant(true)
            .backoff(backoff);
        let tree = Sup::child_spec(&Sup::vacant(), "tree", supervise(|spec| spec));
        spec.auto_shutdown(suptree::AutoShutdown::AnySignificant)
            .child(a)
            .child(tree)
    })
    .await
    .unwrap();
    let a = sup.get_childspec("a").await.unwrap();
    assert_eq!(
        (a.restart, a.shutdown),
        (Restart::Transient, Shutdown::BrutalKill)
    );
    assert_eq!((a.child_type, a.significant), (ChildType::Worker, true));
    assert_eq!(a.backoff, Some(backoff));
    assert_eq!(a.start, std::any::type_name::<Probe<Plain>>());
    let tree = sup.get_childspec("tree").await.unwrap();
    assert_eq!(
        (tree.restart, tree.shutdown),
        (Restart::Permanent, Shutdown::Infinity)
    );
    assert_eq!(
        (tree.child_type, tree.significant),
        (ChildType::Supervisor, false)
    );
    assert_eq!(tree.start, std::any::type_name::<Sup>());
}

/// A child may ask its own supervisor for anything, from its handlers.
#[tokio::test(start_paused = true)]
async fn sup_53_a_child_asks_its_own_supervisor() {
    let log = Log::new();
    let (sup, [a, ..]) = abc(&log).await;
    let asked = sup.clone();
    let asks = does_async(
        move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| -> Boxed<'_, usize> {
            Box::pin(async move {
                asked.terminate_child("c").await.unwrap();
                asked.delete_child("c").await.unwrap();
                asked.terminate_child("b").await.unwrap();
                asked.restart_child("b").await.unwrap();
                asked.get_childspec("a").await.unwrap();
                asked.count_children().await.unwrap().active
            })
        },
    );
    assert_eq!(a.call(asks).await, Ok(2));
}

/// What a child asks of its supervisor, or of the one above that waits for the whole, in its `init`.
async fn asks(sup: SupervisorRef, log: Log) {
    let would_deadlock = CallError::WouldDeadlock;
    assert_eq!(sup.which_children().await, Err(would_deadlock.clone()));
    assert_eq!(sup.count_children().await, Err(would_deadlock.clone()));
    let call = StartChildError::Call(would_deadlock.clone());
    assert_eq!(sup.start_child(spec_of(&log, "other")).await, Err(call));
    let call = TerminateChildError::Call(would_deadlock.clone());
    assert_eq!(sup.terminate_child("a").await, Err(call));
    let call = RestartChildError::Call(would_deadlock.clone());
    assert_eq!(sup.restart_child("a").await, Err(call));
    let call = DeleteChildError::Call(would_deadlock.clone());
    assert_eq!(sup.delete_child("a").await, Err(call));
    let call = GetChildSpecError::Call(would_deadlock);
    assert_eq!(sup.get_childspec("a").await, Err(call));
    log.push("asked");
}

/// D49: in OTP it waits for its timeout, which these requests do not have.
#[tokio::test(start_paused = true)]
async fn sup_56_r58_a_child_that_asks_its_supervisor_in_its_init_is_told_at_once() {
    for waits_first in [false, true] {
        let log = Log::new();
        let asked = log.clone();
        let script = Script::<Plain>::new("a", &log).on_init(move |_, _| {
            let asked = asked.clone();
            Box::pin(async move {
                if waits_first {
                    tokio::time::sleep(ms(10)).await;
                }
                asks(SupervisorRef::named("sup".into()), asked).await;
                Ok(())
            })
        });
        let began = tokio::time::Instant::now();
        let (handle, first) = (place(), script.clone());
        let server = handle.clone();
        let sup = NamedSup::start(move |spec| spec.child(child(&handle, &first)))
            .await
            .unwrap();
        assert!(began.elapsed() <= ms(10));
        // At a restart, and at a start by request.
        server.kill();
        assert_eq!(sup.count_children().await.unwrap().active, 1);
        sup.terminate_child("a").await.unwrap();
        sup.restart_child("a").await.unwrap();
        assert_eq!(log.count("asked"), 3);
        sup.stop().await.unwrap();
    }
}

/// The one further up waits as well, while it starts the whole; but not for a restart further down.
#[tokio::test(start_paused = true)]
async fn r58_a_grandchild_that_asks_in_its_init() {
    let log = Log::new();
    let (server, made) = (place::<Plain>(), log.clone());
    let handle = server.clone();
    let inner = supervise(move |spec| {
        let asked = made.clone();
        let script = Script::<Plain>::new("a", &made).on_init(move |probe, _| {
            let (asked, first) = (asked.clone(), probe.log_count("a init") == 1);
            Box::pin(async move {
                let sup = SupervisorRef::named("sup".into());
                if first {
                    asks(sup, asked).await;
                } else {
                    asked.push(format!("{}", sup.count_children().await.unwrap().specs));
                }
                Ok(())
            })
        });
        spec.child(child(&handle, &script))
    });
    let sup = NamedSup::start(move |spec| {
        spec.child(Sup::child_spec(&Sup::vacant(), "inner", inner.clone()))
    })
    .await
    .unwrap();
    server.kill();
    log.until("1", 1).await;
    assert_eq!(log.count("asked"), 1);
    sup.stop().await.unwrap();
}

/// A server that a child starts in its `init`, and that asks in its own: the supervisor waits for both.
#[tokio::test(start_paused = true)]
async fn r58_a_start_inside_of_a_start_that_asks() {
    let log = Log::new();
    let made = log.clone();
    let script = Script::<Plain>::new("a", &log).on_init(move |_, _| {
        let log = made.clone();
        let asked = log.clone();
        let helper = Script::<Plain>::new("helper", &log).on_init(move |_, _| {
            let asked = asked.clone();
            Box::pin(async move {
                asks(SupervisorRef::named("sup".into()), asked).await;
                Ok(())
            })
        });
        Box::pin(async move {
            suptree::start_link::<Probe<Plain>>(helper).await.unwrap();
            Ok(())
        })
    });
    let sup = NamedSup::start(move |spec| spec.child(child(&place(), &script)))
        .await
        .unwrap();
    assert_eq!(log.count("asked"), 1);
    sup.stop().await.unwrap();
}

/// Told to stop from the `init` that it waits for, a supervisor stops: nobody waits for anybody.
#[tokio::test(start_paused = true)]
async fn r58_a_supervisor_that_is_stopped_from_the_init_it_waits_for() {
    let log = Log::new();
    let made = log.clone();
    let script = Script::<Plain>::new("a", &log).on_init(move |_, _| {
        let log = made.clone();
        Box::pin(async move {
            let stopped = SupervisorRef::named("sup".into()).stop().await;
            log.push(format!("{stopped:?}"));
            Ok(())
        })
    });
    let started = NamedSup::start(move |spec| spec.child(child(&place(), &script))).await;
    assert!(
        matches!(started, Err(StartError::Child { .. })),
        "{started:?}"
    );
    settle().await;
    assert_eq!(suptree::whereis("sup"), None);
    assert_eq!(log.with("Ok"), [""; 0], "the init does not go on");
}

/// What is stopped with its group, or ends, while a request for it waits, is as it is when the request's turn comes.
#[tokio::test(start_paused = true)]
async fn sup_82_a_request_that_waits_for_a_slow_start() {
    let log = Log::new();
    let (sup, [a, ..]) = abc(&log).await;
    let slow = child(
        &place(),
        &Script::<Plain>::new("slow", &log).init_sleeps(ms(100)),
    );
    let starting = tokio::spawn(sup.start_child(slow));
    log.until("slow init", 1).await;
    let restarting = tokio::spawn(sup.restart_child("a"));
    settle().await;
    a.kill();
    starting.await.unwrap().unwrap();
    assert_eq!(
        restarting.await.unwrap(),
        Err(RestartChildError::Running),
        "it is back"
    );
    sup.stop_with(ExitReason::Shutdown).await.unwrap();
}

/// What a newcomer reads: who is meant, and what was wrong.
#[tokio::test(start_paused = true)]
async fn r184_errors_say_who_does_not_answer_and_what_panicked() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let panics = Script::<Plain>::new("a", &log).on_init(|_, _| panic!("no disk"));
    let failed = sup.start_child(child(&place(), &panics)).await.unwrap_err();
    let shown = failed.to_string();
    let says = "init failed: it panicked: no disk, at tests/child_requests.rs:";
    assert!(shown.starts_with(says), "{shown}");
    sup.stop().await.unwrap();
    let dead = sup.start_child(spec_of(&log, "a")).await.unwrap_err();
    let says = "the supervisor does not answer: no process: the process is not alive";
    let errors = [
        dead.to_string(),
        sup.terminate_child("a").await.unwrap_err().to_string(),
        sup.restart_child("a").await.unwrap_err().to_string(),
        sup.delete_child("a").await.unwrap_err().to_string(),
        sup.get_childspec("a").await.unwrap_err().to_string(),
    ];
    for error in errors {
        assert!(error.starts_with(says), "{error}");
    }
    let late = CallError::Timeout(ms(5_000)).to_string();
    let says = "time out after 5s: there was no reply, or no room in the mailbox";
    assert!(late.ends_with(says), "{late}");
}
