//! A job: handling one message, or `terminate`, as a future that owns the state meanwhile and gives it back.
//!
//! The future's memory is used again for the next job: handling allocates nothing but once.

use std::any::Any;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::cell::core::{Home, Inside};
use crate::gen_server::cell::mailbox::{Message, System};

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
