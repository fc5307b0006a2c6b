//! Calls: the builder a client method returns, its future, and what can go wrong.

use std::error::Error;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use super::cell::Cell;
use super::mailbox::{Message, Refused};
use super::reply::{Answer, Slot};
use super::word::WORK;
use super::{GenServer, Inline, ReplyTo, Request, ServerRef};
use crate::current::{self, MAX_DEPTH};
use crate::exit_reason::ExitReason;
use crate::process::monitor::{Monitor, monitor};
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
        Self { server, request, timeout: Some(DEFAULT_TIMEOUT) }
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
        CallFuture { server: self.server, timeout: self.timeout, phase: Phase::Start(self.request) }
    }
}

impl<S: GenServer, R> fmt::Debug for Call<'_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("server", self.server).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// The future of a [`Call`].
#[must_use = "futures do nothing unless polled"]
pub struct CallFuture<'a, S: GenServer, R: Request<S>> {
    server: &'a ServerRef<S>,
    timeout: Option<Duration>,
    phase: Phase<S, R>,
}

enum Phase<S: GenServer, R: Request<S>> {
    Start(R),
    /// The mailbox is full.
    Room(Box<Crowded<S, R>>),
    /// The call is on its way.
    Waiting { cell: Arc<Cell<S>>, slot: Arc<Slot<R::Reply>>, deadline: Option<Instant>, vigil: Option<Box<Vigil>> },
    /// The server dies of this call, or stops with it; a reply comes after its end.
    Dying(Box<(Option<R::Reply>, Monitor)>),
    Done,
}

struct Crowded<S: GenServer, R: Request<S>> {
    cell: Arc<Cell<S>>,
    slot: Arc<Slot<R::Reply>>,
    message: Message<S>,
    deadline: Option<Instant>,
    sleep: Option<Sleep>,
}

/// What a caller sets up who has waited for a while.
struct Vigil {
    sleep: Option<Sleep>,
    death: Monitor,
}

// Nothing in it is ever pinned.
impl<S: GenServer, R: Request<S>> Unpin for CallFuture<'_, S, R> {}

type Polled<R> = Poll<Result<R, CallError>>;

