//! Dispatch: what a server does with each of its messages, as `#[genserver]` generates it on the enums of messages.
//!
//! This is between the core and the macros, and may change in any release. A server written by hand has its callbacks.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};

use crate::exit_reason::ExitReason;
use crate::gen_server::behaviour::GenServer;
use crate::gen_server::context::Context;
use crate::gen_server::described::Described;
use crate::gen_server::outcome::Outcome;

/// A message that nobody can make: the type of calls, casts or other messages of a server that gets none.
///
/// Most servers that are written by hand have it as their [`GenServer::Info`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoMessage {}

/// A message of a server, whichever sort it is of.
#[doc(hidden)]
pub enum Message<S: GenServer> {
    Call(S::Call),
    Cast(S::Cast),
    Info(S::Info),
}

impl<S: GenServer> fmt::Debug for Message<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(S::message_name(self))
    }
}

/// What came of trying to handle a message without waiting.
#[doc(hidden)]
pub enum Tried<S: GenServer> {
    /// It is handled; an error is a crash.
    Handled(Result<(), ExitReason>),
    /// Its handler may wait.
    Waits(Message<S>),
}

impl<S: GenServer> Tried<S> {
    /// It is handled, and this is what its handler returned.
    #[inline]
    pub fn handled(outcome: impl Outcome) -> Self {
        Self::Handled(outcome.into_result())
    }
}

impl<S: GenServer> fmt::Debug for Tried<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handled(outcome) => f.debug_tuple("Handled").field(outcome).finish(),
            Self::Waits(message) => f.debug_tuple("Waits").field(message).finish(),
        }
    }
}

/// Messages of the server `S` that know their handlers: the one place from which each handler is called.
#[doc(hidden)]
pub trait Dispatch<S: GenServer>: Sized + Send + 'static {
    /// Whether the handler of one of them may wait.
    const WAITS: bool = false;

    /// Handles one whose handler does not wait; any other comes back, and is to be handled by [`handle`](Self::handle).
    fn try_handle(self, server: &mut S, cx: &mut Context<S>) -> Tried<S>;

    /// Handles one whose handler may wait.
    fn handle(
        self,
        server: &mut S,
        cx: &mut Context<S>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let _ = (self, server, cx);
        std::future::ready(Ok(()))
    }

    /// The name of its handler, for reports.
    fn name(&self) -> &'static str;

    /// The message with its arguments, for the crash report of a server with `last_message`.
    fn describe(&self) -> Described<'_> {
        Described::new(self.name())
    }
}

impl<S: GenServer> Dispatch<S> for NoMessage {
    fn try_handle(self, _server: &mut S, _cx: &mut Context<S>) -> Tried<S> {
        match self {}
    }

    fn name(&self) -> &'static str {
        match *self {}
    }
}

/// What a future comes to that does not wait.
pub(super) fn now<F: Future>(future: F) -> F::Output {
    let mut cx = TaskContext::from_waker(Waker::noop());
    match pin!(future).poll(&mut cx) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("a server waits that does not have to"),
    }
}

/// `GenServer::try_handle_message`, by the messages.
#[inline(always)]
pub fn try_handle_message<S>(server: &mut S, message: Message<S>, cx: &mut Context<S>) -> Tried<S>
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => call.try_handle(server, cx),
        Message::Cast(cast) => cast.try_handle(server, cx),
        Message::Info(info) => info.try_handle(server, cx),
    }
}

/// `GenServer::handle_message`, by the messages.
pub async fn handle_message<S>(
    server: &mut S,
    message: Message<S>,
    cx: &mut Context<S>,
) -> Result<(), ExitReason>
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => call.handle(server, cx).await,
        Message::Cast(cast) => cast.handle(server, cx).await,
        Message::Info(info) => info.handle(server, cx).await,
    }
}

/// `GenServer::message_name`, by the messages.
#[inline(always)]
pub fn message_name<S>(message: &Message<S>) -> &'static str
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => call.name(),
        Message::Cast(cast) => cast.name(),
        Message::Info(info) => info.name(),
    }
}

/// `GenServer::describe_message`, by the messages.
#[inline]
pub fn describe_message<S>(message: &Message<S>) -> Described<'_>
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => call.describe(),
        Message::Cast(cast) => cast.describe(),
        Message::Info(info) => info.describe(),
    }
}
