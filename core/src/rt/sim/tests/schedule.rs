//! Tests of the schedule: replay, variety, and what the options do to it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::MS;
use crate::rt::sim::*;

/// A program with choices of every kind; its result is what it did.
async fn program() -> (u64, Duration, Vec<(u64, Duration)>) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let log = log.clone();
            spawn(async move {
                for _ in 0..10 {
                    match random_u64() % 3 {
                        0 => yield_now().await,
                        1 => sleep(MS * (random_u64() % 4) as u32).await,
                        _ => drop(spawn(yield_now())),
                    }
                    log.lock().unwrap().push((task, elapsed()));
                }
            })
        })
        .collect();
    for (number, task) in tasks.into_iter().enumerate() {
        if number % 3 == 2 {
            task.abort();
        }
        let _aborted_or_not = task.await;
    }
    let log = log.lock().unwrap().clone();
    (trace_hash(), elapsed(), log)
}

#[test]
fn the_same_seed_replays() {
    for seed in 0..50 {
        let options = [
            Config::new(seed),
            Config::swarm(seed),
            Config::new(seed).stalls(0.1, MS * 5),
        ];
        for config in options {
            let first = config.clone().run(program()).unwrap();
            // The state of the process must not matter: another run in between, other addresses.
            run(seed + 1000, program()).unwrap();
            let _shift = vec![0_u8; 1000 + seed as usize];
            assert_eq!(first, config.run(program()).unwrap(), "seed {seed}");
        }
    }
}

#[test]
fn different_seeds_differ() {
    let hashes: BTreeSet<u64> = (0..500)
        .map(|seed| run(seed, program()).unwrap().0)
        .collect();
    assert_eq!(hashes.len(), 500);
}

#[test]
fn replays_on_another_thread() {
    let here = run(7, program()).unwrap();
    let there = std::thread::spawn(|| run(7, program()).unwrap())
        .join()
        .unwrap();
    assert_eq!(here, there);
}

/// The interleavings of three tasks of two steps each that turn up in `runs` runs.
fn interleavings(runs: u64, config: impl Fn(u64) -> Config) -> usize {
    let seen: BTreeSet<Vec<u8>> = (0..runs)
        .map(|seed| {
            let steps = config(seed).run(async {
                let steps = Arc::new(Mutex::new(Vec::new()));
                let tasks = ['a', 'b', 'c'].map(|name| {
                    let steps = steps.clone();
                    spawn(async move {
                        steps.lock().unwrap().push(name as u8);
                        yield_now().await;
                        steps.lock().unwrap().push(name as u8);
                    })
                });
                for task in tasks {
                    task.await.unwrap();
                }
                steps.lock().unwrap().clone()
            });
            steps.unwrap()
        })
        .collect();
    seen.len()
}

#[test]
fn every_interleaving_turns_up() {
    assert_eq!(interleavings(2_000, Config::new), 90);
    assert_eq!(interleavings(6_000, |seed| Config::new(seed).unfair(3)), 90);
    assert_eq!(interleavings(6_000, Config::swarm), 90);
}

#[test]
fn fifo_has_one_schedule() {
    assert_eq!(interleavings(100, |seed| Config::new(seed).fifo(1.0)), 1);
    let order = Config::new(1).fifo(1.0).run(async {
        let order = Arc::new(Mutex::new(Vec::new()));
        for number in 0..4 {
            let order = order.clone();
            drop(spawn(async move {
                for _ in 0..2 {
                    order.lock().unwrap().push(number);
                    yield_now().await;
                }
            }));
        }
        sleep(MS).await;
        order.lock().unwrap().clone()
    });
    assert_eq!(order.unwrap(), [0, 1, 2, 3, 0, 1, 2, 3]);
}

#[test]
fn an_unfair_schedule_lets_tasks_lag() {
    // How far the slower of two tasks has come when the faster one is at 100, on average.
    let lag = |unfair: usize| {
        let total: usize = (0..200)
            .map(|seed| {
                let slower = Config::new(seed).unfair(unfair).run(async {
                    let steps = Arc::new(Mutex::new([0_usize; 2]));
                    let tasks = [0, 1].map(|number| {
                        let steps = steps.clone();
                        spawn(async move {
                            loop {
                                let now = {
                                    let mut steps = steps.lock().unwrap();
                                    steps[number] += 1;
                                    *steps
                                };
                                if now.contains(&100) {
                                    return now[0].min(now[1]);
                                }
                                yield_now().await;
                            }
                        })
                    });
                    let [first, second] = tasks;
                    first.await.unwrap().min(second.await.unwrap())
                });
                slower.unwrap()
            })
            .sum();
        total / 200
    };
    assert!(lag(1) > 80, "{}", lag(1));
    assert!(lag(4) < 20, "{}", lag(4));
}

#[test]
fn the_hash_tells_schedules_apart() {
    // No time passes and nothing is recorded: only the order of the polls differs.
    let hash = |config: Config| {
        let hash = config.run(async {
            let tasks = [0, 1, 2].map(|_| spawn(yield_now()));
            for task in tasks {
                task.await.unwrap();
            }
            trace_hash()
        });
        hash.unwrap()
    };
    let fifo: BTreeSet<u64> = (0..100)
        .map(|seed| hash(Config::new(seed).fifo(1.0)))
        .collect();
    assert_eq!(fifo.len(), 1);
    let random: BTreeSet<u64> = (0..1_000).map(|seed| hash(Config::new(seed))).collect();
    assert!(random.len() > 50, "{}", random.len());
}

#[test]
fn draws_do_not_move_the_schedule() {
    let hash = |draws: u64| {
        run(3, async move {
            for _ in 0..4 {
                drop(spawn(async move {
                    for _ in 0..draws {
                        let _number = random_u64();
                    }
                    sleep(MS).await;
                }));
            }
            sleep(MS * 2).await;
            trace_hash()
        })
    };
    assert_eq!(hash(0), hash(9));
}

#[test]
fn spurious_wakes_happen() {
    let polls = |probability: f64| {
        let polls = Config::new(4).spurious_wakes(probability).run(async {
            let polls = Arc::new(AtomicUsize::new(0));
            let counts = polls.clone();
            drop(spawn(poll_fn(move |_| {
                counts.fetch_add(1, Ordering::Relaxed);
                Poll::<()>::Pending
            })));
            for _ in 0..1_000 {
                yield_now().await;
            }
            polls.load(Ordering::Relaxed)
        });
        polls.unwrap()
    };
    assert_eq!(polls(0.0), 1);
    assert!(polls(0.2) > 50);
}

#[test]
fn recorded_values_are_in_the_hash() {
    let hash = |value: u64| {
        run(1, async move {
            record(value);
            trace_hash()
        })
    };
    assert_eq!(hash(1), hash(1));
    assert_ne!(hash(1), hash(2));
}
