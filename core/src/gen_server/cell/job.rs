//! A job: handling one message, or `terminate`, as a future that owns the state meanwhile and gives it back.
//!
//! The future's memory is used again for the next job: handling allocates nothing but once.

use std::any::Any;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use super::core::{Core, Instance, Terminates};
use super::message::Mail;
use crate::catch::{Caught, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::guard::discard;
use crate::process::pid::Pid;

/// What there is to do for a server.
pub(super) enum Job<S: GenServer> {
    Handle(Mail<S>),
    Terminate(ExitReason),
}

/// What a job came to.
pub(super) enum Step {
    /// On to the next; or, where it was noted so, to `terminate`.
    Done,
    /// The server has ended, `terminate` included.
    Exited(ExitReason),
}

/// The state comes back, with what the job came to. An `Err`: the server has to terminate.
pub(super) type Handled<S> = (Box<Instance<S>>, Result<Step, ExitReason>);

/// A handler that runs, or the memory of one that ran.
pub(super) trait Handling<S: GenServer>: Any + Send {
    /// Goes on with what was begun. It never unwinds.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Handled<S>>;
}

/// Handlers that may wait: the last one runs, or ran; the others are kept for their memory.
pub(super) struct Handlings<S: GenServer>(Vec<Box<dyn Handling<S>>>);

impl<S: GenServer> Handlings<S> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Drops them, and the handler that waits with them.
    pub(super) fn drop_all(self) {
        if !self.0.is_empty() {
            discard(self.0);
        }
    }

    /// The handler of this type that was kept. It is now the one that runs.
    #[inline]
    pub(super) fn get<H: Handling<S>>(&mut self) -> Option<&mut H> {
        let is = |handling: &dyn Handling<S>| (handling as &dyn Any).is::<H>();
        let last = self.0.len().checked_sub(1)?;
        if !is(&*self.0[last]) {
            let at = self.0.iter().position(|handling| is(&**handling))?;
            self.0.swap(at, last);
        }
        (&mut *self.0[last] as &mut dyn Any).downcast_mut()
    }

    /// Keeps a handler. It is now the one that runs.
    #[cold]
    pub(super) fn keep(&mut self, handling: Box<dyn Handling<S>>) {
        self.0.push(handling);
    }
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

impl<S: GenServer> Core<S> {
    /// Takes up a job that may wait, or goes on with the one that has the state.
    pub(super) fn poll_handling(
        &mut self,
        pid: Pid,
        job: Option<Job<S>>,
        cx: &mut Context<'_>,
    ) -> Poll<Step> {
        if let Some(job) = job {
            let Some(instance) = self.instance.take() else {
                return Poll::Pending;
            };
            self.begin_job(instance, job, run_job::<S>);
        }
        let Some(handling) = self.handlings.0.last_mut() else {
            return Poll::Pending;
        };
        let (instance, step) = ready!(handling.poll(cx));
        self.instance = Some(instance);
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
    fn begin_job<F, M>(&mut self, instance: Box<Instance<S>>, job: Job<S>, make: M)
    where
        F: Future<Output = Handled<S>> + Send + 'static,
        M: Fn(Box<Instance<S>>, Job<S>) -> F + Send + 'static,
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

impl Terminates {
    /// The server has to terminate. Anyone it leaves without a reply hears of it when it has ended.
    pub(super) fn set(&mut self, by: Pid, reason: ExitReason) {
        self.reason = Some(reason);
        self.abandoned = crate::reply::abandoned::AbandonedCalls::take(by);
    }

    pub(super) fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

/// The state is outside of the futures of handlers, so that it is whole when one has unwound.
async fn run_job<S: GenServer>(mut instance: Box<Instance<S>>, job: Job<S>) -> Handled<S> {
    let Instance { state, cx, .. } = &mut *instance;
    let state = state.get_mut();
    let step = match job {
        Job::Handle(message) => match (message.handle(state, cx).await, cx.take_stop()) {
            (Ok(()), None) => Ok(Step::Done),
            (Ok(()), Some(reason)) | (Err(reason), _) => Err(reason),
        },
        Job::Terminate(reason) => {
            let terminated = terminate(state, cx, &reason).await;
            cx.send_held_replies();
            // OTP: a `terminate` that fails is the reason then.
            Ok(Step::Exited(terminated.err().unwrap_or(reason)))
        }
    };
    (instance, step)
}

async fn terminate<S: GenServer>(
    state: &mut S,
    cx: &mut crate::gen_server::Context<S>,
    reason: &ExitReason,
) -> Result<(), ExitReason> {
    let mut args = Some((state, cx));
    let mut future = None;
    catch_dyn(&mut || {
        if let Some((state, cx)) = args.take() {
            future = Some(S::terminate(state, reason, cx));
        }
    })?;
    match future {
        Some(future) => Caught::new(pin!(future)).await,
        None => Ok(()),
    }
}
