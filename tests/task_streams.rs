//! Streams of tasks: how many run, what is given when, and what is left when one ends early.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use suptree::prelude::*;
use suptree::{Task, TaskError, processes};
use tokio::time::{Instant, sleep};

use crate::support::bomb::Drops;
use crate::support::tasks::{Job, Owner};
use crate::support::{Log, ms, panic_text, settle};

/// An owner that traps exits, and does not mind them.
#[derive(Default)]
struct Trapper;

#[genserver(trap_exit)]
impl Trapper {
    #[call]
    async fn done(&mut self, job: Job) {
        job.await;
    }

    #[exit]
    fn exited(&mut self, _from: Pid, _reason: ExitReason) {}
}

async fn nap(millis: u64) -> u64 {
    sleep(ms(millis)).await;
    millis
}

/// How many tasks run, and how many have at most.
#[derive(Clone, Default)]
struct Running(Arc<(AtomicUsize, AtomicUsize)>);

impl Running {
    async fn nap(self, millis: u64) -> u64 {
        let now = self.0.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.1.fetch_max(now, Ordering::SeqCst);
        sleep(ms(millis)).await;
        self.0.0.fetch_sub(1, Ordering::SeqCst);
        millis
    }

    fn most(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }
}

#[tokio::test(start_paused = true)]
async fn tsk_16_a_stream_keeps_the_order_of_its_items() {
    let before = Instant::now();
    let items = [50, 40, 30, 20, 10];
    let mut naps = Task::async_stream(items, nap).max_concurrency(5);
    for millis in items {
        assert_eq!(naps.next().await, Some(Ok(millis)));
        assert_eq!(before.elapsed(), ms(50));
    }
    assert_eq!(naps.next().await, None);
    assert_eq!(naps.next().await, None);
    let mut none = Task::async_stream([], nap);
    assert_eq!(none.next().await, None);
    assert!(processes().is_empty());
}

/// While the first is slow, those after it run on, as in Elixir.
#[tokio::test(start_paused = true)]
async fn tsk_16_those_after_a_slow_one_run_meanwhile() {
    let starts = Arc::<Mutex<BTreeMap<usize, u128>>>::default();
    let before = Instant::now();
    let noted = Arc::clone(&starts);
    let items = [100, 2, 2, 2].into_iter().enumerate();
    let work = move |(nth, millis)| {
        noted
            .lock()
            .unwrap()
            .insert(nth, before.elapsed().as_millis());
        nap(millis)
    };
    let mut naps = Task::async_stream(items, work).max_concurrency(2);
    assert_eq!(naps.next().await, Some(Ok(100)));
    let starts: Vec<_> = starts.lock().unwrap().values().copied().collect();
    assert_eq!(starts, [0, 0, 2, 4]);
}

