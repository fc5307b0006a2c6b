//! Handling messages: plainly, while their handlers do not wait; else as a future that owns the state meanwhile and gives
//! it back. The future's memory is used again for the next message: handling allocates nothing but once.

use std::any::Any;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use super::cell::Cell;
use super::inside::{Home, Inside};
use super::last_message::Kind;
use super::mailbox::{Message, System};
use super::{Described, GenServer, Tried};
use crate::exit_reason::ExitReason;
use crate::guard::catch;
use crate::rt;

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

/// A handler that runs, or the memory of one that ran.
pub(super) trait Handling<S: GenServer>: Any + Send {
    /// Goes on with what was begun. It never unwinds.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Handled<S>>;
}

/// The future of one job after the other.
struct Jobs<F, M> {
    future: Pin<Box<F>>,
    make: M,
}

impl<S, F, M> Handling<S> for Jobs<F, M>
where
    S: GenServer,
    F: Future<Output = Handled<S>> + Send + 'static,
    M: Send + 'static,
{
    #[inline]
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Handled<S>> {
        self.future.as_mut().poll(cx)
    }
}

impl<S: GenServer> Inside<S> {
    /// Begins a job. The one before it is finished.
    #[inline]
    pub(super) fn begin_job(&mut self, home: Box<Home<S>>, job: Job<S>) {
        self.begin_job_with(home, job, handle::<S>);
    }

    #[inline]
    fn begin_job_with<F, M>(&mut self, home: Box<Home<S>>, job: Job<S>, make: M)
    where
        F: Future<Output = Handled<S>> + Send + 'static,
        M: Fn(Box<Home<S>>, Job<S>) -> F + Send + 'static,
    {
        match self.handling_of::<Jobs<F, M>>() {
            Some(jobs) => jobs.future.set((jobs.make)(home, job)),
            None => self.keep_handling(Box::new(Jobs {
                future: Box::pin(make(home, job)),
                make,
            })),
        }
    }
}

impl<S: GenServer> Home<S> {
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

/// What handling messages without waiting came to.
pub(super) enum Halt {
    /// Nothing is left of the batch.
    Empty,
    /// A signal came in: it takes effect before the next message is looked at.
    Signal,
    /// As many as were allowed.
    Spent,
    /// The handler of the message that is left may wait.
    Waits,
    /// The server has to end for this reason, in order. Boxed, because it would make all of them large.
    Ends(Box<ExitReason>),
}

/// What a message whose handler may wait leaves behind.
pub(super) struct Left<S: GenServer> {
    pub(super) message: Option<Message<S>>,
    /// When it was begun, if its time is taken.
    pub(super) start: Option<rt::Instant>,
}

impl<S: GenServer> Left<S> {
    pub(super) const fn new(message: Option<Message<S>>) -> Self {
        Self {
            message,
            start: None,
        }
    }
}

impl Halt {
    #[cold]
    fn ends(reason: ExitReason) -> Self {
        Self::Ends(Box::new(reason))
    }
}

impl<S: GenServer> Cell<S> {
    /// Handles at most `most` messages, one after the other, while their handlers do not wait. One that is left, if any,
    /// comes before the batch.
    ///
    /// The panic of a handler ends it all: they run inside of one guard.
    #[inline]
    pub(super) fn handle_plainly(
        &self,
        inside: &mut Inside<S>,
        left: &mut Left<S>,
        most: &mut u32,
    ) -> Halt {
        let Inside {
            home: Some(home),
            batch,
            tempo,
            ..
        } = inside
        else {
            return Halt::Empty;
        };
        let Home { state, cx, last } = &mut **home;
        let handled = catch(|| {
            let state = state.get_mut();
            let timed = left.message.is_some() || self.is_slow();
            loop {
                let message = match left.message.take() {
                    Some(message) => message,
                    None => {
                        let Some(message) = batch.next() else {
                            return Halt::Empty;
                        };
                        self.mailbox.progress(batch);
                        message
                    }
                };
                if timed && matches!(message, Message::Call(_)) {
                    left.start = self.start_sample(tempo);
                }
                let tried = match message {
                    Message::Cast(cast) => {
                        last.set::<S>(Kind::Cast, || S::describe_cast(&cast));
                        state.try_handle_cast(cast, cx).map(Message::Cast)
                    }
                    Message::Call(call) => {
                        last.set::<S>(Kind::Call, || S::describe_call(&call));
                        state.try_handle_call(call, cx).map(Message::Call)
                    }
                    Message::Info(info) => {
                        last.set::<S>(Kind::Info, || S::describe_info(&info));
                        state.try_handle_info(info, cx).map(Message::Info)
                    }
                    Message::System(system) => match *system {
                        System::Stop(reason) => {
                            last.set::<S>(Kind::Request, || Described::new("to stop"));
                            Tried::Handled(Err(reason))
                        }
                        exit @ System::Exit { .. } => {
                            last.set::<S>(Kind::Exit, || Described::new("of another process"));
                            Tried::Waits(Message::System(Box::new(exit)))
                        }
                    },
                };
                match tried {
                    Tried::Handled(Ok(())) => {}
                    Tried::Handled(Err(reason)) => return Halt::ends(reason),
                    Tried::Waits(message) => {
                        left.message = Some(message);
                        return Halt::Waits;
                    }
                }
                self.count();
                if timed && let Some(start) = left.start.take() {
                    self.sample(tempo, start);
                }
                if cx.is_stopping() {
                    return Halt::ends(cx.take_stop().unwrap_or(ExitReason::Normal));
                }
                if self.is_signalled() {
                    return Halt::Signal;
                }
                *most -= 1;
                if *most == 0 {
                    return Halt::Spent;
                }
            }
        });
        handled.unwrap_or_else(Halt::ends)
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
                Message::System(system) => match *system {
                    System::Exit { from, reason } => {
                        guarded!(S::handle_exit(state, from, reason, cx))
                    }
                    System::Stop(reason) => Ok(Err(reason)),
                },
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
pub(super) struct Guarded<'a, F>(Pin<&'a mut F>);

impl<'a, F> Guarded<'a, F> {
    #[inline]
    pub(super) const fn new(future: Pin<&'a mut F>) -> Self {
        Self(future)
    }
}

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
