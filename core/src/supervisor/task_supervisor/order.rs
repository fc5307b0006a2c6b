//! `TaskOrder`: the task that a supervisor is asked for.

use std::any::Any;

use crate::exit_reason::ExitReason;
use crate::process::address::Nobody;
use crate::process::pid::Pid;
use crate::start_error::StartError;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::dynamic::AnyOrder;
use crate::supervisor::request::{StartChildError, SupervisorRequest};
use crate::supervisor::start_child::AskForChild;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::{Arc, Mutex, lock};
use crate::task::TaskRef;
use std::task::{Context, Poll};

/// Its specification, until the supervisor has it.
struct TaskOrder(Mutex<Option<ChildSpec>>);

impl AnyOrder for TaskOrder {
    fn holds_args(&self) -> bool {
        let spec = lock(&self.0);
        spec.as_ref().is_some_and(|spec| !spec.is_plain())
    }

    fn child_spec(&self, _extra: Option<&(dyn Any + Send)>) -> Result<ChildSpec, StartError> {
        let spec = lock(&self.0).take();
        spec.ok_or(StartError::Init(ExitReason::NoProc))
    }
}

/// A supervisor, and what it is asked for.
pub(super) struct Ordered {
    supervisor: AskForChild,
    order: Arc<TaskOrder>,
}

impl Ordered {
    pub(super) fn new(
        supervisor: Result<Arc<SupervisorProcess>, Nobody>,
        mut spec: ChildSpec,
        at: &TaskRef,
    ) -> Self {
        spec.place = at.place().map(|place| Arc::clone(place) as _);
        Self {
            supervisor: AskForChild::Unasked(supervisor),
            order: Arc::new(TaskOrder(Mutex::new(Some(spec)))),
        }
    }

    /// Says more, before it is asked.
    pub(super) fn change(&mut self, change: impl FnOnce(ChildSpec) -> ChildSpec) {
        // Nobody else has it before the first poll; later it is too late.
        if let Some(TaskOrder(spec)) = Arc::get_mut(&mut self.order) {
            let mut spec = lock(spec);
            *spec = spec.take().map(change);
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Pid, StartChildError>> {
        let order: Arc<dyn AnyOrder> = Arc::clone(&self.order) as _;
        self.supervisor
            .poll(cx, |reply| SupervisorRequest::StartDynamic(order, reply))
    }
}
