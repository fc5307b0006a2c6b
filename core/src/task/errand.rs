//! `Errand`: a task that its owner asks a supervisor for; and the owner's claim to it, which is given up where it waits no more.

use std::future::Future;

use super::callers;
use super::handle::Task;
use super::life::Work;
use super::outlet::Outlet;
use super::process::TaskProcess;
use super::running::Running;
use super::start::{link, register, run_supervised, task_name};
use super::task_ref::TaskRef;
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::process::{Parent, Process as _, Signal, Tie, current};
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::sync::{Arc, Mutex, lock};

/// What a supervisor starts, once.
pub(crate) struct Errand {
    name: &'static str,
    /// Until it is started.
    work: Option<Work>,
    /// Whom it is linked with.
    owner: Option<Pid>,
    callers: Box<[Pid]>,
    claim: Arc<Mutex<State>>,
    /// Leads to it.
    pub(crate) at: TaskRef,
}

/// The owner's claim to a task. Dropped before it has it, there is none: it is not started, or killed.
pub(crate) struct Claim<T> {
    state: Arc<Mutex<State>>,
    owner: Option<Pid>,
    outlet: Outlet<T>,
}

/// What has become of an errand.
enum State {
    Asked,
    Started(Arc<TaskProcess>),
    /// Its owner has it, or wants it no more.
    Settled,
}

/// A task for the running process; `linked` with it.
pub(crate) fn errand<T, F>(future: F, linked: bool) -> (Errand, Claim<T>)
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let outlet = Outlet::new();
    let (exit, future) = (outlet.clone(), Guarded::new(future));
    let work = async move { exit.give(future.into_inner().await) };
    let owner = current::pid().filter(|_| linked);
    let state = Arc::new(Mutex::new(State::Asked));
    let errand = Errand {
        name: task_name::<F>(),
        work: Some(Guarded::new(Box::pin(work))),
        owner,
        callers: callers::of_next(),
        claim: Arc::clone(&state),
        at: TaskRef::vacant(),
    };
    let claim = Claim {
        state,
        owner,
        outlet,
    };
    (errand, claim)
}

impl Errand {
    /// Starts it under a supervisor. No code of a user's runs.
    pub(crate) fn start(&mut self, parent: Parent) -> Result<Starting, StartError> {
        let me = self.begin(parent)?;
        self.at.lead_to(&me);
        if let Some(owner) = self.owner {
            link(&me, owner);
        }
        match self.work.take() {
            Some(work) => Ok(run_supervised(me, work)),
            None => Err(StartError::Ignore),
        }
    }

    fn begin(&mut self, parent: Parent) -> Result<Arc<TaskProcess>, StartError> {
        let mut state = lock(&self.claim);
        if !matches!(*state, State::Asked) {
            return Err(StartError::Ignore);
        }
        let callers = std::mem::take(&mut self.callers);
        let me = register(self.name, Tie::Supervised(parent), callers, None)?;
        *state = State::Started(Arc::clone(&me));
        Ok(me)
    }
}

impl<T: Send + 'static> Claim<T> {
    /// The task, which was started.
    pub(crate) fn take(&self) -> Option<Task<T>> {
        let process = settle(&self.state)?;
        let running = Running::new(process, self.owner, self.outlet.clone());
        Some(Task::of(running))
    }
}

fn settle(state: &Mutex<State>) -> Option<Arc<TaskProcess>> {
    match std::mem::replace(&mut *lock(state), State::Settled) {
        State::Started(process) => Some(process),
        State::Asked | State::Settled => None,
    }
}

impl<T> Drop for Claim<T> {
    fn drop(&mut self) {
        if let Some(process) = settle(&self.state)
            && !planted(Bug::DroppedTaskLivesOn)
        {
            let running = Running::new(Arc::clone(&process), self.owner, self.outlet.clone());
            running.unlink();
            process.signal(Signal::Kill);
        }
    }
}
