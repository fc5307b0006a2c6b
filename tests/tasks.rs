//! Tasks as children: how they end, what of them is restarted, and how they are stopped.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    ChildSpec, ChildType, Status, Strategy, SupervisorSpec, TaskRef, processes, stopping,
    try_self_pid,
};
use tokio::time::{Instant, sleep};

use crate::support::bomb::Drops;
use crate::support::{Log, Oops, Reports, Sup, ms, oops, panic_text, settle};

/// Says in the log when it is dropped, and as whom.
struct Says(Log, &'static str);

impl Drop for Says {
    fn drop(&mut self) {
        let me = try_self_pid().is_some();
        self.0
            .push(format!("{} dropped, in a process: {me}", self.1));
    }
}

/// A supervisor with one task, and the reference to it.
async fn with_task<F, T>(
    change: impl Fn(ChildSpec) -> ChildSpec + Send + Sync + 'static,
    task: F,
) -> (Sup, TaskRef)
where
    F: Fn() -> T + Clone + Send + Sync + 'static,
    T: Future<Output: suptree::TaskOutput> + Send + 'static,
{
    let handle = TaskRef::vacant();
    let place = handle.clone();
    let sup = Sup::start(move |spec| spec.child(change(place.child_spec("task", task.clone()))))
        .await
        .unwrap();
    (sup, handle)
}

/// Waits to be told, and tidies up for so long.
async fn tidy(log: Log, takes: Duration) {
    let _dropped = Says(log.clone(), "tidy");
    let stop = stopping();
    log.push("begun");
    stop.await;
    log.push("told");
    sleep(takes).await;
    log.push("tidied");
}

async fn careless(log: Log) {
    let _dropped = Says(log.clone(), "careless");
    log.push("begun");
    pending::<()>().await;
}

async fn fails_later(error: Oops) -> Result<(), Oops> {
    sleep(ms(1)).await;
    Err(error)
}

/// As Elixir's `Task`: temporary, with 5 s to stop.
#[tokio::test(start_paused = true)]
async fn tsk_26_a_task_is_temporary_by_default() {
    let spec = ChildSpec::task("task", pending::<()>);
    assert_eq!(spec.restart_type(), Restart::Temporary);
    assert_eq!(spec.shutdown_type(), Shutdown::Timeout(ms(5_000)));
    assert_eq!(spec.child_type(), ChildType::Worker);
    let (sup, task) = with_task(|spec| spec, || fails_later(Oops("boom"))).await;
    assert_eq!(task.monitor().await.reason, oops("boom"));
    let counts = sup.count_children().await.unwrap();
    assert_eq!(
        (counts.specs, counts.active),
        (0, 0),
        "done, it is forgotten"
    );
}

/// Restarted by its type and by how it ended, as any child.
#[tokio::test(start_paused = true)]
async fn tsk_26_a_task_is_restarted_as_its_type_says() {
    for (restart, end, expected) in [
        (Restart::Permanent, Ok(()), 2),
        (Restart::Permanent, Err(Oops("boom")), 2),
        (Restart::Transient, Ok(()), 1),
        (Restart::Transient, Err(Oops("boom")), 2),
        (Restart::Temporary, Err(Oops("boom")), 1),
    ] {
        let starts = Arc::<AtomicU32>::default();
        let (counted, first_end) = (Arc::clone(&starts), end.clone());
        let task = move || {
            let (nth, end) = (counted.fetch_add(1, Ordering::SeqCst), first_end.clone());
            async move {
                if nth > 0 {
                    pending::<()>().await;
                }
                end
            }
        };
        let (sup, handle) = with_task(move |spec| spec.restart(restart), task).await;
        settle().await;
        let what = format!("{restart:?} {end:?}");
        assert_eq!(starts.load(Ordering::SeqCst), expected, "{what}");
        assert_eq!(handle.is_alive(), expected == 2, "{what}");
        let specs = sup.count_children().await.unwrap().specs;
        assert_eq!(specs, usize::from(restart != Restart::Temporary), "{what}");
        sup.stop().await.unwrap();
    }
}

/// Rule 3 of OTP's supervisors: a permanent task that just returns is restarted until its supervisor gives up.
#[tokio::test(start_paused = true)]
async fn tsk_26_a_permanent_task_that_returns_is_too_much_for_its_supervisor() {
    let starts = Arc::<AtomicU32>::default();
    let counted = Arc::clone(&starts);
    let task = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        sleep(ms(1))
    };
    let (sup, _) = with_task(|spec| spec.restart(Restart::Permanent), task).await;
    assert_eq!(sup.monitor().await.reason, ExitReason::Shutdown);
    assert_eq!(starts.load(Ordering::SeqCst), 4);
}

