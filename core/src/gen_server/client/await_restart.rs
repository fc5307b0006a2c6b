//! `AwaitRestart`: a call or a cast by name that waits while the holder of the name is restarted.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::failed::Failed;
use crate::keep_args::{KeepArgs, KeepsArgs};
use crate::process::await_holder::{AwaitHolder, Found};
use crate::process::clock::Clock;
use crate::process::name::Name;
use crate::process::timer::Timer;
use crate::rt::{self, Instant};

/// A call or a cast by name that waits while the holder of the name is restarted; made by
/// [`Call::await_restart`](crate::Call::await_restart) and [`Cast::await_restart`](crate::Cast::await_restart).
///
/// # Errors
///
/// Those of the call or the cast, and `NotRestarted` when the time is over before the name is held again.
///
/// # Cancel safety
///
/// That of the call or the cast. Dropped while it waits for a restart, it leaves nothing behind, and nothing was sent.
#[derive(Debug)]
#[must_use = "this does nothing unless it is awaited"]
pub struct AwaitRestart<F> {
    sent: F,
    limit: Option<Limit>,
    // It names no type of `F`'s. Whether a future that holds this one is `Send` is asked with any lifetime in the place of
    // `'static`, and then the types of a call whose reply is a `&'static str` cannot be found.
    waits: Option<Box<Waits>>,
}

/// How long all of it may take.
#[derive(Clone, Copy, Debug)]
struct Limit {
    timeout: Option<Duration>,
    deadline: Option<Instant>,
}

/// The wait for a holder.
struct Waits {
    holder: AwaitHolder,
    timer: Option<Timer>,
    /// What it gives where there is none to be waited for, if it has tried.
    tried: Option<Undelivered>,
}

impl std::fmt::Debug for Waits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.holder.fmt(f)
    }
}

/// Why it was not delivered: the server that it was for was dead before it got it.
#[derive(Debug)]
pub enum Undelivered {
    /// Nobody was found.
    NoProc,
    /// It waited for room in the mailbox of a server that ended.
    Exited(ExitReason),
}

/// What can be sent again where it was not delivered.
pub trait Resend: KeepsArgs {
    /// Where it goes, if that is a name.
    fn name(&self) -> Option<&Name>;
    /// Whether the holder of the name is being started by its supervisor.
    fn finds_starting(&self) -> bool;
    /// How long it may take. Not called like a method of the future's: rustc would offer to import this one.
    fn allowed(&mut self) -> &mut Option<Duration>;
    /// Sends it, or goes on where it is on its way. What is refused stays in it.
    fn poll_send(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<Self::Value, Self::Error>>;
    /// Whether it has failed because it was not delivered. Another error comes back.
    fn undelivered(&self, error: Self::Error) -> Result<Undelivered, Self::Error>;
    /// The error that this was.
    fn failed(undelivered: Undelivered) -> Self::Error;
    /// It is over: what was refused is dropped.
    fn discard(&mut self);
    /// It is over: what was refused comes back.
    fn keep(&mut self, error: Self::Error) -> Failed<Self::Error, Self::Args>;
    /// The error of a name that nobody held in time.
    fn not_restarted() -> Self::Error;
    /// The error, as one of the whole time.
    fn within(error: Self::Error, timeout: Duration) -> Self::Error;
}

impl<F: Resend> AwaitRestart<F> {
    pub(super) const fn new(sent: F) -> Self {
        Self {
            sent,
            limit: None,
            waits: None,
        }
    }

    /// If it is not sent, its arguments come back with the error: see [`Call::keep_args`](crate::Call::keep_args).
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Press;
    /// # #[genserver(name = "press")]
    /// # impl Press { #[call] fn print(&mut self, page: String) -> usize { page.len() } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let printing = Press::named().print("A long page").await_restart().keep_args().await;
    /// assert_eq!(printing.unwrap_err().into_args(), Some("A long page".to_owned()));
    /// # }
    /// ```
    pub const fn keep_args(self) -> KeepArgs<Self> {
        KeepArgs::new(self)
    }

    /// Sends it, as often as it is not delivered. Ready with an error, it still has what was refused.
    fn poll_send(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<F::Value, F::Error>> {
        let limit = match self.limit {
            Some(limit) => limit,
            None => self.begin(),
        };
        loop {
            if let Some(waits) = &mut self.waits {
                match waits.poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Waited::Over) => {
                        self.waits = None;
                        return Poll::Ready(Err(F::not_restarted()));
                    }
                    Poll::Ready(Waited::For(found)) => {
                        let waits = self.waits.take();
                        if let (Found::Nobody, Some(tried)) =
                            (found, waits.and_then(|waits| waits.tried))
                        {
                            return Poll::Ready(Err(F::failed(tried)));
                        }
                        *self.sent.allowed() = limit.left();
                    }
                }
            }
            let error = match ready!(self.sent.poll_send(cx)) {
                Ok(value) => return Poll::Ready(Ok(value)),
                Err(error) => error,
            };
            match self.sent.undelivered(error) {
                Ok(tried) if self.sent.name().is_some() => self.wait(limit, Some(tried)),
                Ok(tried) => return Poll::Ready(Err(F::failed(tried))),
                Err(error) => {
                    let whole = limit.timeout.unwrap_or_default();
                    return Poll::Ready(Err(F::within(error, whole)));
                }
            }
        }
    }

    fn begin(&mut self) -> Limit {
        let timeout = *self.sent.allowed();
        let limit = Limit {
            timeout,
            deadline: timeout.map(rt::deadline),
        };
        self.limit = Some(limit);
        if self.sent.finds_starting() {
            self.wait(limit, None);
        }
        limit
    }

    fn wait(&mut self, limit: Limit, tried: Option<Undelivered>) {
        let Some(name) = self.sent.name() else {
            return;
        };
        self.waits = Some(Box::new(Waits {
            holder: AwaitHolder::new(name.clone()),
            timer: limit
                .deadline
                .map(|deadline| Timer::new(deadline, Clock::here())),
            tried,
        }));
    }
}

impl Limit {
    fn left(self) -> Option<Duration> {
        self.deadline
            .map(|deadline| deadline.saturating_duration_since(rt::now()))
    }
}

/// What a wait has come to.
enum Waited {
    For(Found),
    /// The time is over.
    Over,
}

impl Waits {
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Waited> {
        ready!(rt::poll_budget(cx));
        if let Poll::Ready(found) = self.holder.poll(cx) {
            return Poll::Ready(Waited::For(found));
        }
        match &mut self.timer {
            Some(timer) => timer.poll(cx).map(|()| Waited::Over),
            None => Poll::Pending,
        }
    }
}

impl<F: Resend> Future for AwaitRestart<F> {
    type Output = Result<F::Value, F::Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let sent = ready!(self.poll_send(cx));
        if sent.is_err() {
            self.sent.discard();
        }
        Poll::Ready(sent)
    }
}

// Nothing in it is ever pinned.
impl<F> Unpin for AwaitRestart<F> {}

impl<F: Resend> KeepsArgs for AwaitRestart<F> {
    type Value = F::Value;
    type Error = F::Error;
    type Args = F::Args;

    fn poll_keeping(
        &mut self,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<F::Value, Failed<F::Error, F::Args>>> {
        match ready!(self.poll_send(cx)) {
            Ok(value) => Poll::Ready(Ok(value)),
            Err(error) => Poll::Ready(Err(self.sent.keep(error))),
        }
    }
}
