//! `StartChildSpec`: the start of a child by its specification, as a future of its pid; and how any start of a child is asked for.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::failed::Failed;
use crate::keep_args::{KeepArgs, KeepsArgs};
use crate::process::address::Nobody;
use crate::process::pid::Pid;
use crate::reply::ReplyTo;
use crate::supervisor::ask::ask;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::offer::Offer;
use crate::supervisor::request::{StartChildError, SupervisorRequest};
use crate::supervisor::supervisor_process::SupervisorProcess;

type Started = Result<Pid, StartChildError>;

/// A supervisor that is asked for a child when this is first polled.
pub(super) enum AskForChild {
    Unasked(Result<Arc<SupervisorProcess>, Nobody>),
    Asked(Pin<Box<dyn Future<Output = Started> + Send>>),
}

impl AskForChild {
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        request: impl FnOnce(ReplyTo<Started>) -> SupervisorRequest + Send + 'static,
    ) -> Poll<Started> {
        if let Self::Unasked(supervisor) = self {
            let supervisor = std::mem::replace(supervisor, Err(Nobody::NoProc));
            let asked = ask(supervisor, request);
            *self = Self::Asked(Box::pin(async move {
                asked.await.map_err(StartChildError::Call)?
            }));
        }
        match self {
            Self::Asked(asked) => asked.as_mut().poll(cx),
            Self::Unasked(_) => unreachable!("it was asked above"),
        }
    }
}

/// The start of a child, by [`SupervisorRef::start_child`](crate::SupervisorRef::start_child): a future of its pid.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Cache;
/// # #[genserver] impl Cache {}
/// use suptree::{CallError, StartChildError};
///
/// supervisor! { App { strategy: one_for_one, children: [] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (first, second) = (App::start_link().await?, App::start_link().await?);
/// first.stop().await?;
/// let refused = first.start_child(Cache::child_spec()).keep_args().await.unwrap_err();
/// assert_eq!(refused, StartChildError::Call(CallError::NoProc));
/// let spec = refused.into_args().expect("nobody has it");
/// second.start_child(spec).await?; // the same, elsewhere
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// A [`StartChildError`]; see [`start_child`](crate::SupervisorRef::start_child). With [`keep_args`](Self::keep_args) the
/// specification of a child that did not start comes back with it.
///
/// # Cancel safety
///
/// The supervisor is asked when the future is first polled. The child is started even if the future is dropped then.
#[must_use = "a child does not start unless this is awaited"]
pub struct StartChildSpec {
    supervisor: AskForChild,
    offer: Arc<Offer>,
}

impl StartChildSpec {
    pub(super) fn new(supervisor: Result<Arc<SupervisorProcess>, Nobody>, spec: ChildSpec) -> Self {
        Self {
            supervisor: AskForChild::Unasked(supervisor),
            offer: Arc::new(Offer::new(spec)),
        }
    }

    /// If the child does not start, its specification comes back with the error, to be tried again or given to another supervisor:
    /// whatever the reason, its own failure and the supervisor's end among them.
    ///
    /// What does not come back is what the supervisor keeps: the specification of a child that has ignored its start, which
    /// [`restart_child`](crate::SupervisorRef::restart_child) starts; and that of a child whose start blocks the thread of a
    /// supervisor which is left behind for it.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    /// # supervisor! { App { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?; // with a child "cache"
    /// if let Err(failed) = app.start_child(Cache::child_spec()).keep_args().await {
    ///     let spec = failed.into_args().expect("the supervisor has another one");
    ///     app.start_child(spec.with_id("second cache")).await?;
    /// }
    /// assert_eq!(app.count_children().await?.active, 2);
    /// # Ok(()) }
    /// ```
    pub const fn keep_args(self) -> KeepArgs<Self> {
        KeepArgs::new(self)
    }

    fn poll_started(&mut self, cx: &mut Context<'_>) -> Poll<Started> {
        let offer = Arc::clone(&self.offer);
        self.supervisor
            .poll(cx, |reply| SupervisorRequest::StartChild(offer, reply))
    }
}

impl Future for StartChildSpec {
    type Output = Result<Pid, StartChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_started(cx)
    }
}

impl KeepsArgs for StartChildSpec {
    type Value = Pid;
    type Error = StartChildError;
    type Args = ChildSpec;

    fn poll_keeping(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Pid, Failed<StartChildError, ChildSpec>>> {
        let started = ready!(self.poll_started(cx));
        Poll::Ready(started.map_err(|error| Failed::refused(error, self.offer.take())))
    }
}

impl fmt::Debug for StartChildSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartChildSpec").finish_non_exhaustive()
    }
}
