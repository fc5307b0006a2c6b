//! Specifications that a supervisor is asked to start, by several clients, while it is stopped, killed and started anew. One that does
//! not become a child comes back to the client that has offered it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{ChildId, ChildSpec, Ignore, StartChildError, Strategy, SupervisorSpec, exit, sim};

use crate::rng::Rng;
use crate::sup::Sup;
use crate::world::millis;

/// What comes of a start.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Course {
    Starts,
    Fails,
    Ignores,
}

/// Takes so long to start.
struct Guest;

#[genserver]
impl Guest {
    #[init]
    async fn init(course: Course, takes: Duration) -> Result<Self, ExitReason> {
        sim::sleep(takes).await;
        match course {
            Course::Starts => Ok(Self),
            Course::Fails => Err("not today".to_owned().into()),
            Course::Ignores => Err(Ignore.into()),
        }
    }
}

/// Plays the offers of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(600));
    match config.run(offers(seed)) {
        Ok(played) => played.err(),
        Err(stuck) => Some(format!("offers: {stuck}")),
    }
}

async fn offers(seed: u64) -> Result<(), String> {
    let mut rng = Rng::new(seed, 88);
    // Each specification that there is has it.
    let held = Arc::new(());
    let over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..1 + rng.below(3))
        .map(|client| {
            let rng = Rng::new(seed, 600 + client);
            sim::spawn(offer(rng, Arc::clone(&held), Arc::clone(&over)))
        })
        .collect();
    for _ in 0..1 + rng.below(5) {
        let spec = || SupervisorSpec::new(Strategy::OneForOne).max_restarts(u32::MAX);
        let sup = Sup::start(spec).await;
        let sup = sup.map_err(|error| format!("offers: {error}"))?;
        let end = sup.monitor();
        sim::sleep(Duration::from_micros(rng.below(15_000))).await;
        if rng.permille(500) {
            sup.kill();
        } else {
            let stopped = sup.stop().await;
            stopped.map_err(|error| format!("offers: {error}"))?;
        }
        let _down = end.await;
    }
    over.store(true, Ordering::Relaxed);
    for client in clients {
        let offered = client.await;
        offered.map_err(|error| format!("a client of offers: {error:?}"))??;
    }
    sim::sleep(millis(100)).await;
    match Arc::strong_count(&held) {
        1 => Ok(()),
        left => Err(format!("{} specifications are left of none", left - 1)),
    }
}

/// Offers one specification after the other, until it is over: what comes back is offered again.
async fn offer(mut rng: Rng, held: Arc<()>, over: Arc<AtomicBool>) -> Result<(), String> {
    let mut returned = None;
    while !over.load(Ordering::Relaxed) {
        let sup = Sup::named();
        let spec = match returned.take() {
            Some(spec) if rng.permille(800) => spec,
            _ => make(&mut rng, &held),
        };
        let id = spec.id().clone();
        let is_temporary = spec.restart_type() == Restart::Temporary;
        match sup.start_child(spec).keep_args().await {
            Ok(pid) => {
                if rng.permille(500) {
                    exit(pid, ExitReason::Kill);
                }
            }
            Err(failed) => {
                let error = (*failed).clone();
                let kept = error == StartChildError::Ignored && !is_temporary;
                returned = failed.into_args();
                match &returned {
                    Some(spec) if kept => {
                        return Err(format!("{} ignores its start, and came back", spec.id()));
                    }
                    None if !kept => {
                        return Err(format!(
                            "the specification of {id} did not come back: {error:?}"
                        ));
                    }
                    Some(spec) if *spec.id() != id => {
                        return Err(format!("{} came back for {id}", spec.id()));
                    }
                    _ => {}
                }
            }
        }
        // Whose it is, is nobody's concern.
        if rng.permille(400) {
            let _maybe_gone = sup.terminate_child(id.clone()).await;
            let _maybe_running = sup.delete_child(id).await;
        }
        sim::sleep(Duration::from_micros(rng.below(2_000))).await;
    }
    Ok(())
}

fn make(rng: &mut Rng, held: &Arc<()>) -> ChildSpec {
    let course = rng.pick(&[
        Course::Starts,
        Course::Starts,
        Course::Fails,
        Course::Ignores,
    ]);
    let takes = Duration::from_micros(rng.below(3_000));
    let restart = rng.pick(&[Restart::Permanent, Restart::Transient, Restart::Temporary]);
    let held = Arc::clone(held);
    let id = ChildId::from(rng.pick(&["a", "b", "c"]));
    let spec = ChildSpec::new::<Guest>(id, move || {
        let _held = &held;
        (course, takes)
    });
    spec.restart(restart)
}
