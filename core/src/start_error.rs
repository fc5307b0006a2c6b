//! `StartError`: why a server or a supervisor did not start.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::child::ChildId;
use crate::exit_reason::ExitReason;
use crate::process::names::NameRefused;
use crate::process::pid::Pid;

/// Error returned by starting a server or a supervisor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StartError {
    /// The name is taken by this process. `init` did not run.
    AlreadyStarted(Pid),
    /// `init` failed: its error, its panic, or the signal that ended it.
    Init(ExitReason),
    /// `init` took longer than this.
    Timeout(Duration),
    /// A supervisor's child did not start; the children before it were stopped again.
    Child {
        /// The child's id.
        id: ChildId,
        /// Why it did not start.
        error: Box<Self>,
    },
    /// Two children have the same id.
    DuplicateChild(ChildId),
    /// There is no Tokio runtime here, or one without timers (`enable_time`).
    NoRuntime,
}

impl StartError {
    /// The error `init` returned, the server's own or its child's, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// let error = StartError::Init(std::io::Error::other("the disk is full").into());
    /// assert!(error.downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Init(reason) => reason.downcast_ref(),
            Self::Child { error, .. } => error.downcast_ref(),
            _ => None,
        }
    }
}

impl From<NameRefused> for StartError {
    fn from(refused: NameRefused) -> Self {
        match refused {
            NameRefused::Taken(pid) => Self::AlreadyStarted(pid),
            NameRefused::Crashed(reason) => Self::Init(reason),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyStarted(pid) => write!(f, "already started: {pid}"),
            Self::Init(reason) => write!(f, "init failed: {reason}"),
            Self::Timeout(after) => write!(f, "init took longer than {after:?}"),
            Self::Child { id, error } => write!(f, "shutdown: failed to start child {id}: {error}"),
            Self::DuplicateChild(id) => write!(f, "two children have the id {id}"),
            Self::NoRuntime => {
                f.write_str("there is no Tokio runtime here, or it has no timers (enable_time)")
            }
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Init(reason) => reason.source(),
            Self::Child { error, .. } => Some(&**error),
            _ => None,
        }
    }
}
