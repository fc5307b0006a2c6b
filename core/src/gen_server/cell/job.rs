//! A job: handling one message, or `terminate`, as a future that owns the state meanwhile and gives it back.
//!
//! The future's memory is used again for the next job: handling allocates nothing but once.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use super::Body;
use super::core::Core;
use super::handling::{Handled, Handling, Step};
use super::instance::{Instance, Kept};
use super::message::Mail;
use crate::catch::{Caught, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::large::{ByValue, Carry, is_large, makes_large};
use crate::process::pid::Pid;

/// What there is to do for a server.
pub(super) enum Job<M> {
    Handle(M),
    Terminate(ExitReason),
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

impl<S: GenServer> Body<S> {
    /// Whether messages, and the futures of their handlers, are handed on as pointers.
    pub(super) const BY_POINTER: bool =
        is_large::<Mail<S>>() || makes_large(&run_job::<ByValue, S>);
}

impl<S: GenServer> Core<S> {
    /// Takes up a job that may wait, or goes on with the one that has the state.
    pub(super) fn poll_handling<C: Carry>(
        &mut self,
        pid: Pid,
        job: Option<Job<C::Message<Mail<S>>>>,
        cx: &mut Context<'_>,
    ) -> Poll<Step> {
        if let Some(job) = job {
            let Some(instance) = self.instance.take().map(Kept::take) else {
                return Poll::Pending;
            };
            self.begin_job(instance, job, run_job::<C, S>);
        }
        let Some(handling) = self.handlings.running() else {
            return Poll::Pending;
        };
        let (instance, step) = ready!(handling.poll(cx));
        self.instance = Some(Kept::new(instance));
        Poll::Ready(match step {
            Ok(step) => step,
            Err(reason) => {
                self.terminates.set(pid, reason);
                Step::Done
            }
        })
    }

    /// Begins a job. The one before it is finished.
    #[inline]
    fn begin_job<J, F, M>(&mut self, instance: Box<Instance<S>>, job: J, make: M)
    where
        F: Future<Output = Handled<S>> + Send + 'static,
        M: Fn(Box<Instance<S>>, J) -> F + Send + 'static,
    {
        match self.handlings.get::<Jobs<F, M>>() {
            Some(jobs) => jobs.future.set((jobs.make)(instance, job)),
            None => self.handlings.keep(Box::new(Jobs {
                future: Box::pin(make(instance, job)),
                make,
            })),
        }
    }
}

/// The state is outside the futures of handlers, so that it is whole when one has unwound.
async fn run_job<C: Carry, S: GenServer>(
    mut instance: Box<Instance<S>>,
    job: Job<C::Message<Mail<S>>>,
) -> Handled<S> {
    let Instance { state, cx, .. } = &mut *instance;
    let state = state.get_mut();
    let step = match job {
        Job::Handle(message) => {
            let handled = Mail::handle::<C>(message, state, cx).await;
            match (handled, cx.take_stop()) {
                (Ok(()), None) => Ok(Step::Done),
                (Ok(()), Some(reason)) | (Err(reason), _) => Err(reason),
            }
        }
        Job::Terminate(reason) => {
            let terminated = terminate::<C, S>(state, cx, &reason).await;
            cx.send_held_replies();
            // OTP: a `terminate` that fails is the reason then.
            Ok(Step::Exited(terminated.err().unwrap_or(reason)))
        }
    };
    (instance, step)
}

async fn terminate<C: Carry, S: GenServer>(
    state: &mut S,
    cx: &mut crate::gen_server::Context<S>,
    reason: &ExitReason,
) -> Result<(), ExitReason> {
    let mut args = Some((state, cx));
    let mut future = None;
    catch_dyn(&mut || {
        if let Some((state, cx)) = args.take() {
            future = Some(C::begin_with(|| S::terminate(state, reason, cx)));
        }
    })?;
    Caught::new(pin!(future)).await
}
