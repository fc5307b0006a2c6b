//! Handling one message, `await`s included, as a future that owns the state meanwhile and gives it back.
//!
//! The future's memory is used again for the next message: handling allocates nothing but once.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use super::inside::Home;
use super::mailbox::Message;
use super::{Described, GenServer, Tried};
use crate::exit_reason::ExitReason;
use crate::guard::catch;

/// What there is to do for a server.
pub(super) enum Job<S: GenServer> {
    Handle(Message<S>),
    Terminate(ExitReason),
}

/// The state comes back, with what the job came to.
pub(super) type Handled<S> = (Box<Home<S>>, After);

/// What a job came to.
pub(super) enum After {
    /// On to the next.
    Done,
    /// The server has to end for this reason, in order.
    Ends(ExitReason),
    /// The server has ended, `terminate` included.
    Ended(ExitReason),
}

/// A future for one job after the other.
pub(super) trait Handling<S: GenServer>: Send {
    /// Takes up the next job. The last one is finished.
    fn begin(&mut self, home: Box<Home<S>>, job: Job<S>);
    /// Goes on with the job. It never unwinds.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Handled<S>>;
}

struct Reused<F, M> {
    future: Pin<Box<F>>,
    make: M,
}

impl<S, F, M> Handling<S> for Reused<F, M>
where
    S: GenServer,
    F: Future<Output = Handled<S>> + Send,
    M: Fn(Box<Home<S>>, Job<S>) -> F + Send,
{
    #[inline]
    fn begin(&mut self, home: Box<Home<S>>, job: Job<S>) {
        self.future.set((self.make)(home, job));
    }

    #[inline]
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Handled<S>> {
        self.future.as_mut().poll(cx)
    }
}

/// The future of a server's first job.
pub(super) fn begin<S: GenServer>(home: Box<Home<S>>, job: Job<S>) -> Box<dyn Handling<S>> {
    let make = |home, job| handle(home, job);
    Box::new(Reused {
        future: Box::pin(make(home, job)),
        make,
    })
}

/// What keeps a message from being done at once.
pub(super) enum Obstacle<S: GenServer> {
    /// The server has to end for this reason, in order.
    Ends(ExitReason),
    /// Its handler may wait.
    Waits(Message<S>),
}

impl<S: GenServer> Home<S> {
    /// Handles a message whose handler does not wait. `None`: it is done.
    #[inline]
    pub(super) fn try_handle(&mut self, message: Message<S>) -> Option<Obstacle<S>> {
        let Self { state, cx, last } = self;
        let state = state.get_mut();
        let tried = match message {
            Message::Call(call) => {
                last.set::<S>("call", &S::describe_call(&call));
                wrap(catch(|| state.try_handle_call(call, cx)), Message::Call)
            }
            Message::Cast(cast) => {
                last.set::<S>("cast", &S::describe_cast(&cast));
                wrap(catch(|| state.try_handle_cast(cast, cx)), Message::Cast)
            }
            Message::Info(info) => {
                last.set::<S>("message", &S::describe_info(&info));
                wrap(catch(|| state.try_handle_info(info, cx)), Message::Info)
            }
            Message::Exit { from, reason } => {
                last.set::<S>("exit", &Described::new("of another process"));
                Some(Obstacle::Waits(Message::Exit { from, reason }))
            }
            Message::Stop(reason) => {
                last.set::<S>("request", &Described::new("to stop"));
                Some(Obstacle::Ends(reason))
            }
        };
        if tried.is_none() && cx.is_stopping() {
            return cx.take_stop().map(Obstacle::Ends);
        }
        tried
    }

    /// Terminates, where that does not wait. `Some`: it is done, and this is the reason the server ends with.
    pub(super) fn try_terminate(&mut self, reason: &ExitReason) -> Option<ExitReason> {
        let Self { state, cx, .. } = self;
        let ended = match catch(|| state.get_mut().try_terminate(reason, cx)) {
            Ok(true) => reason.clone(),
            Ok(false) => return None,
            // OTP: a `terminate` that fails is the reason then.
            Err(panic) => panic,
        };
        cx.send_held_replies();
        Some(ended)
    }
}

#[inline]
fn wrap<S: GenServer, M>(
    tried: Result<Tried<M>, ExitReason>,
    message: impl FnOnce(M) -> Message<S>,
) -> Option<Obstacle<S>> {
    match tried {
        Ok(Tried::Handled(Ok(()))) => None,
        Ok(Tried::Waits(waits)) => Some(Obstacle::Waits(message(waits))),
        Ok(Tried::Handled(Err(reason))) | Err(reason) => Some(Obstacle::Ends(reason)),
    }
}

/// Calls user code and polls the future it gives; a panic in either becomes an exit reason. The state is outside of that
/// future, so that it is whole when the future has unwound.
macro_rules! guarded {
    ($call:expr) => {
        match catch(|| $call) {
            Ok(future) => Guarded(pin!(future)).await,
            Err(reason) => Err(reason),
        }
    };
}

async fn handle<S: GenServer>(mut home: Box<Home<S>>, job: Job<S>) -> Handled<S> {
    let Home { state, cx, .. } = &mut *home;
    let state = state.get_mut();
    let after = match job {
        Job::Handle(message) => {
            let handled = match message {
                Message::Call(call) => guarded!(S::handle_call(state, call, cx)),
                Message::Cast(cast) => guarded!(S::handle_cast(state, cast, cx)),
                Message::Info(info) => guarded!(S::handle_info(state, info, cx)),
                Message::Exit { from, reason } => guarded!(S::handle_exit(state, from, reason, cx)),
                Message::Stop(reason) => Ok(Err(reason)),
            };
            match (handled, home.cx.take_stop()) {
                (Ok(Ok(())), None) => After::Done,
                (Ok(Ok(())), Some(reason)) | (Ok(Err(reason)) | Err(reason), _) => {
                    After::Ends(reason)
                }
            }
        }
        Job::Terminate(reason) => {
            let terminated = guarded!(S::terminate(state, &reason, cx));
            home.cx.send_held_replies();
            // OTP: a `terminate` that fails is the reason then.
            After::Ended(terminated.err().unwrap_or(reason))
        }
    };
    (home, after)
}

/// Polls user code; a panic becomes an exit reason.
struct Guarded<'a, F>(Pin<&'a mut F>);

impl<F: Future> Future for Guarded<'_, F> {
    type Output = Result<F::Output, ExitReason>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match catch(|| self.0.as_mut().poll(cx)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(reason) => Poll::Ready(Err(reason)),
        }
    }
}

/// The message that is, or was last, handled.
#[derive(Default)]
pub(super) struct LastMessage {
    kind: &'static str,
    name: &'static str,
    /// With its arguments, where the server asked for that.
    text: Option<Box<str>>,
}

impl LastMessage {
    #[inline]
    pub(super) fn set<S: GenServer>(&mut self, kind: &'static str, described: &Described<'_>) {
        self.kind = kind;
        self.name = described.name();
        if S::OPTIONS.last_message {
            self.text = Some(crate::report::text(format_args!("{described}")).into_boxed_str());
        }
    }
}

impl std::fmt::Display for LastMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.text {
            Some(text) => write!(f, "{} {text}", self.kind),
            None if self.kind.is_empty() => Ok(()),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}
