//! Tests of tasks: panics, aborts and wakes.

use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::{Bomb, MS, OnDrop, flag, forever};
use crate::rt::sim::*;

/// Panics when dropped, with one more of its kind as the payload.
struct Chain;

impl Drop for Chain {
    fn drop(&mut self) {
        panic_any(Self);
    }
}

#[test]
fn panics_stay_in_their_task() {
    run(1, async {
        let error = spawn(async { panic!("first") }).await.unwrap_err();
        assert_eq!(
            (error.panic_text(), error.is_cancelled()),
            (Some("first"), false)
        );
        let number = 2;
        let error = spawn(async move { panic!("number {number}") })
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "the task panicked: number 2");
        let error = spawn(async { panic_any(Chain) }).await.unwrap_err();
        assert!(!error.is_cancelled());
        // A result nobody takes, a future whose drop panics, both at once.
        drop(spawn(async { Bomb }));
        let bomb = Bomb;
        drop(spawn(poll_fn(move |_| -> Poll<()> {
            let _owned = &bomb;
            panic!("with a bomb outside the panicking frame");
        })));
        // Tasks without a handle.
        let handle = Handle::try_current().unwrap();
        handle.spawn(async { panic_any(Chain) });
        handle.spawn(async { panic!("detached") });
        sleep(MS).await;
    })
    .unwrap();
}

#[test]
fn abort_before_the_first_poll_drops_the_future() {
    for seed in 0..100 {
        run(seed, async {
            let (dropped, was_dropped) = flag();
            let task = spawn(async move {
                let _dropped = dropped;
                unreachable!("polled although it was aborted before");
            });
            task.abort();
            task.abort();
            assert!(!was_dropped.load(Ordering::Relaxed));
            assert!(task.await.unwrap_err().is_cancelled());
            assert!(was_dropped.load(Ordering::Relaxed));
        })
        .unwrap();
    }
}

#[test]
fn an_aborted_task_may_or_may_not_have_run() {
    let ran = (0..100).filter(|&seed| {
        let ran = run(seed, async {
            let ran = Arc::new(AtomicBool::new(false));
            let sees = ran.clone();
            let task = spawn(async move {
                sees.store(true, Ordering::Relaxed);
                forever().await;
            });
            yield_now().await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            ran.load(Ordering::Relaxed)
        });
        ran.unwrap()
    });
    assert!((20..80).contains(&ran.count()));
}

#[test]
fn abort_after_the_end_changes_nothing() {
    run(1, async {
        let task = spawn(async { 5 });
        sleep(MS).await;
        assert!(task.is_finished());
        task.abort();
        sleep(MS).await;
        assert_eq!(task.await, Ok(5));

        let bomb = Bomb;
        let task = spawn(async move {
            let _bomb = bomb;
            forever().await;
        });
        task.abort();
        assert_eq!(task.await.unwrap_err().panic_text(), Some("bomb"));
    })
    .unwrap();
}

#[test]
fn wakes_from_anywhere_count() {
    run(9, async {
        let waker = Arc::new(Mutex::new(None));
        let woken = waker.clone();
        let (set, is_set) = flag();
        let waiting = spawn(poll_fn(move |cx| {
            *woken.lock().unwrap() = Some(cx.waker().clone());
            if is_set.load(Ordering::Relaxed) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }));
        sleep(MS).await;
        // Woken in the drop of a task that is aborted before it ran.
        let wakes = OnDrop(Some(move || {
            drop(set);
            let waker = waker.lock().unwrap().take().unwrap();
            waker.wake();
        }));
        spawn(async move {
            let _wakes = wakes;
            forever().await;
        })
        .abort();
        waiting.await.unwrap();
    })
    .unwrap();
}

#[test]
fn many_wakes_are_one_poll() {
    let polls = run(2, async {
        let polls = Arc::new(AtomicUsize::new(0));
        let counts = polls.clone();
        drop(spawn(poll_fn(move |cx| {
            if counts.fetch_add(1, Ordering::Relaxed) == 0 {
                (0..100).for_each(|_| cx.waker().wake_by_ref());
            }
            Poll::<()>::Pending
        })));
        sleep(MS).await;
        polls.load(Ordering::Relaxed)
    });
    assert_eq!(polls, Ok(2));
}

#[test]
#[should_panic(expected = "runs do not nest")]
fn runs_do_not_nest() {
    let _never = run(1, async { run(2, async {}) });
}

#[test]
#[should_panic(expected = "not inside a simulation")]
fn outside_a_simulation_there_is_no_spawn() {
    drop(spawn(async {}));
}
