//! Calls: the builder a client method returns, and its future.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use super::cell::Cell;
use super::in_place::Answered;
use super::mailbox::{Message, Refused};
use super::reply::Opened;
use super::waiting::{Vigil, Waiting};
use super::word::WORK;
use super::{CallError, GenServer, Inline, Request, ServerRef};
use crate::current::{self, MAX_DEPTH};
use crate::guard::discard;
use crate::rt::{self, Instant, Sleep};

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
/// except by [`ReplyTo::is_closed`]. Its late reply is dropped, and never reaches another call.
#[must_use = "a call does nothing unless it is awaited"]
pub struct Call<'a, S: GenServer, R> {
    server: &'a ServerRef<S>,
    request: R,
    timeout: Option<Duration>,
}

impl<'a, S: GenServer, R> Call<'a, S, R> {
    pub(super) const fn new(server: &'a ServerRef<S>, request: R) -> Self {
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
    type Output = Result<R::Reply, CallError>;
    type IntoFuture = CallFuture<'a, S, R>;

    #[inline]
    fn into_future(self) -> CallFuture<'a, S, R> {
        CallFuture {
            server: self.server,
            timeout: self.timeout,
            request: Some(self.request),
            phase: Phase::Done,
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
    timeout: Option<Duration>,
    /// What is still to be sent.
    request: Option<R>,
    /// What is waited for, once it was sent.
    phase: Phase<'a, S, R>,
}

enum Phase<'a, S: GenServer, R: Request<S>> {
    Done,
    /// The mailbox is full.
    Room(Box<Crowded<S, R>>),
    /// The call is on its way.
    Waiting(Waiting<'a, S, R>),
    /// The server dies of this call, or stops with it; a reply comes after its end.
    Dying(Box<(Option<R::Reply>, Vigil)>),
}

struct Crowded<S: GenServer, R: Request<S>> {
    cell: Arc<Cell<S>>,
    slot: Opened<R::Reply>,
    message: Message<S>,
    deadline: Option<Instant>,
    sleep: Option<Sleep>,
}

// Nothing in it is ever pinned.
impl<S: GenServer, R: Request<S>> Unpin for CallFuture<'_, S, R> {}

type Polled<R> = Poll<Result<R, CallError>>;

impl<S: GenServer, R: Request<S>> Future for CallFuture<'_, S, R> {
    type Output = Result<R::Reply, CallError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Polled<R::Reply> {
        if self.request.is_some() {
            ready!(rt::poll_budget(cx));
            if let Some(request) = self.request.take() {
                let server = self.server;
                let started = match server.address.direct() {
                    Some(cell) => self.start(cell, request, cx),
                    None => match server.address.get() {
                        Some(cell) => self.start(&cell, request, cx),
                        None => {
                            discard(request);
                            Err(CallError::NoProc)
                        }
                    },
                };
                match started {
                    Ok(Some(reply)) => return Poll::Ready(Ok(reply)),
                    Ok(None) => {}
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
        }
        self.poll_sent(cx)
    }
}

impl<S: GenServer, R: Request<S>> CallFuture<'_, S, R> {
    /// Answers in place, or puts the call on its way.
    #[inline]
    fn start(
        &mut self,
        cell: &Arc<Cell<S>>,
        request: R,
        cx: &TaskContext<'_>,
    ) -> Result<Option<R::Reply>, CallError> {
        let (me, depth) = current::get();
        if me == Some(cell.pid()) {
            discard(request);
            return Err(CallError::CallingSelf);
        }
        let in_place = !matches!(S::OPTIONS.inline, Inline::Never)
            && depth < MAX_DEPTH
            && self.timeout != Some(Duration::ZERO)
            && rt::runs_on(cell.header().node.runtime_id, cx);
        if R::SYNC && in_place && cell.come_in(0) {
            match cell.answer(request) {
                Answered::Reply(reply) => Ok(Some(reply)),
                Answered::Parting(reply) => self.part(cell, reply),
                Answered::Cannot(request) => self.send(cell, request, false),
            }
        } else {
            self.send(cell, request, in_place && !R::SYNC)
        }
    }

    /// Puts the call on its way: to the server loop in place if that may be, else into the mailbox.
    fn send(
        &mut self,
        cell: &Arc<Cell<S>>,
        request: R,
        in_place: bool,
    ) -> Result<Option<R::Reply>, CallError> {
        let (slot, reply) = self.server.slots.open();
        let message = Message::Call(request.into_call(reply));
        if in_place && cell.come_in(WORK) {
            cell.drive(message);
        } else {
            match cell.mailbox.push(message, None) {
                Ok(()) => cell.notify(),
                Err(Refused::Closed(message)) => {
                    discard(message);
                    return Err(CallError::NoProc);
                }
                Err(Refused::Full(message)) => {
                    let deadline = self.timeout.map(rt::deadline);
                    let sleep =
                        deadline.map(|deadline| cell.header().node.runtime.sleep_until(deadline));
                    let cell = Arc::clone(cell);
                    self.phase = Phase::Room(Box::new(Crowded {
                        cell,
                        slot,
                        message,
                        deadline,
                        sleep,
                    }));
                    return Ok(None);
                }
            }
        }
        self.phase = Phase::Waiting(Waiting::new(self.server, Arc::clone(cell), slot, None));
        Ok(None)
    }

    /// The handler crashed, or stopped the server: the caller learns the outcome when that is done.
    #[cold]
    fn part(
        &mut self,
        cell: &Arc<Cell<S>>,
        reply: Option<R::Reply>,
    ) -> Result<Option<R::Reply>, CallError> {
        match (cell.header().exit_reason(), reply) {
            (Some(_), Some(reply)) => Ok(Some(reply)),
            (Some(reason), None) => Err(CallError::Exited(reason.clone())),
            (None, reply) => {
                self.phase = Phase::Dying(Box::new((
                    reply,
                    Vigil::new(cell, self.timeout.map(rt::deadline)),
                )));
                Ok(None)
            }
        }
    }

    fn poll_sent(&mut self, cx: &mut TaskContext<'_>) -> Polled<R::Reply> {
        if let Phase::Room(_) = self.phase {
            ready!(self.poll_room(cx))?;
        }
        let polled = match &mut self.phase {
            Phase::Waiting(waiting) => ready!(waiting.poll(self.timeout, cx)),
            Phase::Dying(dying) => {
                let (reply, vigil) = &mut **dying;
                match (ready!(vigil.poll(self.timeout, cx)), reply.take()) {
                    (CallError::Exited(_), Some(reply)) => Ok(reply),
                    (error, _) => Err(error),
                }
            }
            Phase::Room(_) | Phase::Done => panic!("a call was polled after its end"),
        };
        self.phase = Phase::Done;
        Poll::Ready(polled)
    }

    /// Waits for room in the mailbox, within the call's timeout.
    fn poll_room(&mut self, cx: &mut TaskContext<'_>) -> Polled<()> {
        let Phase::Room(crowded) = std::mem::replace(&mut self.phase, Phase::Done) else {
            return Poll::Ready(Ok(()));
        };
        let Crowded {
            cell,
            slot,
            message,
            deadline,
            mut sleep,
        } = *crowded;
        match cell.mailbox.push(message, Some(cx.waker())) {
            Ok(()) => {
                cell.notify();
                self.phase = Phase::Waiting(Waiting::new(self.server, cell, slot, deadline));
                Poll::Ready(Ok(()))
            }
            Err(Refused::Closed(message)) => {
                discard(message);
                let reason = cell.header().exit_reason().cloned();
                Poll::Ready(Err(reason.map_or(CallError::NoProc, CallError::Exited)))
            }
            Err(Refused::Full(message)) => {
                if let Some(sleep) = &mut sleep {
                    if Pin::new(sleep).poll(cx).is_ready() {
                        discard(message);
                        return Poll::Ready(Err(CallError::Timeout(
                            self.timeout.unwrap_or_default(),
                        )));
                    }
                }
                self.phase = Phase::Room(Box::new(Crowded {
                    cell,
                    slot,
                    message,
                    deadline,
                    sleep,
                }));
                Poll::Pending
            }
        }
    }
}

impl<S: GenServer, R: Request<S>> fmt::Debug for CallFuture<'_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture")
            .field("server", self.server)
            .finish_non_exhaustive()
    }
}
