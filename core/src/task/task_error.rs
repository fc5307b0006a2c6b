//! `TaskError`: why a task gave no value.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::shared_error::SharedError;

/// Error returned where a [`Task`](crate::Task) gave no value. Elixir's caller of `Task.await` exits with it; here `?` in a handler
/// passes it on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TaskError {
    /// The task ended without a value: it panicked, or was killed, say. [`NoProc`](ExitReason::NoProc): its value was taken before.
    Exited(ExitReason),
    /// No value within this time.
    Timeout(Duration),
    /// Its supervisor did not start it, because it has as many tasks as it may have, say: the error is a
    /// [`StartChildError`](crate::StartChildError).
    NotStarted(SharedError),
}

impl TaskError {
    /// The error that the task ended with, or why it was not started, if it is of the type `E`.
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
            Self::NotStarted(error) => {
                let error: &(dyn Error + 'static) = &**error;
                error.downcast_ref()
            }
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
            Self::NotStarted(error) => write!(f, "the task was not started: {error}"),
        }
    }
}

impl Error for TaskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Exited(reason) => reason.source(),
            Self::NotStarted(error) => Some(&**error),
            Self::Timeout(_) => None,
        }
    }
}
