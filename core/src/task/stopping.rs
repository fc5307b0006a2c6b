//! `stopping()`: a task hears that it is to stop.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::process::TaskProcess;
use crate::process::{current, node};
use crate::rt;
use crate::sync::Arc;

/// A future that is ready when the task which calls this was told to stop: by its supervisor, or by `stop`.
///
/// A task that has called it, once, is told to stop, and has its shutdown time for that: what OTP's processes get that trap exits.
/// One that has not is dropped at its next `.await`. Every `Stopping` of the task is ready from then on, however often it is polled.
///
/// ```
/// use suptree::stopping;
/// use tokio::sync::mpsc;
///
/// /// Writes down what comes. Told to stop, it takes nothing new, and writes what is there.
/// async fn write(mut lines: mpsc::Receiver<String>) {
///     let mut stop = stopping();
///     loop {
///         tokio::select! {
///             () = &mut stop => break,
///             Some(line) = lines.recv() => println!("{line}"),
///             else => return,
///         }
///     }
///     lines.close();
///     while let Some(line) = lines.recv().await {
///         println!("{line}");
///     }
/// }
/// # fn main() {}
/// ```
///
/// In a task that is told to stop, an end without an error is an end for the reason that it was told: `Shutdown`, where its
/// supervisor stops it. A kill, and an exit signal of another process than its supervisor, still drop it at its `.await`; so does
/// a supervisor's, where the task itself asked for its own end and waits for that.
///
/// Called in the task, or where its future is made, this future may be polled anywhere: by a server that takes it for its signal to
/// shut down, say. Outside of a process there is nobody to be told of, and it is never ready: a function that has it can be called
/// from a test.
///
/// # Panics
///
/// In a handler of a server: what it has to do when its supervisor stops it stands in `#[terminate]`.
///
/// # Cancel safety
///
/// Cancel safe: nothing is lost when it is polled in a `select!` that another branch wins.
#[track_caller]
pub fn stopping() -> Stopping {
    let process = current::pid().and_then(node::process);
    let task = process.map(|process| {
        let process: Arc<dyn Any + Send + Sync> = process;
        match process.downcast::<TaskProcess>() {
            Ok(task) => task,
            Err(_) => panic!(
                "stopping() was called in a server or a supervisor: a server has `#[terminate]`"
            ),
        }
    });
    if let Some(task) = &task {
        task.ask();
    }
    Stopping { task, key: None }
}

/// A future that is ready when a task was told to stop, or has ended. Made by [`stopping()`].
#[must_use = "nobody hears of the end unless this is awaited"]
pub struct Stopping {
    task: Option<Arc<TaskProcess>>,
    /// The number under which its waker is left.
    key: Option<u64>,
}

impl Future for Stopping {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { task, key } = self.get_mut();
        match task {
            Some(task) => {
                ready!(task.poll_told(key, cx));
                rt::poll_budget_at_times(cx)
            }
            None => Poll::Pending,
        }
    }
}

impl Drop for Stopping {
    fn drop(&mut self) {
        if let (Some(task), Some(key)) = (&self.task, self.key) {
            task.forget_waiting(key);
        }
    }
}

impl fmt::Debug for Stopping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopping").finish_non_exhaustive()
    }
}
