//! A partition supervisor that is asked for fewer partitions and for more, of which one may not start. It is all or none, and who
//! looks meanwhile finds alive every partition that keys lead to.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    Child, PartitionSupervisorRef, PartitionSupervisorSpec, ResizeError, Strategy, SupervisorSpec,
    sim,
};

use crate::rng::Rng;
use crate::sup::Sup;
use crate::world::millis;

/// No number of a partition.
const NONE: usize = usize::MAX;

/// Which partition does not start; [`NONE`], where all do.
type Fails = Arc<AtomicUsize>;

/// Takes a moment to start, and to stop.
struct Shard(usize);

#[genserver(trap_exit)]
impl Shard {
    #[init]
    async fn init(number: usize, fails: Fails) -> Result<Self, String> {
        sim::sleep(millis(1)).await;
        if fails.load(Ordering::Relaxed) == number {
            return Err("not today".to_owned());
        }
        Ok(Self(number))
    }

    #[call]
    fn number(&self) -> usize {
        self.0
    }

    #[terminate]
    async fn terminate(&mut self) {
        sim::sleep(millis(1)).await;
    }
}

type Shards = PartitionSupervisorRef<Shard>;

/// Plays the sizes of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(600));
    match config.run(sizes(seed)) {
        Ok(played) => played.err(),
        Err(stuck) => Some(format!("resizes: {stuck}")),
    }
}

async fn sizes(seed: u64) -> Result<(), String> {
    let mut rng = Rng::new(seed, 87);
    let most = 1 + rng.below(5) as usize;
    let (shards, fails) = (Shards::vacant(), Fails::new(AtomicUsize::new(NONE)));
    let (own, args) = (shards.clone(), Arc::clone(&fails));
    let app = Sup::start(move || {
        let args = Arc::clone(&args);
        let partitions = PartitionSupervisorSpec::new(move |number| (number, Arc::clone(&args)));
        let partitions = partitions.partitions(most);
        let spec = SupervisorSpec::new(Strategy::OneForOne);
        spec.child(Shards::child_spec(&own, "shards", partitions))
    })
    .await
    .map_err(|error| format!("resizes: {error}"))?;
    let over = Arc::new(AtomicBool::new(false));
    let lookers: Vec<_> = (0..1 + rng.below(2))
        .map(|looker| {
            let rng = Rng::new(seed, 500 + looker);
            sim::spawn(look(rng, shards.clone(), Arc::clone(&over)))
        })
        .collect();
    let resized = resize(&mut rng, &shards, most, &fails).await;
    over.store(true, Ordering::Relaxed);
    for looker in lookers {
        let looked = looker.await;
        looked.map_err(|error| format!("one who looks at partitions: {error:?}"))??;
    }
    resized?;
    let stopped = app.stop().await;
    stopped.map_err(|error| format!("resizes: {error}"))
}

/// Asks for one number after the other.
async fn resize(
    rng: &mut Rng,
    shards: &Shards,
    most: usize,
    fails: &AtomicUsize,
) -> Result<(), String> {
    let mut running = most;
    for _ in 0..12 {
        let wanted = rng.below(most as u64 + 2) as usize;
        let failing = match rng.permille(400) {
            true => rng.below(most as u64) as usize,
            false => NONE,
        };
        fails.store(failing, Ordering::Relaxed);
        let expected = if wanted > most {
            Err(ResizeError::TooMany { most })
        } else if (running..wanted).contains(&failing) {
            let (partition, error) = (failing, StartError::Init("not today".to_owned().into()));
            Err(ResizeError::Start { partition, error })
        } else {
            Ok(running)
        };
        let mut asked = pin!(shards.resize(wanted));
        // It goes on without the one who has asked.
        if rng.permille(200) {
            let _nobody_waits = poll_fn(|cx| Poll::Ready(asked.as_mut().poll(cx))).await;
        } else {
            let resized = asked.await;
            if resized != expected {
                return Err(format!(
                    "{running} partitions of {most}, {wanted} wanted, and {failing} fails: {resized:?}"
                ));
            }
        }
        if expected.is_ok() {
            running = wanted;
        }
        check(shards, running, most).await?;
        sim::sleep(millis(rng.below(3))).await;
    }
    match shards.info().map(|info| info.restarts) {
        Some(0) => Ok(()),
        restarts => Err(format!("{restarts:?} restarts, and nobody has died")),
    }
}

/// The first `running` partitions run, and keys are divided between these.
async fn check(shards: &Shards, running: usize, most: usize) -> Result<(), String> {
    let children = shards.which_children().await;
    let children = children.map_err(|error| format!("resizes: {error}"))?;
    let run: Vec<_> = children.iter().map(|child| child.pid().is_some()).collect();
    let expected: Vec<_> = (0..most).map(|number| number < running).collect();
    let between = shards.partitions();
    if run != expected || between != running {
        return Err(format!(
            "{running} partitions are to run: {run:?} do, and keys are divided between {between}"
        ));
    }
    for key in 0..most {
        let found = shards.route(&key).number().await;
        let expected = key.checked_rem(running).ok_or(CallError::NoProc);
        if found != expected {
            return Err(format!(
                "{key} is with {found:?} of {running}, and not with {expected:?}"
            ));
        }
    }
    Ok(())
}

/// Looks where keys lead, until it is over.
async fn look(mut rng: Rng, shards: Shards, over: Arc<AtomicBool>) -> Result<(), String> {
    while !over.load(Ordering::Relaxed) {
        let handles = shards.handles();
        let between = handles.len();
        if let Some(dead) = handles.iter().position(|shard| !shard.is_alive()) {
            return Err(format!(
                "keys are divided between {between} partitions, and {dead} is dead"
            ));
        }
        if !shards.is_ready() {
            return Err("a partition is missed, and none is to return".to_owned());
        }
        let key = rng.below(1_000) as usize;
        // It may be stopped before it has the call.
        if let Ok(found) = shards.route(&key).number().await
            && Some(found) != key.checked_rem(between)
        {
            return Err(format!("{key} of {between} is with partition {found}"));
        }
        sim::sleep(Duration::from_micros(100 + rng.below(2_000))).await;
    }
    Ok(())
}
