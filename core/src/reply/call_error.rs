//! `CallError`: why a call got no reply.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::exit_reason::ExitReason;

/// Why a call got no reply. Elixir's caller exits with this; in Rust it is returned, and `?` in a handler passes it on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallError {
    /// There is no such process: it is dead, or nobody holds the name.
    NoProc,
    /// No reply within this time. The server may still handle the call; its reply is dropped then.
    Timeout(Duration),
    /// The server ended before it replied.
    Exited(ExitReason),
    /// A server called itself, which would wait for ever.
    CallingSelf,
    /// The handler dropped its [`ReplyTo`](crate::ReplyTo) without a reply.
    NoReply,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("exited in a call: ** (EXIT) ")?;
        match self {
            Self::NoProc => f.write_str(
                "no process: the process is not alive or there's no process currently associated with the given name, \
                 possibly because its supervisor is restarting it",
            ),
            Self::Timeout(after) => write!(f, "time out after {after:?}"),
            Self::Exited(reason) => fmt::Display::fmt(reason, f),
            Self::CallingSelf => f.write_str("process attempted to call itself"),
            Self::NoReply => f.write_str("the handler dropped its ReplyTo without a reply"),
        }
    }
}

impl Error for CallError {}
