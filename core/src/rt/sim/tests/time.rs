//! Tests of virtual time, of the deadlock verdict and of the limits.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{MS, flag, forever};
use crate::rt::sim::*;

#[test]
fn time_is_virtual() {
    let started = std::time::Instant::now();
    let epoch = run(1, async {
        let epoch = now().unwrap();
        assert_eq!(elapsed(), Duration::ZERO);
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(elapsed(), Duration::from_secs(3600));
        assert_eq!(now().unwrap() - epoch, elapsed());
        let handle = Handle::try_current().unwrap();
        sleep_until(&handle, epoch + MS).await; // Long past.
        assert_eq!(elapsed(), Duration::from_secs(3600));
        sleep_until(&handle, now().unwrap() + MS).await;
        assert_eq!(elapsed(), Duration::from_secs(3600) + MS);
        epoch
    });
    assert!(started.elapsed() < Duration::from_secs(60));
    assert!(epoch.unwrap().into_std() >= started);
}

#[test]
fn time_waits_for_the_ready() {
    run(2, async {
        let timer = spawn(sleep(MS));
        for _ in 0..1_000 {
            yield_now().await;
            assert_eq!(elapsed(), Duration::ZERO);
        }
        assert!(!timer.is_finished());
        timer.await.unwrap();
        assert_eq!(elapsed(), MS);
    })
    .unwrap();
}

#[test]
fn stalls_let_timers_overtake() {
    let overtaken = |stalls: f64| {
        (0..200).filter(move |&seed| {
            let config = Config::new(seed).stalls(stalls, MS * 10);
            let timer = config.run(async {
                let timer = spawn(sleep(MS));
                for _ in 0..5 {
                    yield_now().await;
                }
                timer.is_finished()
            });
            timer.unwrap()
        })
    };
    assert_eq!(overtaken(0.0).count(), 0);
    assert!((20..200).contains(&overtaken(0.2).count()));
}

#[test]
fn timers_of_one_instant_fire_in_any_order() {
    let orders: BTreeSet<Vec<u32>> = (0..300)
        .map(|seed| {
            // First in, first out: what is random here is the firing alone.
            let order = Config::new(seed).fifo(1.0).run(async {
                let order = Arc::new(Mutex::new(Vec::new()));
                for number in 0..4 {
                    let order = order.clone();
                    drop(spawn(async move {
                        sleep(MS).await;
                        order.lock().unwrap().push(number);
                    }));
                }
                sleep(MS * 2).await;
                order.lock().unwrap().clone()
            });
            order.unwrap()
        })
        .collect();
    assert_eq!(orders.len(), 24);
}

#[test]
fn a_dropped_sleep_leaves_no_timer() {
    let stuck = run(5, async {
        let mut long = Box::pin(sleep(Duration::from_secs(9)));
        poll_fn(|cx| {
            assert!(long.as_mut().poll(cx).is_pending());
            assert!(long.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(long);
        forever().await;
    })
    .unwrap_err();
    assert_eq!(
        (stuck.reason(), stuck.elapsed()),
        (StuckReason::Deadlock, Duration::ZERO)
    );
}

#[test]
fn a_sleep_wakes_whoever_polled_it_last() {
    run(6, async {
        let mut long = Box::pin(sleep(MS));
        poll_fn(|cx| {
            assert!(long.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        spawn(long).await.unwrap();
        assert_eq!(elapsed(), MS);
    })
    .unwrap();
}

#[test]
fn waiting_for_ever_is_a_deadlock() {
    assert!(run(1, sleep_in(Duration::MAX)).is_err());
    assert!(run(1, sleep_in(Duration::from_secs(86_400 * 365 * 30))).is_err());
    assert!(run(1, sleep_in(Duration::from_secs(86_400 * 365 * 20))).is_ok());
}

async fn sleep_in(duration: Duration) {
    sleep(duration).await;
}

#[test]
fn a_deadlock_is_told() {
    let (dropped, was_dropped) = flag();
    let stuck = run(11, async move {
        let _dropped = dropped;
        drop(spawn(forever()));
        drop(spawn(async {})); // Ends, so it is not counted.
        sleep(MS).await;
        forever().await;
    })
    .unwrap_err();
    assert_eq!(stuck.reason(), StuckReason::Deadlock);
    assert_eq!(
        (stuck.seed(), stuck.elapsed(), stuck.live_tasks()),
        (11, MS, 2)
    );
    assert!(stuck.polls() >= 3);
    assert!(was_dropped.load(Ordering::Relaxed));
    let text = stuck.to_string();
    assert!(
        text.contains("seed 11 deadlocked") && text.contains("1ms") && text.contains("tasks: 2"),
        "{text}"
    );
}

#[test]
fn limits_end_a_run() {
    let busy = Config::new(1).poll_limit(1_000).run(async {
        loop {
            yield_now().await;
        }
    });
    let busy: Stuck = busy.unwrap_err();
    assert_eq!(
        (busy.reason(), busy.polls()),
        (StuckReason::PollLimit, 1_000)
    );

    let ticking = Config::new(1).time_limit(MS * 10).run(async {
        loop {
            sleep(MS).await;
        }
    });
    let ticking: Stuck = ticking.unwrap_err();
    assert_eq!(
        (ticking.reason(), ticking.elapsed()),
        (StuckReason::TimeLimit, MS * 10)
    );
}
