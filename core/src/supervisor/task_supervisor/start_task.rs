//! `StartTask`: the start of a task for what it does.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::order::Ordered;
use crate::child::{Restart, Shutdown};
use crate::process::address::Nobody;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::request::StartChildError;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::Arc;
use crate::task::{TaskOutput, TaskRef, callers};

/// The start of a task for what it does, as a future of its [`TaskRef`], which follows it across restarts. Made by
/// [`start_child`](crate::TaskSupervisor::start_child).
///
/// # Errors
///
/// [`StartChildError::MaxChildren`], where the supervisor has as many tasks as it may have; [`StartChildError::Start`], where what makes
/// its future panics; [`StartChildError::Call`], where there is no supervisor, or it does not answer.
///
/// # Cancel safety
///
/// Dropped after its first poll, the task may be started all the same.
#[must_use = "a task does not start unless this is awaited"]
pub struct StartTask {
    ordered: Ordered,
    at: TaskRef,
}

impl StartTask {
    pub(super) fn new<F, W>(supervisor: Result<Arc<SupervisorProcess>, Nobody>, task: W) -> Self
    where
        W: FnMut() -> F + Send + 'static,
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        let at = TaskRef::vacant();
        let callers = callers::of_next();
        let spec = ChildSpec::task_at("task".into(), task, Some(at.clone()), callers);
        Self {
            ordered: Ordered::new(supervisor, spec, &at),
            at,
        }
    }

    /// When it is restarted. [`Restart::Temporary`], never, unless set.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::TaskSupervisor;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let stubborn = work.start_child(std::future::pending::<()>).restart(Restart::Transient).await?;
    /// let first = stubborn.pid();
    /// stubborn.kill();
    /// work.which_children().await?; // answered when the restart is done
    /// assert_ne!(stubborn.pid(), first);
    /// # Ok(()) }
    /// ```
    pub fn restart(mut self, restart: Restart) -> Self {
        self.ordered.change(|spec| spec.restart(restart));
        self
    }

    /// How the supervisor stops it. 5 s, unless set.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::TaskSupervisor;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let hasty = work.start_child(std::future::pending::<()>).shutdown(Shutdown::BrutalKill).await?;
    /// let end = hasty.monitor();
    /// work.stop().await?;
    /// assert_eq!(end.await.reason, ExitReason::Killed);
    /// # Ok(()) }
    /// ```
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.ordered.change(|spec| spec.shutdown(shutdown));
        self
    }
}

impl Future for StartTask {
    type Output = Result<TaskRef, StartChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.ordered.poll(cx))?;
        Poll::Ready(Ok(self.at.clone()))
    }
}

impl fmt::Debug for StartTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartTask").finish_non_exhaustive()
    }
}
