//! Tasks and their values: who waits for one, and what links it with who started it.

use std::future::pending;
use std::pin::Pin;
use std::sync::mpsc;

use suptree::prelude::*;
use suptree::{Task, TaskError, callers, processes, stopping};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use crate::support::bomb::Drops;
use crate::support::tasks::{Job, Owner, after, exited, job, panicked};
use crate::support::{Log, Reports, ms, oops, panic_text, settle};

/// What a test does with a task, in its own poll.
type Ends = fn(Task<()>) -> Pin<Box<dyn Future<Output = ()>>>;

/// An owner that traps exits, and writes them down.
struct Trapper(Log);

#[genserver(trap_exit)]
impl Trapper {
    #[init]
    fn init(log: Log) -> Self {
        Self(log)
    }

    #[call]
    async fn done(&mut self, job: Job) {
        job.await;
    }

    #[exit]
    fn exited(&mut self, _from: Pid, reason: ExitReason) {
        self.0.push(format!("exit: {reason}"));
    }
}

#[tokio::test(start_paused = true)]
async fn tsk_01_a_task_gives_its_value_and_nothing_is_left() {
    assert_eq!(Task::spawn(async { 7 }).await, Ok(7));
    let owner = Owner::start().await.unwrap();
    let (held, log) = (Drops::default(), Log::new());
    let (token, said) = (held.token(), log.clone());
    let work = job(async move {
        let task = Task::spawn(async move {
            sleep(ms(10)).await;
            drop(token);
            self_pid()
        });
        let pid = task.pid();
        let value = task.await;
        assert_eq!(value.ok(), pid);
        said.push("awaited");
    });
    owner.done(work).await.unwrap();
    assert_eq!((log.take(), held.count()), (vec!["awaited".to_owned()], 1));
    let left: Vec<_> = processes().iter().map(|process| process.pid).collect();
    assert_eq!(left, [owner.pid().unwrap()]);
    // An error is a value.
    let failed = Task::spawn(async { Err::<(), _>("no") });
    assert_eq!(failed.await, Ok(Err("no")));
}

#[tokio::test(start_paused = true)]
async fn tsk_02_a_crash_takes_the_owner_along_whatever_it_makes_of_the_error() {
    let reports = Reports::capture();
    let owner = Owner::start().await.unwrap();
    let end = owner.monitor();
    let log = Log::new();
    let said = log.clone();
    let work = job(async move {
        let task: Task<u32> = Task::spawn(async {
            sleep(ms(1)).await;
            panic!("no")
        });
        let _caught = task.await;
        said.push("goes on");
        pending::<()>().await;
    });
    owner.run(work).await.unwrap();
    assert_eq!(panic_text(&end.await.reason), "no");
    assert!(log.take().is_empty());
    let report = reports.only("crash task");
    assert!(report.field("reason").starts_with("it panicked: no"));
    assert!(report.field("task").contains("tsk_02"));
}

#[tokio::test(start_paused = true)]
async fn tsk_03_an_owner_that_traps_exits_gets_the_reason_twice() {
    let log = Log::new();
    let owner = Trapper::start(log.clone()).await.unwrap();
    let said = log.clone();
    let work = job(async move {
        let task: Task<u32> = Task::spawn(async { panic!("no") });
        said.push(format!("await: {}", panicked(task.await)));
    });
    owner.done(work).await.unwrap();
    settle().await;
    let all = log.take();
    assert_eq!(all[0], "await: no");
    assert!(all[1].starts_with("exit: it panicked: no"), "{all:?}");
    assert_eq!(all.len(), 2);
}

/// The task runs on, as it is linked; its value reaches nobody.
#[tokio::test(start_paused = true)]
async fn tsk_04_d71_a_task_that_is_late_reaches_nobody() {
    let (value, log) = (Drops::default(), Log::new());
    let owner = Owner::start().await.unwrap();
    let (token, said) = (value.token(), log.clone());
    let work = job(async move {
        let before = Instant::now();
        let task = Task::spawn(after(100, token));
        let late = task.timeout(ms(10)).await.err();
        assert_eq!(late, Some(TaskError::Timeout(ms(10))));
        assert_eq!(before.elapsed(), ms(10));
        said.push("late");
        // And no limit is none.
        assert_eq!(Task::spawn(after(60_000, 7)).await, Ok(7));
    });
    owner.done(work).no_timeout().await.unwrap();
    assert_eq!((log.all().len(), value.count()), (1, 1));
    // In time, right at the end.
    let task = Task::spawn(after(10, 7));
    assert_eq!(task.timeout(ms(11)).await, Ok(7));
}

