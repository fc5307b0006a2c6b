//! Tasks in a supervisor that stops: one that has asked is told and has its time, one that has not is dropped at once, and each is
//! dropped before anybody hears of its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Down, TaskRef, monitor, sim, stopping};

use crate::rng::Rng;
use crate::world::millis;

supervisor! { Office { strategy: one_for_one, children: [] } }

/// What a task does, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Plan {
    asks: bool,
    /// Before it looks whether it was told.
    busy: u64,
    tidies: u64,
    fails: bool,
    limit: Shutdown,
}

impl Plan {
    fn draw(rng: &mut Rng) -> Self {
        Self {
            asks: rng.permille(700),
            busy: rng.below(200),
            tidies: rng.below(200),
            fails: rng.permille(300),
            limit: match rng.below(4) {
                0 => Shutdown::BrutalKill,
                1 => Shutdown::Infinity,
                _ => Shutdown::Timeout(millis(rng.below(300))),
            },
        }
    }

    /// When it is gone that is stopped at a time, and whether it is killed; `None`: it may be either.
    fn end(self, stopped: Duration) -> (Duration, Option<bool>) {
        let limit = match self.limit {
            Shutdown::BrutalKill => return (stopped, Some(true)),
            Shutdown::Timeout(limit) => stopped + limit,
            Shutdown::Infinity => Duration::MAX,
        };
        if !self.asks {
            return (stopped, Some(false));
        }
        let done = stopped.max(millis(self.busy)) + millis(self.tidies);
        (done.min(limit), (done != limit).then_some(done > limit))
    }
}

/// Notes that it is dropped.
struct Held(Arc<AtomicBool>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn work(plan: Plan, held: Held) -> Result<(), String> {
    let _held = held;
    if plan.asks {
        let stop = stopping();
        sim::sleep(millis(plan.busy)).await;
        stop.await;
        sim::sleep(millis(plan.tidies)).await;
    } else {
        std::future::pending::<()>().await;
    }
    if plan.fails {
        Err("not in order".to_owned())
    } else {
        Ok(())
    }
}

/// Plays the stop of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::new(seed).time_limit(Duration::from_secs(60));
    match config.run(stop(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("the stop of tasks: {stuck}")),
    }
}

async fn stop(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 79);
    let office = Office::start_link().await.ok()?;
    let began = sim::elapsed();
    let mut tasks = Vec::new();
    for nth in 0..=rng.below(5) {
        let (plan, task) = (Plan::draw(&mut rng), TaskRef::vacant());
        let dropped = Arc::<AtomicBool>::default();
        let held = Arc::clone(&dropped);
        let spec = task.child_spec(format!("task {nth}"), move || {
            work(plan, Held(Arc::clone(&held)))
        });
        office.start_child(spec.shutdown(plan.limit)).await.ok()?;
        tasks.push((plan, task.pid()?, dropped));
    }
    sim::sleep(millis(rng.below(250) + 1)).await;
    let mut ends = Vec::new();
    for (plan, pid, dropped) in tasks {
        let down = monitor(pid);
        let end = sim::spawn(async move {
            let Down { reason, .. } = down.await;
            (sim::elapsed(), reason, dropped.load(Ordering::Relaxed))
        });
        ends.push((plan, end));
    }
    let mut stopped = sim::elapsed() - began;
    if let Err(error) = office.stop().await {
        return Some(format!("the stop of tasks ended with {error}"));
    }
    // One after the other, in the reverse of the start order.
    for (plan, end) in ends.into_iter().rev() {
        let (at, reason, dropped) = end.await.ok()?;
        let (wanted, killed) = plan.end(stopped);
        let at = at - began;
        if at < wanted || at > wanted + millis(1) {
            return Some(format!(
                "a task ended at {at:?} instead of {wanted:?}: {plan:?}"
            ));
        }
        if !dropped {
            return Some(format!("a task is told to be gone, and is not: {plan:?}"));
        }
        let right = match killed {
            Some(true) => reason == ExitReason::Killed,
            Some(false) if plan.fails && plan.asks => reason == "not in order".into(),
            Some(false) => reason == ExitReason::Shutdown,
            None => true,
        };
        if !right {
            return Some(format!("a task ended with {reason}: {plan:?}"));
        }
        stopped = at;
    }
    None
}
