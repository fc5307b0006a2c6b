//! `Request`: one call with its arguments, as a typed client hands it over; and what came of trying to handle a message.

use std::future::Future;

use crate::exit_reason::ExitReason;
use crate::gen_server::behaviour::GenServer;
use crate::gen_server::context::Context;
use crate::gen_server::described::Described;
use crate::reply::ReplyTo;

/// What came of trying to handle a message without waiting.
#[derive(Debug)]
pub enum Tried<M> {
    /// It is handled; an error is a crash.
    Handled(Result<(), ExitReason>),
    /// Its handler may wait.
    Waits(M),
}

/// One call with its arguments, as a typed client hands it to the core.
///
/// `#[genserver]` makes one for each call. A hand-written server can do with [`ServerRef::call_with`].
pub trait Request<S: GenServer>: Sized + Send + 'static {
    /// What the caller gets.
    type Reply: Send + 'static;

    /// The handler's name, for reports.
    const NAME: &'static str = "a call";

    /// Whether [`handle`](Self::handle) can answer without waiting.
    const SYNC: bool = false;

    /// The call as a message, for the queue.
    fn into_call(self, reply: ReplyTo<Self::Reply>) -> S::Call;

    /// Answers in place, where the handler does not wait.
    ///
    /// # Errors
    ///
    /// The request itself, when it can only be answered through the queue.
    fn handle(self, server: &mut S, cx: &mut Context<S>) -> Result<Self::Reply, Self> {
        let _ = (server, cx);
        Err(self)
    }

    /// Whether [`handle_async`](Self::handle_async) answers.
    const ASYNC: bool = false;

    /// Answers by a handler that may wait. The caller of an idle server begins it; if it waits, the server goes on with it.
    fn handle_async(
        self,
        server: &mut S,
        cx: &mut Context<S>,
    ) -> impl Future<Output = Self::Reply> + Send {
        let _ = (self, server, cx);
        async { panic!("a request that is ASYNC has to implement handle_async") }
    }

    /// The call with its arguments, for the crash report of a server with [`ServerOptions::last_message`].
    fn describe(&self) -> Described<'_> {
        Described::new(Self::NAME)
    }
}
