//! The specification of a child that does not start on request: it comes back, to be used again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use suptree::{
    CallError, ChildSpec, ExitReason, Failed, Ignore, Pid, Restart, StartChildError, StartError,
    SupervisorRef,
};

use crate::support::{
    Log, NamedSup, Plain, Script, Sup, Traps, child, ms, oops, place, poll_once, settle, spec_of,
};

type Refused = Failed<StartChildError, ChildSpec>;

async fn offer(sup: &SupervisorRef, spec: ChildSpec) -> Refused {
    sup.start_child(spec).keep_args().await.unwrap_err()
}

/// Fails for this reason, and its specification is as good as new: another supervisor starts a child by it.
#[track_caller]
fn comes_back(refused: Refused, error: impl Into<StartChildError>) -> ChildSpec {
    assert_eq!(refused, error.into());
    refused.into_args().expect("nobody has it")
}

async fn starts(log: &Log, spec: ChildSpec) -> Pid {
    let before = log.count("a init");
    let sup = Sup::start(|spec| spec).await.unwrap();
    let pid = sup.start_child(spec).await.unwrap();
    assert_eq!(log.count("a init"), before + 1);
    sup.stop().await.unwrap();
    pid
}

#[tokio::test(start_paused = true)]
async fn r180_what_is_refused_comes_back() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let a = || spec_of(&log, "a");
    let pid = sup.start_child(a()).keep_args().await.unwrap();

    let taken = StartChildError::AlreadyStarted(pid);
    let spec = comes_back(offer(&sup, a()).await, taken);
    assert_eq!(spec.id(), &"a".into());
    starts(&log, spec).await;

    sup.terminate_child("a").await.unwrap();
    let spec = comes_back(offer(&sup, a()).await, StartChildError::AlreadyPresent);
    // Under another id it is another child.
    sup.start_child(spec.with_id("b")).await.unwrap();

    let significant = offer(&sup, spec_of(&log, "c").significant(true)).await;
    let why = suptree::BadCombination::SignificantPermanent;
    let error = StartError::BadCombination {
        id: "c".into(),
        why,
    };
    let spec = comes_back(significant, StartChildError::Start(error));
    sup.start_child(spec.significant(false)).await.unwrap();
    assert_eq!(sup.count_children().await.unwrap().specs, 3);
}

/// Whatever goes wrong in its start; the supervisor has forgotten it.
#[tokio::test(start_paused = true)]
async fn r180_what_fails_to_start_comes_back() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let fails = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&fails);
    let script = Script::<Plain>::new("a", &log).on_init(move |_, _| {
        let fails = flag.load(Ordering::Relaxed);
        Box::pin(async move { if fails { Err(oops("no")) } else { Ok(()) } })
    });
    let mut spec = child(&place(), &script);
    let failed = StartChildError::Start(StartError::Init(oops("no")));
    for _ in 0..3 {
        spec = comes_back(offer(&sup, spec).await, failed.clone());
        assert_eq!(sup.count_children().await.unwrap().specs, 0);
    }
    fails.store(false, Ordering::Relaxed);
    sup.start_child(spec).await.unwrap();

    // Its arguments cannot be made.
    let panics = Arc::new(AtomicBool::new(true));
    let (flag, made) = (Arc::clone(&panics), log.clone());
    let spec = ChildSpec::new::<crate::support::Probe<Plain>>("b", move || {
        assert!(!flag.load(Ordering::Relaxed), "no arguments");
        Script::new("a", &made)
    });
    let refused = offer(&sup, spec).await;
    assert!(matches!(
        *refused,
        StartChildError::Start(StartError::Init(ExitReason::Panic(_)))
    ));
    panics.store(false, Ordering::Relaxed);
    starts(&log, refused.into_args().unwrap()).await;

    // Its name is taken.
    let named = Script::<Plain>::new("a", &log).named("given back");
    let holder = suptree::start::<crate::support::Probe<Plain>>(named.clone())
        .await
        .unwrap();
    let refused = offer(&sup, child(&place(), &named).with_id("c")).await;
    let taken = StartError::AlreadyStarted(holder.pid().unwrap());
    let spec = comes_back(refused, StartChildError::Start(taken));
    holder.stop().await.unwrap();
    sup.start_child(spec).await.unwrap();
}

/// A child that ignores its start stays one, unless it is temporary.
#[tokio::test(start_paused = true)]
async fn r180_what_ignores_its_start_is_kept_or_comes_back() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let script = || Script::<Plain>::new("a", &log).init_fails(Ignore.into());
    let refused = offer(&sup, child(&place(), &script())).await;
    assert_eq!(refused, StartChildError::Ignored);
    assert!(refused.into_args().is_none(), "the supervisor has it");
    assert_eq!(sup.count_children().await.unwrap().specs, 1);

    let temporary = child(&place(), &script()).restart(Restart::Temporary);
    let refused = offer(&sup, temporary.with_id("b")).await;
    let spec = comes_back(refused, StartChildError::Ignored);
    assert_eq!(spec.id(), &"b".into());
    assert_eq!(sup.count_children().await.unwrap().specs, 1);
}

