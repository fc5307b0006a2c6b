//! `TaskSupervisorSpec`: the options of a supervisor of tasks.

use super::{TaskSupervisor, start_link};
use crate::arg::IntoArg;
use crate::guard::Guarded;
use crate::process::name::Name;
use crate::starting::Start;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::startable::Child;
use crate::supervisor::plan::Plan;
use crate::supervisor::{Limits, Setup};

/// What a [`TaskSupervisor`] is started with: its limits, and a name.
///
/// ```
/// use suptree::{StartChildError, TaskSupervisorSpec};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let spec = TaskSupervisorSpec::new().max_children(1).max_restarts(10).max_seconds(60);
/// let work = spec.name("work").start_link().await?;
/// work.start_child(std::future::pending::<()>).await?;
/// let refused = work.spawn(async { 7 }).await.unwrap_err();
/// assert_eq!(refused, StartChildError::MaxChildren);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a specification does nothing unless a supervisor is started with it"]
pub struct TaskSupervisorSpec {
    limits: Limits,
    max_children: Option<usize>,
    name: Option<Name>,
}

impl TaskSupervisorSpec {
    /// Any number of tasks, 3 restarts in 5 s, no name.
    pub const fn new() -> Self {
        Self {
            limits: Limits::new(),
            max_children: None,
            name: None,
        }
    }

    /// How many tasks there may be at a time. There is no limit unless this sets one. One more is refused, with
    /// [`MaxChildren`](crate::StartChildError::MaxChildren).
    pub const fn max_children(mut self, tasks: usize) -> Self {
        self.max_children = Some(tasks);
        self
    }

    /// How many restarts within [`max_seconds`](Self::max_seconds) are carried out. The next one ends the supervisor. 3 unless
    /// set; all tasks share it.
    pub const fn max_restarts(mut self, restarts: u32) -> Self {
        self.limits.max_restarts = restarts;
        self
    }

    /// The window that restarts are counted in, in seconds. 5 unless set.
    pub const fn max_seconds(mut self, seconds: u64) -> Self {
        self.limits.max_seconds = seconds;
        self
    }

    /// Registers it under this name.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Starts the supervisor, linked with the process this is called from.
    ///
    /// # Errors
    ///
    /// Those of [`Start`].
    pub fn start_link(self) -> Start<TaskSupervisor> {
        start_link(self)
    }

    /// How a supervisor starts, restarts and stops it: as `"task_supervisor"`, permanently.
    ///
    /// ```
    /// use suptree::TaskSupervisorSpec;
    ///
    /// let spec = TaskSupervisorSpec::new().max_children(10).child_spec().with_id("work");
    /// # drop(spec);
    /// ```
    pub fn child_spec(self) -> ChildSpec {
        <TaskSupervisor as Child>::child_spec(&TaskSupervisor::vacant(), "task_supervisor", self)
    }

    pub(super) const fn name_of(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    pub(super) fn setup(&self) -> Setup {
        Setup {
            plan: Plan::dynamic(self.max_children, self.limits.intensity()),
            children: Vec::new(),
            extra: Some(Guarded::new(Box::new(()))),
            partitions: None,
        }
    }
}

impl Default for TaskSupervisorSpec {
    fn default() -> Self {
        Self::new()
    }
}

/// `TaskSupervisor` in a list of children, without arguments.
#[diagnostic::do_not_recommend]
impl IntoArg<TaskSupervisorSpec> for () {
    fn into_arg(self) -> TaskSupervisorSpec {
        TaskSupervisorSpec::new()
    }
}
