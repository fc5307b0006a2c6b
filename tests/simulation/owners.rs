//! Tasks and those that wait for them: several at once, by streams, by starts that are dropped half-way. Each gives what it has to, when it
//! is its time; and nothing runs on that nobody has left alone.

use std::pin::pin;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Task, TaskSupervisor, TaskSupervisorSpec, processes, sim};

use crate::rng::Rng;
use crate::sending::give_up;
use crate::world::millis;

/// Plays the tasks of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::new(seed).time_limit(Duration::from_secs(600));
    match config.run(owners(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("tasks and their owners: {stuck}")),
    }
}

async fn owners(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 83);
    let spec = TaskSupervisorSpec::new();
    let few = rng.permille(500);
    let spec = if few { spec.max_children(3) } else { spec };
    let work = spec.start_link().await.ok()?;
    let owners: Vec<_> = (0..=rng.below(3))
        .map(|number| {
            let (rng, work) = (Rng::new(seed, 1_000 + number), work.clone());
            sim::spawn(owner(rng, work))
        })
        .collect();
    for owner in owners {
        match owner.await {
            Ok(None) => {}
            Ok(violation) => return violation,
            Err(error) => return Some(format!("an owner panicked: {error:?}")),
        }
    }
    // What was killed is gone by now.
    sim::sleep(millis(1)).await;
    let left = work.count_children().await.ok()?.active;
    if left > 0 {
        return Some(format!("{left} supervised tasks run on, for nobody"));
    }
    work.stop().await.ok()?;
    let left = processes();
    (!left.is_empty()).then(|| format!("tasks run on, for nobody: {left:?}"))
}

async fn owner(mut rng: Rng, work: TaskSupervisor) -> Option<String> {
    for _ in 0..=rng.below(5) {
        let violation = match rng.below(4) {
            0 => all_of(&mut rng).await,
            1 => some_of(&mut rng).await,
            2 => stream(&mut rng, &work).await,
            _ => dropped(&mut rng, &work).await,
        };
        if violation.is_some() {
            return violation;
        }
        sim::sleep(millis(rng.below(5))).await;
    }
    None
}

/// How long each takes.
fn naps(rng: &mut Rng, most: u64) -> Vec<u64> {
    (0..=rng.below(5)).map(|_| rng.below(most)).collect()
}

async fn nap(millis_: u64) -> u64 {
    sim::sleep(millis(millis_)).await;
    millis_
}

/// Within a moment of when it has to be.
fn at(began: Duration, wanted: u64, what: &str) -> Option<String> {
    let took = sim::elapsed() - began;
    let wanted = millis(wanted);
    (took < wanted || took > wanted + millis(1))
        .then(|| format!("{what}: took {took:?} instead of {wanted:?}"))
}

/// Waits for all of several.
async fn all_of(rng: &mut Rng) -> Option<String> {
    let (naps, began) = (naps(rng, 50), sim::elapsed());
    let tasks = naps.iter().map(|millis| Task::spawn_nolink(nap(*millis)));
    let values = Task::await_many(tasks).await;
    if values.as_ref() != Ok(&naps) {
        return Some(format!("{naps:?} gave {values:?}"));
    }
    at(began, naps.into_iter().max()?, "many tasks")
}

/// Waits for several for a while, and kills the others.
async fn some_of(rng: &mut Rng) -> Option<String> {
    let (naps, limit, began) = (naps(rng, 50), rng.below(60), sim::elapsed());
    let mut tasks: Vec<_> = naps
        .iter()
        .map(|millis| Task::spawn_nolink(nap(*millis)))
        .collect();
    let refs: Vec<_> = tasks.iter().map(Task::task_ref).collect();
    let found = Task::yield_many(&mut tasks, millis(limit))
        .kill_late()
        .await;
    for (nap, found) in naps.iter().zip(&found) {
        // Right at the limit it may be either.
        let right = match found {
            Some(Ok(value)) => value == nap && *nap <= limit + 1,
            Some(Err(_)) => false,
            None => *nap + 1 >= limit,
        };
        if !right {
            return Some(format!("{nap} ms within {limit} ms gave {found:?}"));
        }
    }
    if refs.iter().any(suptree::TaskRef::is_alive) {
        return Some("a late task was killed, and lives".to_owned());
    }
    let longest = naps.into_iter().max()?;
    at(began, longest.min(limit), "some tasks")
}

/// Goes through a stream, to its end or not.
async fn stream(rng: &mut Rng, work: &TaskSupervisor) -> Option<String> {
    let naps = naps(rng, 50);
    let most = rng.below(3) as usize + 1;
    let all = if rng.permille(500) {
        work.async_stream_nolink(naps.clone(), nap)
    } else {
        Task::async_stream(naps.clone(), nap)
    };
    let mut all = all.max_concurrency(most);
    let wanted = if rng.permille(500) {
        naps.len()
    } else {
        rng.below(naps.len() as u64) as usize
    };
    for nap in naps.iter().take(wanted) {
        match all.next().await {
            Some(Ok(value)) if value == *nap => {}
            // There was no room with the supervisor: that is the end.
            Some(Err(suptree::TaskError::NotStarted(_))) => {
                let next = all.next().await;
                return next.map(|next| format!("{next:?} after the end"));
            }
            other => return Some(format!("{naps:?} gave {other:?} instead of {nap}")),
        }
    }
    if wanted == naps.len()
        && let Some(more) = all.next().await
    {
        return Some(format!("{naps:?} gave {more:?} at the end"));
    }
    None
}

/// Asks for a task without an end, and loses interest.
async fn dropped(rng: &mut Rng, work: &TaskSupervisor) -> Option<String> {
    let start = work.spawn_nolink(std::future::pending::<u64>());
    let started = give_up(pin!(start), rng.below(2)).await;
    let Some(Ok(task)) = started else {
        return None;
    };
    let (how, given) = match rng.below(3) {
        0 => (
            Shutdown::BrutalKill,
            task.shutdown(Shutdown::BrutalKill).await,
        ),
        1 => (Shutdown::Infinity, task.shutdown(Shutdown::Infinity).await),
        _ => {
            let task_ref = task.task_ref();
            drop(task);
            return work
                .terminate_child(&task_ref)
                .await
                .err()
                .map(|error| format!("a task that was left alone: {error}"));
        }
    };
    given.map(|given| format!("a task without an end gave {given:?} at {how:?}"))
}
