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
use crate::gen_server::handler::{Handler, HandlerCode, Sort};
use crate::gen_server::large::Carry;
use crate::gen_server::report::Callback;

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
    /// What the server continues with.
    Continue(S::Info),
}

impl<S: GenServer> fmt::Debug for Message<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(S::message_name(self))
    }
}

impl<S: GenServer> Message<S> {
    pub(super) const fn sort(&self) -> Sort {
        match self {
            Self::Call(_) => Sort::Call,
            Self::Cast(_) => Sort::Cast,
            Self::Info(_) => Sort::Info,
            Self::Continue(_) => Sort::Continue,
        }
    }

    /// The callback that handles it, with the name of its handler.
    pub(super) fn callback(&self) -> Callback {
        let callback: fn(&'static str) -> Callback = match self {
            Self::Call(_) => Callback::Call,
            Self::Cast(_) => Callback::Cast,
            Self::Info(_) => Callback::Info,
            Self::Continue(_) => Callback::Continue,
        };
        callback(S::message_name(self))
    }

    /// The call that it is.
    #[inline]
    pub(super) fn into_call(self) -> S::Call {
        match self {
            Self::Call(call) => call,
            _ => unreachable!("a message is of one sort"),
        }
    }

    /// The cast that it is.
    #[inline]
    pub(super) fn into_cast(self) -> S::Cast {
        match self {
            Self::Cast(cast) => cast,
            _ => unreachable!("a message is of one sort"),
        }
    }

    /// The other message that it is.
    #[inline]
    pub(super) fn into_info(self) -> S::Info {
        match self {
            Self::Info(info) | Self::Continue(info) => info,
            _ => unreachable!("a message is of one sort"),
        }
    }
}

/// A message where it lies: it is taken out where it is handled.
#[doc(hidden)]
pub trait Parcel<S: GenServer>: Send {
    /// A look at it.
    fn look(&self) -> &Message<S>;
    /// Takes it out.
    fn open(self) -> Message<S>;
}

/// Messages of the server `S` that know their handlers: the one place from which each handler is called.
#[doc(hidden)]
pub trait Dispatch<S: GenServer>: Sized + Send + 'static {
    /// Whether its handler may wait.
    fn waits(&self) -> bool {
        false
    }

    /// Whether its handler blocks. Such a one waits, and is handled as one that does not.
    fn blocks(&self) -> bool {
        false
    }

    /// Handles one whose handler does not wait.
    fn handle_now(self, server: &mut S, cx: &mut Context<S>) -> Result<(), ExitReason> {
        let _ = (self, server, cx);
        Ok(())
    }

    /// Handles one whose handler may wait.
    fn handle<C: Carry>(
        self,
        server: &mut S,
        cx: &mut Context<S>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let _ = (self, server, cx);
        std::future::ready(Ok(()))
    }

    /// What nobody may use is used here: a stream may be attached to each of these messages.
    const ATTACHES: () = ();

    /// Of the messages of a part: that the server names it.
    const NAMED: () = ();

    /// Its handler, as the server lists it.
    fn handler(&self) -> u32;

    /// The message with its arguments, for the crash report of a server with `last_message`.
    fn describe(&self) -> Described<'_> {
        Described::new(Handler::name_in(S::HANDLERS, self.handler()))
    }
}

impl<S: GenServer> Dispatch<S> for NoMessage {
    fn handler(&self) -> u32 {
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

/// `GenServer::handle_message_now`, by the messages.
#[inline(always)]
pub fn handle_message_now<S>(
    server: &mut S,
    message: Message<S>,
    cx: &mut Context<S>,
) -> Result<(), ExitReason>
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => call.handle_now(server, cx),
        Message::Cast(cast) => cast.handle_now(server, cx),
        Message::Info(info) | Message::Continue(info) => info.handle_now(server, cx),
    }
}

/// `GenServer::message_waits`, by the messages.
#[inline(always)]
pub fn message_waits<S>(message: &Message<S>) -> bool
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => call.waits(),
        Message::Cast(cast) => cast.waits(),
        Message::Info(info) | Message::Continue(info) => info.waits(),
    }
}

/// `GenServer::message_blocks`, by the messages.
#[inline]
pub fn message_blocks<S>(message: &Message<S>) -> bool
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => call.blocks(),
        Message::Cast(cast) => cast.blocks(),
        Message::Info(info) | Message::Continue(info) => info.blocks(),
    }
}

/// `GenServer::handle_message`, by the messages.
pub async fn handle_message<C, S>(
    server: &mut S,
    message: impl Parcel<S>,
    cx: &mut Context<S>,
) -> Result<(), ExitReason>
where
    C: Carry,
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message.look() {
        Message::Call(_) => {
            C::begin_with(|| message.open().into_call().handle::<C>(server, cx)).await
        }
        Message::Cast(_) => {
            C::begin_with(|| message.open().into_cast().handle::<C>(server, cx)).await
        }
        Message::Info(_) | Message::Continue(_) => {
            C::begin_with(|| message.open().into_info().handle::<C>(server, cx)).await
        }
    }
}

/// `GenServer::message_handler`, by the messages.
#[inline(always)]
pub fn message_handler<S>(message: &Message<S>) -> HandlerCode
where
    S: GenServer<Call: Dispatch<S>, Cast: Dispatch<S>, Info: Dispatch<S>>,
{
    match message {
        Message::Call(call) => HandlerCode::call(call.handler()),
        Message::Cast(cast) => HandlerCode::cast(cast.handler()),
        Message::Info(info) => HandlerCode::info(info.handler()),
        Message::Continue(info) => HandlerCode::continuing(info.handler()),
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
        Message::Info(info) | Message::Continue(info) => info.describe(),
    }
}
