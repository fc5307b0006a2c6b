//! `CastError` and `TrySendError`: why a message was not sent.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::failed::Failed;
use crate::process::address::Nobody;

/// Error returned by a cast, or by another message, that was not sent.
///
/// [`Cast::keep_args`](crate::Cast::keep_args) gives it as a [`Failed`], which has the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CastError {
    /// There is no such process: it is dead, or nobody holds the name.
    NoProc,
    /// A name was used where there is no runtime, and names belong to a runtime: enter it, or use a reference to the process
    /// itself, as [`ServerRef::bound`](crate::ServerRef::bound) gives it.
    NoRuntime,
    /// There was no room in the mailbox within this time.
    Timeout(Duration),
    /// Nobody held the name within the timeout: the one that did is to be restarted. See
    /// [`Cast::await_restart`](crate::Cast::await_restart).
    NotRestarted,
    /// The mailbox is full, and its senders do not wait for room: the server has [`Full::Reject`](crate::Full::Reject), or sent to itself,
    /// and as long as its handler waits, nobody makes room.
    Full,
}

/// Error returned by [`Cast::try_send`](crate::Cast::try_send). After [`keep_args`](crate::Cast::keep_args) it comes as a
/// [`Failed`], which has the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrySendError {
    /// There is no such process: it is dead, or nobody holds the name.
    NoProc,
    /// A name was used where there is no runtime: see [`CastError::NoRuntime`].
    NoRuntime,
    /// The mailbox is full, or others wait for room in it already.
    Full,
}

impl fmt::Display for CastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProc => f.write_str("no process to cast to"),
            Self::NoRuntime => f.write_str(Nobody::NO_RUNTIME),
            Self::Timeout(after) => write!(f, "no room in the mailbox within {after:?}"),
            Self::NotRestarted => f.write_str(
                "no process to cast to within the timeout: the one that held the name is to be restarted, and was not yet",
            ),
            Self::Full => f.write_str("the mailbox is full"),
        }
    }
}

impl fmt::Display for TrySendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoProc => "no process to send to",
            Self::NoRuntime => Nobody::NO_RUNTIME,
            Self::Full => "the mailbox is full",
        })
    }
}

impl From<Nobody> for CastError {
    fn from(nobody: Nobody) -> Self {
        match nobody {
            Nobody::NoProc => Self::NoProc,
            Nobody::NoRuntime => Self::NoRuntime,
        }
    }
}

impl From<Nobody> for TrySendError {
    fn from(nobody: Nobody) -> Self {
        match nobody {
            Nobody::NoProc => Self::NoProc,
            Nobody::NoRuntime => Self::NoRuntime,
        }
    }
}

impl Error for CastError {}
impl Error for TrySendError {}

impl<A> From<Failed<Self, A>> for CastError {
    fn from(failed: Failed<Self, A>) -> Self {
        failed.into_error()
    }
}

impl<A> From<Failed<Self, A>> for TrySendError {
    fn from(failed: Failed<Self, A>) -> Self {
        failed.into_error()
    }
}