/// Its end, an error, a panic, a kill: each is an exit, seen by its monitors.
#[tokio::test(start_paused = true)]
async fn tsk_29_every_end_of_a_task_is_an_exit() {
    let reports = Reports::capture();
    let log = Log::new();
    let (sup, task) = with_task(|spec| spec, || sleep(ms(1))).await;
    assert_eq!(task.monitor().await.reason, ExitReason::Normal);
    let (panics, kept) = (TaskRef::vacant(), log.clone());
    let spec = panics.child_spec("panics", move || {
        let kept = Says(kept.clone(), "held");
        async move {
            let _held = kept;
            sleep(ms(1)).await;
            panic!("no")
        }
    });
    sup.start_child(spec.restart(Restart::Temporary))
        .await
        .unwrap();
    let end = panics.monitor().await;
    assert_eq!(panic_text(&end.reason), "no");
    assert_eq!(log.take(), ["held dropped, in a process: true"]);
    let (kills, kept) = (TaskRef::vacant(), log.clone());
    let spec = kills.child_spec("kills", move || careless(kept.clone()));
    sup.start_child(spec).await.unwrap();
    log.until("begun", 1).await;
    let end = kills.monitor();
    kills.kill();
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert_eq!(log.count("careless dropped, in a process: true"), 1);
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    // A task reports its own crash, as a server does; its supervisor reports each.
    assert_eq!(
        reports.errors(),
        [
            "crash task",
            "child_terminated panics",
            "child_terminated kills"
        ]
    );
    let report = reports.only("crash task");
    assert!(
        report
            .field("reason")
            .starts_with("it panicked: no, at tests/tasks.rs:")
    );
    assert_eq!(report.field("started_from"), sup.pid().unwrap().to_string());
}

/// A process like any other: a pid, a line in the table, links, a parent.
#[tokio::test(start_paused = true)]
async fn tsk_29_a_task_is_a_process() {
    let log = Log::new();
    let said = log.clone();
    let (sup, task) = with_task(
        |spec| spec,
        move || {
            let said = said.clone();
            async move {
                said.push(self_pid().to_string());
                sleep(ms(10)).await;
                said.push(self_pid().to_string());
                pending::<()>().await;
            }
        },
    )
    .await;
    let pid = task.pid().unwrap();
    sleep(ms(20)).await;
    assert_eq!(log.all(), [pid.to_string(), pid.to_string()]);
    let info = task.info().unwrap();
    assert_eq!((info.parent, info.status), (sup.pid(), Status::Waiting));
    assert!(
        info.type_name.contains("tasks::tsk_29_a_task_is_a_process"),
        "{}",
        info.type_name
    );
    assert_eq!(sup.which_children().await.unwrap()[0].pid(), Some(pid));
    assert_eq!(format!("{task:?}"), format!("TaskRef({pid})"));
    assert_eq!(format!("{:?}", TaskRef::vacant()), "TaskRef(vacant)");

    // A link goes both ways.
    let (tx, rx) = tokio::sync::oneshot::channel();
    let tx = Arc::new(std::sync::Mutex::new(Some(tx)));
    let linked = TaskRef::vacant();
    let (peer, go) = (task.clone(), rx);
    let go = Arc::new(std::sync::Mutex::new(Some(go)));
    let spec = linked.child_spec("linked", move || {
        let (peer, go) = (peer.clone(), go.lock().unwrap().take());
        async move {
            peer.link();
            go.expect("it starts once")
                .await
                .map_err(|_| Oops("late"))?;
            Err::<(), _>(Oops("together"))
        }
    });
    sup.start_child(spec).await.unwrap();
    settle().await;
    let end = task.monitor();
    tx.lock().unwrap().take().unwrap().send(()).unwrap();
    assert_eq!(end.await.reason, oops("together"));
    assert_eq!(suptree::process_info(pid).map(|info| info.pid), None);
}

