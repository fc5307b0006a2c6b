//! What a message is, and the ways to handle one: shown, handled without waiting, handled by a future.

use std::pin::pin;

use super::last_message::LastMessage;
use crate::catch::{Caught, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::dispatch::Parcel;
use crate::gen_server::large::{ByValue, Carry};
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
    ($carry:ty, $handler:expr, $($arg:ident),+) => {{
        let mut args = Some(($($arg),+));
        let mut future = None;
        catch_dyn(&mut || {
            if let Some(($($arg),+)) = args.take() {
                future = Some(<$carry>::begin($handler($($arg),+)));
            }
        })?;
        Caught::new(pin!(future)).await?
    }};
}

/// A message that lies in its mail.
struct InMail<C: Carry, S: GenServer>(C::Message<Mail<S>>);

impl<C: Carry, S: GenServer> Parcel<S> for InMail<C, S> {
    fn look(&self) -> &Message<S> {
        match C::look(&self.0) {
            Mail::Message(message) => message,
            Mail::System(_) => unreachable!("a message became one of the system"),
        }
    }

    fn open(self) -> Message<S> {
        match C::unpack(self.0) {
            Mail::Message(message) => message,
            Mail::System(_) => unreachable!("a message became one of the system"),
        }
    }
}

impl<S: GenServer> Mail<S> {
    /// Whether it is a call.
    #[inline]
    pub(super) const fn is_call(&self) -> bool {
        matches!(self, Self::Message(Message::Call(_)))
    }

    /// Whether its handler may wait.
    #[inline]
    pub(super) fn waits(&self) -> bool {
        match self {
            Self::Message(message) => S::message_waits(message),
            Self::System(system) => matches!(**system, System::Exit { .. }),
        }
    }

    /// Notes what it is, for the crash report.
    #[inline]
    pub(super) fn note(&self, last: &mut LastMessage) {
        match self {
            Self::Message(message) => {
                let kind = match message {
                    Message::Call(_) => "call",
                    Message::Cast(_) => "cast",
                    Message::Info(_) => "message",
                };
                if const { S::OPTIONS.last_message } {
                    last.set_described(kind, &S::describe_message(message));
                } else {
                    last.set(kind, S::message_name(message));
                }
            }
            Self::System(system) => match **system {
                System::Stop(_) => last.set_system("request", "to stop"),
                System::Exit { .. } => last.set_system("exit", "of another process"),
            },
        }
    }

    /// Handles it, where its handler does not wait.
    #[inline]
    pub(super) fn handle_now(self, state: &mut S, cx: &mut Context<S>) -> Result<(), ExitReason> {
        match self {
            Self::Message(message) => state.handle_message_now(message, cx),
            Self::System(system) => match *system {
                System::Stop(reason) => Err(reason),
                System::Exit { .. } if S::WAITS => unreachable!("an exit is handled as it says"),
                System::Exit { from, reason } => dispatch::now(state.handle_exit(from, reason, cx)),
            },
        }
    }

    /// Handles it. A panic is an error like one that the handler returns.
    pub(super) async fn handle<C: Carry>(
        mail: C::Message<Self>,
        state: &mut S,
        cx: &mut Context<S>,
    ) -> Result<(), ExitReason> {
        if matches!(C::look(&mail), Self::Message(_)) {
            let message = InMail::<C, S>(mail);
            return caught!(C, S::handle_message::<C>, state, message, cx);
        }
        let Self::System(system) = C::unpack(mail) else {
            return Ok(());
        };
        match *system {
            System::Exit { from, reason } => {
                caught!(ByValue, S::handle_exit, state, from, reason, cx)
            }
            System::Stop(reason) => Err(reason),
        }
    }
}
