//! Casts and other messages nobody waits for: the builder, its future, and what can go wrong.

use std::error::Error;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::gen_server::cell::Cell;
use crate::gen_server::cell::mailbox::Pushed;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::cell::state::Entry;
use crate::gen_server::client::waiting::Found;
use crate::gen_server::{GenServer, Mailbox, ServerRef};
use crate::guard::discard;
use crate::process::current::{self, MAX_DEPTH};
use crate::rt::{self, Sleep};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// A cast, or another message, that was not sent yet. `.await` sends it.
///
/// A sender waits for room in a bounded mailbox, at most as long as a call would: 5 s unless [`timeout`](Self::timeout)
/// says otherwise. It never waits for the handler. What was sent is lost when the server dies first, as in OTP.
///
/// # Errors
///
/// `.await` gives a [`CastError`]; it is fine to ignore it where OTP's `cast` would say `ok`.
///
/// # Cancel safety
///
/// The message is queued in the last step. A future that is dropped before that loses the message, and sends nothing.
#[must_use = "a cast does nothing unless it is awaited or sent with `try_send`"]
pub struct Cast<'a, S: GenServer> {
    server: &'a ServerRef<S>,
    message: Mail<S>,
    timeout: Option<Duration>,
}

impl<'a, S: GenServer> Cast<'a, S> {
    #[inline]
    pub(in crate::gen_server) const fn new(server: &'a ServerRef<S>, message: Mail<S>) -> Self {
        Self {
            server,
            message,
            timeout: Some(DEFAULT_TIMEOUT),
        }
    }

    /// Waits at most this long for room in the mailbox.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends without waiting.
    ///
    /// # Errors
    ///
    /// There is no such process, or its mailbox is full.
    pub fn try_send(self) -> Result<(), TrySendError> {
        let mut message = Some(self.message);
        let pushed = match Found::find(&self.server.address) {
            Some(cell) => push(&cell, &mut message, None),
            None => Pushed::Closed,
        };
        match pushed {
            Pushed::Queued => return Ok(()),
            Pushed::Full => discard(message),
            Pushed::Closed => {
                discard(message);
                return Err(TrySendError::NoProc);
            }
        }
        Err(TrySendError::Full)
    }
}

impl<'a, S: GenServer> IntoFuture for Cast<'a, S> {
    type Output = Result<(), CastError>;
    type IntoFuture = CastFuture<'a, S>;

    #[inline]
    fn into_future(self) -> CastFuture<'a, S> {
        CastFuture {
            server: self.server,
            message: Some(self.message),
            timeout: self.timeout,
            crowded: None,
        }
    }
}

impl<S: GenServer> fmt::Debug for Cast<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cast")
            .field("server", self.server)
            .finish_non_exhaustive()
    }
}

/// The future of a [`Cast`].
#[must_use = "futures do nothing unless polled"]
pub struct CastFuture<'a, S: GenServer> {
    server: &'a ServerRef<S>,
    message: Option<Mail<S>>,
    timeout: Option<Duration>,
    crowded: Option<Box<Crowded<S>>>,
}

/// A sender who waits for room: in the mailbox of this incarnation, not of the next.
struct Crowded<S: GenServer> {
    cell: Arc<Cell<S>>,
    sleep: Option<Sleep>,
}

// Nothing in it is ever pinned.
impl<S: GenServer> Unpin for CastFuture<'_, S> {}

impl<S: GenServer> Future for CastFuture<'_, S> {
    type Output = Result<(), CastError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        if S::OPTIONS.inline_casts {
            std::task::ready!(rt::poll_budget(cx));
        }
        let this = &mut *self;
        let pushed = match (this.server.address.direct(), &this.crowded) {
            (Some(cell), None) => push(cell, &mut this.message, Some(cx)),
            _ => this.push_found(cx),
        };
        if matches!(pushed, Pushed::Queued) {
            return Poll::Ready(Ok(()));
        }
        this.refused(pushed, cx)
    }
}

