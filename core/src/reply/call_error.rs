//! `CallError`: why a call got no reply.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::failed::Failed;
use crate::process::address::Nobody;
use crate::process::call_cycle::CallCycle;

/// Error returned by a call that got no reply. Elixir's caller exits with it; here `?` in a handler passes it on.
///
/// [`Call::keep_args`](crate::Call::keep_args) gives it as a [`Failed`], which has the arguments of a call that was not sent.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallError {
    /// There is no such process: it is dead, or nobody holds the name.
    NoProc,
    /// A name was used where there is no runtime, and names belong to a runtime: enter it, or use a reference to the process
    /// itself, as [`ServerRef::bound`](crate::ServerRef::bound) gives it.
    NoRuntime,
    /// No reply within this time. A server whose mailbox has the call may still handle it, and its reply is dropped then; a call that
    /// has waited for room in the mailbox all this time is never handled, and gives its arguments back if they were to be
    /// [kept](crate::Call::keep_args).
    Timeout(Duration),
    /// Nobody held the name within the timeout: the one that did is to be restarted. The call was not sent; see
    /// [`Call::await_restart`](crate::Call::await_restart).
    NotRestarted,
    /// The server ended before it replied.
    Exited(ExitReason),
    /// The mailbox is full, and the server refuses what comes then: see [`Full::Reject`](crate::Full::Reject). The call was not sent.
    Full,
    /// The call was dropped from a full mailbox for a newer message: see [`Full::DropOldest`](crate::Full::DropOldest). It was not handled.
    Dropped,
    /// A server called itself, which would wait for ever.
    CallingSelf,
    /// The handler dropped its [`ReplyTo`](crate::ReplyTo) without a reply.
    NoReply,
    /// Whoever was asked waits for the one that asks, and would answer no sooner: a supervisor, for the `init` or the end of a child
    /// that asks it. Or a process that was to be ended waits for the one that asked, perhaps through others, and has no limit in time:
    /// it ends as soon as it can.
    WouldDeadlock,
    /// Several servers wait for one another, each in a call to the next, and none of them can go on: this call is the one that is
    /// told, at once and instead of the timeout. It may be in the mailbox, and be handled yet, as after a [`Timeout`](Self::Timeout);
    /// a server with the option [`deadlines`](crate::ServerOptions::deadlines) leaves it out. Without that option nobody knows at this error
    /// whether it will be done: who takes money back, or tries again, may have it done twice.
    ///
    /// When that is, and when it is not seen, is said at [`Call::allow_cycle`](crate::Call::allow_cycle), which keeps a call from
    /// being told so.
    Deadlock(CallCycle),
}

impl CallError {
    /// The error the server ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// let error = CallError::Exited(std::io::Error::other("the disk is full").into());
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

/// The reason alone.
struct Why<'a>(&'a CallError);

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            CallError::NoProc => f.write_str(
                "no process: the process is not alive or there's no process currently associated with the given name, \
                 possibly because its supervisor is restarting it",
            ),
            CallError::NoRuntime => f.write_str(Nobody::NO_RUNTIME),
            CallError::Timeout(after) => write!(
                f,
                "time out after {after:?}: there was no reply, or no room in the mailbox"
            ),
            CallError::NotRestarted => f.write_str(
                "no process within the timeout: the one that held the name is to be restarted, and was not yet",
            ),
            CallError::Exited(reason) => fmt::Display::fmt(reason, f),
            CallError::Full => f.write_str("the mailbox is full, and the server refuses what comes then"),
            CallError::Dropped => f.write_str("dropped from a full mailbox for a newer message"),
            CallError::CallingSelf => f.write_str("process attempted to call itself"),
            CallError::NoReply => f.write_str("the handler dropped its ReplyTo without a reply"),
            CallError::WouldDeadlock => {
                f.write_str("deadlock: the process waits for the one that asked")
            }
            CallError::Deadlock(cycle) => write!(
                f,
                "deadlock: each waits for the next in a call, {cycle}, and none can go on; let one of them cast, or answer later by a ReplyTo"
            ),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exited in a call: ** (EXIT) {}", Why(self))
    }
}

/// It was a supervisor that was asked.
pub(crate) struct Unanswered<'a>(pub(crate) &'a CallError);

impl fmt::Display for Unanswered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the supervisor does not answer: {}", Why(self.0))
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Exited(reason) => reason.source(),
            _ => None,
        }
    }
}

impl From<Nobody> for CallError {
    fn from(nobody: Nobody) -> Self {
        match nobody {
            Nobody::NoProc => Self::NoProc,
            Nobody::NoRuntime => Self::NoRuntime,
        }
    }
}

impl<A> From<Failed<Self, A>> for CallError {
    fn from(failed: Failed<Self, A>) -> Self {
        failed.into_error()
    }
}
