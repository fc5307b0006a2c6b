//! Answering requests.

use std::sync::Arc;

use crate::child::{ChildId, ChildType};
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::reply::CallError;
use crate::start_error::StartError;
use crate::supervisor::admin::{DeleteChildError, GetChildSpecError, RestartChildError};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::driver::asked_by::AskedBy;
use crate::supervisor::driver::waiting::Waiting;
use crate::supervisor::driver::{Asking, Driver, End};
use crate::supervisor::offer::Offer;
use crate::supervisor::partition::ResizeError;
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
            SupervisorRequest::WhichChildren(reply) => reply.send_apart(self.which_children()),
            SupervisorRequest::CountChildren(reply) => reply.send_apart(self.count_children()),
            SupervisorRequest::StartChild(offer, reply) => {
                let started = self.start_offered(&offer).await;
                self.offer = None;
                self.leftovers.leave_offer(offer);
                if let Err(StartChildError::Start(error)) = &started {
                    // It may come too late.
                    self.leftovers.leave_error(error.clone());
                }
                reply.send_apart(started);
            }
            SupervisorRequest::StartDynamic(order, reply) => {
                let started = self.start_dynamic(order).await;
                if let Err(StartChildError::Start(error)) = &started {
                    // It may come too late.
                    self.leftovers.leave_error(error.clone());
                }
                reply.send_apart(started);
            }
            SupervisorRequest::Children(reply) => reply.send_apart(self.running_places()),
            SupervisorRequest::TerminateChild(which, reply) => {
                self.asking = Some(Asking::Terminate(reply));
                let terminated = self.terminate_child(&which, by).await;
                self.leftovers.leave_id(which);
                if let Some(Asking::Terminate(reply)) = self.asking.take() {
                    reply.send_apart(terminated);
                }
            }
            SupervisorRequest::Resize(partitions, reply) => {
                self.asking = Some(Asking::Resize(reply));
                let resized = self.resize(partitions, by).await;
                if let Err(ResizeError::Start { error, .. }) = &resized {
                    // It may come too late.
                    self.leftovers.leave_error(error.clone());
                }
                if let Some(Asking::Resize(reply)) = self.asking.take() {
                    reply.send_apart(resized);
                }
            }
            SupervisorRequest::RestartChild(id, reply) => {
                let restarted = self.restart_child(&id).await;
                if let Err(RestartChildError::Start(error)) = &restarted {
                    // It may come too late.
                    self.leftovers.leave_error(error.clone());
                }
                self.leftovers.leave_id(WhichChild::Id(id));
                reply.send_apart(restarted);
            }
            SupervisorRequest::DeleteChild(id, reply) => {
                let deleted = self.delete_child(&id);
                self.leftovers.leave_id(WhichChild::Id(id));
                reply.send_apart(deleted);
            }
            SupervisorRequest::GetChildSpec(which, reply) => {
                let key = self.key_of(&which);
                let spec = key.and_then(|key| self.specs.get(key)).map(ChildSpec::info);
                self.leftovers.leave_id(which);
                reply.send_apart(spec.ok_or(GetChildSpecError::NotFound));
            }
            SupervisorRequest::Stop(reason) => return Some(End { reason, asker: by }),
        }
        None
    }

    async fn start_offered(&mut self, offer: &Arc<Offer>) -> Result<Pid, StartChildError> {
        // Given back, because the one who asked has heard of the supervisor's end.
        let gone = StartChildError::Call(CallError::NoProc);
        let spec = offer.take().ok_or(gone)?;
        if let Err(refused) = self.may_start(&spec) {
            if planted(Bug::RefusedNotGivenBack) {
                self.leftovers.leave_spec(spec);
            } else {
                offer.give_back(spec);
            }
            return Err(refused);
        }
        let key = self.add(spec);
        self.offer = Some((key, Arc::clone(offer)));
        self.start_added(key).await
    }

    /// Whether there is a place for this child.
    fn may_start(&mut self, spec: &ChildSpec) -> Result<(), StartChildError> {
        self.check(spec).map_err(StartChildError::Start)?;
        if self.plan.has_ids()
            && let Some(key) = self.specs.key_of(spec.id()).map_err(crashed)?
        {
            return Err(match self.plan.status(key) {
                Some(ChildStatus::Running(pid)) => StartChildError::AlreadyStarted(pid),
                _ => StartChildError::AlreadyPresent,
            });
        }
        Ok(())
    }

    /// Adds a child that does not run yet.
    fn add(&mut self, spec: ChildSpec) -> ChildKey {
        let key = self.plan.add(spec.rules());
        self.specs.push(key, spec);
        key
    }

    /// Starts a child that was added. It is forgotten if that fails.
    async fn start_added(&mut self, key: ChildKey) -> Result<Pid, StartChildError> {
        match self.start(key, AskedBy::Caller).await {
            Ok(Some(pid)) => Ok(pid),
            Ok(None) => Err(StartChildError::Ignored),
            Err(error) => {
                self.remove_child(key);
                Err(StartChildError::Start(error))
            }
        }
    }

    /// Starts a child that nobody else has a specification of.
    pub(super) async fn start_child(&mut self, spec: ChildSpec) -> Result<Pid, StartChildError> {
        if let Err(refused) = self.may_start(&spec) {
            self.leftovers.leave_spec(spec);
            return Err(refused);
        }
        let key = self.add(spec);
        self.start_added(key).await
    }

    async fn terminate_child(
        &mut self,
        which: &WhichChild,
        asker: Option<Pid>,
    ) -> Result<(), TerminateChildError> {
        let key = self.key_of(which).ok_or(TerminateChildError::NotFound)?;
        self.note_leaving(key);
        self.stop_child(key, &mut Waiting::default(), asker).await;
        self.me.note_back(key);
        Ok(())
    }

    /// This child is about to be stopped, and is not started again by itself: nobody misses it.
    pub(super) fn note_leaving(&self, key: ChildKey) {
        if let Some(process) = self.specs.get(key).and_then(|spec| spec.process.as_ref()) {
            process.header().course.note_leaving();
        }
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
    pub(super) fn child_of(&mut self, id: &ChildId) -> Option<(ChildKey, ChildStatus)> {
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
                match self.start(key, AskedBy::Caller).await {
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
