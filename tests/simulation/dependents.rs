//! A server that others depend on dies by a link, and what it holds is dropped later. They die of it meanwhile. It is one death to
//! their supervisor, which restarts the group once.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{Child, ChildSpec, Restart, Strategy, SupervisorSpec, TaskRef, sim};

use crate::rng::Rng;
use crate::sup::Sup;
use crate::world::millis;

/// What it holds is dropped by its own task.
struct Store(#[expect(dead_code, reason = "it is there to be dropped")] String);

#[genserver]
impl Store {
    #[init]
    fn init() -> Self {
        Self("full".to_owned())
    }

    #[call]
    fn get(&self) -> u64 {
        1
    }
}

/// Dies, and takes along whom it is linked with.
struct Peer;

#[genserver]
impl Peer {
    #[init]
    fn init() -> Self {
        Self
    }

    #[call]
    fn tie(&self, store: StoreClient) {
        store.link();
    }
}

/// Plays the dependents of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(600));
    match config.run(dependents(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("dependents: {stuck}")),
    }
}

async fn dependents(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 86);
    let store = <Store as Child>::vacant();
    let tasks: Vec<_> = (0..1 + rng.below(3)).map(|_| TaskRef::vacant()).collect();
    let (own, places) = (store.clone(), tasks.clone());
    let app = Sup::start(move || {
        let mut spec = SupervisorSpec::new(Strategy::RestForOne).max_restarts(1);
        spec = spec.child(<Store as Child>::child_spec(&own, "store", ()));
        for (number, place) in places.iter().enumerate() {
            let store = own.clone();
            let child: ChildSpec =
                place.child_spec(format!("task {number}"), move || hot(store.clone()));
            spec = spec.child(child.restart(Restart::Permanent));
        }
        spec
    })
    .await
    .ok()?;
    sim::sleep(millis(rng.below(5))).await;
    let peer = Peer::start().await.ok()?;
    peer.tie(store.clone()).await.ok()?;
    let end = store.monitor();
    peer.kill();
    let _down = end.await;
    sim::sleep(millis(100)).await;
    if !app.is_alive() {
        return Some("one death was more than one restart".to_owned());
    }
    if !store.is_alive() || !tasks.iter().all(TaskRef::is_alive) {
        return Some("a group of which one has died does not run".to_owned());
    }
    app.stop().await.ok()?;
    None
}

/// Asks the store, and ends when it does not answer.
async fn hot(store: StoreClient) {
    while store.get().await.is_ok() {
        sim::sleep(Duration::from_micros(100)).await;
    }
}
