//! `YieldMany`: a look at what came of several tasks.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::guard::discard;
use crate::process::clock::Clock;
use crate::process::timer::Timer;
use crate::rt;
use crate::task::handle::Task;
use crate::task::many::{Ends, outcome};
use crate::task::running::{GRACE, Outcome};
use crate::task::task_error::TaskError;

impl<T: Send + 'static> Task<T> {
    /// Waits so long for all of these tasks, and gives what came of each, in their order; `None` of those that have not ended. These may
    /// be asked again. Elixir's `Task.yield_many`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::Task;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut tasks = [Task::spawn(async { 1 }), Task::spawn(std::future::pending())];
    /// let found = Task::yield_many(&mut tasks, Duration::from_millis(1)).await;
    /// assert_eq!(found, [Some(Ok(1)), None]);
    /// # }
    /// ```
    pub fn yield_many(tasks: &mut [Self], time: Duration) -> YieldMany<'_, T> {
        YieldMany::new(tasks, time)
    }
}

/// What becomes of tasks that are late.
#[derive(Clone, Copy, Debug)]
enum Late {
    Nothing,
    Ignored,
    Killed,
}

/// What came of several tasks, as a future. Made by [`Task::yield_many`].
///
/// # Cancel safety
///
/// Dropped before its end, what came of tasks that have ended is dropped, too; the others can be asked again.
#[must_use = "nobody looks unless this is awaited"]
pub struct YieldMany<'a, T> {
    tasks: &'a mut [Task<T>],
    found: Vec<Option<Outcome<T>>>,
    time: Duration,
    limit: usize,
    late: Late,
    ends: Option<Ends>,
    killed: bool,
}

impl<'a, T: Send + 'static> YieldMany<'a, T> {
    pub(super) const fn new(tasks: &'a mut [Task<T>], time: Duration) -> Self {
        Self {
            tasks,
            found: Vec::new(),
            time,
            limit: usize::MAX,
            late: Late::Nothing,
            ends: None,
            killed: false,
        }
    }

    /// Waits for so many of them only: the others may be asked again.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use suptree::Task;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut tasks = [Task::spawn(std::future::pending()), Task::spawn(async { 2 })];
    /// let first = Task::yield_many(&mut tasks, Duration::from_secs(5)).limit(1).await;
    /// assert_eq!(first, [None, Some(Ok(2))]);
    /// # }
    /// ```
    pub const fn limit(mut self, tasks: usize) -> Self {
        self.limit = tasks;
        self
    }

    /// Tasks that have not ended in time are left alone from then on, as by [`Task::ignore`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use suptree::{ExitReason, Task, TaskError};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut tasks = [Task::<u32>::spawn(std::future::pending())];
    /// let found = Task::yield_many(&mut tasks, Duration::from_millis(1)).ignore_late().await;
    /// assert_eq!(found, [None]);
    /// let [task] = tasks;
    /// assert_eq!(task.await, Err(TaskError::Exited(ExitReason::NoProc))); // it was given up
    /// # }
    /// ```
    pub const fn ignore_late(mut self) -> Self {
        self.late = Late::Ignored;
        self
    }

    /// Tasks that have not ended in time are killed, and waited for.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use suptree::Task;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut tasks = [Task::<u32>::spawn(std::future::pending())];
    /// let late = tasks[0].task_ref();
    /// let found = Task::yield_many(&mut tasks, Duration::from_millis(1)).kill_late().await;
    /// assert_eq!(found, [None]);
    /// assert!(!late.is_alive());
    /// # }
    /// ```
    pub const fn kill_late(mut self) -> Self {
        self.late = Late::Killed;
        self
    }

    fn take(&mut self, nth: usize) {
        let Some(running) = self.tasks[nth].running().take() else {
            self.found[nth] = Some(outcome(&mut self.tasks[nth]));
            return;
        };
        self.found[nth] = if self.killed {
            running.outcome_of_killed()
        } else {
            Some(running.outcome())
        };
    }

    /// The time is over. Whether there is something to wait for.
    fn see_to_late(&mut self) -> bool {
        let Some(ends) = &mut self.ends else {
            return false;
        };
        match self.late {
            Late::Nothing => false,
            Late::Ignored => {
                for nth in &ends.left {
                    self.found[*nth] = self.tasks[*nth].ignore_it();
                }
                false
            }
            Late::Killed => {
                for nth in &ends.left {
                    if let Some(running) = self.tasks[*nth].running() {
                        if self.killed {
                            running.let_go();
                        } else {
                            running.unlink();
                            running.kill();
                        }
                    }
                }
                ends.timer = (!self.killed).then(|| Timer::new(rt::deadline(GRACE), Clock::here()));
                self.killed = true;
                true
            }
        }
    }
}

// Nothing in it is ever pinned.
impl<T> Unpin for YieldMany<'_, T> {}

impl<T: Send + 'static> Future for YieldMany<'_, T> {
    type Output = Vec<Option<Result<T, TaskError>>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let many = self.get_mut();
        if many.ends.is_none() {
            many.found = many.tasks.iter().map(|_| None).collect();
            many.ends = Some(Ends::of(many.tasks, Some(many.time)));
        }
        loop {
            let Some(ends) = &mut many.ends else {
                return Poll::Pending;
            };
            let ended = many.tasks.len() - ends.left.len();
            if !many.killed && ended >= many.limit {
                break;
            }
            match ends.poll_next(cx) {
                Poll::Ready(Some(nth)) => many.take(nth),
                Poll::Ready(None) => break,
                Poll::Pending => {
                    ready!(ends.poll_late(cx));
                    if !many.see_to_late() {
                        break;
                    }
                }
            }
        }
        many.ends = None;
        Poll::Ready(std::mem::take(&mut many.found))
    }
}

impl<T> Drop for YieldMany<'_, T> {
    fn drop(&mut self) {
        discard(std::mem::take(&mut self.found));
    }
}

impl<T> fmt::Debug for YieldMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YieldMany")
            .field("tasks", &self.tasks)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
