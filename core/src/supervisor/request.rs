//! What a supervisor can be asked, and what it answers.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::child::{self, ChildId, ChildType, Known};
use crate::exit_reason::ExitReason;
use crate::process::address::AnyPlace;
use crate::process::pid::Pid;

use crate::reply::call_error::Unanswered;
use crate::reply::{CallError, ReplyTo};
use crate::start_error::StartError;
use crate::supervisor::admin::{
    ChildSpecInfo, DeleteChildError, GetChildSpecError, RestartChildError,
};
use crate::supervisor::dynamic::AnyOrder;
use crate::supervisor::offer::Offer;
use crate::supervisor::partition::ResizeError;

pub(crate) enum SupervisorRequest {
    WhichChildren(ReplyTo<Vec<ChildInfo>>),
    CountChildren(ReplyTo<ChildCounts>),
    StartChild(Arc<Offer>, ReplyTo<Result<Pid, StartChildError>>),
    /// A child of a dynamic supervisor.
    StartDynamic(Arc<dyn AnyOrder>, ReplyTo<Result<Pid, StartChildError>>),
    /// What the running children of a dynamic supervisor are listed by.
    Children(ReplyTo<Vec<Arc<dyn Any + Send + Sync>>>),
    TerminateChild(WhichChild, ReplyTo<Result<(), TerminateChildError>>),
    /// So many partitions of a partition supervisor are to run.
    Resize(usize, ReplyTo<Result<usize, ResizeError>>),
    RestartChild(ChildId, ReplyTo<Result<Pid, RestartChildError>>),
    DeleteChild(ChildId, ReplyTo<Result<(), DeleteChildError>>),
    GetChildSpec(
        WhichChild,
        ReplyTo<Result<ChildSpecInfo, GetChildSpecError>>,
    ),
    Stop(ExitReason),
}

/// A request, and the process that waits for what comes of it.
pub(crate) struct Asked {
    pub(crate) request: SupervisorRequest,
    pub(crate) by: Option<Pid>,
}

impl SupervisorRequest {
    /// Whether it ends a child, or the supervisor: somebody who asks for it may be among those that have to end for it.
    pub(crate) const fn ends_somebody(&self) -> bool {
        matches!(
            self,
            Self::TerminateChild(..) | Self::Resize(..) | Self::Stop(_)
        )
    }
}

pub(crate) enum WhichChild {
    Id(ChildId),
    Pid(Pid),
    /// Whoever is at the place of a child, dead or alive.
    Place(Arc<dyn AnyPlace>),
    /// A reference that led to nobody.
    Nobody,
}

impl From<child::WhichChild> for WhichChild {
    fn from(child::WhichChild(known): child::WhichChild) -> Self {
        match known {
            Known::Id(id) => Self::Id(id),
            Known::Pid(Some(pid)) => Self::Pid(pid),
            Known::Pid(None) => Self::Nobody,
            Known::Place(process) => process.into_place().map_or(Self::Nobody, Self::Place),
        }
    }
}

/// One child of a supervisor, as [`which_children`](crate::SupervisorRef::which_children) lists it.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Cache;
/// # #[genserver] impl Cache {}
/// use suptree::{ChildState, ChildType};
///
/// supervisor! { App { strategy: one_for_one, children: [Cache] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// app.terminate_child("cache").await?;
/// let [cache] = &app.which_children().await?[..] else { unreachable!() };
/// assert_eq!(cache.id, Some("cache".into()));
/// assert_eq!((cache.state, cache.child_type), (ChildState::Stopped, ChildType::Worker));
/// assert_eq!(cache.pid(), None);
/// # Ok(()) }
/// ```
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

/// Whether a child runs. OTP's three, and no more will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildState {
    /// It runs.
    Running(Pid),
    /// Its restart failed and is tried again.
    Restarting,
    /// It ended, and is not to be restarted by itself. OTP's `undefined`.
    Stopped,
}

/// How many children a supervisor has, as [`count_children`](crate::SupervisorRef::count_children) counts them.
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
    /// The child does not want to run: its `init` returned [`Ignore`](crate::Ignore). Its specification is kept, without a
    /// process, unless it is temporary or the supervisor dynamic.
    Ignored,
    /// The child did not start. Its specification is forgotten, and comes back with [`keep_args`](crate::StartChildSpec::keep_args).
    Start(StartError),
    /// The supervisor could not be asked.
    Call(CallError),
}

impl StartChildError {
    /// The error the child's `init` returned, or the supervisor ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::{StartChildError, StartError};
    /// let failed = StartError::Init(std::io::Error::other("the disk is full").into());
    /// assert!(StartChildError::Start(failed).downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Start(error) => error.downcast_ref(),
            Self::Call(error) => error.downcast_ref(),
            _ => None,
        }
    }
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
            Self::Ignored => fmt::Display::fmt(&StartError::Ignore, f),
            Self::Start(error) => fmt::Display::fmt(error, f),
            Self::Call(error) => fmt::Display::fmt(&Unanswered(error), f),
        }
    }
}

impl Error for StartChildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start(error) => error.source(),
            Self::Call(error) => error.source(),
            _ => None,
        }
    }
}

/// Error returned by `terminate_child`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TerminateChildError {
    /// There is no such child.
    NotFound,
    /// The supervisor could not be asked.
    Call(CallError),
}

impl TerminateChildError {
    /// The error the supervisor ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::{CallError, TerminateChildError};
    /// let ended = CallError::Exited(std::io::Error::other("the disk is full").into());
    /// assert!(TerminateChildError::Call(ended).downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Call(error) => error.downcast_ref(),
            Self::NotFound => None,
        }
    }
}

impl fmt::Display for TerminateChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found: the supervisor has no such child"),
            Self::Call(error) => fmt::Display::fmt(&Unanswered(error), f),
        }
    }
}

impl Error for TerminateChildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            Self::NotFound => None,
        }
    }
}
