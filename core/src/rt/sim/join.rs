//! Awaiting and aborting a spawned task.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};

use super::executor::Handle;
use super::task::Task;
use crate::guard::discard;
use crate::sync::{Mutex, lock};

/// The task started by [`spawn`](super::spawn); as a future it gives the task's result.
///
/// Dropping it lets the task go on.
///
/// # Panics
///
/// When polled again after it has given its result.
#[must_use = "a task goes on without its handle, but its panic is lost"]
pub struct JoinHandle<T> {
    slot: Arc<Slot<T>>,
    task: Weak<Task>,
}

impl<T> JoinHandle<T> {
    /// Asks the task to end: its future is dropped when the schedule next picks it, unless it has finished by then.
    ///
    /// A task that was never polled is dropped without a poll.
    pub fn abort(&self) {
        if let Some(task) = self.task.upgrade() {
            task.abort();
        }
    }

    /// Whether the task has ended and its future is gone.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        !matches!(*lock(&self.slot.stage), Stage::Running(_))
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Wakers may be anyone's code: they are cloned before and dropped after the stage is locked.
        let waker = cx.waker().clone();
        let mut stage = lock(&self.slot.stage);
        match &mut *stage {
            Stage::Running(joiner) => {
                let replaced = joiner.replace(waker);
                drop(stage);
                drop(replaced);
                Poll::Pending
            }
            Stage::Ended(result) => {
                let result = result.take();
                drop(stage);
                Poll::Ready(result.expect("`JoinHandle` polled after it gave its result"))
            }
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

/// Why a task has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinError {
    /// The text of the panic; `None` for an aborted task.
    panic: Option<String>,
}

impl JoinError {
    const CANCELLED: Self = Self { panic: None };

    fn panicked(payload: Box<dyn Any + Send>) -> Self {
        let text = match payload.downcast_ref::<&'static str>() {
            Some(text) => Some((*text).to_owned()),
            None => payload.downcast_ref::<String>().cloned(),
        };
        discard(payload);
        Self {
            panic: Some(text.unwrap_or_else(|| "a panic without a message".to_owned())),
        }
    }

    /// Whether the task was aborted, or dropped at the end of the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.panic.is_none()
    }

    /// The text of the panic that ended the task; `None` for a cancelled task.
    #[must_use]
    pub fn panic_text(&self) -> Option<&str> {
        self.panic.as_deref()
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.panic {
            None => f.write_str("the task was cancelled"),
            Some(text) => write!(f, "the task panicked: {text}"),
        }
    }
}

impl Error for JoinError {}

/// Starts `future` as a task with a handle.
pub(super) fn spawn<F>(handle: &Handle, future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let slot = Arc::new(Slot {
        stage: Mutex::new(Stage::Running(None)),
    });
    let joined = Joined {
        future: Some(Box::pin(future)),
        slot: Arc::clone(&slot),
    };
    let task = handle.spawn_task(Box::pin(joined));
    JoinHandle {
        slot,
        task: task.map_or_else(Weak::new, |task| Arc::downgrade(&task)),
    }
}

/// Where a task leaves its result.
struct Slot<T> {
    stage: Mutex<Stage<T>>,
}

enum Stage<T> {
    /// Not ended; holds the waker of what awaits the end.
    Running(Option<Waker>),
    /// Ended; empty once the result is taken.
    Ended(Option<Result<T, JoinError>>),
}

impl<T> Slot<T> {
    fn complete(&self, result: Result<T, JoinError>) {
        let before = std::mem::replace(&mut *lock(&self.stage), Stage::Ended(Some(result)));
        if let Stage::Running(Some(joiner)) = before {
            joiner.wake();
        }
    }
}

/// A future with a slot for its result, which is filled after the future is dropped, however it ends.
struct Joined<F: Future> {
    future: Option<Pin<Box<F>>>,
    slot: Arc<Slot<F::Output>>,
}

impl<F: Future> Future for Joined<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(future) = &mut self.future else {
            return Poll::Ready(());
        };
        let result = match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(payload) => Err(JoinError::panicked(payload)),
        };
        discard(self.future.take());
        self.slot.complete(result);
        Poll::Ready(())
    }
}

impl<F: Future> Drop for Joined<F> {
    fn drop(&mut self) {
        if let Some(future) = self.future.take() {
            let error = match catch_unwind(AssertUnwindSafe(move || drop(future))) {
                Ok(()) => JoinError::CANCELLED,
                Err(payload) => JoinError::panicked(payload),
            };
            self.slot.complete(Err(error));
        }
    }
}
