//! `SupervisorRef`: what can be asked of a running supervisor.

use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use super::process::SupervisorProcess;
use crate::address::{Address, Place};
use crate::child_spec::{ChildId, ChildSpec, ChildType};
use crate::current;
use crate::exit_reason::ExitReason;
use crate::gen_server::slot::Answer;
use crate::gen_server::slot_cache;
use crate::gen_server::{CallError, ReplyTo, StartError};
use crate::guard::discard;
use crate::name::Name;
use crate::pid::Pid;
use crate::process::link::exit;
use crate::process::monitor::{Monitor, monitor};
use crate::process::table::{ProcessInfo, process_info};
use crate::stop::{Stop, StopError};

pub(crate) enum Request {
    WhichChildren(ReplyTo<Vec<ChildInfo>>),
    CountChildren(ReplyTo<ChildCounts>),
    StartChild(ChildSpec, ReplyTo<Result<Pid, StartChildError>>),
    TerminateChild(Target, ReplyTo<Result<(), TerminateChildError>>),
    Stop(ExitReason),
}

pub(crate) enum Target {
    Id(ChildId),
    Pid(Pid),
}

/// One child of a supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildInfo {
    /// Its id; `None` in a dynamic supervisor.
    pub id: Option<ChildId>,
    /// Whether it runs.
    pub state: ChildState,
    /// What kind of process it is.
    pub child_type: ChildType,
}

impl ChildInfo {
    /// Its pid, while it runs.
    #[must_use]
    pub const fn pid(&self) -> Option<Pid> {
        match self.state {
            ChildState::Running(pid) => Some(pid),
            _ => None,
        }
    }
}

/// Whether a child runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildState {
    /// It runs.
    Running(Pid),
    /// Its restart failed and is tried again.
    Restarting,
    /// It ended, and is not to be restarted by itself. OTP's `undefined`.
    Stopped,
}

/// How many children a supervisor has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildCounts {
    /// All, running or not.
    pub specs: usize,
    /// Those that are alive.
    pub active: usize,
    /// Those that are supervisors, running or not.
    pub supervisors: usize,
    /// Those that are servers, running or not.
    pub workers: usize,
}

/// A reference to a running supervisor: by pid, by name, or by the place it has in a tree, across restarts.
///
/// Dropping it does nothing to the supervisor. Requests wait without limit, as OTP's do; they fail when the supervisor
/// ends.
#[derive(Clone, Debug)]
pub struct SupervisorRef {
    address: Address<SupervisorProcess>,
}

impl SupervisorRef {
    /// A reference to the place of a supervisor that is not there yet.
    #[must_use]
    pub fn vacant() -> Self {
        Self {
            address: Address::Place(Place::vacant()),
        }
    }

