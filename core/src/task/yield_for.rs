//! `YieldFor`: a look at what came of a task, which may be repeated.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::handle::Task;
use super::task_error::TaskError;
use crate::process::clock::Clock;
use crate::process::timer::Timer;
use crate::rt;

impl<T: Send + 'static> Task<T> {
    /// Waits so long for the task, and no longer: `None`, while it has not ended. It may be asked again. Elixir's `Task.yield`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::{Shutdown, Task};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut task: Task<u32> = Task::spawn(std::future::pending());
    /// let found = match task.yield_for(Duration::from_millis(1)).await {
    ///     Some(found) => Some(found),
    ///     None => task.shutdown(Shutdown::BrutalKill).await,
    /// };
    /// assert_eq!(found, None);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of awaiting it; [`Exited(NoProc)`](crate::ExitReason::NoProc), where its outcome was had before.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the task can be asked again.
    pub const fn yield_for(&mut self, time: Duration) -> YieldFor<'_, T> {
        YieldFor::new(self, time)
    }
}

/// A future of what came of a task, if it ends in time. Made by [`Task::yield_for`].
#[must_use = "nobody looks unless this is awaited"]
pub struct YieldFor<'a, T> {
    task: &'a mut Task<T>,
    time: Duration,
    timer: Option<Timer>,
}

impl<'a, T> YieldFor<'a, T> {
    pub(super) const fn new(task: &'a mut Task<T>, time: Duration) -> Self {
        Self {
            task,
            time,
            timer: None,
        }
    }
}

impl<T: Send + 'static> Future for YieldFor<'_, T> {
    type Output = Option<Result<T, TaskError>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { task, time, timer } = self.get_mut();
        if let Poll::Ready(outcome) = task.poll_outcome(cx) {
            return Poll::Ready(Some(outcome));
        }
        let timer = timer.get_or_insert_with(|| Timer::new(rt::deadline(*time), Clock::here()));
        ready!(timer.poll(cx));
        Poll::Ready(None)
    }
}

impl<T> fmt::Debug for YieldFor<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YieldFor")
            .field("task", &self.task)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
