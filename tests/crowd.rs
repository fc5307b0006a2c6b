//! A hundred thousand dynamic children: they are killed at once and come back, and what is asked for races a shutdown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use suptree::prelude::*;
use suptree::{StartChildError, TerminateChildError};

const CROWD: usize = 100_000;

/// Counts those that live, and those that began.
struct Member(Arc<Tally>);

#[derive(Default)]
struct Tally {
    begun: AtomicUsize,
    alive: AtomicUsize,
}

#[genserver]
impl Member {
    #[init]
    fn init(tally: Arc<Tally>) -> Self {
        tally.begun.fetch_add(1, Ordering::SeqCst);
        tally.alive.fetch_add(1, Ordering::SeqCst);
        Self(tally)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.0.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

supervisor! { Crowd { dynamic: Member, max_restarts: 4_000_000 } }

#[tokio::test(start_paused = true)]
async fn r75_a_hundred_thousand_children_are_killed_at_once_and_come_back() {
    let (crowd, tally) = (Crowd::start_link().await.unwrap(), Arc::<Tally>::default());
    let mut members = Vec::with_capacity(CROWD);
    for _ in 0..CROWD {
        members.push(crowd.start_child(Arc::clone(&tally)).await.unwrap());
    }
    let before: Vec<_> = members.iter().map(|member| member.pid().unwrap()).collect();
    for member in &members {
        member.kill();
    }
    // Answered when they are back.
    let counts = crowd.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active), (CROWD, CROWD));
    let again = crowd.children().await.unwrap();
    assert_eq!(again.len(), CROWD);
    for ((member, again), before) in members.iter().zip(&again).zip(before) {
        assert_eq!(member.pid(), again.pid());
        assert!(member.pid().is_some_and(|pid| pid != before));
    }
    assert_eq!(tally.begun.load(Ordering::SeqCst), 2 * CROWD);
    assert_eq!(tally.alive.load(Ordering::SeqCst), CROWD);
    crowd.stop().await.unwrap();
    assert_eq!(tally.alive.load(Ordering::SeqCst), 0);
    assert!(suptree::processes().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r75_starts_ends_and_lists_race_a_shutdown() {
    const TASKS: usize = 8;
    let (crowd, tally) = (Crowd::start_link().await.unwrap(), Arc::<Tally>::default());
    let started = Arc::<AtomicUsize>::default();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (crowd, tally, started) = (crowd.clone(), tally.clone(), started.clone());
            tokio::spawn(async move {
                let mut mine = Vec::new();
                // Until the supervisor has ended.
                loop {
                    match crowd.start_child(Arc::clone(&tally)).await {
                        Ok(member) => mine.push(member),
                        // Queued behind the shutdown, or interrupted by it.
                        Err(StartChildError::Call(_) | StartChildError::Start(_)) => break,
                        Err(other) => panic!("{other}"),
                    }
                    started.fetch_add(1, Ordering::SeqCst);
                    match mine.len() % 5 {
                        // It comes back.
                        1 => mine[mine.len() / 2].kill(),
                        2 => {
                            let oldest = mine.swap_remove(0);
                            let ended = crowd.terminate_child(&oldest).await;
                            assert!(matches!(ended, Ok(()) | Err(TerminateChildError::Call(_))));
                        }
                        _ => {}
                    }
                    if mine.len() % 1_000 == task {
                        let Ok(counts) = crowd.count_children().await else {
                            break;
                        };
                        assert!(counts.active <= counts.specs);
                        let Ok(children) = crowd.children().await else {
                            break;
                        };
                        assert!(children.len() <= tally.begun.load(Ordering::SeqCst));
                    }
                }
            })
        })
        .collect();
    while started.load(Ordering::SeqCst) < CROWD / 2 {
        tokio::task::yield_now().await;
    }
    crowd.stop().await.unwrap();
    // Nobody began after that, and nobody is left.
    let begun = tally.begun.load(Ordering::SeqCst);
    assert_eq!(tally.alive.load(Ordering::SeqCst), 0);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(tally.begun.load(Ordering::SeqCst), begun);
    assert_eq!(tally.alive.load(Ordering::SeqCst), 0);
    let late = crowd.start_child(Arc::clone(&tally)).await.unwrap_err();
    assert_eq!(late, StartChildError::Call(CallError::NoProc));
    assert!(suptree::processes().is_empty());
}
