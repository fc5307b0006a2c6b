//! Partitions: clients route by keys while partitions, and their supervisor, die. A key has one partition for ever, and what was
//! routed once follows it.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    Child, PartitionSupervisorRef, PartitionSupervisorSpec, Strategy, SupervisorSpec, sim,
};

use crate::rng::Rng;
use crate::sup::Sup;
use crate::world::millis;

struct Shard(usize);

#[genserver]
impl Shard {
    #[init]
    async fn init(number: usize) -> Self {
        sim::yield_now().await;
        Self(number)
    }

    #[call]
    fn number(&self) -> usize {
        self.0
    }
}

type Shards = PartitionSupervisorRef<Shard>;

/// Plays the partitions of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(600));
    match config.run(partitions(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("partitions: {stuck}")),
    }
}

async fn partitions(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 85);
    let many = 1 + rng.below(6) as usize;
    let shards = Shards::vacant();
    let own = shards.clone();
    let app = Sup::start(move || {
        let partitions = PartitionSupervisorSpec::new(|number| number);
        let partitions = partitions.partitions(many).max_restarts(u32::MAX);
        let spec = SupervisorSpec::new(Strategy::OneForAll).max_restarts(u32::MAX);
        spec.child(Shards::child_spec(&own, "shards", partitions))
    })
    .await
    .ok()?;
    let clients: Vec<_> = (0..1 + rng.below(3))
        .map(|client| {
            let rng = Rng::new(seed, 400 + client);
            sim::spawn(route(rng, shards.clone(), many))
        })
        .collect();
    let mut routed = Vec::new();
    for client in clients {
        match client.await {
            Ok(Ok(found)) => routed.extend(found),
            Ok(Err(wrong)) => return Some(wrong),
            Err(error) => return Some(format!("a client of partitions: {error:?}")),
        }
    }
    sim::sleep(millis(100)).await;
    for (number, shard) in routed {
        match shard.number().await {
            Ok(other) if other == number => {}
            other => return Some(format!("what leads to partition {number} found {other:?}")),
        }
    }
    if shards.partitions() != many {
        return Some(format!("{} partitions of {many}", shards.partitions()));
    }
    app.stop().await.ok()?;
    None
}

/// Calls and kills. What each partition was reached by, or what went wrong.
async fn route(
    mut rng: Rng,
    shards: Shards,
    many: usize,
) -> Result<Vec<(usize, ShardClient)>, String> {
    let mut found = Vec::new();
    for _ in 0..20 {
        let key = rng.below(1_000);
        let shard = shards.route(&key);
        // Numbers go by their remainder.
        let number = key as usize % many;
        match rng.below(8) {
            0..4 => {
                if let Ok(other) = shard.number().await
                    && other != number
                {
                    return Err(format!("{key} of {many} is with partition {other}"));
                }
                found.push((number, shard));
            }
            4 => {
                let name = format!("user {key}");
                let (once, again) = (shards.route(&name), shards.route(name.as_str()));
                if let (Ok(once), Ok(again)) = (once.number().await, again.number().await)
                    && once != again
                {
                    return Err(format!("{name} is with partitions {once} and {again}"));
                }
            }
            5 => shard.kill(),
            6 if rng.permille(300) => shards.kill(),
            _ => sim::sleep(millis(rng.below(3))).await,
        }
    }
    Ok(found)
}
