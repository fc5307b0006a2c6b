//! `TaskRef`: a reference to a task, and what can be done with it.

use std::any::Any;
use std::fmt;

use super::process::TaskProcess;
use crate::child::WhichChild;
use crate::process::Process;
use crate::process::address::{Address, Nobody, Place};
use crate::process::pid::Pid;
use crate::process::process_ref::{ProcessRef, process_methods};
use crate::process::reference::Reference;
use crate::sync::Arc;

/// A reference to a task: at its place in a supervisor, across restarts; or to one incarnation, by [`bound`](Self::bound).
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{ChildSpec, TaskRef};
///
/// supervisor! { App { strategy: one_for_one, children: [] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let ticker = TaskRef::vacant();
/// let spec = ticker.child_spec("ticker", std::future::pending::<()>).restart(Restart::Permanent);
/// app.start_child(spec).await?;
/// let first = ticker.bound().expect("it lives"); // this incarnation
/// assert_eq!(first.pid(), ticker.pid());
///
/// let end = ticker.monitor();
/// ticker.kill();
/// assert_eq!(end.await.reason, ExitReason::Killed);
/// app.which_children().await?; // answered when the restart is done
/// assert!(ticker.is_alive());
/// assert!(!first.is_alive());
/// # Ok(()) }
/// ```
///
/// What can be done with any [process](ProcessRef):
///
/// ```
/// # use suptree::prelude::*;
/// # use suptree::{ChildSpec, TaskRef};
/// # supervisor! { App { strategy: one_for_one, children: [] } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let app = App::start_link().await?;
/// let (one, other) = (TaskRef::vacant(), TaskRef::vacant());
/// app.start_child(one.child_spec("one", std::future::pending::<()>)).await?;
/// app.start_child(other.child_spec("other", std::future::pending::<()>)).await?;
/// assert_eq!(one.info().and_then(|info| info.parent), app.pid());
/// assert_eq!(one.process().pid(), one.pid());
///
/// let end = one.monitor();
/// one.exit("no use".into()); // an exit signal
/// assert_eq!(end.await.reason, "no use".into());
///
/// other.stop_with(ExitReason::Shutdown).await?; // `stop()` is `stop_with(ExitReason::Normal)`
/// assert_eq!(other.stop().await, Err(StopError::NoProc));
/// # Ok(()) }
/// ```
///
/// Cloning is cheap. Dropping it does nothing to the task: it lives until it ends, or its supervisor does.
#[derive(Clone)]
pub struct TaskRef {
    address: Address<TaskProcess>,
}

impl TaskRef {
    /// A reference to the place of a task that is not there yet. [`child_spec`](Self::child_spec) gives the child that will stand
    /// behind it; until that starts, it leads to nobody.
    ///
    /// ```
    /// assert!(!suptree::TaskRef::vacant().is_alive());
    /// ```
    #[must_use]
    pub fn vacant() -> Self {
        Self {
            address: Address::Place(Place::vacant()),
        }
    }

    /// This reference, bound to the incarnation that is there now. It does not follow a restart.
    #[must_use]
    pub fn bound(&self) -> Option<Self> {
        let address = self.address.resolved()?;
        Some(Self { address })
    }

    pub(crate) const fn to(process: Arc<TaskProcess>) -> Self {
        Self {
            address: Address::Pid(process),
        }
    }

    /// What is at a place of tasks.
    pub(crate) fn at_place(place: &Arc<dyn Any + Send + Sync>) -> Option<Self> {
        let place = Arc::clone(place).downcast::<Place<TaskProcess>>().ok()?;
        let address = Address::Place(place);
        Some(Self { address })
    }

    /// Its place, if it has one, is this process's from here on.
    pub(super) fn lead_to(&self, process: &Arc<TaskProcess>) {
        if let Some(place) = self.place() {
            place.occupy(Arc::clone(process));
        }
    }

    pub(crate) const fn place(&self) -> Option<&Arc<Place<TaskProcess>>> {
        match &self.address {
            Address::Place(place) => Some(place),
            _ => None,
        }
    }

    /// The same reference without its type: for a list of processes of different types.
    #[must_use]
    pub fn process(&self) -> ProcessRef {
        ProcessRef::at(&self.address)
    }

    fn found(&self) -> Option<Arc<dyn Process>> {
        self.address.process()
    }

    fn untold(&self) -> Option<Arc<dyn Process>> {
        self.address.untold()
    }

    fn who_was_there(&self) -> Pid {
        self.process().who_was_there()
    }

    fn nobody(&self) -> Nobody {
        self.address.nobody()
    }

    process_methods!();
}

impl From<&TaskRef> for WhichChild {
    fn from(task: &TaskRef) -> Self {
        task.process().into()
    }
}

impl fmt::Debug for TaskRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskRef({:?})", self.address)
    }
}

impl Reference for TaskRef {
    fn to_process(&self) -> ProcessRef {
        self.process()
    }

    fn to_bound(&self) -> Option<Self> {
        self.bound()
    }
}