impl<S: GenServer, R: Request<S>> Future for CallFuture<'_, S, R> {
    type Output = Result<R::Reply, CallError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Polled<R::Reply> {
        if matches!(self.phase, Phase::Start(_)) {
            ready!(rt::poll_budget(cx));
            let Phase::Start(request) = std::mem::replace(&mut self.phase, Phase::Done) else {
                return Poll::Pending;
            };
            let server = self.server;
            let started = server.address.with(|cell| match cell {
                Some(cell) => self.start(cell, request),
                None => Err(CallError::NoProc),
            });
            match started {
                Ok(Some(reply)) => return Poll::Ready(Ok(reply)),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        self.poll_further(cx)
    }
}

impl<S: GenServer, R: Request<S>> CallFuture<'_, S, R> {
    /// Answers in place, or puts the call on its way.
    #[inline]
    fn start(&mut self, cell: &Arc<Cell<S>>, request: R) -> Result<Option<R::Reply>, CallError> {
        let (me, depth) = current::get();
        if me == Some(cell.pid()) {
            return Err(CallError::CallingSelf);
        }
        let in_place = !matches!(S::OPTIONS.inline, Inline::Never)
            && depth < MAX_DEPTH
            && !self.timeout.is_some_and(|timeout| timeout.is_zero())
            && rt::runs_on(cell.header().node.runtime_id);
        let request = if R::SYNC && in_place && cell.come_in(0) {
            match cell.answer(request) {
                Answered::Reply(reply) => return Ok(Some(reply)),
                Answered::Parting(reply) => return self.part(cell, reply),
                Answered::Cannot(request) => request,
            }
        } else {
            request
        };
        let (slot, reply) = Slot::open(&self.server.slots);
        let message = Message::Call(request.into_call(reply));
        if !R::SYNC && in_place && cell.come_in(WORK) {
            cell.drive(message);
        } else {
            match cell.mailbox.push(message, None) {
                Ok(()) => cell.notify(),
                Err(Refused::Closed(message)) => {
                    crate::guard::discard(message);
                    return Err(CallError::NoProc);
                }
                Err(Refused::Full(message)) => {
                    let deadline = self.timeout.map(rt::deadline);
                    let sleep = deadline.map(|deadline| cell.header().node.runtime.sleep_until(deadline));
                    let cell = Arc::clone(cell);
                    self.phase = Phase::Room(Box::new(Crowded { cell, slot, message, deadline, sleep }));
                    return Ok(None);
                }
            }
        }
        self.phase = Phase::Waiting { cell: Arc::clone(cell), slot, deadline: None, vigil: None };
        Ok(None)
    }

    /// The handler crashed, or stopped the server: the caller learns the outcome when that is done.
    #[cold]
    fn part(&mut self, cell: &Arc<Cell<S>>, reply: Option<R::Reply>) -> Result<Option<R::Reply>, CallError> {
        match (cell.header().exit_reason(), reply) {
            (Some(_), Some(reply)) => Ok(Some(reply)),
            (Some(reason), None) => Err(CallError::Exited(reason.clone())),
            (None, reply) => {
                self.phase = Phase::Dying(Box::new((reply, monitor(cell.pid()))));
                Ok(None)
            }
        }
    }

    fn poll_further(&mut self, cx: &mut TaskContext<'_>) -> Polled<R::Reply> {
        loop {
            let polled = match &mut self.phase {
                Phase::Waiting { cell, slot, deadline, vigil } => {
                    let answer = match slot.poll(cx, &cell.header().node.patience) {
                        Poll::Ready(Answer::Impatient) => {
                            match poll_vigil(cell, *deadline, vigil.get_or_insert_with(|| keep_vigil(cell, *deadline)), cx) {
                                Poll::Ready(error) => Poll::Ready(Err(error)),
                                Poll::Pending => return Poll::Pending,
                            }
                        }
                        Poll::Ready(Answer::Reply(reply)) => Poll::Ready(Ok(reply)),
                        Poll::Ready(Answer::Abandoned) => Poll::Ready(Err(match cell.header().exit_reason() {
                            Some(reason) => CallError::Exited(reason.clone()),
                            None => CallError::NoReply,
                        })),
                        Poll::Pending => {
                            // The clock is read by who really waits, and only then.
                            if let (None, Some(timeout)) = (&deadline, self.timeout) {
                                *deadline = Some(rt::deadline(timeout));
                                if timeout.is_zero() {
                                    Poll::Ready(Err(CallError::Timeout(timeout)))
                                } else if timeout < crate::patience::TICK * 2 {
                                    let vigil = vigil.get_or_insert_with(|| keep_vigil(cell, *deadline));
                                    match poll_vigil(cell, *deadline, vigil, cx) {
                                        Poll::Ready(error) => Poll::Ready(Err(error)),
                                        Poll::Pending => return Poll::Pending,
                                    }
                                } else {
                                    return Poll::Pending;
                                }
                            } else if let Some(vigil) = vigil {
                                match poll_vigil(cell, *deadline, vigil, cx) {
                                    Poll::Ready(error) => Poll::Ready(Err(error)),
                                    Poll::Pending => return Poll::Pending,
                                }
                            } else {
                                return Poll::Pending;
                            }
                        }
                    };
                    slot.close();
                    match answer {
                        Poll::Ready(Err(CallError::Timeout(_))) => {
                            Poll::Ready(Err(CallError::Timeout(self.timeout.unwrap_or_default())))
                        }
                        answer => answer,
                    }
                }
                Phase::Dying(dying) => {
                    let down = ready!(Pin::new(&mut dying.1).poll(cx));
                    Poll::Ready(dying.0.take().ok_or(CallError::Exited(down.reason)))
                }
                Phase::Room(_) => {
                    ready!(self.poll_room(cx))?;
                    continue;
                }
                Phase::Start(_) | Phase::Done => panic!("a call was polled after its end"),
            };
            if let Phase::Waiting { slot, .. } = std::mem::replace(&mut self.phase, Phase::Done) {
                self.server.slots.put(slot);
            }
            return polled;
        }
    }

    /// Waits for room in the mailbox, within the call's timeout.
    fn poll_room(&mut self, cx: &mut TaskContext<'_>) -> Polled<()> {
        let Phase::Room(crowded) = std::mem::replace(&mut self.phase, Phase::Done) else {
            return Poll::Ready(Ok(()));
        };
        let Crowded { cell, slot, message, deadline, mut sleep } = *crowded;
        match cell.mailbox.push(message, Some(cx.waker())) {
            Ok(()) => {
                cell.notify();
                self.phase = Phase::Waiting { cell, slot, deadline, vigil: None };
                Poll::Ready(Ok(()))
            }
            Err(Refused::Closed(message)) => {
                crate::guard::discard(message);
                let reason = cell.header().exit_reason().cloned();
                Poll::Ready(Err(reason.map_or(CallError::NoProc, CallError::Exited)))
            }
            Err(Refused::Full(message)) => {
                if let Some(sleep) = &mut sleep {
                    if Pin::new(sleep).poll(cx).is_ready() {
                        crate::guard::discard(message);
                        return Poll::Ready(Err(CallError::Timeout(self.timeout.unwrap_or_default())));
                    }
                }
                self.phase = Phase::Room(Box::new(Crowded { cell, slot, message, deadline, sleep }));
                Poll::Pending
            }
        }
    }
}

impl<S: GenServer, R: Request<S>> Drop for CallFuture<'_, S, R> {
    fn drop(&mut self) {
        if let Phase::Waiting { slot, .. } = std::mem::replace(&mut self.phase, Phase::Done) {
            slot.close();
            self.server.slots.put(slot);
        }
    }
}

fn keep_vigil<S: GenServer>(cell: &Arc<Cell<S>>, deadline: Option<Instant>) -> Box<Vigil> {
    let sleep = deadline.map(|deadline| cell.header().node.runtime.sleep_until(deadline));
    Box::new(Vigil { sleep, death: monitor(cell.pid()) })
}

