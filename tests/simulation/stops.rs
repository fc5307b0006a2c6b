//! Stops of several children at once: each has a limit of its own, needs a time of its own, may be killed meanwhile or ask for
//! its end itself, and is gone when the first of these is over, whatever the others do. And the stop of a supervisor that waits
//! for a child's `init`, which gives way.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    Child, ChildId, ChildSpec, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
    monitor, sim,
};

use crate::rng::Rng;
use crate::world::millis;

/// Takes so many milliseconds to terminate.
struct Ward(u64);

#[genserver(restart = temporary)]
impl Ward {
    #[init]
    fn init(needs: u64) -> Self {
        Self(needs)
    }

    /// Asks for its own end after a while, and waits for it.
    #[cast]
    async fn leave(&self, sup: DynamicSupervisorRef<AnyWard>, after: u64) {
        sim::sleep(millis(after)).await;
        let _told = sup.terminate_child(self_pid()).await;
    }

    #[terminate]
    async fn bye(&mut self) {
        sim::sleep(millis(self.0)).await;
    }
}

/// Starts once; its next `init` waits for ever.
struct Sleeper;

#[genserver]
impl Sleeper {
    #[init]
    async fn init(starts: Arc<AtomicU64>) -> Self {
        if starts.fetch_add(1, Ordering::Relaxed) > 0 {
            std::future::pending::<()>().await;
        }
        Self
    }
}

/// A ward with a limit of its own.
struct AnyWard;

/// How one is started, once.
#[derive(Clone)]
struct ByItself(Arc<Mutex<Option<ChildSpec>>>);

impl suptree::OnDemand for AnyWard {
    type Given = suptree::Cloned;
}

impl Child for AnyWard {
    type Args = ByItself;
    type Handle = ();

    fn vacant() {}

    fn child_spec((): &(), _id: impl Into<ChildId>, ByItself(spec): ByItself) -> ChildSpec {
        let spec = spec.lock().expect("nobody panics").take();
        spec.expect("it is started once")
    }
}

#[derive(Clone, Debug)]
struct Home(DynamicSupervisorRef<AnyWard>);

impl Child for Home {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        Self(DynamicSupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        handle.as_child(id, ())
    }
}

impl DynamicSupervisor for Home {
    type Child = AnyWard;

    fn supervisor(&self) -> &DynamicSupervisorRef<AnyWard> {
        &self.0
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        DynamicSupervisorSpec::new()
    }
}

/// What a ward does, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Plan {
    needs: u64,
    limit: Shutdown,
    /// It is killed so long after the stop.
    killed: Option<u64>,
    /// It asks for its own end so long after the stop.
    leaves: Option<u64>,
}

impl Plan {
    fn draw(rng: &mut Rng) -> Self {
        Self {
            needs: rng.below(300),
            limit: match rng.below(4) {
                0 => Shutdown::BrutalKill,
                1 => Shutdown::Infinity,
                _ => Shutdown::Timeout(millis(rng.below(300))),
            },
            killed: rng.permille(200).then(|| rng.below(300)),
            leaves: rng.permille(200).then(|| rng.below(100)),
        }
    }

    /// When it is gone, and of what.
    fn end(self) -> Duration {
        let done = self.needs + self.leaves.unwrap_or(0);
        let limit = match self.limit {
            Shutdown::BrutalKill => Duration::ZERO,
            Shutdown::Timeout(limit) => limit,
            Shutdown::Infinity => Duration::MAX,
        };
        let killed = self.killed.map_or(Duration::MAX, millis);
        millis(done).min(limit).min(killed)
    }
}

/// Plays the stop of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = || sim::Config::new(seed).time_limit(Duration::from_secs(60));
    let violation = match config().run(stop(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("the stop of several children: {stuck}")),
    };
    violation.or_else(|| match config().run(stop_in_init(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("the stop behind an init that waits: {stuck}")),
    })
}

/// D32: a restart waits for `init`, and gives way to the stop.
async fn stop_in_init(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 78);
    let sup = suptree::start_link_dynamic_supervisor::<Home>(())
        .await
        .ok()?
        .0;
    let starts = Arc::new(AtomicU64::new(0));
    let sleeper = <Sleeper as Child>::vacant();
    let spec = <Sleeper as Child>::child_spec(&sleeper, "sleeper", Arc::clone(&starts));
    let spec = ByItself(Arc::new(Mutex::new(Some(spec))));
    sup.start_child(spec).await.ok()?;
    sleeper.kill();
    sim::sleep(millis(1 + rng.below(5))).await;
    if starts.load(Ordering::Relaxed) != 2 {
        return Some("a killed child was not started again".to_owned());
    }
    let began = sim::elapsed();
    if let Err(error) = sup.stop().await {
        return Some(format!(
            "the stop behind an init that waits ended with {error}"
        ));
    }
    let took = sim::elapsed() - began;
    (took > millis(1)).then(|| format!("the stop waited for an init, {took:?}"))
}

async fn stop(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 77);
    let sup = suptree::start_link_dynamic_supervisor::<Home>(())
        .await
        .ok()?
        .0;
    let mut wards = Vec::new();
    for _ in 0..=rng.below(8) {
        let plan = Plan::draw(&mut rng);
        let ward = <Ward as Child>::vacant();
        let spec = <Ward as Child>::child_spec(&ward, "ward", plan.needs).shutdown(plan.limit);
        let spec = ByItself(Arc::new(Mutex::new(Some(spec))));
        sup.start_child(spec).await.ok()?;
        wards.push((plan, ward.pid()?, ward));
    }
    let began = sim::elapsed();
    let mut ends = Vec::new();
    for (plan, pid, ward) in wards {
        let down = monitor(pid);
        ends.push((
            plan,
            sim::spawn(async move {
                down.await;
                sim::elapsed()
            }),
        ));
        if let Some(after) = plan.leaves {
            let _sent = ward.leave(sup.clone(), after).await;
        }
        if let Some(after) = plan.killed {
            drop(sim::spawn(async move {
                sim::sleep(millis(after)).await;
                suptree::exit(pid, ExitReason::Kill);
            }));
        }
    }
    let stopped = sup.stop().await;
    if let Err(error) = stopped {
        return Some(format!("the stop of several children ended with {error}"));
    }
    for (plan, end) in ends {
        let took = end.await.ok()? - began;
        let wanted = plan.end();
        if took < wanted || took > wanted + millis(1) {
            return Some(format!(
                "a child ended after {took:?} instead of {wanted:?}: {plan:?}"
            ));
        }
    }
    None
}