/// One that has not asked is dropped at its `.await`: as OTP's processes that do not trap exits.
#[tokio::test(start_paused = true)]
async fn tsk_30_a_task_that_has_not_asked_is_dropped_at_once() {
    let log = Log::new();
    let begun = log.clone();
    let (sup, task) = with_task(|spec| spec, move || careless(begun.clone())).await;
    log.until("begun", 1).await;
    let (end, before) = (task.monitor(), Instant::now());
    sup.stop().await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    assert_eq!(before.elapsed(), Duration::ZERO);
    assert_eq!(log.all(), ["begun", "careless dropped, in a process: true"]);
}

/// One that has asked is told, and has its time.
#[tokio::test(start_paused = true)]
async fn tsk_30_d59_a_task_that_has_asked_is_told_and_has_its_time() {
    let reports = Reports::capture();
    let log = Log::new();
    let begun = log.clone();
    let (sup, task) = with_task(|spec| spec, move || tidy(begun.clone(), ms(4_000))).await;
    log.until("begun", 1).await;
    let (end, before) = (task.monitor(), Instant::now());
    sup.stop().await.unwrap();
    assert_eq!(before.elapsed(), ms(4_000));
    assert_eq!(
        end.await.reason,
        ExitReason::Shutdown,
        "it ends for the reason it was told"
    );
    assert_eq!(
        log.all(),
        [
            "begun",
            "told",
            "tidied",
            "tidy dropped, in a process: true"
        ]
    );
    assert_eq!(reports.errors(), [""; 0]);
}

/// An error, or a panic, on the way out is told as it is.
#[tokio::test(start_paused = true)]
async fn tsk_30_d59_an_error_on_the_way_out_is_the_reason() {
    let reports = Reports::capture();
    let (sup, task) = with_task(
        |spec| spec,
        || async {
            stopping().await;
            Err::<(), _>(Oops("not saved"))
        },
    )
    .await;
    settle().await;
    let end = task.monitor();
    sup.stop().await.unwrap();
    assert_eq!(end.await.reason, oops("not saved"));
    assert_eq!(reports.errors(), ["crash task", "shutdown_error task"]);
}

/// Its time is over: it is killed, dropped at its `.await`.
#[tokio::test(start_paused = true)]
async fn tsk_27_tsk_30_a_task_that_takes_too_long_is_killed() {
    let log = Log::new();
    let begun = log.clone();
    let short = |spec: ChildSpec| spec.shutdown(Shutdown::Timeout(ms(300)));
    let (sup, task) = with_task(short, move || tidy(begun.clone(), ms(4_000))).await;
    log.until("begun", 1).await;
    let (end, before) = (task.monitor(), Instant::now());
    sup.stop().await.unwrap();
    assert_eq!(before.elapsed(), ms(300));
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert_eq!(
        log.all(),
        ["begun", "told", "tidy dropped, in a process: true"]
    );
}

/// With `brutal_kill` nobody is told.
#[tokio::test(start_paused = true)]
async fn tsk_27_a_task_is_killed_where_it_says_so() {
    let log = Log::new();
    let begun = log.clone();
    let brutal = |spec: ChildSpec| spec.shutdown(Shutdown::BrutalKill);
    let (sup, task) = with_task(brutal, move || tidy(begun.clone(), ms(1))).await;
    log.until("begun", 1).await;
    let end = task.monitor();
    sup.terminate_child("task").await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert_eq!(log.all(), ["begun", "tidy dropped, in a process: true"]);
}

/// `stop` tells it, too, and waits; it ends for the reason given.
#[tokio::test(start_paused = true)]
async fn tsk_30_stop_tells_a_task_and_waits() {
    let log = Log::new();
    let begun = log.clone();
    let (_sup, task) = with_task(|spec| spec, move || tidy(begun.clone(), ms(60_000))).await;
    log.until("begun", 1).await;
    let before = Instant::now();
    task.stop_with(oops("enough")).await.unwrap();
    assert_eq!(before.elapsed(), ms(60_000));
    assert_eq!(task.stop().await, Err(StopError::NoProc));
    let begun = log.clone();
    let (_sup, task) = with_task(|spec| spec, move || careless(begun.clone())).await;
    task.stop().await.unwrap();
}

