//! Stopping a process from outside, and waiting for its end.

use std::error::Error;
use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::exit_reason::ExitReason;
use crate::process::address::Nobody;
use crate::process::monitor::{self, Down, Monitor};
use crate::process::pid::Pid;
use crate::process::waits::Waits;
use crate::process::{Process, current};
use crate::rt;
use crate::sync::Arc;

/// Stops a process in order: at once if it is idle, as a server's calls are answered, else by asking it. Waits for its end.
pub(crate) async fn stop(
    process: Result<Arc<dyn Process>, Nobody>,
    reason: ExitReason,
) -> Result<(), StopError> {
    let process = match process {
        Ok(process) => process,
        Err(nobody) => {
            rt::spend_budget().await;
            return Err(nobody.into());
        }
    };
    let pid = process.header().pid;
    let ends = poll_fn(|cx| Poll::Ready(Arc::clone(&process).try_stop(&reason, cx))).await;
    if !ends {
        if current::pid() == Some(pid) {
            rt::spend_budget().await;
            return Err(StopError::CallingSelf);
        }
        let noted = Waits::note(pid);
        let watch = monitor::watch(process.header());
        process.request_stop(reason.clone());
        return judge(&reason, end(watch, pid, noted).await.reason);
    }
    if !process.header().is_announced() {
        // Its `terminate` waits for something; or it is dead, and its own task is about to drop it.
        end(monitor::watch(process.header()), pid, Waits::note(pid)).await;
    }
    let ended = process.header().exit_reason().cloned();
    judge(&reason, ended.unwrap_or(ExitReason::NoProc))
}

/// The end of a process, and that somebody waits for it.
async fn end(mut watch: Monitor, pid: Pid, mut noted: Option<Waits>) -> Down {
    poll_fn(|cx| {
        Waits::note_anew(&mut noted, pid);
        Pin::new(&mut watch).poll(cx)
    })
    .await
}

/// Whether the process ended as asked.
fn judge(asked: &ExitReason, ended: ExitReason) -> Result<(), StopError> {
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
    /// A name was used where there is no runtime: see [`CallError::NoRuntime`](crate::CallError::NoRuntime).
    NoRuntime,
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
            Self::NoRuntime => {
                write!(f, "exited in a stop: ** (EXIT) {}", Nobody::NO_RUNTIME)
            }
            Self::CallingSelf => {
                f.write_str("exited in a stop: ** (EXIT) process attempted to stop itself")
            }
            Self::Exited(reason) => write!(f, "exited in a stop: ** (EXIT) {reason}"),
        }
    }
}

impl From<Nobody> for StopError {
    fn from(nobody: Nobody) -> Self {
        match nobody {
            Nobody::NoProc => Self::NoProc,
            Nobody::NoRuntime => Self::NoRuntime,
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
