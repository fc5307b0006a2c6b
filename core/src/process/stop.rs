//! Stopping a process from outside, and waiting for its end.

use std::error::Error;
use std::fmt;

use crate::exit_reason::ExitReason;
use crate::process::current;
use crate::process::monitor::monitor;
use crate::process::pid::Pid;

/// Watches, asks, waits; says whether the process ended as asked.
pub(crate) async fn stop(
    pid: Pid,
    reason: &ExitReason,
    ask: impl FnOnce(),
) -> Result<(), StopError> {
    if current::pid() == Some(pid) {
        return Err(StopError::CallingSelf);
    }
    let watch = monitor(pid);
    ask();
    judge(reason, watch.await.reason)
}

/// Whether the process ended as asked.
pub(crate) fn judge(asked: &ExitReason, ended: ExitReason) -> Result<(), StopError> {
    if ended == *asked {
        Ok(())
    } else if ended == ExitReason::NoProc {
        Err(StopError::NoProc)
    } else {
        Err(StopError::Exited(ended))
    }
}

/// Error returned by `stop` and `stop_with`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StopError {
    /// There is no such process.
    NoProc,
    /// A process cannot wait for its own end; a handler stops its server with `Context::stop`.
    CallingSelf,
    /// The process ended, but for another reason.
    Exited(ExitReason),
}

impl StopError {
    /// The error the process ended with instead, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// let error = StopError::Exited(std::io::Error::other("the disk is full").into());
    /// assert!(error.downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Exited(reason) => reason.downcast_ref(),
            _ => None,
        }
    }
}

impl fmt::Display for StopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProc => {
                f.write_str("exited in a stop: ** (EXIT) no process: the process is not alive")
            }
            Self::CallingSelf => {
                f.write_str("exited in a stop: ** (EXIT) process attempted to stop itself")
            }
            Self::Exited(reason) => write!(f, "exited in a stop: ** (EXIT) {reason}"),
        }
    }
}

impl Error for StopError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Exited(reason) => reason.source(),
            _ => None,
        }
    }
}