/// A stranger's signal ends it at once, as a server with `terminate`; a `Normal` one does nothing.
#[tokio::test(start_paused = true)]
async fn tsk_30_a_strangers_signal_ends_a_task_that_has_asked() {
    let log = Log::new();
    let begun = log.clone();
    let (_sup, task) = with_task(|spec| spec, move || tidy(begun.clone(), ms(1))).await;
    log.until("begun", 1).await;
    let end = task.monitor();
    task.exit(ExitReason::Normal);
    settle().await;
    assert!(task.is_alive());
    task.exit(oops("out"));
    assert_eq!(end.await.reason, oops("out"));
    assert_eq!(log.count("told"), 0);
}

/// Made in what makes the task, and polled by others: a server that has it as its signal. It is ready, too, when the task is gone.
#[tokio::test(start_paused = true)]
async fn tsk_30_stopping_may_be_polled_by_others() {
    for kill in [false, true] {
        let log = Log::new();
        let said = log.clone();
        let (sup, task) = with_task(
            |spec| spec,
            move || {
                let (stop, said, me) = (stopping(), said.clone(), self_pid());
                async move {
                    assert_eq!(self_pid(), me);
                    let heard = tokio::spawn(async move {
                        stop.await;
                        said.push("heard");
                    });
                    let _ = heard.await;
                }
            },
        )
        .await;
        settle().await;
        let end = task.monitor();
        if kill {
            task.kill();
        } else {
            sup.stop().await.unwrap();
        }
        let reason = end.await.reason;
        assert_eq!(reason == ExitReason::Killed, kill, "{reason}");
        log.until("heard", 1).await;
    }
}

/// Outside of a process nobody is told, and nobody asked.
#[tokio::test(start_paused = true)]
async fn tsk_30_outside_of_a_process_stopping_is_never_ready() {
    let waited = tokio::time::timeout(ms(1_000_000), stopping()).await;
    assert!(waited.is_err());
}

/// A task that asks for its own end is in the way of it.
#[tokio::test(start_paused = true)]
async fn tsk_30_d40_a_task_that_asks_for_its_own_end_is_interrupted_there() {
    for asks in [false, true] {
        let log = Log::new();
        let said = log.clone();
        let handle = Arc::new(std::sync::OnceLock::<Sup>::new());
        let above = Arc::clone(&handle);
        let go = Arc::new(tokio::sync::Notify::new());
        let going = Arc::clone(&go);
        let (sup, task) = with_task(
            |spec| spec,
            move || {
                let (said, above, go) = (said.clone(), Arc::clone(&above), Arc::clone(&going));
                async move {
                    let _stop = asks.then(stopping);
                    go.notified().await;
                    said.push("asks");
                    let _ = above.get().expect("it is known").stop().await;
                    said.push("goes on");
                }
            },
        )
        .await;
        assert!(handle.set(sup.clone()).is_ok());
        let (end, above, before) = (task.monitor(), sup.monitor(), Instant::now());
        go.notify_one();
        assert_eq!(end.await.reason, ExitReason::Shutdown);
        above.await;
        assert_eq!(before.elapsed(), Duration::ZERO);
        assert_eq!(log.all(), ["asks"]);
    }
}

/// Groups: siblings are stopped and started with it, servers and tasks alike.
#[tokio::test(start_paused = true)]
async fn tsk_29_tasks_in_a_group() {
    let log = Log::new();
    let handles = ["a", "b", "c"].map(|id| (id, TaskRef::vacant()));
    let (places, said) = (handles.clone(), log.clone());
    let sup = Sup::start(move |_| {
        let mut spec = SupervisorSpec::new(Strategy::OneForAll);
        for (id, place) in places.clone() {
            let said = said.clone();
            let task = move || {
                let said = said.clone();
                async move {
                    said.push(format!("{id} begins"));
                    stopping().await;
                    said.push(format!("{id} ends"));
                }
            };
            spec = spec.child(place.child_spec(id, task).restart(Restart::Permanent));
        }
        spec
    })
    .await
    .unwrap();
    log.until("c begins", 1).await;
    log.take();
    let end = handles[1].1.monitor();
    handles[1].1.kill();
    end.await;
    log.until("c begins", 1).await;
    assert_eq!(
        log.take(),
        ["c ends", "a ends", "a begins", "b begins", "c begins"]
    );
    assert_eq!(sup.count_children().await.unwrap().active, 3);
    sup.stop().await.unwrap();
    assert_eq!(log.take(), ["c ends", "b ends", "a ends"]);
}