/// What came of a task is had once. A type's rule, but for what is asked by reference.
#[tokio::test(start_paused = true)]
async fn tsk_05_d71_a_value_is_had_once() {
    let gone = Some(exited(ExitReason::NoProc));
    let mut task = Task::spawn(async { 7 });
    assert_eq!(task.yield_for(ms(10)).await, Some(Ok(7)));
    let before = Instant::now();
    assert_eq!(task.yield_for(ms(10)).await, gone);
    assert_eq!(task.pid(), None);
    assert_eq!((&mut task).await, exited(ExitReason::NoProc));
    assert_eq!(task.shutdown(Shutdown::BrutalKill).await, gone);
    assert_eq!(before.elapsed(), ms(0));
    let mut task = Task::spawn(async { 7 });
    assert_eq!((&mut task).await, Ok(7));
    assert_eq!(task.ignore(), gone);
}

/// Whoever has the task is its owner. The link stays with the process that has started it.
#[tokio::test(start_paused = true)]
async fn tsk_06_d71_a_task_may_be_given_to_another_process() {
    let (one, other) = (Owner::start().await.unwrap(), Owner::start().await.unwrap());
    let (give, taken) = tokio::sync::oneshot::channel();
    let start = job(async move {
        let task = Task::spawn(after(10, self_pid()));
        assert!(give.send(task).is_ok());
    });
    one.done(start).await.unwrap();
    let task: Task<Pid> = taken.await.unwrap();
    let starter = one.pid().unwrap();
    let take = job(async move { assert_eq!(task.await, Ok(starter)) });
    other.done(take).await.unwrap();
    assert!(one.is_alive() && other.is_alive());
}

#[tokio::test(start_paused = true)]
async fn tsk_07_a_task_that_ends_itself_gives_no_value() {
    let ends_itself = || async {
        suptree::exit(self_pid(), ExitReason::Normal);
        pending::<u32>().await
    };
    assert_eq!(Task::spawn(ends_itself()).await, exited(ExitReason::Normal));
    let mut task = Task::spawn(ends_itself());
    let found = task.yield_for(ms(1)).await;
    assert_eq!(found, Some(exited(ExitReason::Normal)));
}

