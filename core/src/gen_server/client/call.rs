//! Calls: the builder a client method returns, and its future.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::gen_server::cell::inline::Inline as Answered;
use crate::gen_server::cell::mailbox::Pushed;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::cell::state::Entry;
use crate::gen_server::client::blocked::Rare;
use crate::gen_server::client::waiting::{Found, Waiting};
use crate::gen_server::{GenServer, Inline, Message, Mode, Request, ServerRef};
use crate::guard::discard;
use crate::process::current::{self, MAX_DEPTH};
use crate::reply::CallError;
use crate::reply::cache;
use crate::rt;

/// How long a call waits unless told otherwise.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// A call that was not sent yet. `.await` sends it and waits for the reply.
///
/// Waits at most 5 s, unless [`timeout`](Self::timeout) says otherwise: the default of Elixir's
/// [`GenServer.call/3`](https://hexdocs.pm/elixir/GenServer.html#call/3).
///
/// # Errors
///
/// `.await` gives a [`CallError`] when there is no reply to give.
///
/// # Cancel safety
///
/// A call whose future is dropped may or may not have been handled, as one that timed out. The server does not notice,
/// except by [`ReplyTo::is_closed`](crate::ReplyTo::is_closed). Its late reply is dropped, and never reaches another call.
#[must_use = "a call does nothing unless it is awaited"]
pub struct Call<'a, S: GenServer, R> {
    server: &'a ServerRef<S>,
    request: R,
    timeout: Option<Duration>,
}

impl<'a, S: GenServer, R> Call<'a, S, R> {
    pub(in crate::gen_server) const fn new(server: &'a ServerRef<S>, request: R) -> Self {
        Self {
            server,
            request,
            timeout: Some(DEFAULT_TIMEOUT),
        }
    }

    /// Waits at most this long. With zero, the call is sent, and nobody waits for it.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Waits as long as the server lives: OTP's `infinity`.
    pub const fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }
}

impl<'a, S: GenServer, R: Request<S>> IntoFuture for Call<'a, S, R> {
    type Output = Result<R::Reply>;
    type IntoFuture = CallFuture<'a, S, R>;

    #[inline]
    fn into_future(self) -> CallFuture<'a, S, R> {
        CallFuture {
            server: self.server,
            timeout: self.timeout,
            request: Some(self.request),
            progress: Progress::None,
        }
    }
}

impl<S: GenServer, R> fmt::Debug for Call<'_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("server", self.server)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The future of a [`Call`].
#[must_use = "futures do nothing unless polled"]
pub struct CallFuture<'a, S: GenServer, R: Request<S>> {
    server: &'a ServerRef<S>,
    pub(super) timeout: Option<Duration>,
    /// What is still to be sent.
    request: Option<R>,
    pub(super) progress: Progress<'a, S, R>,
}

pub(super) enum Progress<'a, S: GenServer, R: Request<S>> {
    /// Not sent, or over.
    None,
    /// The call is on its way.
    Waiting(Waiting<'a, S, R>),
    Rare(Box<Rare<'a, S, R>>),
}

// Nothing in it is ever pinned.
impl<S: GenServer, R: Request<S>> Unpin for CallFuture<'_, S, R> {}

pub(super) type Result<R> = std::result::Result<R, CallError>;

impl<S: GenServer, R: Request<S>> Future for CallFuture<'_, S, R> {
    type Output = Result<R::Reply>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Result<R::Reply>> {
        let this = &mut *self;
        if this.request.is_some() {
            ready!(rt::poll_budget(cx));
            if let Some(request) = this.request.take() {
                let Some(cell) = Found::find(&this.server.address) else {
                    discard(request);
                    return Poll::Ready(Err(CallError::NoProc));
                };
                if let Poll::Ready(result) = this.start(cell, request, cx) {
                    return Poll::Ready(result);
                }
            }
        }
        let Progress::Waiting(waiting) = &mut this.progress else {
            return this.poll_rare(cx);
        };
        let result = ready!(waiting.poll(this.timeout, cx));
        this.progress = Progress::None;
        Poll::Ready(result)
    }
}

impl<'a, S: GenServer, R: Request<S>> CallFuture<'a, S, R> {
    /// Answers in place, or puts the call on its way.
    #[inline]
    fn start(
        &mut self,
        cell: Found<'a, S>,
        request: R,
        cx: &TaskContext<'_>,
    ) -> Poll<Result<R::Reply>> {
        let (me, depth) = current::get();
        if me == Some(cell.pid()) {
            discard(request);
            return Poll::Ready(Err(CallError::CallingSelf));
        }
        let in_place = !matches!(S::OPTIONS.inline, Inline::Never)
            && depth < MAX_DEPTH
            && self.timeout != Some(Duration::ZERO)
            && rt::runs_on(cell.header().node.runtime_id, cx);
        if const { matches!(R::MODE, Mode::Sync) }
            && in_place
            && let Some(entered) = cell.try_enter(Entry::Plain)
        {
            let answered = entered.answer(request);
            return self.answered(answered, cell);
        }
        if const { matches!(R::MODE, Mode::Async) }
            && in_place
            && let Some(entered) = cell.try_enter(Entry::WithSpan)
        {
            let answered = entered.begin(request);
            return self.answered(answered, cell);
        }
        self.send(cell, request, in_place)
    }

    #[inline]
    fn answered(
        &mut self,
        answered: Answered<R::Reply, R>,
        cell: Found<'a, S>,
    ) -> Poll<Result<R::Reply>> {
        match answered {
            Answered::Reply(reply) => Poll::Ready(Ok(reply)),
            Answered::Exiting(reply) => self.part(&cell, reply),
            Answered::Waits(slot) => {
                self.progress = Progress::Waiting(Waiting::new(cell, slot, None));
                Poll::Pending
            }
            Answered::Refused(request) => self.send(cell, request, false),
        }
    }

    /// Puts the call on its way: to the server loop in place if that may be, else into the mailbox.
    fn send(&mut self, cell: Found<'a, S>, request: R, in_place: bool) -> Poll<Result<R::Reply>> {
        let node = cell.pid().node();
        let (mut slot, reply) = cache::open(node);
        let message = Mail::Message(Message::Call(request.into_call(reply)));
        let by_loop = matches!(R::MODE, Mode::Message) || cell.is_traced();
        let entered = if in_place && by_loop {
            cell.try_enter(Entry::WithSpan)
        } else {
            None
        };
        if let Some(entered) = entered {
            entered.run_message(message);
            if let Some(reply) = slot.take_reply() {
                cache::close(node, slot);
                return Poll::Ready(Ok(reply));
            }
        } else {
            let mut message = Some(message);
            match cell.push(&mut message, None) {
                Pushed::Queued => cell.note_mail(),
                refused => return self.refused(cell, slot, message, refused),
            }
        }
        self.progress = Progress::Waiting(Waiting::new(cell, slot, None));
        Poll::Pending
    }
}

impl<S: GenServer, R: Request<S>> fmt::Debug for CallFuture<'_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture")
            .field("server", self.server)
            .finish_non_exhaustive()
    }
}
