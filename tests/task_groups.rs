//! Several tasks at once: awaited together, or asked for a while.

use suptree::prelude::*;
use suptree::{Task, TaskError};
use tokio::time::{Instant, sleep};

use crate::support::bomb::Drops;
use crate::support::ms;
use crate::support::tasks::{after, exited, panicked};

#[tokio::test(start_paused = true)]
async fn tsk_12_the_first_that_fails_of_many_is_the_error_at_once() {
    let before = Instant::now();
    let values = Drops::default();
    let (done, late) = (values.token(), values.token());
    let fails = async {
        sleep(ms(20)).await;
        panic!("no")
    };
    let tasks = [
        Task::spawn(after(10, done)),
        Task::spawn(fails),
        Task::spawn(after(1_000, late)),
    ];
    let slow = tasks[2].task_ref();
    let failed = Task::await_many(tasks).await.map(drop);
    assert_eq!(panicked(failed), "no");
    assert_eq!(before.elapsed(), ms(20));
    // What was there is dropped with the error; the others run on, for nobody.
    assert_eq!((values.count(), slow.is_alive()), (1, true));
    slow.monitor().await;
    assert_eq!((values.count(), before.elapsed()), (2, ms(1_000)));
    let tasks = [Task::spawn(after(10, 1)), Task::spawn(after(30, 2))];
    let late = Task::await_many(tasks).timeout(ms(20)).await;
    assert_eq!(late, Err(TaskError::Timeout(ms(20))));
}

#[tokio::test(start_paused = true)]
async fn tsk_13_values_of_many_are_in_the_order_of_the_tasks() {
    let before = Instant::now();
    let tasks = (0..50).map(|n| Task::spawn(after(1_000 - n * 10, n)));
    let values = Task::await_many(tasks).await.unwrap();
    assert!(values.iter().copied().eq(0..50));
    assert_eq!(before.elapsed(), ms(1_000));
    let some = [Task::completed(1), Task::spawn(after(1, 2))];
    assert_eq!(Task::await_many(some).await, Ok(vec![1, 2]));
    assert_eq!(Task::await_many(Vec::<Task<u8>>::new()).await, Ok(vec![]));
}

#[tokio::test(start_paused = true)]
async fn tsk_14_many_tasks_are_asked_for_a_while() {
    let tasks = || {
        [
            Task::spawn(after(10, 1)),
            Task::spawn(async {
                sleep(ms(20)).await;
                panic!("no")
            }),
            Task::spawn(after(1_000, 3)),
            Task::completed(4),
        ]
    };
    // As long as it takes, and again.
    let mut some = tasks();
    let before = Instant::now();
    let mut found = Task::yield_many(&mut some, ms(100)).await;
    assert_eq!(panicked(found[1].take().unwrap()), "no");
    assert_eq!(found, [Some(Ok(1)), None, None, Some(Ok(4))]);
    assert_eq!(before.elapsed(), ms(100));
    let found = Task::yield_many(&mut some, ms(10_000)).await;
    let gone = Some(exited(ExitReason::NoProc));
    assert_eq!(found, [gone.clone(), gone.clone(), Some(Ok(3)), gone]);
    assert_eq!(before.elapsed(), ms(1_000));

    // The first only.
    let mut some = tasks();
    let found = Task::yield_many(&mut some[..3], ms(100)).limit(1).await;
    assert_eq!(found, [Some(Ok(1)), None, None]);
    let [_, fails, slow, _] = some;
    assert_eq!(panicked(fails.await), "no");
    assert_eq!(slow.await, Ok(3));

    // Late ones are killed, and waited for.
    let mut some = tasks();
    let late = some[2].task_ref();
    let before = Instant::now();
    let found = Task::yield_many(&mut some, ms(100)).kill_late().await;
    assert_eq!((&found[0], &found[2]), (&Some(Ok(1)), &None));
    assert_eq!((late.is_alive(), before.elapsed()), (false, ms(100)));

    // Or left alone.
    let mut some = tasks();
    let late = some[2].task_ref();
    let found = Task::yield_many(&mut some, ms(100)).ignore_late().await;
    assert_eq!((&found[2], late.is_alive()), (&None, true));
    let again = some[2].yield_for(ms(5_000)).await;
    assert_eq!(again, Some(exited(ExitReason::NoProc)));
    assert_eq!(late.monitor().await.reason, ExitReason::Normal);
}
