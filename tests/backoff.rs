//! Restarts that wait: for how long, what gets in between, and how they count.

use std::time::Duration;

use suptree::{
    AutoShutdown, Backoff, ChildState, DeleteChildError, ExitReason, Restart, RestartChildError,
    Strategy,
};
use tokio::time::Instant;

use crate::support::{
    AnyDyn, Log, Plain, Probe, Script, Server, Sup, child, ms, oops, place, settle,
};

/// A supervisor of a child whose restarts wait.
async fn delayed(log: &Log, backoff: Backoff, max_restarts: u32) -> (Sup, Server<Plain>) {
    let (handle, made) = (place(), log.clone());
    let server = handle.clone();
    let sup = Sup::start(move |spec| {
        let a = child(&handle, &Script::new("a", &made)).backoff(backoff);
        spec.max_restarts(max_restarts).child(a)
    })
    .await
    .unwrap();
    (sup, server)
}

/// Kills the child, and waits until it is back.
async fn comes_back(log: &Log, server: &Server<Plain>) -> Duration {
    let (starts, began) = (log.count("a init"), Instant::now());
    server.kill();
    log.until("a init", starts + 1).await;
    settle().await;
    began.elapsed()
}

/// The clock of the runtime has ticks of a millisecond.
#[track_caller]
fn assert_between(wait: Duration, whole: Duration) {
    assert!(
        whole / 2 <= wait && wait <= whole + ms(2),
        "{wait:?} of {whole:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn restarts_wait_longer_each_time_and_begin_anew_after_a_long_run() {
    let log = Log::new();
    let (_sup, server) = delayed(&log, Backoff::new(ms(100), ms(1_000)), u32::MAX).await;
    for _ in 0..2 {
        for whole in [100, 200, 400, 800, 1_000, 1_000] {
            assert_between(comes_back(&log, &server).await, ms(whole));
        }
        tokio::time::sleep(ms(1_001)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn restarts_of_many_do_not_come_together() {
    let mut waits = Vec::new();
    for _ in 0..10 {
        let log = Log::new();
        let (_sup, server) = delayed(&log, Backoff::new(ms(60_000), ms(60_000)), 3).await;
        waits.push(comes_back(&log, &server).await);
    }
    waits.sort();
    waits.dedup();
    assert!(waits.len() > 5, "{waits:?}");
}

/// It counts as one that is being restarted, and everything gets in between.
#[tokio::test(start_paused = true)]
async fn sup_24_sup_27_a_child_that_waits_for_its_restart() {
    let log = Log::new();
    let (sup, server) = delayed(&log, Backoff::new(ms(60_000), ms(60_000)), 3).await;
    let had = server.pid().unwrap();
    server.kill();
    let began = Instant::now();
    let children = sup.which_children().await.unwrap();
    assert_eq!(children[0].state, ChildState::Restarting);
    assert_eq!(sup.count_children().await.unwrap().active, 0);
    assert_eq!(
        sup.restart_child("a").await,
        Err(RestartChildError::Restarting)
    );
    assert_eq!(
        sup.delete_child("a").await,
        Err(DeleteChildError::Restarting)
    );
    let late = child(&place::<Plain>(), &Script::new("late", &log));
    sup.start_child(late).await.unwrap();
    sup.terminate_child(had).await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO, "nobody waits");
    tokio::time::sleep(ms(200_000)).await;
    assert_eq!(log.count("a init"), 1, "it was stopped");
    assert_eq!(sup.info().unwrap().restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn sup_26_a_shutdown_does_not_wait_for_a_restart() {
    let log = Log::new();
    let (sup, server) = delayed(&log, Backoff::new(ms(60_000), ms(60_000)), 3).await;
    server.kill();
    settle().await;
    let began = Instant::now();
    sup.stop().await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    tokio::time::sleep(ms(200_000)).await;
    assert_eq!(log.count("a init"), 1);
}

/// A child that was stopped and started by request meanwhile does not come back by the delay that it had before.
#[tokio::test(start_paused = true)]
async fn an_older_delay_means_nothing() {
    for _ in 0..20 {
        let log = Log::new();
        let (sup, server) = delayed(&log, Backoff::new(ms(1_000), ms(1_000)), u32::MAX).await;
        server.kill();
        tokio::time::sleep(ms(400)).await;
        sup.terminate_child("a").await.unwrap();
        sup.restart_child("a").await.unwrap();
        assert_between(comes_back(&log, &server).await, ms(1_000));
    }
}

/// A restart counts when it is carried out.
#[tokio::test(start_paused = true)]
async fn sup_16_restarts_that_wait_count_when_they_are_carried_out() {
    // Further apart than the window is long: it goes on for ever.
    let log = Log::new();
    let (sup, server) = delayed(&log, Backoff::new(ms(11_000), ms(11_000)), 1).await;
    for _ in 0..10 {
        comes_back(&log, &server).await;
    }
    assert!(sup.is_alive());
    // Short waits are no way around the budget.
    let log = Log::new();
    let (sup, server) = delayed(&log, Backoff::new(ms(10), ms(10)), 2).await;
    for _ in 0..2 {
        comes_back(&log, &server).await;
    }
    let down = sup.monitor();
    let began = Instant::now();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_between(began.elapsed(), ms(10));
    assert_eq!(log.count("a init"), 3);
}

/// Attempts that fail wait as well: the supervisor of a child that does not come up does not spin.
#[tokio::test(start_paused = true)]
async fn sup_22_attempts_that_fail_wait() {
    let log = Log::new();
    let (handle, made) = (place(), log.clone());
    let server: Server<Plain> = handle.clone();
    let sup = Sup::start(move |spec| {
        let script = Script::<Plain>::new("a", &made).on_init(|probe: &mut Probe<Plain>, _| {
            let starts = probe.log_count("a init");
            Box::pin(async move {
                if 1 < starts && starts < 6 {
                    Err(oops("not yet"))
                } else {
                    Ok(())
                }
            })
        });
        let backoff = Backoff::new(ms(100), ms(1_000));
        spec.max_restarts(u32::MAX)
            .child(child(&handle, &script).backoff(backoff))
    })
    .await
    .unwrap();
    let began = Instant::now();
    server.kill();
    log.until("a init", 6).await;
    // 100, 200, 400, 800 and 1,000 at the most.
    assert!(
        ms(1_250) <= began.elapsed() && began.elapsed() < ms(2_510),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(sup.info().unwrap().restarts, 5);
    assert_eq!(sup.count_children().await.unwrap().active, 1);
}

/// Its group waits with it; and the restart of its group by another one takes it along at once.
#[tokio::test(start_paused = true)]
async fn a_group_with_a_child_whose_restarts_wait() {
    let log = Log::new();
    let servers: [Server<Plain>; 2] = std::array::from_fn(|_| place());
    let (handles, made) = (servers.clone(), log.clone());
    let sup = Sup::start_as(Strategy::OneForAll, move |spec| {
        let backoff = Backoff::new(ms(60_000), ms(60_000));
        spec.child(child(&handles[0], &Script::new("a", &made)).backoff(backoff))
            .child(child(&handles[1], &Script::new("b", &made)))
    })
    .await
    .unwrap();
    let before = servers[1].pid();
    servers[0].kill();
    sup.count_children().await.unwrap();
    assert_eq!(servers[1].pid(), before, "it runs until the restart");
    let began = Instant::now();
    servers[1].kill();
    sup.count_children().await.unwrap();
    assert!(servers.iter().all(|server| server.is_alive()));
    assert_eq!(began.elapsed(), Duration::ZERO);
    // The delay that is over later finds it running.
    tokio::time::sleep(ms(60_001)).await;
    assert_eq!(log.count("a init"), 2);
    let before = servers[1].pid();
    assert_between(comes_back(&log, &servers[0]).await, ms(60_000));
    assert_ne!(servers[1].pid(), before);
}

/// A significant child that waits counts as one that runs.
#[tokio::test(start_paused = true)]
async fn sup_70_a_significant_child_that_waits_for_its_restart() {
    let log = Log::new();
    let servers: [Server<Plain>; 2] = std::array::from_fn(|_| place());
    let (handles, made) = (servers.clone(), log.clone());
    let sup = Sup::start(move |spec| {
        let transient = |at: usize, id| {
            let child = child(&handles[at], &Script::new(id, &made));
            child.restart(Restart::Transient).significant(true)
        };
        let backoff = Backoff::new(ms(1_000), ms(1_000));
        spec.auto_shutdown(AutoShutdown::AllSignificant)
            .child(transient(0, "a").backoff(backoff))
            .child(transient(1, "b"))
    })
    .await
    .unwrap();
    servers[0].kill();
    settle().await;
    servers[1].stop().await.unwrap();
    assert_eq!(sup.count_children().await.unwrap().specs, 2);
    log.until("a init", 2).await;
    let down = sup.monitor();
    servers[0].stop().await.unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
}

/// A dynamic child that waits goes by the pid it had.
#[tokio::test(start_paused = true)]
async fn ds_17_a_dynamic_child_that_waits_for_its_restart() {
    let log = Log::new();
    let sup = AnyDyn::start().await;
    let backoff = Backoff::new(ms(1_000), ms(1_000));
    let spec = || child(&place::<Plain>(), &Script::new("a", &log)).backoff(backoff);
    let (stays, goes) = (sup.start_any(spec()).await, sup.start_any(spec()).await);
    for pid in [stays, goes] {
        suptree::exit(pid, ExitReason::Kill);
    }
    assert_eq!(sup.count_children().await.unwrap().active, 0);
    sup.terminate_child(goes).await.unwrap();
    tokio::time::sleep(ms(1_010)).await;
    let counts = sup.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active), (1, 1));
}