impl<S: GenServer> CastFuture<'_, S> {
    #[inline(never)]
    fn push_found(&mut self, cx: &mut TaskContext<'_>) -> Pushed {
        let known = self.crowded.as_ref().map(|crowded| &crowded.cell);
        match Found::known(known, &self.server.address) {
            Some(cell) => push(&cell, &mut self.message, Some(cx)),
            None => Pushed::Closed,
        }
    }

    #[cold]
    #[inline(never)]
    fn refused(&mut self, pushed: Pushed, cx: &mut TaskContext<'_>) -> Poll<Result<(), CastError>> {
        assert!(self.message.is_some(), "a cast was polled after its end");
        match pushed {
            Pushed::Closed => {
                discard(self.message.take());
                Poll::Ready(Err(CastError::NoProc))
            }
            // Not full, but flooded: this task is woken again after the others had their turn.
            _ if matches!(S::OPTIONS.mailbox, Mailbox::Unbounded) => Poll::Pending,
            _ => self.wait(cx),
        }
    }

    fn wait(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), CastError>> {
        if self.crowded.is_none() {
            let timeout = self.timeout;
            self.crowded = self.server.address.get().map(|cell| {
                let runtime = &cell.header().node.runtime;
                let sleep = timeout.map(|timeout| runtime.sleep_until(rt::deadline(timeout)));
                Box::new(Crowded { cell, sleep })
            });
        }
        let error = match &mut self.crowded {
            None => CastError::NoProc,
            Some(crowded) => match &mut crowded.sleep {
                None => return Poll::Pending,
                Some(sleep) => {
                    std::task::ready!(Pin::new(sleep).poll(cx));
                    CastError::Timeout(self.timeout.unwrap_or_default())
                }
            },
        };
        discard(self.message.take());
        Poll::Ready(Err(error))
    }
}

/// Sends the message to this server, unless it is refused.
#[inline(always)]
fn push<S: GenServer>(
    cell: &Arc<Cell<S>>,
    message: &mut Option<Mail<S>>,
    cx: Option<&mut TaskContext<'_>>,
) -> Pushed {
    let mut cx = cx;
    if S::OPTIONS.inline_casts
        && cx
            .as_ref()
            .is_some_and(|cx| rt::runs_on(cell.header().node.runtime_id, cx))
        && current::get().1 < MAX_DEPTH
        && message.is_some()
        && let Some(entered) = cell.try_enter(Entry::WithSpan)
    {
        match message.take() {
            Some(message) => entered.run_message(message),
            None => entered.leave(),
        }
        return Pushed::Queued;
    }
    // A bounded mailbox makes its senders wait. An unbounded one, once flooded, at least makes them yield.
    if let (true, Some(cx)) = (cell.is_flooded(), &mut cx)
        && rt::poll_budget(cx).is_pending()
    {
        return Pushed::Full;
    }
    let pushed = cell.push(message, cx.map(|cx| cx.waker()));
    if matches!(pushed, Pushed::Queued) {
        cell.note_mail();
    }
    pushed
}

impl<S: GenServer> fmt::Debug for CastFuture<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CastFuture")
            .field("server", self.server)
            .finish_non_exhaustive()
    }
}

/// Error returned by awaiting a [`Cast`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CastError {
    /// There is no such process.
    NoProc,
    /// There was no room in the mailbox within this time.
    Timeout(Duration),
}

/// Error returned by [`Cast::try_send`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrySendError {
    /// There is no such process.
    NoProc,
    /// The mailbox is full.
    Full,
}

impl fmt::Display for CastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProc => f.write_str("no process to cast to"),
            Self::Timeout(after) => write!(f, "no room in the mailbox within {after:?}"),
        }
    }
}

impl fmt::Display for TrySendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoProc => "no process to send to",
            Self::Full => "the mailbox is full",
        })
    }
}

impl Error for CastError {}
impl Error for TrySendError {}