fn poll_vigil<S: GenServer>(
    cell: &Arc<Cell<S>>,
    _deadline: Option<Instant>,
    vigil: &mut Vigil,
    cx: &mut TaskContext<'_>,
) -> Poll<CallError> {
    if let Poll::Ready(down) = Pin::new(&mut vigil.death).poll(cx) {
        let reason = cell.header().exit_reason().cloned();
        return Poll::Ready(CallError::Exited(reason.unwrap_or(down.reason)));
    }
    match &mut vigil.sleep {
        Some(sleep) => Pin::new(sleep).poll(cx).map(|()| CallError::Timeout(Duration::ZERO)),
        None => Poll::Pending,
    }
}

impl<S: GenServer, R: Request<S>> fmt::Debug for CallFuture<'_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").field("server", self.server).finish_non_exhaustive()
    }
}

/// What came of a call that was tried in place.
pub(super) enum Answered<R, M> {
    Reply(R),
    /// The server ends with it; a reply, if there is one, comes after that.
    Parting(Option<R>),
    Cannot(M),
}

impl<S: GenServer> Cell<S> {
    /// Runs the handler in place. The one who calls is inside, and goes out.
    #[inline]
    fn answer<R: Request<S>>(self: &Arc<Self>, request: R) -> Answered<R::Reply, R> {
        let mut inside = crate::guard::lock(&self.inside);
        let start = (matches!(S::OPTIONS.inline, Inline::Auto) && inside.tempo.samples_next()).then(rt::now);
        let Some(home) = inside.home.as_mut() else {
            drop(inside);
            self.go_out();
            return Answered::Cannot(request);
        };
        if S::OPTIONS.last_message {
            home.last.set::<S>("call", &request.describe());
        }
        let answered = {
            let _scope = current::enter(self.pid());
            crate::guard::catch(|| request.handle(home.state.get_mut(), &mut home.cx))
        };
        match answered {
            Ok(Ok(reply)) if !home.cx.is_stopping() => {
                self.count();
                let slow = start.is_some_and(|start| inside.tempo.sample(rt::now() - start));
                drop(inside);
                if slow {
                    self.word.set(super::word::QUEUE);
                }
                self.go_out();
                Answered::Reply(reply)
            }
            Ok(Err(request)) => {
                drop(inside);
                self.go_out();
                Answered::Cannot(request)
            }
            Ok(Ok(reply)) => {
                let reason = home.cx.take_stop();
                drop(inside);
                self.part(reason.unwrap_or(ExitReason::Normal));
                Answered::Parting(Some(reply))
            }
            Err(reason) => {
                if !S::OPTIONS.last_message {
                    home.last.set::<S>("call", &super::Described::new(R::NAME));
                }
                drop(inside);
                self.part(reason);
                Answered::Parting(None)
            }
        }
    }

    /// Lets the server loop handle a call in place. The one who calls is inside, and goes out.
    #[inline]
    fn drive(self: &Arc<Self>, call: Message<S>) {
        crate::guard::lock(&self.inside).next = Some(call);
        self.run(super::cell::Stay::Turns(1));
    }

    /// Asks the server to stop after what is queued.
    pub(super) fn request_stop(self: &Arc<Self>, reason: ExitReason) {
        if self.mailbox.push_system(Message::Stop(reason)) {
            self.notify();
        }
    }
}

/// A call made by a closure; see [`ServerRef::call_with`].
pub struct CallWith<F, R> {
    message: F,
    reply: PhantomData<fn() -> R>,
}

impl<F, R> CallWith<F, R> {
    pub(super) const fn new(message: F) -> Self {
        Self { message, reply: PhantomData }
    }
}

impl<F, R> fmt::Debug for CallWith<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallWith").finish_non_exhaustive()
    }
}

impl<S, F, R> Request<S> for CallWith<F, R>
where
    S: GenServer,
    R: Send + 'static,
    F: FnOnce(ReplyTo<R>) -> S::Call + Send + 'static,
{
    type Reply = R;

    fn into_call(self, reply: ReplyTo<R>) -> S::Call {
        (self.message)(reply)
    }
}

/// Why a call got no reply. Elixir's caller exits with this; in Rust it is returned, and `?` in a handler passes it on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallError {
    /// There is no such process: it is dead, or nobody holds the name.
    NoProc,
    /// No reply within this time. The server may still handle the call; its reply is dropped then.
    Timeout(Duration),
    /// The server ended before it replied.
    Exited(ExitReason),
    /// A server called itself, which would wait for ever.
    CallingSelf,
    /// The handler dropped its [`ReplyTo`] without a reply.
    NoReply,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("exited in a call: ** (EXIT) ")?;
        match self {
            Self::NoProc => f.write_str(
                "no process: the process is not alive or there's no process currently associated with the given name, \
                 possibly because its supervisor is restarting it",
            ),
            Self::Timeout(after) => write!(f, "time out after {after:?}"),
            Self::Exited(reason) => fmt::Display::fmt(reason, f),
            Self::CallingSelf => f.write_str("process attempted to call itself"),
            Self::NoReply => f.write_str("the handler dropped its ReplyTo without a reply"),
        }
    }
}

impl Error for CallError {}
