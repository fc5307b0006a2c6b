//! What a message is, and the ways to handle one: shown, handled without waiting, handled by a future.

use std::pin::pin;

use super::last_message::LastMessage;
use crate::catch::{Caught, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::{Context, GenServer, Message, dispatch};
use crate::process::pid::Pid;

/// What waits in a mailbox.
pub(crate) enum Mail<S: GenServer> {
    Message(Message<S>),
    /// Boxed, because it is rare and would make every message larger.
    System(Box<System>),
}

/// A message of the system.
pub(crate) enum System {
    /// The exit of another process, for a server that traps exits.
    Exit { from: Pid, reason: ExitReason },
    /// Terminate, after everything that was queued before.
    Stop(ExitReason),
}

/// Calls user code and polls the future it gives. The call has a guard of its own: a handler written by hand may panic
/// before its first poll.
macro_rules! caught {
    ($handler:expr, $($arg:ident),+) => {{
        let mut args = Some(($($arg),+));
        let mut future = None;
        catch_dyn(&mut || {
            if let Some(($($arg),+)) = args.take() {
                future = Some($handler($($arg),+));
            }
        })?;
        Caught::new(pin!(future)).await?
    }};
}

/// What a handler that does not wait came to; or the mail, if its handler may wait.
pub(super) type Attempt<S> = Result<Result<(), ExitReason>, Mail<S>>;

impl<S: GenServer> Mail<S> {
    /// Handles it, if its handler does not wait. Notes what it is, for the crash report.
    #[inline]
    pub(super) fn try_handle(
        self,
        state: &mut S,
        cx: &mut Context<S>,
        last: &mut LastMessage,
    ) -> Attempt<S> {
        match self {
            Self::Message(message) => {
                let kind = match &message {
                    Message::Call(_) => "call",
                    Message::Cast(_) => "cast",
                    Message::Info(_) => "message",
                };
                if const { S::OPTIONS.last_message } {
                    last.set_described(kind, &S::describe_message(&message));
                } else {
                    last.set(kind, S::message_name(&message));
                }
                match state.try_handle_message(message, cx) {
                    dispatch::Tried::Handled(outcome) => Ok(outcome),
                    dispatch::Tried::Waits(message) => Err(Self::Message(message)),
                }
            }
            Self::System(system) => match *system {
                System::Stop(reason) => {
                    last.set_system("request", "to stop");
                    Ok(Err(reason))
                }
                System::Exit { from, reason } => {
                    last.set_system("exit", "of another process");
                    if S::WAITS {
                        let exit = System::Exit { from, reason };
                        Err(Self::System(Box::new(exit)))
                    } else {
                        Ok(dispatch::now(state.handle_exit(from, reason, cx)))
                    }
                }
            },
        }
    }

    /// Handles it. A panic is an error like one that the handler returns.
    pub(super) async fn handle(self, state: &mut S, cx: &mut Context<S>) -> Result<(), ExitReason> {
        match self {
            Self::Message(message) => caught!(S::handle_message, state, message, cx),
            Self::System(system) => match *system {
                System::Exit { from, reason } => {
                    caught!(S::handle_exit, state, from, reason, cx)
                }
                System::Stop(reason) => Err(reason),
            },
        }
    }
}
