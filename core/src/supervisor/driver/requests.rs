//! Answering requests.

use crate::child::{ChildId, ChildType};
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::start_error::StartError;
use crate::supervisor::admin::{DeleteChildError, GetChildSpecError, RestartChildError};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::driver::{Driver, End};
use crate::supervisor::plan::{ChildKey, ChildStatus};
use crate::supervisor::request::{
    Asked, ChildCounts, ChildInfo, ChildState, StartChildError, SupervisorRequest,
    TerminateChildError, WhichChild,
};

/// An id cannot be compared.
const fn crashed(panic: ExitReason) -> StartChildError {
    StartChildError::Start(StartError::Init(panic))
}

impl Driver {
    /// `Some`: the supervisor ends with this reason.
    pub(super) async fn answer(&mut self, Asked { request, by }: Asked) -> Option<End> {
        match request {
            SupervisorRequest::WhichChildren(reply) => reply.send(self.which_children()),
            SupervisorRequest::CountChildren(reply) => reply.send(self.count_children()),
            SupervisorRequest::StartChild(spec, reply) => {
                let started = self.start_child(*spec).await;
                if let Err(StartChildError::Start(error)) = &started {
                    // It may come too late.
                    self.leftovers.leave_error(error.clone());
                }
                reply.send(started);
            }
            SupervisorRequest::StartDynamic(order, reply) => {
                let started = self.start_dynamic(order).await;
                if let Err(StartChildError::Start(error)) = &started {
                    // It may come too late.
                    self.leftovers.leave_error(error.clone());
                }
                reply.send(started);
            }
            SupervisorRequest::Children(reply) => reply.send(self.running_places()),
            SupervisorRequest::TerminateChild(which, reply) => {
                self.asking = Some(reply);
                let terminated = self.terminate_child(&which, by).await;
                self.leftovers.leave_id(which);
                if let Some(reply) = self.asking.take() {
                    reply.send(terminated);
                }
            }
            SupervisorRequest::RestartChild(id, reply) => {
                let restarted = self.restart_child(&id).await;
                if let Err(RestartChildError::Start(error)) = &restarted {
                    // It may come too late.
                    self.leftovers.leave_error(error.clone());
                }
                self.leftovers.leave_id(WhichChild::Id(id));
                reply.send(restarted);
            }
            SupervisorRequest::DeleteChild(id, reply) => {
                let deleted = self.delete_child(&id);
                self.leftovers.leave_id(WhichChild::Id(id));
                reply.send(deleted);
            }
            SupervisorRequest::GetChildSpec(which, reply) => {
                let key = self.key_of(&which);
                let spec = key.and_then(|key| self.specs.get(key)).map(ChildSpec::info);
                self.leftovers.leave_id(which);
                reply.send(spec.ok_or(GetChildSpecError::NotFound));
            }
            SupervisorRequest::Stop(reason) => return Some(End { reason, asker: by }),
        }
        None
    }

    pub(super) async fn start_child(&mut self, spec: ChildSpec) -> Result<Pid, StartChildError> {
        if !self.plan.may_add() {
            self.leftovers.leave_spec(spec);
            return Err(StartChildError::MaxChildren);
        }
        if let Err(error) = self.check(&spec) {
            self.leftovers.leave_spec(spec);
            return Err(StartChildError::Start(error));
        }
        if self.plan.has_ids()
            && let Some(key) = self.specs.key_of(spec.id()).map_err(crashed)?
        {
            self.leftovers.leave_spec(spec);
            return Err(match self.plan.status(key) {
                Some(ChildStatus::Running(pid)) => StartChildError::AlreadyStarted(pid),
                _ => StartChildError::AlreadyPresent,
            });
        }
        let key = self.plan.add(spec.rules());
        self.specs.push(key, spec);
        match self.start(key).await {
            Ok(Some(pid)) => Ok(pid),
            Ok(None) => Err(StartChildError::Ignored),
            Err(error) => {
                self.remove_child(key);
                Err(StartChildError::Start(error))
            }
        }
    }

    async fn terminate_child(
        &mut self,
        which: &WhichChild,
        asker: Option<Pid>,
    ) -> Result<(), TerminateChildError> {
        let key = self.key_of(which).ok_or(TerminateChildError::NotFound)?;
        self.stop_child(key, asker).await;
        Ok(())
    }

    fn key_of(&mut self, which: &WhichChild) -> Option<ChildKey> {
        match which {
            // A key that cannot be compared is like no other.
            WhichChild::Id(id) if self.plan.has_ids() => self.specs.key_of(id).unwrap_or_default(),
            WhichChild::Id(_) | WhichChild::Nobody => None,
            WhichChild::Pid(pid) => self.plan.key_of(*pid),
            WhichChild::Place(place) => self.key_at(&**place),
        }
    }

    /// The child with this id, and where it is in its life.
    fn child_of(&mut self, id: &ChildId) -> Option<(ChildKey, ChildStatus)> {
        let ids = self.plan.has_ids();
        // A key that cannot be compared is like no other.
        let key = ids.then(|| self.specs.key_of(id).unwrap_or_default())??;
        Some((key, self.plan.status(key)?))
    }

    async fn restart_child(&mut self, id: &ChildId) -> Result<Pid, RestartChildError> {
        match self.child_of(id) {
            None => Err(RestartChildError::NotFound),
            Some((_, ChildStatus::Running(_))) => Err(RestartChildError::Running),
            Some((_, ChildStatus::Restarting(_))) if !planted(Bug::RestartingIsStarted) => {
                Err(RestartChildError::Restarting)
            }
            Some((key, ChildStatus::Restarting(_) | ChildStatus::Stopped)) => {
                match self.start(key).await {
                    Ok(Some(pid)) => Ok(pid),
                    Ok(None) => Err(RestartChildError::Ignored),
                    Err(error) => Err(RestartChildError::Start(error)),
                }
            }
        }
    }

    fn delete_child(&mut self, id: &ChildId) -> Result<(), DeleteChildError> {
        match self.child_of(id) {
            None => Err(DeleteChildError::NotFound),
            Some((_, ChildStatus::Running(_))) => Err(DeleteChildError::Running),
            Some((_, ChildStatus::Restarting(_))) if !planted(Bug::RestartingIsDeleted) => {
                Err(DeleteChildError::Restarting)
            }
            Some((key, ChildStatus::Restarting(_) | ChildStatus::Stopped)) => {
                self.remove_child(key);
                Ok(())
            }
        }
    }

    fn which_children(&self) -> Vec<ChildInfo> {
        let info = |(key, status): (ChildKey, ChildStatus)| {
            let spec = self.specs.get(key)?;
            Some(ChildInfo {
                id: self.plan.has_ids().then(|| spec.id().clone()),
                state: match status {
                    ChildStatus::Running(pid) => ChildState::Running(pid),
                    ChildStatus::Restarting(_) => ChildState::Restarting,
                    ChildStatus::Stopped => ChildState::Stopped,
                },
                child_type: spec.child_type(),
            })
        };
        self.plan.children().filter_map(info).collect()
    }

    fn count_children(&self) -> ChildCounts {
        let mut counts = ChildCounts::default();
        for (_, child) in self.specs.iter() {
            counts.specs += 1;
            let process = child.process.as_ref();
            let alive = process.is_some_and(|process| process.header().exit_reason().is_none());
            counts.active += usize::from(alive);
            match child.child_type() {
                ChildType::Worker => counts.workers += 1,
                ChildType::Supervisor => counts.supervisors += 1,
            }
        }
        counts
    }
}