    /// A reference by name, resolved at each use.
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self {
            address: Address::named(name),
        }
    }

    pub(crate) const fn place(&self) -> Option<&Arc<Place<SupervisorProcess>>> {
        match &self.address {
            Address::Place(place) => Some(place),
            _ => None,
        }
    }

    /// The children, in start order, whatever their state. OTP lists them in reverse.
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn which_children(
        &self,
    ) -> impl Future<Output = Result<Vec<ChildInfo>, CallError>> + Send + 'static {
        ask(self.address.get(), Request::WhichChildren)
    }

    /// Counts the children.
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn count_children(
        &self,
    ) -> impl Future<Output = Result<ChildCounts, CallError>> + Send + 'static {
        ask(self.address.get(), Request::CountChildren)
    }

    /// Starts another child, behind the others in the start order. It is lost if the supervisor itself is restarted.
    ///
    /// # Errors
    ///
    /// Its id is taken, it did not start, or there is no such supervisor.
    pub fn start_child(
        &self,
        child: ChildSpec,
    ) -> impl Future<Output = Result<Pid, StartChildError>> + Send + 'static {
        let asked = ask(self.address.get(), |reply| {
            Request::StartChild(child, reply)
        });
        async move { asked.await.map_err(StartChildError::Call)? }
    }

    /// Stops a child, as its specification says, and waits until it is gone. Its specification stays, unless it is
    /// temporary.
    ///
    /// # Errors
    ///
    /// There is no such child, or no such supervisor.
    pub fn terminate_child(
        &self,
        id: impl Into<ChildId>,
    ) -> impl Future<Output = Result<(), TerminateChildError>> + Send + 'static {
        self.terminate(Target::Id(id.into()))
    }

    pub(crate) fn terminate(
        &self,
        target: Target,
    ) -> impl Future<Output = Result<(), TerminateChildError>> + Send + 'static {
        let asked = ask(self.address.get(), |reply| {
            Request::TerminateChild(target, reply)
        });
        async move { asked.await.map_err(TerminateChildError::Call)? }
    }

    /// Stops the supervisor with the reason `Normal`: its children stop in reverse start order.
    ///
    /// # Errors
    ///
    /// As [`stop_with`](Self::stop_with).
    pub fn stop(&self) -> impl Future<Output = Result<(), StopError>> + Send + 'static {
        self.stop_with(ExitReason::Normal)
    }

    /// Stops the supervisor with this reason, and waits until it is gone. The children are asked to shut down whatever
    /// the reason.
    ///
    /// # Errors
    ///
    /// There is no such process; a supervisor stops itself; it ended for another reason.
    pub fn stop_with(
        &self,
        reason: ExitReason,
    ) -> impl Future<Output = Result<(), StopError>> + Send + 'static {
        let process = self.address.get();
        async move {
            let process = process.ok_or(StopError::NoProc)?;
            let ask = || discard(process.request(Request::Stop(reason.clone())));
            Stop::of(process.pid(), &reason, ask).await
        }
    }

    /// The pid of the supervisor that is there now.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.address
            .with(|process| process.map(|process| process.pid()))
    }

    /// Whether there is a living supervisor.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.pid().is_some()
    }

    /// Kills the supervisor. Its children get the exit signal `killed` and are gone before its death is announced.
    pub fn kill(&self) {
        if let Some(pid) = self.pid() {
            exit(pid, ExitReason::Kill);
        }
    }

    /// Watches the supervisor that is there now; see [`monitor`].
    pub fn monitor(&self) -> Monitor {
        monitor(self.pid().unwrap_or_else(|| Pid::new(0, 0)))
    }

    /// The supervisor's line in the process table.
    #[must_use]
    pub fn info(&self) -> Option<ProcessInfo> {
        self.pid().and_then(process_info)
    }
}

/// Asks a supervisor, and waits for its answer or its end.
async fn ask<R: Send + 'static>(
    process: Option<Arc<SupervisorProcess>>,
    request: impl FnOnce(ReplyTo<R>) -> Request,
) -> Result<R, CallError> {
    let process = process.ok_or(CallError::NoProc)?;
    if current::pid() == Some(process.pid()) {
        return Err(CallError::CallingSelf);
    }
    let (mut slot, reply) = slot_cache::open(process.pid().node());
    if let Err(request) = process.request(request(reply)) {
        discard(request);
        return Err(CallError::NoProc);
    }
    let mut death = None;
    poll_fn(|cx| {
        match slot.poll(cx, &process.header().node.patience) {
            Poll::Ready(Answer::Reply(reply)) => return Poll::Ready(Ok(reply)),
            Poll::Ready(Answer::Abandoned) => {
                let reason = process.header().exit_reason().cloned();
                return Poll::Ready(Err(reason.map_or(CallError::NoReply, CallError::Exited)));
            }
            Poll::Ready(Answer::Impatient(_)) | Poll::Pending => {}
        }
        let death = death.get_or_insert_with(|| monitor(process.pid()));
        Pin::new(death).poll(cx).map(|down| {
            let reason = process.header().exit_reason().cloned();
            Err(CallError::Exited(reason.unwrap_or(down.reason)))
        })
    })
    .await
}

/// Error returned by `start_child`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StartChildError {
    /// A child with this id runs already, as this process.
    AlreadyStarted(Pid),
    /// There is a child with this id, but it does not run: it is stopped, or being restarted.
    AlreadyPresent,
    /// The dynamic supervisor has as many children as it may have.
    MaxChildren,
    /// The child did not start. Its specification is forgotten.
    Start(StartError),
    /// The supervisor could not be asked.
    Call(CallError),
}

impl fmt::Display for StartChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyStarted(pid) => write!(f, "already started: {pid}"),
            Self::AlreadyPresent => {
                f.write_str("already present: there is a child with this id that does not run")
            }
            Self::MaxChildren => {
                f.write_str("max_children: the supervisor has as many children as it may have")
            }
            Self::Start(error) => fmt::Display::fmt(error, f),
            Self::Call(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for StartChildError {}

/// Error returned by `terminate_child`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TerminateChildError {
    /// There is no such child.
    NotFound,
    /// The supervisor could not be asked.
    Call(CallError),
}

impl fmt::Display for TerminateChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found: the supervisor has no such child"),
            Self::Call(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for TerminateChildError {}