#[tokio::test(start_paused = true)]
async fn tsk_17_a_stream_without_order_gives_values_as_they_come() {
    let late = Err(TaskError::Timeout(ms(50)));
    let before = Instant::now();
    let mut naps = Task::async_stream([100, 1, 100, 1], nap)
        .max_concurrency(4)
        .unordered()
        .timeout(ms(50))
        .kill_late();
    let mut found = Vec::new();
    while let Some(outcome) = naps.next().await {
        found.push((outcome, before.elapsed().as_millis()));
    }
    let expected = [
        (Ok(1), 1),
        (Ok(1), 1),
        (late.clone(), 50),
        (late.clone(), 50),
    ];
    assert_eq!(found, expected);
    // In order, the same in order; a task that was killed is gone before the next begins.
    let mut naps = Task::async_stream([100, 1, 100, 1], nap)
        .max_concurrency(1)
        .timeout(ms(50))
        .kill_late();
    for expected in [late.clone(), Ok(1), late, Ok(1)] {
        assert_eq!(naps.next().await, Some(expected));
        assert!(processes().len() <= 1);
    }
    assert_eq!(naps.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn tsk_18_no_more_tasks_run_than_were_allowed() {
    for most in [1, 2, 7] {
        for ordered in [true, false] {
            let running = Running::default();
            let counted = running.clone();
            let work = move |n: u64| counted.clone().nap(n % 5);
            let naps = Task::async_stream(0..50, work).max_concurrency(most);
            let mut naps = if ordered { naps } else { naps.unordered() };
            let mut found = Vec::new();
            while let Some(outcome) = naps.next().await {
                found.push(outcome.unwrap());
            }
            assert_eq!((found.len(), running.most()), (50, most));
            let expected: Vec<_> = (0..50).map(|n| n % 5).collect();
            assert_eq!(found == expected, ordered || most == 1);
            found.sort_unstable();
            assert!(found.iter().filter(|n| **n == 4).count() == 10);
        }
    }
}

/// An item is taken when it can begin, and not before.
#[tokio::test(start_paused = true)]
async fn tsk_18_items_are_taken_as_they_are_needed() {
    let taken = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&taken);
    let items = (0..).inspect(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let mut naps = Task::async_stream(items, nap).max_concurrency(3);
    assert_eq!(taken.load(Ordering::SeqCst), 0, "nothing was asked for");
    assert_eq!(naps.next().await, Some(Ok(0)));
    let before = taken.load(Ordering::SeqCst);
    assert!(before <= 4, "{before}");
    settle().await;
    assert_eq!(taken.load(Ordering::SeqCst), before, "nobody asks");
    // A stream of tasks of a stream of tasks.
    let outer = Task::async_stream_of(naps, |n| async move { n.map(|n| n * 2) });
    let mut outer = outer.max_concurrency(1);
    assert_eq!(outer.next().await, Some(Ok(Ok(2))));
}

#[tokio::test(start_paused = true)]
async fn tsk_20_d72_a_timeout_ends_the_stream_and_leaves_nothing() {
    let dropped = Drops::default();
    let held = dropped.clone();
    let work = move |millis| {
        let token = held.token();
        async move {
            let _token = token;
            nap(millis).await
        }
    };
    let before = Instant::now();
    let owner = Owner::start().await.unwrap();
    let job = Box::pin(async move {
        let mut naps = Task::async_stream([1, 100, 200, 1], work)
            .max_concurrency(3)
            .timeout(ms(50));
        assert_eq!(naps.next().await, Some(Ok(1)));
        assert_eq!(naps.next().await, Some(Err(TaskError::Timeout(ms(50)))));
        assert_eq!(naps.next().await, None);
        settle().await;
    });
    owner.done(job).await.unwrap();
    assert_eq!((before.elapsed(), dropped.count()), (ms(50), 4));
    assert_eq!(processes().len(), 1, "only the owner is left");
    assert!(owner.is_alive(), "no link has hurt it");
}

/// Dropped early, a stream kills what runs. Its owner has no link with any of it.
#[tokio::test(start_paused = true)]
async fn tsk_20_a_stream_that_is_dropped_leaves_nothing() {
    let dropped = Drops::default();
    let held = dropped.clone();
    let owner = Owner::start().await.unwrap();
    let job = Box::pin(async move {
        let work = move |millis| {
            let token = held.token();
            async move {
                let _token = token;
                nap(millis).await
            }
        };
        let mut naps = Task::async_stream([1, 10_000, 10_000], work).max_concurrency(3);
        assert_eq!(naps.next().await, Some(Ok(1)));
        assert_eq!(processes().len(), 3);
        drop(naps);
        settle().await;
        assert_eq!(processes().len(), 1);
    });
    owner.done(job).await.unwrap();
    assert_eq!(dropped.count(), 3);
    assert!(owner.is_alive());
    // The owner's end is the end of all of it, too.
    let job = Box::pin(async {
        let mut naps = Task::async_stream([1, 10_000], nap).max_concurrency(2);
        assert_eq!(naps.next().await, Some(Ok(1)));
        naps.next().await;
    });
    let asked = tokio::spawn(owner.done(job as Job).owned());
    sleep(ms(10)).await;
    assert_eq!(processes().len(), 2);
    owner.kill();
    settle().await;
    assert!(asked.await.unwrap().is_err());
    assert!(processes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn tsk_21_an_error_comes_with_its_item() {
    let log = Log::new();
    let said = log.clone();
    let trapper = Trapper::start().await.unwrap();
    let job = Box::pin(async move {
        let divide = |n: u32| async move {
            assert!(n > 0, "by zero");
            12 / n
        };
        let mut found = Task::async_stream([3, 0, 4], divide).zip_input_on_exit();
        assert_eq!(found.next().await, Some(Ok(4)));
        let (item, error) = found.next().await.unwrap().unwrap_err();
        let TaskError::Exited(reason) = error else {
            panic!("{error:?}")
        };
        said.push(format!("{item}: {}", panic_text(&reason)));
        assert_eq!(found.next().await, Some(Ok(3)));
        assert_eq!(found.next().await, None);
        // A timeout, too.
        let limit = ms(5);
        let mut late = Task::async_stream([1, 10], nap)
            .timeout(limit)
            .zip_input_on_exit();
        assert_eq!(late.next().await, Some(Ok(1)));
        assert_eq!(
            late.next().await,
            Some(Err((10, TaskError::Timeout(limit))))
        );
        assert_eq!(late.next().await, None);
    });
    trapper.done(job).await.unwrap();
    assert_eq!(log.take(), ["0: by zero"]);
}

/// A crash takes a linked owner along, which is not asked what it makes of the error.
#[tokio::test(start_paused = true)]
async fn tsk_02_a_crash_in_a_stream_takes_the_owner_along() {
    let owner = Owner::start().await.unwrap();
    let end = owner.monitor();
    let job: Job = Box::pin(async {
        let fails = |_: u32| async { panic!("no") };
        let mut all = Task::<u32>::async_stream([1], fails);
        let _caught = all.next().await;
        std::future::pending::<()>().await;
    });
    assert!(owner.done(job).await.is_err());
    assert_eq!(panic_text(&end.await.reason), "no");
}

/// Whatever else its consumer does between two items: a poll that has to give way takes nothing along.
#[tokio::test(start_paused = true)]
async fn r382_no_value_of_a_stream_is_lost_where_its_consumer_has_to_give_way() {
    for (ordered, spent) in [true, false]
        .into_iter()
        .flat_map(|ordered| (120..=130).map(move |spent| (ordered, spent)))
    {
        // In a task of its own, which has to give way.
        let consumed = tokio::spawn(async move {
            let stream = Task::async_stream(0..300, |n: u32| async move { n });
            let mut stream = stream.max_concurrency(64);
            if !ordered {
                stream = stream.unordered();
            }
            let mut found = BTreeMap::new();
            while let Some(outcome) = stream.next().await {
                *found.entry(outcome.unwrap()).or_insert(0) += 1;
                for _ in 0..spent {
                    tokio::task::consume_budget().await;
                }
            }
            found
        });
        let once = (0..300).map(|n| (n, 1)).collect();
        assert_eq!(consumed.await.unwrap(), once, "{ordered} {spent}");
    }
}
