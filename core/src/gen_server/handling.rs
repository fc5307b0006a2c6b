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

impl<S: GenServer> Home<S> {
    /// Handles a message whose handler does not wait. Any other comes back.
    #[inline]
    pub(super) fn try_handle(&mut self, message: Message<S>) -> Result<After, Message<S>> {
        self.last.note::<S>(&message);
        let state = self.state.get_mut();
        let cx = &mut self.cx;
        let tried = catch(|| match message {
            Message::Call(call) => wrap(state.try_handle_call(call, cx), Message::Call),
            Message::Cast(cast) => wrap(state.try_handle_cast(cast, cx), Message::Cast),
            Message::Info(info) => wrap(state.try_handle_info(info, cx), Message::Info),
            Message::Stop(reason) => Tried::Handled(Err(reason)),
            Message::Exit { from, reason } => Tried::Waits(Message::Exit { from, reason }),
        });
        match tried {
            Ok(Tried::Waits(message)) => Err(message),
            Ok(Tried::Handled(Ok(()))) => Ok(self.cx.take_stop().map_or(After::Done, After::Ends)),
            Ok(Tried::Handled(Err(reason))) | Err(reason) => Ok(After::Ends(reason)),
        }
    }
}

#[inline]
fn wrap<M, N>(tried: Tried<M>, message: impl FnOnce(M) -> N) -> Tried<N> {
    match tried {
        Tried::Handled(result) => Tried::Handled(result),
        Tried::Waits(waits) => Tried::Waits(message(waits)),
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
    pub(super) fn note<S: GenServer>(&mut self, message: &Message<S>) {
        match message {
            Message::Call(call) => self.set::<S>("call", &S::describe_call(call)),
            Message::Cast(cast) => self.set::<S>("cast", &S::describe_cast(cast)),
            Message::Info(info) => self.set::<S>("message", &S::describe_info(info)),
            Message::Exit { .. } => self.set::<S>("exit", &Described::new("of another process")),
            Message::Stop(_) => self.set::<S>("request", &Described::new("to stop")),
        }
    }

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
