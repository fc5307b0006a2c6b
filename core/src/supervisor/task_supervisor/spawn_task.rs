//! `SpawnTask`: the start of a task that its owner awaits.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::order::Ordered;
use crate::child::Shutdown;
use crate::process::address::Nobody;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::request::StartChildError;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::Arc;
use crate::task::Task;
use crate::task::errand::{Claim, errand};

/// The start of a task under a supervisor, as a future of its [`Task`]. Made by [`spawn`](crate::TaskSupervisor::spawn) and
/// [`spawn_nolink`](crate::TaskSupervisor::spawn_nolink).
///
/// # Errors
///
/// [`StartChildError::MaxChildren`], where the supervisor has as many tasks as it may have; [`StartChildError::Call`], where there is
/// none, or it does not answer.
///
/// # Cancel safety
///
/// Dropped before its end, there is no task: it is not started, or killed.
#[must_use = "a task does not start unless this is awaited"]
pub struct SpawnTask<T> {
    ordered: Ordered,
    claim: Claim<T>,
}

impl<T: Send + 'static> SpawnTask<T> {
    pub(super) fn new<F: Future<Output = T> + Send + 'static>(
        supervisor: Result<Arc<SupervisorProcess>, Nobody>,
        future: F,
        linked: bool,
    ) -> Self {
        let (errand, claim) = errand(future, linked);
        let at = errand.at.clone();
        let spec = ChildSpec::errand::<F>(errand);
        Self {
            ordered: Ordered::new(supervisor, spec, &at),
            claim,
        }
    }

    /// How the supervisor stops it, which is then over at [`stopping()`](crate::stopping()) or at its `.await`. 5 s, unless set.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::TaskSupervisor;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let hasty = work.spawn(std::future::pending::<u32>()).shutdown(Shutdown::BrutalKill).await?;
    /// let end = hasty.task_ref().monitor();
    /// work.stop().await?;
    /// assert_eq!(end.await.reason, ExitReason::Killed);
    /// # Ok(()) }
    /// ```
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.ordered.change(|spec| spec.shutdown(shutdown));
        self
    }
}

// Nothing in it is ever pinned.
impl<T> Unpin for SpawnTask<T> {}

impl<T: Send + 'static> Future for SpawnTask<T> {
    type Output = Result<Task<T>, StartChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.ordered.poll(cx))?;
        Poll::Ready(self.claim.take().ok_or(StartChildError::Ignored))
    }
}

impl<T> fmt::Debug for SpawnTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpawnTask").finish_non_exhaustive()
    }
}
