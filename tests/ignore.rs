//! An `init` that wants its process not to run: no failure, to a starter and to a supervisor.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use suptree::{
    ChildState, ExitReason, Ignore, Restart, StartChildError, StartError, Strategy, whereis,
};

use crate::support::{
    AnyDyn, Boxed, Cx, Log, Plain, Probe, Reports, Script, Server, Sup, Traps, child, does_async,
    ms, place, settle, start,
};

/// A child whose `init` ignores its start while the flag is set.
fn ignores(id: &'static str, log: &Log, flag: &Arc<AtomicBool>) -> Script<Plain> {
    let flag = Arc::clone(flag);
    Script::new(id, log).on_init(move |_, _| {
        let ignores = flag.load(Ordering::Relaxed);
        Box::pin(async move { if ignores { Err(Ignore.into()) } else { Ok(()) } })
    })
}

fn flag(set: bool) -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(set))
}

async fn states(sup: &Sup) -> Vec<(String, bool)> {
    let children = sup.which_children().await.unwrap();
    let state = |child: &suptree::ChildInfo| {
        let runs = match child.state {
            ChildState::Running(_) => true,
            ChildState::Stopped => false,
            ChildState::Restarting => panic!("it is not to be restarted"),
        };
        (child.id.as_ref().unwrap().to_string(), runs)
    };
    children.iter().map(state).collect()
}

/// Its name is free, nobody is told of a crash, and a starter that is linked lives on.
#[tokio::test(start_paused = true)]
async fn gs_07_an_ignored_start_is_no_failure() {
    let log = Log::new();
    let reports = Reports::capture();
    for script in [
        ignores("a", &log, &flag(true)).named("ignored"),
        // After it has waited, too; and with the error in a box.
        Script::new("a", &log).named("ignored").on_init(|_, _| {
            Box::pin(async {
                tokio::time::sleep(ms(10)).await;
                let boxed: Box<dyn std::error::Error + Send + Sync> = Box::new(Ignore);
                Err(boxed.into())
            })
        }),
    ] {
        for _ in 0..100 {
            let unlinked = suptree::start::<Probe<Plain>>(script.clone()).await;
            assert_eq!(unlinked.err(), Some(StartError::Ignore));
            assert_eq!(whereis("ignored"), None);
        }
        let parent = start::<Traps>("parent", &log).await;
        let starts = does_async(
            move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| -> Boxed<'_, _> {
                Box::pin(async move { suptree::start_link::<Probe<Plain>>(script).await.err() })
            },
        );
        assert_eq!(parent.call(starts).await, Ok(Some(StartError::Ignore)));
        settle().await;
        assert!(parent.is_alive());
        assert!(
            log.with("exit")
                .iter()
                .all(|line| line == "parent exit normal")
        );
    }
    assert_eq!(reports.briefs(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn sup_07_a_child_that_ignores_its_start_at_boot() {
    let log = Log::new();
    let (reports, made) = (Reports::capture(), log.clone());
    let sup = Sup::start(move |spec| {
        let ignores = |id| child(&place(), &ignores(id, &made, &flag(true)));
        spec.child(ignores("permanent"))
            .child(ignores("temporary").restart(Restart::Temporary))
            .child(ignores("transient").restart(Restart::Transient))
            .child(child(&place::<Plain>(), &Script::new("runs", &made)))
    })
    .await
    .unwrap();
    let expected = [("permanent", false), ("transient", false), ("runs", true)];
    assert_eq!(
        states(&sup).await,
        expected.map(|(id, runs)| (id.to_owned(), runs))
    );
    let counts = sup.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active), (3, 1));
    assert_eq!(reports.briefs(), ["progress runs"]);
}

#[tokio::test(start_paused = true)]
async fn sup_07_a_child_that_ignores_its_start_by_request() {
    let log = Log::new();
    let sup = Sup::start(|spec| spec).await.unwrap();
    let spec = |id| child(&place(), &ignores(id, &log, &flag(true)));
    assert_eq!(
        sup.start_child(spec("a")).await,
        Err(StartChildError::Ignored)
    );
    assert_eq!(states(&sup).await, [("a".to_owned(), false)]);
    assert_eq!(
        sup.start_child(spec("a")).await,
        Err(StartChildError::AlreadyPresent)
    );
    let temporary = || spec("b").restart(Restart::Temporary);
    for _ in 0..2 {
        assert_eq!(
            sup.start_child(temporary()).await,
            Err(StartChildError::Ignored)
        );
    }
    assert_eq!(states(&sup).await, [("a".to_owned(), false)]);
}

#[tokio::test(start_paused = true)]
async fn ds_02_ds_12_a_dynamic_child_that_ignores_its_start_is_forgotten() {
    let (log, ignoring) = (Log::new(), flag(true));
    let sup = AnyDyn::start().await;
    let spec = || child(&place(), &ignores("a", &log, &ignoring));
    assert_eq!(sup.try_any(spec()).await, Err(StartChildError::Ignored));
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    // In a restart, too.
    ignoring.store(false, Ordering::Relaxed);
    let pid = sup.start_any(spec()).await;
    ignoring.store(true, Ordering::Relaxed);
    suptree::exit(pid, ExitReason::Kill);
    suptree::monitor(pid).await;
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    assert_eq!(log.count("a init"), 3);
}

#[tokio::test(start_paused = true)]
async fn sup_44_a_child_that_ignores_its_restart_is_left_stopped() {
    let (log, ignoring, server) = (Log::new(), flag(false), place());
    let (made, handle, set) = (log.clone(), server.clone(), Arc::clone(&ignoring));
    let sup = Sup::start(move |spec| spec.child(child(&handle, &ignores("a", &made, &set))))
        .await
        .unwrap();
    ignoring.store(true, Ordering::Relaxed);
    server.kill();
    assert_eq!(states(&sup).await, [("a".to_owned(), false)]);
    tokio::time::sleep(ms(60_000)).await;
    assert_eq!(log.count("a init"), 2, "nobody tries again");
    assert_eq!(sup.info().unwrap().restarts, 1);
}

/// In a group, those behind the one that ignores are started all the same; and the next restart asks it again.
#[tokio::test(start_paused = true)]
async fn sup_35_sup_44_a_group_restart_with_a_child_that_ignores() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let (log, ignoring) = (Log::new(), flag(false));
        let servers: [Server<Plain>; 3] = std::array::from_fn(|_| place());
        let (made, handles, set) = (log.clone(), servers.clone(), Arc::clone(&ignoring));
        let sup = Sup::start_as(strategy, move |spec| {
            spec.child(child(&handles[0], &Script::new("a", &made)))
                .child(child(&handles[1], &ignores("b", &made, &set)))
                .child(child(&handles[2], &Script::new("c", &made)))
        })
        .await
        .unwrap();
        let expect = |b| {
            [
                ("a".to_owned(), true),
                ("b".to_owned(), b),
                ("c".to_owned(), true),
            ]
        };
        for ignored in [true, false] {
            ignoring.store(ignored, Ordering::Relaxed);
            servers[0].kill();
            assert_eq!(states(&sup).await, expect(!ignored), "{strategy:?}");
        }
        assert_eq!(log.count("b init"), 3);
        assert_eq!(sup.info().unwrap().restarts, 2);
    }
}
