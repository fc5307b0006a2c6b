//! `TaskError`: why a task gave no value.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::exit_reason::ExitReason;

/// Error returned where a [`Task`](crate::Task) gave no value. Elixir's caller of `Task.await` exits with it; here `?` in a handler
/// passes it on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TaskError {
    /// The task ended without a value: it panicked, or was killed, say. [`NoProc`](ExitReason::NoProc): its value was taken before.
    Exited(ExitReason),
    /// No value within this time.
    Timeout(Duration),
}

impl TaskError {
    /// The error that the task ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::TaskError;
    /// let error = TaskError::Exited(std::io::Error::other("the disk is full").into());
    /// assert!(error.downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Exited(reason) => reason.downcast_ref(),
            Self::Timeout(_) => None,
        }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(reason) => write!(f, "exited in an await: ** (EXIT) {reason}"),
            Self::Timeout(after) => {
                write!(f, "exited in an await: ** (EXIT) time out after {after:?}")
            }
        }
    }
}

impl Error for TaskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Exited(reason) => reason.source(),
            Self::Timeout(_) => None,
        }
    }
}
