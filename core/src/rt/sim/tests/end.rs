//! Tests of the end of a run: what is left is dropped, and the panic of the main future.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Bomb, MS, OnDrop, flag, forever};
use crate::rt::sim::*;

#[test]
fn the_end_drops_every_task() {
    for seed in 0..50 {
        let dropped = Arc::new(AtomicUsize::new(0));
        let (late, late_dropped) = flag();
        let count = dropped.clone();
        let handle = run(seed, async move {
            for number in 0..20 {
                let count = count.clone();
                drop(spawn(async move {
                    let _counts = OnDrop(Some(move || {
                        count.fetch_add(1, Ordering::Relaxed);
                    }));
                    let _bomb = (number % 3 == 0).then_some(Bomb);
                    if number % 2 == 0 {
                        forever().await;
                    }
                    sleep(Duration::from_secs(60)).await;
                }));
            }
            drop(spawn(async move {
                // The run is still current in here, but refuses to spawn.
                let _spawns = OnDrop(Some(move || {
                    let handle = Handle::try_current().unwrap();
                    assert_eq!(now(), Some(handle.epoch() + MS));
                    handle.spawn(async move {
                        let _late = late;
                        forever().await;
                    });
                    assert!(spawn(async { 1 }).is_finished());
                    handle.spawn({
                        let bomb = Bomb;
                        async move { drop(bomb) }
                    });
                }));
                forever().await;
            }));
            sleep(MS).await;
            Handle::try_current().unwrap()
        })
        .unwrap();
        assert_eq!(dropped.load(Ordering::Relaxed), 20);
        assert!(late_dropped.load(Ordering::Relaxed));
        assert!(Handle::try_current().is_none() && now().is_none());

        // After the run its handle refuses too, and its timers are over.
        let (after, after_dropped) = flag();
        handle.spawn(async move {
            let _after = after;
            forever().await;
        });
        assert!(after_dropped.load(Ordering::Relaxed));
        assert!(run(0, sleep_until(&handle, handle.now() + MS)).is_ok());
    }
}

#[test]
fn the_end_drops_a_future_that_holds_its_own_waker() {
    let (dropped, was_dropped) = flag();
    run(2, async {
        let waker = Mutex::new(None);
        Handle::try_current().unwrap().spawn(poll_fn(move |cx| {
            let _owned = &dropped;
            *waker.lock().unwrap() = Some(cx.waker().clone());
            Poll::Pending
        }));
        sleep(MS).await;
    })
    .unwrap();
    assert!(was_dropped.load(Ordering::Relaxed));
}

#[test]
fn the_end_drops_tasks_in_an_order_of_the_seed() {
    let order = |seed| {
        let order = Arc::new(Mutex::new(Vec::new()));
        let drops = order.clone();
        // First in, first out: what is random here is the end alone.
        let run = Config::new(seed).fifo(1.0).run(async move {
            for number in 0..4 {
                let drops = drops.clone();
                drop(spawn(async move {
                    let _drops = OnDrop(Some(move || drops.lock().unwrap().push(number)));
                    forever().await;
                }));
            }
            sleep(MS).await;
        });
        run.unwrap();
        order.lock().unwrap().clone()
    };
    let orders: BTreeSet<Vec<u32>> = (0..300).map(order).collect();
    assert_eq!(orders.len(), 24);
    assert_eq!(order(1), order(1));
}

#[test]
fn a_panic_in_main_reaches_the_caller() {
    let (dropped, was_dropped) = flag();
    let caught = catch_unwind(AssertUnwindSafe(|| {
        run(1, async {
            drop(spawn(async move {
                let _dropped = dropped;
                forever().await;
            }));
            yield_now().await;
            panic!("main");
        })
    }));
    let payload = caught.map(|result: Result<(), Stuck>| result).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"main"));
    assert!(was_dropped.load(Ordering::Relaxed));
    assert!(Handle::try_current().is_none());
}
