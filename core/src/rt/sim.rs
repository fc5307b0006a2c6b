//! The simulated runtime: one thread, a seeded random schedule and virtual time.
//!
//! [`run`] polls a main future, and everything spawned from it, on the calling thread. Every step it picks
//! one of the ready tasks at random; the clock stands still while any task is ready and then jumps to the
//! next timer. Nothing depends on the wall clock, on addresses or on hash order, so the same seed and the same
//! program give the same schedule, which [`trace_hash`] proves.
//!
//! * Timers due at the same instant fire in random order. A deadline 25 years or more away is taken for "never":
//!   it does not fire, so that waiting for ever is a deadlock.
//! * A panic in a spawned task ends that task only. A panic in the main future ends the run and goes on in the
//!   caller of [`run`].
//! * When the main future has finished, or is [`Stuck`], the futures of the remaining tasks are dropped, one by
//!   one in random order, with panics contained. Until the last is gone the run is still the current one for the
//!   code in these drops, but whatever they spawn is dropped at once.
//! * Wakers may be woken anywhere, also in a poll or a drop. A wake from another thread is not lost while the run
//!   lasts, but it makes the run depend on that thread: such runs do not replay and may be called [`Stuck`]
//!   early.
//! * The schedule and [`random_u64`] draw from two streams of the one seed, so a program that draws more or fewer
//!   numbers does not shift the schedule by that alone.
//!
//! A run in which a task calls [`yield_now`] (or wakes itself) without end never gets to the next timer; one with
//! a periodic timer is never a deadlock. [`Config`] has limits for both, and options that widen the schedules.

mod config;
mod executor;
mod join;
mod rng;
mod state;
mod task;
#[cfg(test)]
mod tests;
mod timer;

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

pub use self::config::{Config, Stuck, StuckReason};
pub(crate) use self::executor::Handle;
pub use self::join::{JoinError, JoinHandle};
pub use self::timer::Sleep;

/// Runs `main` on a fresh simulated runtime whose every choice follows from `seed`.
///
/// # Errors
///
/// [`Stuck`] for a deadlock: `main` has not finished, no task is ready and no timer is set.
///
/// # Panics
///
/// When `main` panics, with its payload, and when called inside a simulation: runs do not nest.
#[track_caller]
pub fn run<F>(seed: u64, main: F) -> Result<F::Output, Stuck>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    Config::new(seed).run(main)
}

/// Starts a task on the current simulation.
///
/// The task goes on when the handle is dropped. While the run ends, the future is dropped at once.
///
/// # Panics
///
/// Outside a simulation.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    join::spawn(&current(), future)
}

/// Waits for `duration` of virtual time, counted from this call.
///
/// # Panics
///
/// Outside a simulation.
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    Sleep::after(current(), duration)
}

/// Lets any other ready task go first, or not: this task becomes ready again at once and takes its chance.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Draws a number from the run's seeded generator; the schedule has a stream of its own.
///
/// # Panics
///
/// Outside a simulation.
#[must_use]
#[track_caller]
pub fn random_u64() -> u64 {
    current().random()
}

/// The virtual time since the run started.
///
/// # Panics
///
/// Outside a simulation.
#[must_use]
#[track_caller]
pub fn elapsed() -> Duration {
    current().elapsed()
}

/// A hash of the schedule so far: the task of each poll, the virtual time of the poll, and each [`record`].
///
/// # Panics
///
/// Outside a simulation.
#[must_use]
#[track_caller]
pub fn trace_hash() -> u64 {
    current().trace_hash()
}

/// Adds a value to the [`trace_hash`], so that two runs can be compared by what they did as well.
///
/// # Panics
///
/// Outside a simulation.
#[track_caller]
pub fn record(value: u64) {
    current().record(value);
}

/// The time inside a simulation: the instant the run started plus the virtual time since; `None` outside one.
pub(crate) fn now() -> Option<Instant> {
    Handle::with_current(Handle::now)
}

/// Waits until `deadline` on the clock of `handle`'s run.
pub(crate) fn sleep_until(handle: &Handle, deadline: Instant) -> Sleep {
    Sleep::until(handle.clone(), deadline)
}

#[track_caller]
fn current() -> Handle {
    Handle::try_current()
        .expect("not inside a simulation: call this from a future given to `sim::run`")
}
