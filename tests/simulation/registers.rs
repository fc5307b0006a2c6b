//! Registries while those that are registered come and go: no two have a key, nobody finds the dead, nothing of them is left, and who
//! listens hears of each registration and of its end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Duplicate, Listener, Registry, RegistryEvent, sim};

use crate::rng::Rng;

type Names = Registry<u64, u64>;
type Topics = Registry<u64, u64, Duplicate>;

const KEYS: u64 = 4;

/// Registers itself, and does it anew.
struct Guest(Names, Topics);

#[genserver]
impl Guest {
    #[init]
    async fn init(names: Names, topics: Topics, takes: Duration) -> Result<Self, ExitReason> {
        sim::sleep(takes).await;
        if takes.as_micros() % 5 == 4 {
            return Err("not today".to_owned().into());
        }
        Ok(Self(names, topics))
    }

    #[call]
    async fn come(&mut self, key: u64, takes: Duration) -> bool {
        let came = self.0.register(key, 0).is_ok();
        let _always = self.1.register(key, 1);
        sim::sleep(takes).await;
        came
    }

    #[call]
    fn go(&mut self, key: u64) -> bool {
        self.1.unregister(&key);
        self.0.unregister(&key).is_some()
    }
}

/// Plays the registries of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(600));
    match config.run(registers(seed)) {
        Ok(played) => played.err(),
        Err(stuck) => Some(format!("registries: {stuck}")),
    }
}

async fn registers(seed: u64) -> Result<(), String> {
    let (names, topics) = (Names::unique(), Topics::duplicate());
    let (names_events, topics_events) = (names.listen(), topics.listen());
    let inside = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = (0..3)
        .map(|client| {
            let rng = Rng::new(seed, 700 + client);
            let (names, topics) = (names.clone(), topics.clone());
            sim::spawn(hosts(rng, names, topics, Arc::clone(&inside)))
        })
        .collect();
    for client in clients {
        let hosted = client.await;
        hosted.map_err(|error| format!("a client of registries: {error:?}"))??;
    }
    if !names.is_empty() || !topics.is_empty() {
        return Err(format!("{names:?} and {topics:?} are not empty"));
    }
    drop((names, topics));
    heard("names", names_events, true).await?;
    heard("topics", topics_events, false).await
}

/// Every registration has had its end; and of unique keys none before the end of the other.
async fn heard(what: &str, mut events: Listener<u64, u64>, unique: bool) -> Result<(), String> {
    let mut held = BTreeMap::<u64, Vec<Pid>>::new();
    while let Some(event) = events.recv().await {
        match event {
            RegistryEvent::Registered(entry) => {
                let holders = held.entry(*entry.key()).or_default();
                if unique && !holders.is_empty() {
                    return Err(format!("{what}: {entry:?} beside {holders:?}"));
                }
                holders.push(entry.pid());
            }
            RegistryEvent::Unregistered(entry) => {
                let holders = held.entry(*entry.key()).or_default();
                let at = holders.iter().position(|holder| *holder == entry.pid());
                let at = at.ok_or_else(|| format!("{what}: {entry:?} was not registered"))?;
                holders.remove(at);
            }
            other => return Err(format!("{what}: {other:?}")),
        }
    }
    if held.values().any(|holders| !holders.is_empty()) {
        return Err(format!("{what}: nobody heard of the end of {held:?}"));
    }
    Ok(())
}

/// Starts one guest after the other, and sees to their ends.
async fn hosts(
    mut rng: Rng,
    names: Names,
    topics: Topics,
    inside: Arc<AtomicU64>,
) -> Result<(), String> {
    for _ in 0..2 + rng.below(4) {
        let (key, takes) = (rng.below(KEYS), Duration::from_micros(rng.below(2_000)));
        let starts = Guest::start(names.clone(), topics.clone(), takes);
        let started = match rng.below(3) {
            0 => starts.await,
            1 => starts.via(&names, key).await,
            _ => {
                starts
                    .timeout(Duration::from_millis(1))
                    .via(&names, key)
                    .await
            }
        };
        let Ok(guest) = started else { continue };
        let Some(pid) = guest.pid() else { continue };
        let end = guest.monitor();
        for _ in 0..rng.below(6) {
            let key = rng.below(KEYS);
            match rng.below(5) {
                0 => drop(guest.come(key, Duration::from_micros(rng.below(500))).await),
                1 => drop(guest.go(key).await),
                2 => drop(names.register_process(&guest, key, 7)),
                3 => drop(Guest::via(&names, key).come(key, Duration::ZERO).await),
                _ => {
                    let _held = names.lock(key % 2).await;
                    let bit = 1 << (key % 2);
                    if inside.fetch_or(bit, Ordering::Relaxed) & bit != 0 {
                        return Err(format!("two have the lock {}", key % 2));
                    }
                    sim::sleep(Duration::from_micros(rng.below(300))).await;
                    inside.fetch_and(!bit, Ordering::Relaxed);
                }
            }
            found(&names, &topics, rng.below(KEYS))?;
        }
        // Somebody may be about to register it.
        let victim = guest.clone();
        let (late, key) = (names.clone(), rng.below(KEYS));
        let registers = sim::spawn(async move { late.register_process(&victim, key, 9).is_ok() });
        if rng.permille(500) {
            guest.kill();
        } else {
            let _may_be_dead = guest.stop().await;
        }
        end.await;
        let left = (names.keys(pid), topics.keys(pid));
        if !left.0.is_empty() || !left.1.is_empty() {
            return Err(format!("{pid} is dead, and has {left:?}"));
        }
        let _registered = registers.await;
        if !names.keys(pid).is_empty() {
            return Err(format!("{pid} was dead, and was registered"));
        }
    }
    Ok(())
}

/// Nobody is found who is dead.
fn found(names: &Names, topics: &Topics, key: u64) -> Result<(), String> {
    let dead = |process: suptree::ProcessRef| (!process.is_alive()).then_some(process);
    let of_names = names.whereis(&key).and_then(dead);
    let of_topics = topics.lookup(&key).into_iter().map(|entry| entry.process());
    match of_names.or_else(|| of_topics.into_iter().find_map(dead)) {
        Some(process) => Err(format!("{process:?} is dead, and was found by {key}")),
        None => Ok(()),
    }
}
