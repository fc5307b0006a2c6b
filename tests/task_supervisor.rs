//! Supervisors of tasks: what is linked with whom, how many run, what is restarted, and what is left when an owner is gone.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use suptree::prelude::*;
use suptree::{
    ExitReason, StartChildError, Task, TaskError, TaskSupervisor, TaskSupervisorSpec, ancestors,
    callers, processes, stopping,
};
use tokio::time::{Instant, sleep};

use crate::support::bomb::Drops;
use crate::support::tasks::{Job, Owner, panicked};
use crate::support::{Log, Reports, ms, oops, panic_text, poll_once, settle};

supervisor! {
    Declared(most: usize) {
        strategy: one_for_one,
        children: [
            TaskSupervisor,
            TaskSupervisor(TaskSupervisorSpec::new().max_children(most).name("few")) as few { shutdown: 10s },
            Owner,
        ],
    }
}

async fn full() -> TaskSupervisor {
    let spec = TaskSupervisorSpec::new().max_children(1);
    spec.start_link().await.unwrap()
}

/// Who falls with whom: the task with its owner, and the owner with the task.
#[tokio::test(start_paused = true)]
async fn tsk_22_a_task_is_linked_or_not_as_it_was_started() {
    for (kind, falls) in [
        ("spawn", true),
        ("spawn_nolink", false),
        ("start_child", false),
    ] {
        for owner_fails in [true, false] {
            let work = TaskSupervisor::start_link().await.unwrap();
            let owner = Owner::start().await.unwrap();
            let (fail, failing) = tokio::sync::oneshot::channel::<()>();
            let supervisor = work.clone();
            let job: Job = Box::pin(async move {
                let body = async move {
                    let _told = failing.await;
                    panic!("no")
                };
                match kind {
                    "spawn" => drop(supervisor.spawn::<(), _>(body).await.unwrap()),
                    "spawn_nolink" => drop(supervisor.spawn_nolink::<(), _>(body).await.unwrap()),
                    _ => {
                        let mut body = Some(body);
                        let once = move || body.take().expect("it is temporary");
                        let started = supervisor.start_child::<_, _>(once);
                        drop(started.await.unwrap());
                    }
                }
            });
            owner.done(job).await.unwrap();
            let task = work.children().await.unwrap().pop().unwrap();
            assert_eq!(task.info().unwrap().parent, work.pid());
            let (task_end, owner_end) = (task.monitor(), owner.monitor());
            if owner_fails {
                owner.exit(oops("owner"));
                assert_eq!(owner_end.await.reason, oops("owner"));
                settle().await;
                assert_eq!(task.is_alive(), !falls, "{kind}");
            } else {
                fail.send(()).unwrap();
                assert_eq!(panic_text(&task_end.await.reason), "no");
                settle().await;
                assert_eq!(owner.is_alive(), !falls, "{kind}");
            }
            assert!(work.is_alive());
            work.stop().await.unwrap();
            if owner.is_alive() {
                owner.stop().await.unwrap();
            }
            assert!(processes().is_empty());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tsk_23_a_task_without_a_link_crashes_and_its_owner_is_told() {
    let reports = Reports::capture();
    let work = TaskSupervisor::start_link().await.unwrap();
    let owner = Owner::start().await.unwrap();
    let supervisor = work.clone();
    let job: Job = Box::pin(async move {
        let fails = supervisor.spawn_nolink(async { panic!("no") }).await;
        let mut fails: Task<u32> = fails.unwrap();
        let found = fails.yield_for(ms(10)).await;
        assert_eq!(panicked(found.unwrap()), "no");
    });
    owner.done(job).await.unwrap();
    assert!(owner.is_alive());
    let report = reports.only("crash task");
    assert_eq!(
        report.field("started_from"),
        owner.pid().unwrap().to_string()
    );
    assert_eq!(report.field("callers"), report.field("started_from"));
    assert_eq!(report.field("ancestors"), work.pid().unwrap().to_string());
}

#[tokio::test(start_paused = true)]
async fn tsk_24_a_task_without_a_link_outlives_its_owner() {
    let log = Log::new();
    let work = TaskSupervisor::start_link().await.unwrap();
    let owner = Owner::start().await.unwrap();
    let (supervisor, said) = (work.clone(), log.clone());
    let job: Job = Box::pin(async move {
        let lives = async move {
            sleep(ms(100)).await;
            said.push("done");
        };
        let task = supervisor.spawn_nolink(lives).await.unwrap();
        let _value = task.await;
    });
    owner.run(job).await.unwrap();
    sleep(ms(10)).await;
    owner.kill();
    settle().await;
    assert_eq!(work.count_children().await.unwrap().active, 1);
    log.until("done", 1).await;
    settle().await;
    assert_eq!(work.count_children().await.unwrap().active, 0);
}

#[tokio::test(start_paused = true)]
async fn tsk_25_d72_a_supervisor_that_is_full_refuses_the_next() {
    let work = full().await;
    let first = work.spawn(sleep(ms(100))).await.unwrap();
    let held = Drops::default();
    let token = held.token();
    let refused = work.spawn(async move { drop(token) }).await.unwrap_err();
    assert_eq!(refused, StartChildError::MaxChildren);
    let refused = work.spawn_nolink(async {}).await.unwrap_err();
    assert_eq!(refused, StartChildError::MaxChildren);
    let token = held.token();
    let more = move || {
        let _kept = &token;
        async {}
    };
    let refused = work.start_child(more).await.unwrap_err();
    assert_eq!(refused, StartChildError::MaxChildren);
    settle().await;
    assert_eq!(held.count(), 2);
    // A stream is over with that, and nothing of it is left.
    let mut naps = work.async_stream([1, 2], |n| async move { n });
    let Some(Err(TaskError::NotStarted(error))) = naps.next().await else {
        panic!("it was started")
    };
    assert_eq!(error.to_string(), StartChildError::MaxChildren.to_string());
    assert_eq!(naps.next().await, None);
    first.await.unwrap();
    // Whoever has the value finds the room.
    for n in 0..20 {
        assert_eq!(work.spawn(async move { n }).await.unwrap().await, Ok(n));
    }
    let mut naps = work.async_stream([1, 2, 3], nap).max_concurrency(1);
    for n in 1..=3 {
        assert_eq!(naps.next().await, Some(Ok(n)));
    }
    assert_eq!(naps.next().await, None);
    // With two at once there is no room for the second: the first is killed.
    let mut naps = work.async_stream_nolink([10, 20], nap).max_concurrency(2);
    let refused = naps.next().await;
    assert!(
        matches!(refused, Some(Err(TaskError::NotStarted(_)))),
        "{refused:?}"
    );
    let error = refused.unwrap().unwrap_err();
    let why = error.downcast_ref::<StartChildError>();
    assert_eq!(why, Some(&StartChildError::MaxChildren));
    settle().await;
    assert_eq!(work.count_children().await.unwrap().active, 0);
}

async fn nap(millis: u64) -> u64 {
    sleep(ms(millis)).await;
    millis
}

#[tokio::test(start_paused = true)]
async fn tsk_26_a_task_is_restarted_as_its_start_says() {
    for (restart, fails, expected) in [
        (None, true, 1),
        (Some(Restart::Temporary), false, 1),
        (Some(Restart::Transient), false, 1),
        (Some(Restart::Transient), true, 2),
        (Some(Restart::Permanent), false, 2),
    ] {
        let work = TaskSupervisor::start_link().await.unwrap();
        let starts = Arc::<AtomicU32>::default();
        let counted = Arc::clone(&starts);
        let task = work.start_child(move || {
            let nth = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                if nth > 0 {
                    pending::<()>().await;
                }
                if fails { Err(oops("no")) } else { Ok(()) }
            }
        });
        let task = match restart {
            Some(restart) => task.restart(restart).await.unwrap(),
            None => task.await.unwrap(),
        };
        settle().await;
        let what = format!("{restart:?}, fails: {fails}");
        assert_eq!(starts.load(Ordering::SeqCst), expected, "{what}");
        // The reference follows it.
        assert_eq!(task.is_alive(), expected == 2, "{what}");
        if expected == 2 {
            let listed = work.children().await.unwrap();
            assert_eq!(listed[0].pid(), task.pid());
            work.terminate_child(&task).await.unwrap();
            assert!(!task.is_alive(), "{what}");
        }
        work.stop().await.unwrap();
    }
}

/// One that always fails is too much for its supervisor.
#[tokio::test(start_paused = true)]
async fn tsk_26_tasks_that_fail_too_often_end_their_supervisor() {
    let spec = TaskSupervisorSpec::new().max_restarts(2).max_seconds(60);
    let work = spec.start_link().await.unwrap();
    let end = work.monitor();
    let starts = Arc::<AtomicU32>::default();
    let counted = Arc::clone(&starts);
    let fails = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async {
            sleep(ms(1)).await;
            Err::<(), _>("no")
        }
    };
    let fails = work.start_child(fails).restart(Restart::Transient);
    fails.await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    assert_eq!(starts.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn tsk_27_a_supervisor_that_stops_ends_each_task_as_it_says() {
    let work = TaskSupervisor::start_link().await.unwrap();
    let asks = |takes: u64| async move {
        stopping().await;
        sleep(ms(takes)).await;
    };
    let mut ends = Vec::new();
    for (shutdown, takes, expected) in [
        (Some(Shutdown::BrutalKill), 1, ExitReason::Killed),
        (Some(Shutdown::Timeout(ms(10))), 20, ExitReason::Killed),
        (Some(Shutdown::Timeout(ms(50))), 20, ExitReason::Shutdown),
        (None, 4_000, ExitReason::Shutdown),
        (Some(Shutdown::Infinity), 9_000, ExitReason::Shutdown),
    ] {
        let (task, child) = (
            work.spawn(asks(takes)),
            work.start_child(move || asks(takes)),
        );
        let (task, child) = match shutdown {
            Some(how) => (task.shutdown(how), child.shutdown(how)),
            None => (task, child),
        };
        let task = task.await.unwrap().task_ref();
        let child = child.await.unwrap();
        ends.extend([
            (task.monitor(), expected.clone()),
            (child.monitor(), expected),
        ]);
    }
    settle().await;
    let before = Instant::now();
    work.stop().await.unwrap();
    assert_eq!(before.elapsed(), ms(9_000), "together");
    for (end, expected) in ends {
        assert_eq!(end.await.reason, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn tsk_28_a_supervised_task_works_for_who_asked() {
    let work = TaskSupervisor::start_link().await.unwrap();
    let owner = Owner::start().await.unwrap();
    let (asker, supervisor) = (owner.pid().unwrap(), work.pid().unwrap());
    let within = work.clone();
    let job: Job = Box::pin(async move {
        let outer = Task::spawn(async move {
            let own = self_pid();
            for task in [
                within.spawn(async { (callers(), ancestors()) }),
                within.spawn_nolink(async { (callers(), ancestors()) }),
            ] {
                let found = task.await.unwrap().await.unwrap();
                assert_eq!(found, (vec![own, asker], vec![supervisor]));
            }
            let (say, said) = tokio::sync::oneshot::channel();
            let mut say = Some(say);
            let child = within.start_child(move || {
                let say = say.take();
                async move { say.unwrap().send(callers()).unwrap() }
            });
            child.await.unwrap();
            assert_eq!(said.await, Ok(vec![own, asker]));
        });
        outer.await.unwrap();
    });
    owner.done(job).await.unwrap();
    let alone = work.spawn(async { callers() }).await.unwrap();
    assert_eq!(alone.await, Ok(vec![]));
}

/// In a list of children: with its options, its name, and by the name of its type.
#[tokio::test(start_paused = true)]
async fn tsk_29_a_supervisor_of_tasks_is_declared() {
    let reports = Reports::capture();
    let app = Declared::start_link(1_usize).await.unwrap();
    let (any, few) = (app.task_supervisor(), app.few());
    let tasks = [
        any.spawn_nolink(async { Ok(1) }).await.unwrap(),
        any.spawn_nolink(async { Err("no") }).await.unwrap(),
        any.spawn_nolink(async { panic!("no") }).await.unwrap(),
        any.spawn_nolink(async { Ok(4) }).await.unwrap(),
    ];
    let [one, error, panic, other] = tasks;
    assert_eq!((one.await, other.await), (Ok(Ok(1)), Ok(Ok(4))));
    assert_eq!(error.await, Ok(Err("no")));
    assert_eq!(panicked(panic.await), "no");
    assert_eq!(reports.errors(), ["crash task", "child_terminated task"]);
    few.start_child(pending::<()>).await.unwrap();
    let refused = TaskSupervisor::named("few").spawn(async {}).await;
    assert_eq!(refused.unwrap_err(), StartChildError::MaxChildren);
    assert_eq!(TaskSupervisor::whereis("few").unwrap().pid(), few.pid());
    // It is restarted like any child; its tasks are gone.
    few.kill();
    settle().await;
    app.which_children().await.unwrap();
    assert_eq!(few.count_children().await.unwrap().active, 0);
    let again = few.spawn(async { 7 }).await.unwrap();
    assert_eq!(again.await, Ok(7));
    app.terminate_child("few").await.unwrap();
    let gone = few.spawn(async {}).await.unwrap_err();
    assert_eq!(gone, StartChildError::Call(CallError::NoProc));
    app.stop().await.unwrap();
}

/// Whoever asks for a task, and waits no more, has none: it is not begun, or killed.
#[tokio::test(start_paused = true)]
async fn tsk_20_a_start_that_is_dropped_leaves_no_task() {
    let work = TaskSupervisor::start_link().await.unwrap();
    let held = Drops::default();
    for polls in 0..3 {
        let (token, log) = (held.token(), Log::new());
        let said = log.clone();
        let mut start = work.spawn(async move {
            let _held = token;
            said.push("begun");
            pending::<()>().await;
        });
        for _ in 0..polls {
            assert!(poll_once(&mut start).is_pending());
            if polls == 2 {
                // It was started by now, and nobody has heard.
                settle().await;
                assert_eq!(log.count("begun"), 1);
                break;
            }
        }
        drop(start);
        settle().await;
        assert_eq!(work.count_children().await.unwrap().active, 0, "{polls}");
        assert_eq!(held.count(), polls + 1);
        assert_eq!(log.count("begun"), usize::from(polls == 2));
    }
    // So it is with a stream that waits for one.
    let mut naps = work.async_stream([1_000, 2_000], nap).max_concurrency(2);
    assert!(poll_once(&mut Box::pin(naps.next())).is_pending());
    settle().await;
    drop(naps);
    settle().await;
    assert_eq!(work.count_children().await.unwrap().active, 0);
}

/// What a supervised task was asked for is in its supervisor's tree, and ends with it; its owner is told.
#[tokio::test(start_paused = true)]
async fn r39_work_under_a_supervisor_ends_with_it() {
    let work = TaskSupervisor::start_link().await.unwrap();
    let task = work.spawn_nolink(pending::<u32>()).await.unwrap();
    let asked = work.spawn_nolink(async {
        stopping().await;
        7
    });
    let asked = asked.await.unwrap();
    settle().await;
    work.stop().await.unwrap();
    assert_eq!(task.await, Err(TaskError::Exited(ExitReason::Shutdown)));
    assert_eq!(asked.await, Ok(7), "what it gave on its way out");
    // Of one that is ended alone.
    let work = TaskSupervisor::start_link().await.unwrap();
    let task = work.spawn(pending::<u32>()).await.unwrap();
    work.terminate_child(&task).await.unwrap();
    assert_eq!(task.await, Err(TaskError::Exited(ExitReason::Shutdown)));
    let task = work.spawn(pending::<u32>()).await.unwrap();
    let pid = task.pid().unwrap();
    work.terminate_child(pid).await.unwrap();
    assert!(!task.task_ref().is_alive());
}

/// Workers under one supervisor, crashes and all.
#[tokio::test(start_paused = true)]
async fn tsk_16_tsk_23_a_stream_without_links_gives_errors() {
    let work = TaskSupervisor::start_link().await.unwrap();
    let owner = Owner::start().await.unwrap();
    let supervisor = work.clone();
    let job: Job = Box::pin(async move {
        let body = |n: u64| async move {
            assert!(n != 3, "three");
            nap(10 - n).await
        };
        let mut all = supervisor
            .async_stream_nolink(1..=5, body)
            .max_concurrency(2);
        let mut found = Vec::new();
        while let Some(outcome) = all.next().await {
            found.push(outcome.ok());
        }
        assert_eq!(found, [Some(9), Some(8), None, Some(6), Some(5)]);
    });
    owner.done(job).await.unwrap();
    assert!(owner.is_alive());
}
