//! What is said about a child by its specification, and the errors of `restart_child`, `delete_child` and `get_childspec`.

use std::error::Error;
use std::fmt;

use crate::child::{ChildId, ChildType, Restart, Shutdown};
use crate::reply::CallError;
use crate::reply::call_error::Unanswered;
use crate::start_error::StartError;
use crate::supervisor::backoff::Backoff;

/// What a child's specification says, but for how it is started, as [`get_childspec`](crate::SupervisorRef::get_childspec) gives
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildSpecInfo {
    /// Its id.
    pub id: ChildId,
    /// The type that is started.
    pub start: &'static str,
    /// When it is restarted.
    pub restart: Restart,
    /// How it is stopped.
    pub shutdown: Shutdown,
    /// What kind of process it is.
    pub child_type: ChildType,
    /// Whether its end may end its supervisor.
    pub significant: bool,
    /// How long its restarts wait.
    pub backoff: Option<Backoff>,
}

/// Error returned by `restart_child`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RestartChildError {
    /// There is no such child.
    NotFound,
    /// It runs.
    Running,
    /// It is being restarted: the supervisor tries again.
    Restarting,
    /// It does not want to run: its `init` returned [`Ignore`](crate::Ignore). Its specification is kept, unless it is temporary.
    Ignored,
    /// It did not start. Its specification is kept.
    Start(StartError),
    /// The supervisor could not be asked.
    Call(CallError),
}

/// Error returned by `delete_child`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DeleteChildError {
    /// There is no such child.
    NotFound,
    /// It runs.
    Running,
    /// It is being restarted: the supervisor tries again.
    Restarting,
    /// The supervisor could not be asked.
    Call(CallError),
}

/// Error returned by `get_childspec`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum GetChildSpecError {
    /// There is no such child.
    NotFound,
    /// The supervisor could not be asked.
    Call(CallError),
}

const NOT_FOUND: &str = "not found: the supervisor has no such child";
const RUNNING: &str = "running: the child runs";
const RESTARTING: &str = "restarting: the child is being restarted";

impl RestartChildError {
    /// The error the child's `init` returned, or the supervisor ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::{RestartChildError, StartError};
    /// let failed = StartError::Init(std::io::Error::other("the disk is full").into());
    /// assert!(RestartChildError::Start(failed).downcast_ref::<std::io::Error>().is_some());
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

impl DeleteChildError {
    /// The error the supervisor ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::{CallError, DeleteChildError};
    /// let ended = CallError::Exited(std::io::Error::other("the disk is full").into());
    /// assert!(DeleteChildError::Call(ended).downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Call(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

impl Error for DeleteChildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            _ => None,
        }
    }
}

impl GetChildSpecError {
    /// The error the supervisor ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::{CallError, GetChildSpecError};
    /// let ended = CallError::Exited(std::io::Error::other("the disk is full").into());
    /// assert!(GetChildSpecError::Call(ended).downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Call(error) => error.downcast_ref(),
            Self::NotFound => None,
        }
    }
}

impl Error for GetChildSpecError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            Self::NotFound => None,
        }
    }
}

impl fmt::Display for RestartChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str(NOT_FOUND),
            Self::Running => f.write_str(RUNNING),
            Self::Restarting => f.write_str(RESTARTING),
            Self::Ignored => fmt::Display::fmt(&StartError::Ignore, f),
            Self::Start(error) => fmt::Display::fmt(error, f),
            Self::Call(error) => fmt::Display::fmt(&Unanswered(error), f),
        }
    }
}

impl fmt::Display for DeleteChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str(NOT_FOUND),
            Self::Running => f.write_str(RUNNING),
            Self::Restarting => f.write_str(RESTARTING),
            Self::Call(error) => fmt::Display::fmt(&Unanswered(error), f),
        }
    }
}

impl fmt::Display for GetChildSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str(NOT_FOUND),
            Self::Call(error) => fmt::Display::fmt(&Unanswered(error), f),
        }
    }
}

impl Error for RestartChildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start(error) => error.source(),
            Self::Call(error) => error.source(),
            _ => None,
        }
    }
}
