//! `AwaitMany`: the values of several tasks.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::guard::discard;
use crate::task::handle::Task;
use crate::task::many::{Ends, outcome};
use crate::task::task_error::TaskError;

impl<T: Send + 'static> Task<T> {
    /// Waits for all of these tasks, and gives their values in the order in which they are given. The first that ends without a value is
    /// the error, at once. Elixir's `Task.await_many`.
    ///
    /// ```
    /// use suptree::{Task, TaskError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), TaskError> {
    /// let squares = (1..=3).map(|n| Task::spawn(async move { n * n }));
    /// assert_eq!(Task::await_many(squares).await?, [1, 4, 9]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of awaiting a task.
    pub fn await_many(tasks: impl IntoIterator<Item = Self>) -> AwaitMany<T> {
        AwaitMany::new(tasks.into_iter().collect())
    }
}

/// The values of several tasks, as a future. Made by [`Task::await_many`].
///
/// # Cancel safety
///
/// Dropped before its end, the tasks run on, and their values are dropped.
#[must_use = "nobody gets the values unless this is awaited"]
pub struct AwaitMany<T> {
    tasks: Vec<Task<T>>,
    values: Vec<Option<T>>,
    timeout: Option<Duration>,
    ends: Option<Ends>,
}

impl<T: Send + 'static> AwaitMany<T> {
    pub(super) fn new(tasks: Vec<Task<T>>) -> Self {
        Self {
            tasks,
            values: Vec::new(),
            timeout: None,
            ends: None,
        }
    }

    /// Waits at most this long, for all of them together. There is no limit unless this sets one.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use suptree::{Task, TaskError};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let soon = Duration::from_millis(1);
    /// let tasks = [Task::completed(1), Task::spawn(std::future::pending())];
    /// let found = Task::await_many(tasks).timeout(soon).await;
    /// assert_eq!(found, Err(TaskError::Timeout(soon)));
    /// # }
    /// ```
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    fn fail(&mut self, error: TaskError) -> Poll<Result<Vec<T>, TaskError>> {
        self.tasks.clear();
        discard(std::mem::take(&mut self.values));
        self.ends = None;
        Poll::Ready(Err(error))
    }
}

// Nothing in it is ever pinned.
impl<T> Unpin for AwaitMany<T> {}

impl<T: Send + 'static> Future for AwaitMany<T> {
    type Output = Result<Vec<T>, TaskError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let all = self.get_mut();
        if all.ends.is_none() {
            all.values = all.tasks.iter().map(|_| None).collect();
            all.ends = Some(Ends::of(&mut all.tasks, all.timeout));
        }
        let Some(ends) = &mut all.ends else {
            return Poll::Pending;
        };
        loop {
            match ends.poll_next(cx) {
                Poll::Ready(Some(nth)) => match outcome(&mut all.tasks[nth]) {
                    Ok(value) => all.values[nth] = Some(value),
                    Err(error) => return all.fail(error),
                },
                Poll::Ready(None) => break,
                Poll::Pending => {
                    ready!(ends.poll_late(cx));
                    let after = all.timeout.unwrap_or_default();
                    return all.fail(TaskError::Timeout(after));
                }
            }
        }
        all.ends = None;
        all.tasks.clear();
        let values = std::mem::take(&mut all.values);
        Poll::Ready(Ok(values.into_iter().flatten().collect()))
    }
}

impl<T> Drop for AwaitMany<T> {
    fn drop(&mut self) {
        discard(std::mem::take(&mut self.values));
    }
}

impl<T> fmt::Debug for AwaitMany<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwaitMany")
            .field("tasks", &self.tasks)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