/// Nobody is asked, or nobody answers.
#[tokio::test(start_paused = true)]
async fn r180_a_specification_for_a_supervisor_that_is_not_there_comes_back() {
    let log = Log::new();
    let dead = Sup::start(|spec| spec).await.unwrap();
    dead.stop().await.unwrap();
    let nobodies = [
        (*dead).clone(),
        SupervisorRef::vacant(),
        SupervisorRef::named("nobody".into()),
    ];
    let mut spec = spec_of(&log, "a");
    for nobody in nobodies {
        let no_proc = StartChildError::Call(CallError::NoProc);
        spec = comes_back(offer(&nobody, spec).await, no_proc);
    }
    // It ends between the call and the first poll.
    let sup = Sup::start(|spec| spec).await.unwrap();
    let asking = sup.start_child(spec).keep_args();
    sup.stop().await.unwrap();
    let refused = asking.await.unwrap_err();
    let spec = comes_back(refused, StartChildError::Call(CallError::NoProc));
    starts(&log, spec).await;
}

#[test]
fn r180_a_specification_comes_back_from_a_name_outside_of_a_runtime() {
    let log = Log::new();
    let sup = SupervisorRef::named("sup".into());
    let mut asking = sup.start_child(spec_of(&log, "a")).keep_args();
    let std::task::Poll::Ready(refused) = poll_once(&mut asking) else {
        panic!("it waits for nobody");
    };
    let no_runtime = StartChildError::Call(CallError::NoRuntime);
    let spec = comes_back(refused.unwrap_err(), no_runtime);
    assert_eq!(spec.id(), &"a".into());
}

#[tokio::test(start_paused = true)]
async fn r180_a_specification_comes_back_from_a_supervisor_that_waits_for_the_one_who_asks() {
    let log = Log::new();
    let made = log.clone();
    let script = Script::<Plain>::new("asks", &log).on_init(move |_, _| {
        let log = made.clone();
        Box::pin(async move {
            let sup = SupervisorRef::named("sup".into());
            let refused = offer(&sup, spec_of(&log, "a")).await;
            let would_deadlock = StartChildError::Call(CallError::WouldDeadlock);
            let spec = comes_back(refused, would_deadlock);
            // Somebody else has time for it.
            starts(&log, spec).await;
            Ok(())
        })
    });
    let sup = NamedSup::start(|spec| spec).await.unwrap();
    sup.start_child(child(&place(), &script)).await.unwrap();
    assert_eq!(log.count("a init"), 1);
}

/// Behind others that are seen to first, when the end comes.
#[tokio::test(start_paused = true)]
async fn r180_a_specification_that_waits_comes_back_from_a_supervisor_that_ends() {
    for kill in [false, true] {
        let log = Log::new();
        let made = log.clone();
        let sup = Sup::start(move |spec| {
            let slow = Script::<crate::support::TrapAndTerminate>::new("slow", &made);
            spec.child(child(&place(), &slow.terminate_sleeps(ms(500))))
        })
        .await
        .unwrap();
        let stopped = sup.clone();
        let stopping = tokio::spawn(async move {
            if kill {
                stopped.kill();
            } else {
                stopped.stop().await.unwrap();
            }
        });
        let (asked, spec) = (sup.clone(), spec_of(&log, "a"));
        let asking = tokio::spawn(async move { offer(&asked, spec).await });
        stopping.await.unwrap();
        let refused = asking.await.unwrap();
        let reason = if kill {
            ExitReason::Killed
        } else {
            ExitReason::Normal
        };
        let spec = comes_back(refused, StartChildError::Call(CallError::Exited(reason)));
        assert_eq!(log.count("a init"), 0);
        starts(&log, spec).await;
    }
}

/// In the middle of its start.
#[tokio::test(start_paused = true)]
async fn r180_a_specification_comes_back_from_a_start_that_is_interrupted() {
    for kill in [false, true] {
        let log = Log::new();
        let sup = Sup::start(|spec| spec).await.unwrap();
        let slow = Arc::new(AtomicBool::new(true));
        let flag = Arc::clone(&slow);
        let script = Script::<Traps>::new("a", &log).on_init(move |_, _| {
            let slow = flag.load(Ordering::Relaxed);
            Box::pin(async move {
                if slow {
                    std::future::pending::<()>().await;
                }
                Ok(())
            })
        });
        let (asked, spec) = (sup.clone(), child(&place(), &script));
        let asking = tokio::spawn(async move { offer(&asked, spec).await });
        settle().await;
        assert_eq!(log.count("a init"), 1);
        let end = sup.monitor();
        let error = if kill {
            sup.kill();
            StartChildError::Call(CallError::Exited(ExitReason::Killed))
        } else {
            sup.stop().await.unwrap();
            StartChildError::Start(StartError::Init(ExitReason::Shutdown))
        };
        end.await;
        let spec = comes_back(asking.await.unwrap(), error);
        slow.store(false, Ordering::Relaxed);
        starts(&log, spec).await;
    }
}

/// What nobody waits for any more is dropped: once, and whoever has it last.
#[tokio::test(start_paused = true)]
async fn r180_a_specification_that_nobody_waits_for_is_dropped() {
    let log = Log::new();
    let held = Arc::new(());
    let spec = |id: &'static str| {
        let (held, log) = (Arc::clone(&held), log.clone());
        ChildSpec::new::<crate::support::Probe<Plain>>(id, move || {
            let _held = &held;
            Script::new("a", &log).init_fails(oops("no"))
        })
    };
    let sup = Sup::start(|spec| spec).await.unwrap();
    // Never asked; asked and given up; without the wish to have it back; with it.
    drop(sup.start_child(spec("a")));
    let mut asking = sup.start_child(spec("a"));
    assert!(poll_once(&mut asking).is_pending());
    drop(asking);
    settle().await;
    assert_eq!(log.count("a init"), 1, "it was asked");
    sup.start_child(spec("a")).await.unwrap_err();
    drop(sup.start_child(spec("a")).keep_args().await);
    settle().await;
    assert_eq!(Arc::strong_count(&held), 1);
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
}