/// What makes a task panics: a failed start, as that of an `init`.
#[tokio::test(start_paused = true)]
async fn tsk_29_what_makes_a_task_may_fail() {
    let failed = Sup::start(|spec| {
        spec.child(ChildSpec::task("task", || -> std::future::Ready<()> {
            panic!("no task")
        }))
    })
    .await
    .unwrap_err();
    let StartError::Child { id, error } = failed else {
        panic!("{failed}")
    };
    assert_eq!(id, "task".into());
    let StartError::Init(reason) = *error else {
        panic!("{error}")
    };
    assert_eq!(panic_text(&reason), "no task");
}

/// A destructor that panics is contained, and the end is told all the same.
#[tokio::test(start_paused = true)]
async fn tsk_29_r91_a_destructor_of_a_task_panics() {
    let drops = Drops::default();
    let dropped = drops.clone();
    let (sup, task) = with_task(
        |spec| spec,
        move || {
            let bomb = dropped.bomb();
            async move {
                let _bomb = bomb;
                pending::<()>().await;
            }
        },
    )
    .await;
    settle().await;
    let end = task.monitor();
    sup.stop().await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    assert_eq!(drops.count(), 1);
    assert_eq!(processes().len(), 0);
}

/// What a task has asked others for, and holds of others', is settled when it ends.
#[tokio::test(start_paused = true)]
async fn tsk_29_a_reply_that_a_task_drops_is_told() {
    #[derive(Default)]
    struct Asked(Option<ReplyTo<u32>>);

    #[genserver]
    impl Asked {
        #[call]
        fn ask(&mut self, reply: ReplyTo<u32>) {
            self.0 = Some(reply);
        }
        #[call]
        fn take(&mut self) -> Option<ReplyTo<u32>> {
            self.0.take()
        }
    }
    let server = Asked::start().await.unwrap();
    let asking = tokio::spawn(server.ask().owned());
    settle().await;
    let asked = server.clone();
    let (_sup, task) = with_task(
        |spec| spec,
        move || {
            let asked = asked.clone();
            async move {
                let reply = asked.take().await.unwrap();
                pending::<()>().await;
                drop(reply);
            }
        },
    )
    .await;
    settle().await;
    assert!(!asking.is_finished());
    task.kill();
    assert_eq!(asking.await.unwrap(), Err(CallError::NoReply));
}

/// D17, on threads and in real time: one that blocks its thread holds nobody up.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn tsk_27_r30_a_task_that_blocks_its_thread_is_left_behind() {
    let log = Log::new();
    let free = Arc::<AtomicBool>::default();
    let (said, until) = (log.clone(), Arc::clone(&free));
    let (sup, task) = with_task(
        |spec| spec.shutdown(Shutdown::Timeout(ms(100))),
        move || {
            let (said, until) = (said.clone(), Arc::clone(&until));
            async move {
                let _dropped = Says(said.clone(), "stuck");
                said.push("begun");
                while !until.load(Ordering::SeqCst) {
                    std::thread::sleep(ms(1));
                }
                pending::<()>().await;
            }
        },
    )
    .await;
    log.until("begun", 1).await;
    let end = task.monitor();
    sup.stop().await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert!(!task.is_alive());
    assert_eq!(log.all(), ["begun"]);
    free.store(true, Ordering::SeqCst);
    log.until("stuck dropped, in a process: true", 1).await;
}

/// The runtime goes: the task's future goes with it, and whoever watches from elsewhere is told.
#[test]
fn tsk_29_r40_a_task_ends_with_its_runtime() {
    let log = Log::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap();
    let begun = log.clone();
    let (end, ()) = runtime.block_on(async {
        let (_sup, task) = with_task(|spec| spec, move || careless(begun.clone())).await;
        log.until("begun", 1).await;
        (task.monitor(), ())
    });
    drop(runtime);
    let other = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let reason = other.block_on(end).reason;
    assert_eq!(
        reason,
        ExitReason::ShutdownWith("the runtime shut down".into())
    );
    assert_eq!(log.count("careless dropped, in a process: true"), 1);
}
