//! What a message is, and the ways to handle one: shown, handled without waiting, handled by a future.

use std::pin::pin;

use super::last_message::LastMessage;
use crate::catch::{Caught, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::{Context, Described, GenServer, Tried};
use crate::process::pid::Pid;

/// What waits in a mailbox.
pub(crate) enum Message<S: GenServer> {
    Call(S::Call),
    Cast(S::Cast),
    Info(S::Info),
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
        match future {
            Some(future) => Caught::new(pin!(future)).await?,
            None => Ok(()),
        }
    }};
}

impl<S: GenServer> Message<S> {
    /// Handles it, if its handler does not wait. Notes what it is, for the crash report.
    #[inline]
    pub(super) fn try_handle(
        self,
        state: &mut S,
        cx: &mut Context<S>,
        last: &mut LastMessage,
    ) -> Tried<Self> {
        let args = S::OPTIONS.last_message;
        match self {
            Self::Cast(cast) => {
                last.set("cast", &S::describe_cast(&cast), args);
                match state.try_handle_cast(cast, cx) {
                    Tried::Handled(outcome) => Tried::Handled(outcome),
                    Tried::Waits(cast) => Tried::Waits(Self::Cast(cast)),
                }
            }
            Self::Call(call) => {
                last.set("call", &S::describe_call(&call), args);
                match state.try_handle_call(call, cx) {
                    Tried::Handled(outcome) => Tried::Handled(outcome),
                    Tried::Waits(call) => Tried::Waits(Self::Call(call)),
                }
            }
            Self::Info(info) => {
                last.set("message", &S::describe_info(&info), args);
                match state.try_handle_info(info, cx) {
                    Tried::Handled(outcome) => Tried::Handled(outcome),
                    Tried::Waits(info) => Tried::Waits(Self::Info(info)),
                }
            }
            Self::System(system) => match *system {
                System::Stop(reason) => {
                    last.set("request", &Described::new("to stop"), args);
                    Tried::Handled(Err(reason))
                }
                exit @ System::Exit { .. } => {
                    last.set("exit", &Described::new("of another process"), args);
                    Tried::Waits(Self::System(Box::new(exit)))
                }
            },
        }
    }

    /// Handles it. A panic is an error like one that the handler returns.
    pub(super) async fn handle(self, state: &mut S, cx: &mut Context<S>) -> Result<(), ExitReason> {
        match self {
            Self::Call(call) => caught!(S::handle_call, state, call, cx),
            Self::Cast(cast) => caught!(S::handle_cast, state, cast, cx),
            Self::Info(info) => caught!(S::handle_info, state, info, cx),
            Self::System(system) => match *system {
                System::Exit { from, reason } => {
                    caught!(S::handle_exit, state, from, reason, cx)
                }
                System::Stop(reason) => Err(reason),
            },
        }
    }
}
