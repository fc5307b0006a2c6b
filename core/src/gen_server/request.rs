//! `Request`: one call with its arguments, as a typed client hands it over. `RequestMessage`: the same as a message.

use std::future::Future;
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::gen_server::behaviour::GenServer;
use crate::gen_server::client::DEFAULT_TIMEOUT;
use crate::gen_server::context::Context;
use crate::gen_server::described::Described;
use crate::gen_server::handler::{HandlerCode, Sort};
use crate::reply::ReplyTo;

/// How a call may be answered besides as a message in the queue.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By [`Request::handle`], without waiting: a caller runs it in place.
    Sync,
    /// By [`Request::handle_async`], which may wait: a caller begins it, and the server goes on with it.
    Async,
    /// As a message only.
    Message,
}

/// A [`Request`] as a message: what it takes along, and what comes back.
///
/// A trait by itself, so that all that has to be `Send` is asked in an implementation without futures; see [`TakenAlong`](crate::TakenAlong).
pub trait RequestMessage<S: GenServer>: Sized + Send + 'static {
    /// What the caller gets.
    type Reply: Send + 'static;

    /// What the caller gets back when the call is not sent: the handler's arguments, one by itself, or a tuple.
    type Args: Send + 'static;

    /// The number of its handler in [`GenServer::HANDLERS`].
    #[doc(hidden)]
    const NUMBER: Option<u32> = None;

    /// Its handler, for reports.
    #[doc(hidden)]
    const HANDLER: HandlerCode = match Self::NUMBER {
        Some(number) => HandlerCode::call(number),
        None => HandlerCode::unlisted(Sort::Call),
    };

    /// How long a caller waits who says nothing of it; `None`: as long as the server lives.
    #[doc(hidden)]
    const TIMEOUT: Option<Duration> = Some(DEFAULT_TIMEOUT);

    /// The call as a message, for the queue.
    #[doc(hidden)]
    fn into_call(self, reply: ReplyTo<Self::Reply>) -> S::Call;

    /// The arguments of a call that is not sent.
    #[doc(hidden)]
    fn take_back(call: S::Call) -> Option<Self::Args>;

    /// The call with its arguments, for the crash report of a server with
    /// [`ServerOptions::last_message`](crate::ServerOptions::last_message).
    #[doc(hidden)]
    fn describe(&self) -> Described<'_> {
        Described::new(Self::HANDLER.of(S::HANDLERS).1.name)
    }
}

/// One call with its arguments, as a typed client hands it to the core.
///
/// `#[genserver]` makes one for each call. It is not meant to be implemented by hand, and may change in any release; a
/// hand-written server has [`ServerRef::call_with`](crate::ServerRef::call_with).
pub trait Request<S: GenServer>: RequestMessage<S> {
    /// How it may be answered: which of [`handle`](Self::handle) and [`handle_async`](Self::handle_async) there is.
    #[doc(hidden)]
    const MODE: Mode = Mode::Message;

    /// Answers without waiting; for [`Mode::Sync`].
    #[doc(hidden)]
    fn handle(self, server: &mut S, cx: &mut Context<S>) -> Self::Reply {
        let _ = (self, server, cx);
        unreachable!("a request is handled as its mode says")
    }

    /// Answers by a handler that may wait; for [`Mode::Async`].
    #[doc(hidden)]
    fn handle_async(
        self,
        server: &mut S,
        cx: &mut Context<S>,
    ) -> impl Future<Output = Self::Reply> + Send {
        let _ = (self, server, cx);
        async { unreachable!("a request is handled as its mode says") }
    }

    /// Answers a message of the queue by [`handle`](Self::handle).
    #[doc(hidden)]
    #[inline(always)]
    fn answer(
        self,
        server: &mut S,
        reply: ReplyTo<Self::Reply>,
        cx: &mut Context<S>,
    ) -> Result<(), ExitReason> {
        let answer = self.handle(server, cx);
        cx.reply(reply, answer);
        Ok(())
    }
}

/// [`Request::answer`], where rustc does not ask whether the request may travel, as it does of the functions of a trait.
#[doc(hidden)]
#[inline(always)]
pub fn answer<S: GenServer, R: Request<S>>(
    request: R,
    server: &mut S,
    reply: ReplyTo<R::Reply>,
    cx: &mut Context<S>,
) -> Result<(), ExitReason> {
    request.answer(server, reply, cx)
}
