//! What a server that is watched does: the events of `sys`.

use std::fmt;

/// Something that a server does, as [`log`](crate::sys::log), [`trace`](crate::sys::trace) and [`install`](crate::sys::install) tell it.
///
/// Its `Display` is in OTP's words. Texts are those that [`format_status`](crate::GenServer::format_status) leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A message is about to be handled.
    #[non_exhaustive]
    In {
        /// What it is: `call get`, say; with its arguments where the server has
        /// [`last_message`](crate::ServerOptions::last_message). `None`: the server does not show it.
        message: Option<String>,
    },
    /// A call was answered by what its handler returned, or by [`Context::reply`](crate::Context::reply). Not what is sent later by
    /// a [`ReplyTo`](crate::ReplyTo), as in OTP.
    #[non_exhaustive]
    Out {
        /// The state after it, as text, where it is shown.
        state: Option<String>,
    },
    /// A message was handled without an answer.
    #[non_exhaustive]
    NoReply {
        /// The state after it, as text, where it is shown.
        state: Option<String>,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HIDDEN: &str = "(not shown)";
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| HIDDEN.to_owned());
        match self {
            Self::In { message } => write!(f, "got {}", shown(message)),
            Self::Out { state } => write!(f, "sent a reply, new state {}", shown(state)),
            Self::NoReply { state } => write!(f, "new state {}", shown(state)),
        }
    }
}