#[tokio::test(start_paused = true)]
async fn tsk_08_a_task_may_be_asked_again() {
    let before = Instant::now();
    let mut task = Task::spawn(after(100, 7));
    assert_eq!(task.yield_for(ms(10)).await, None);
    assert_eq!(before.elapsed(), ms(10));
    assert_eq!(task.yield_for(ms(0)).await, None);
    assert_eq!(task.yield_for(ms(200)).await, Some(Ok(7)));
    assert_eq!(before.elapsed(), ms(100));
    // In a `select!` that another branch wins, nothing is lost.
    let mut task = Task::spawn(after(100, 7));
    tokio::select! {
        _ = &mut task => panic!("too early"),
        () = sleep(ms(50)) => {}
    }
    assert_eq!(task.await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn tsk_09_a_task_ends_with_its_owner_if_that_ends_abnormally() {
    for (reason, survives) in [
        (oops("no"), false),
        (ExitReason::Kill, false),
        (ExitReason::Shutdown, false),
        (ExitReason::Normal, true),
    ] {
        let owner = Owner::start().await.unwrap();
        let (log, said) = (Log::new(), Log::new());
        let (ends, says) = (log.clone(), said.clone());
        let work = job(async move {
            let task = Task::spawn(async move {
                sleep(ms(100)).await;
                ends.push("survived");
            });
            says.push(task.pid().unwrap().to_string());
        });
        owner.done(work).await.unwrap();
        let end = owner.monitor();
        match &reason {
            ExitReason::Normal => owner.stop().await.unwrap(),
            reason => owner.exit(reason.clone()),
        }
        end.await;
        settle().await;
        let lives = processes().len();
        assert_eq!(lives, usize::from(survives), "{reason:?}");
        sleep(ms(200)).await;
        assert_eq!(log.count("survived"), usize::from(survives), "{reason:?}");
    }
}

/// One that has asked to be told of its end is not told of its owner's, whom nobody follows that would end it in time.
#[tokio::test(start_paused = true)]
async fn tsk_09_tsk_30_a_task_that_asks_ends_with_its_owner_all_the_same() {
    let (held, log) = (Drops::default(), Log::new());
    let owner = Owner::start().await.unwrap();
    let (token, said) = (held.token(), log.clone());
    let work = job(async move {
        let task = Task::spawn(async move {
            let _held = token;
            stopping().await;
            said.push("told");
            sleep(ms(1_000)).await;
        });
        settle().await;
        drop(task);
    });
    owner.done(work).await.unwrap();
    owner.exit(oops("no"));
    settle().await;
    assert_eq!((held.count(), processes().len()), (1, 0));
    assert!(log.take().is_empty());
}

/// Of one that asks to be told, one that does not, one that is late, one that is done, and one that has crashed.
#[tokio::test(start_paused = true)]
async fn tsk_11_a_task_is_shut_down_in_every_way() {
    let asks = |takes: u64| async move {
        stopping().await;
        after(takes, 7).await
    };
    let all = [
        (Shutdown::BrutalKill, None),
        (Shutdown::Timeout(ms(50)), Some(Ok(7))),
        (Shutdown::Timeout(ms(5)), Some(exited(ExitReason::Killed))),
        (Shutdown::Infinity, Some(Ok(7))),
    ];
    for (how, expected) in all {
        let task = Task::spawn(asks(10));
        settle().await;
        assert_eq!(task.shutdown(how).await, expected, "{how:?}");
        // One that has not asked ends at once.
        let task = Task::spawn(pending::<u32>());
        let before = Instant::now();
        assert_eq!(task.shutdown(how).await, None, "{how:?}");
        assert_eq!(before.elapsed(), ms(0));
        // Done before.
        let task = Task::spawn(async { 7 });
        settle().await;
        assert_eq!(task.shutdown(how).await, Some(Ok(7)), "{how:?}");
        assert_eq!(Task::completed(7).shutdown(how).await, Some(Ok(7)));
        let task = Task::<u32>::spawn(async { panic!("no") });
        settle().await;
        let found = task.shutdown(how).await.unwrap();
        assert_eq!(panicked(found), "no");
    }
    assert!(processes().is_empty());
}

/// The owner that shuts a task down has nothing of its end.
#[tokio::test(start_paused = true)]
async fn tsk_11_a_task_that_is_shut_down_does_not_hurt_its_owner() {
    let owner = Owner::start().await.unwrap();
    for how in [Shutdown::BrutalKill, Shutdown::Timeout(ms(5))] {
        let work = job(async move {
            let task = Task::spawn(async {
                stopping().await;
                pending::<u32>().await
            });
            settle().await;
            let found = task.shutdown(how).await;
            let late = how != Shutdown::BrutalKill;
            assert_eq!(found, late.then_some(exited(ExitReason::Killed)));
        });
        owner.done(work).await.unwrap();
    }
    assert!(owner.is_alive());
}

/// Its poll blocks the thread of another runtime, and does not return.
#[test]
fn tsk_11_r30_a_task_that_cannot_be_killed_is_left_behind() {
    let reports = Reports::capture();
    let blocked = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap();
    let caller = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let ends: [Ends; 2] = [
        |task| {
            Box::pin(async {
                let found = task.shutdown(Shutdown::Timeout(ms(10))).await;
                assert_eq!(found, Some(exited(ExitReason::Killed)));
            })
        },
        |task| {
            Box::pin(async {
                let late = Task::yield_many(&mut [task], ms(10)).kill_late().await;
                assert_eq!(late, [None]);
            })
        },
    ];
    for end in ends {
        let (open, opened) = mpsc::channel::<()>();
        let (begin, begun) = mpsc::channel::<()>();
        let task = {
            let _inside = blocked.enter();
            Task::spawn(async move {
                begin.send(()).unwrap();
                let _closed = opened.recv();
            })
        };
        begun.recv().unwrap();
        caller.block_on(end(task));
        drop(open);
    }
    let left = reports.errors().len();
    assert_eq!(left, 2, "each is reported: {:?}", reports.briefs());
}

/// One that is left alone may crash: the owner has no link with it.
#[tokio::test(start_paused = true)]
async fn tsk_15_a_task_that_is_ignored_is_alone() {
    let owner = Owner::start().await.unwrap();
    let work = job(async {
        let crashes = Task::<u32>::spawn(async {
            sleep(ms(10)).await;
            panic!("no")
        });
        let crash = crashes.task_ref().monitor();
        assert_eq!(crashes.ignore(), None);
        assert_eq!(panic_text(&crash.await.reason), "no");
        let done = Task::spawn(async { 7 });
        done.task_ref().monitor().await;
        assert_eq!(done.ignore(), Some(Ok(7)));
        let fails = Task::<u32>::spawn_nolink(async { panic!("no") });
        fails.task_ref().monitor().await;
        assert_eq!(panicked(fails.ignore().unwrap()), "no");
    });
    owner.done(work).await.unwrap();
    assert!(owner.is_alive());
}

#[tokio::test(start_paused = true)]
async fn tsk_23_tsk_24_a_task_without_a_link_and_its_owner_live_by_themselves() {
    let owner = Owner::start().await.unwrap();
    let log = Log::new();
    let said = log.clone();
    let work = job(async move {
        let fails = Task::<u32>::spawn_nolink(async { panic!("no") });
        assert_eq!(panicked(fails.await), "no");
        let lives = Task::spawn_nolink(async move {
            sleep(ms(10)).await;
            said.push("lives");
        });
        drop(lives);
    });
    owner.done(work).await.unwrap();
    owner.kill();
    log.until("lives", 1).await;
}

/// Fire and forget, with a link and without.
#[tokio::test(start_paused = true)]
async fn tsk_29_tasks_for_what_they_do() {
    let reports = Reports::capture();
    let owner = Owner::start().await.unwrap();
    let end = owner.monitor();
    let work = job(async {
        let alone = Task::start(async { Err::<(), _>("one") });
        assert_eq!(alone.monitor().await.reason, "one".into());
        let linked = Task::start_link(async { Err::<(), _>("two") });
        linked.monitor().await;
        pending::<()>().await;
    });
    owner.run(work).await.unwrap();
    assert_eq!(end.await.reason, "two".into());
    assert_eq!(reports.errors(), ["crash task", "crash task"]);
}

/// The work of a server beside it, tied to it: nothing of it is left when the server has failed.
#[tokio::test(start_paused = true)]
async fn r39_work_beside_a_server_ends_with_it() {
    struct Worker(Log, Vec<Task<()>>);

    #[genserver]
    impl Worker {
        #[init]
        fn init(log: Log) -> Self {
            Self(log, Vec::new())
        }

        #[call]
        fn begin(&mut self, cx: &mut Context<Self>) {
            let log = self.0.clone();
            let linked = cx.spawn_linked(async move {
                assert_eq!(callers().len(), 1);
                sleep(ms(100)).await;
                log.push("linked");
            });
            let log = self.0.clone();
            let alone = cx.spawn_monitored(async move {
                sleep(ms(100)).await;
                log.push("alone");
            });
            self.1.extend([linked, alone]);
        }
    }

    let log = Log::new();
    let worker = Worker::start(log.clone()).await.unwrap();
    worker.begin().await.unwrap();
    worker.exit(oops("no"));
    sleep(ms(200)).await;
    assert_eq!(log.take(), ["alone"]);
    assert!(processes().is_empty());
}

/// A task is told what no runtime means, and one whose runtime ends gives no value.
#[test]
fn tsk_29_r40_a_task_whose_runtime_ends_gives_no_value() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap();
    let task = {
        let _inside = runtime.enter();
        Task::spawn(pending::<u32>())
    };
    runtime.shutdown_background();
    let caller = Builder::new_current_thread().enable_time().build().unwrap();
    let found = caller.block_on(task);
    assert_eq!(
        found,
        exited(ExitReason::ShutdownWith("the runtime shut down".into()))
    );
    let nowhere = std::panic::catch_unwind(|| Task::spawn(async {}).pid());
    assert!(nowhere.is_err());
}
