//! `ReadinessWatch`: follows whether a tree is ready.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::task::Poll;

use crate::exit_reason::ExitReason;
use crate::process::address::Nobody;
use crate::process::status::Status;
use crate::process::{current, node};
use crate::reply::CallError;
use crate::rt;
use crate::supervisor::readiness::Readiness;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::Arc;

/// Follows whether a supervisor's tree is ready; made by [`SupervisorRef::watch_readiness`](crate::SupervisorRef::watch_readiness).
///
/// It stays with the incarnation of the supervisor that was there when it was made. Dropping it does nothing to anybody.
pub struct ReadinessWatch {
    supervisor: Result<Arc<SupervisorProcess>, Nobody>,
    seen: Option<bool>,
}

/// A future that waits, and leaves nothing behind.
struct Waiting<'a> {
    readiness: &'a Readiness,
    /// Its number among those that wait.
    number: Option<u64>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.readiness.leave(number);
        }
    }
}

impl ReadinessWatch {
    pub(super) const fn new(supervisor: Result<Arc<SupervisorProcess>, Nobody>) -> Self {
        Self {
            supervisor,
            seen: None,
        }
    }

    /// Waits until the tree is ready and was not when this was last asked, or the other way round; the first time it says how
    /// things are. A change that is taken back before it is asked goes unseen.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    /// # supervisor! { App { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let mut readiness = app.watch_readiness();
    /// let told = tokio::spawn(async move {
    ///     let mut told = Vec::new();
    ///     while let Ok(ready) = readiness.changed().await {
    ///         told.push(ready); // READY=1 for systemd, say
    ///     }
    ///     told
    /// });
    /// tokio::task::yield_now().await;
    /// app.stop().await?;
    /// assert_eq!(told.await?.first(), Some(&true));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The supervisor has ended, with this reason; or there was none.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost: the change is told the next time.
    pub async fn changed(&mut self) -> Result<bool, CallError> {
        self.changed_or(|_supervisor| false).await
    }

    /// Waits until the tree is ready.
    pub(super) async fn ready(&mut self) -> Result<(), CallError> {
        while !self.changed_or(waits_for_this).await? {}
        Ok(())
    }

    /// `refuses`: whether it would wait for itself.
    async fn changed_or(
        &mut self,
        refuses: fn(&SupervisorProcess) -> bool,
    ) -> Result<bool, CallError> {
        let supervisor = match &self.supervisor {
            Ok(supervisor) => supervisor,
            Err(nobody) => {
                rt::spend_budget().await;
                return Err((*nobody).into());
            }
        };
        rt::spend_budget().await;
        let (readiness, seen) = (supervisor.readiness(), self.seen);
        let mut waiting = Waiting {
            readiness,
            number: None,
        };
        let changed = poll_fn(|cx| {
            let changed = readiness.poll_changed(seen, &mut waiting.number, cx);
            if changed.is_pending() && refuses(supervisor) {
                return Poll::Ready(Err(CallError::WouldDeadlock));
            }
            changed.map(Ok)
        });
        match changed.await? {
            Some(ready) => {
                self.seen = Some(ready);
                Ok(ready)
            }
            None => {
                let reason = supervisor.header().exit_reason().cloned();
                Err(CallError::Exited(reason.unwrap_or(ExitReason::NoProc)))
            }
        }
    }
}

/// Whether this supervisor's tree is not ready before the process that runs here goes on: a supervisor of the tree misses children,
/// and sees to none of them while it starts or stops that process, or one that this is supervised below.
fn waits_for_this(tree: &SupervisorProcess) -> bool {
    let mut next = current::pid();
    while let Some(at) = next
        && let Some(process) = node::process(at)
        && let Some(above) = process.header().parent
        && let Some(above) = node::process(above)
    {
        let starts = matches!(process.snapshot().status, Status::Starting);
        if !starts && !above.header().waits_for(at) {
            return false;
        }
        let any: &dyn Any = &*above;
        let above = above.header().pid;
        if let Some(supervisor) = any.downcast_ref::<SupervisorProcess>()
            && !supervisor.readiness().is_complete()
            && tree.header().is_above(above)
        {
            return true;
        }
        next = Some(above);
    }
    false
}

impl fmt::Debug for ReadinessWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let supervisor = self.supervisor.as_ref().ok();
        f.debug_struct("ReadinessWatch")
            .field("supervisor", &supervisor.map(|process| process.pid()))
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}
