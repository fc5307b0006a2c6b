//! What is inside of a cell: what only the one who is inside touches.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use tracing::Span;

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::job::{After, Handling, Job};
use crate::gen_server::cell::last_message::LastMessage;
use crate::gen_server::cell::mailbox::Batch;
use crate::gen_server::cell::tempo::Tempo;
use crate::gen_server::context::Context;
use crate::guard::Guarded;
use crate::process::pid::Pid;
use crate::reply::abandoned::AbandonedCalls;

/// What only the one who is inside touches.
pub(super) struct Inside<S: GenServer> {
    /// The state, unless a handler that waits has it. Boxed: it moves between here and there, whatever its size.
    pub(super) home: Option<Box<Home<S>>>,
    /// Messages swapped out of the mailbox and not yet handled.
    pub(super) batch: Batch<S>,
    /// The server has to terminate for this reason, before anything else; or it has ended for it.
    parting: Option<ExitReason>,
    /// Calls that were dropped unanswered by what it terminates for: they get its exit reason.
    forsaken: AbandonedCalls,
    /// Handlers that may wait: the last one runs, or ran; the others are kept for their memory.
    handlings: Vec<Box<dyn Handling<S>>>,
    /// What `tracing` knows it by, where somebody listens.
    pub(super) span: Option<Box<Span>>,
    /// The cell itself, as the waker its handlers see.
    waker: Option<Waker>,
    pub(super) tempo: Tempo,
}

/// The state and its context.
pub(crate) struct Home<S: GenServer> {
    pub(super) state: Guarded<S>,
    pub(super) cx: Context<S>,
    pub(super) last: LastMessage,
}

impl<S: GenServer> Inside<S> {
    pub(super) const fn new() -> Self {
        Self {
            home: None,
            batch: Batch::new(),
            parting: None,
            forsaken: AbandonedCalls::new(),
            handlings: Vec::new(),
            span: None,
            waker: None,
            tempo: Tempo::new(),
        }
    }

    /// Takes out everything that has to be dropped, to be dropped outside of the lock.
    pub(super) fn empty(&mut self) -> impl Sized + use<S> {
        let batch = std::mem::replace(&mut self.batch, Batch::new());
        // The handler first: it may have the state, and ends before it.
        (
            Guarded::new(std::mem::take(&mut self.handlings)),
            batch,
            self.home.take(),
            self.waker.take(),
            self.parting.take(),
            std::mem::take(&mut self.forsaken),
        )
    }

    /// The server has to end. Whom it leaves without a reply hears of it when it has ended.
    pub(super) fn ends(&mut self, by: Pid, reason: ExitReason) {
        self.parting = Some(reason);
        self.forsaken = AbandonedCalls::take(by);
    }

    /// It has ended, `terminate` included.
    pub(super) fn has_ended(&mut self, reason: ExitReason) {
        self.parting = Some(reason);
    }

    /// Why it has to terminate, or why it has ended.
    #[inline]
    pub(super) fn take_parting(&mut self) -> Option<ExitReason> {
        self.parting.take()
    }

    #[inline]
    pub(super) const fn is_parting(&self) -> bool {
        self.parting.is_some()
    }

    /// Takes up a job that may wait, or goes on with the one that has the state.
    pub(super) fn poll_handling(
        &mut self,
        job: Option<Job<S>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<After> {
        if let Some(job) = job {
            let Some(home) = self.home.take() else {
                return Poll::Pending;
            };
            self.begin_job(home, job);
        }
        let Some(handling) = self.handlings.last_mut() else {
            return Poll::Pending;
        };
        let (home, after) = std::task::ready!(handling.poll(cx));
        self.home = Some(home);
        Poll::Ready(after)
    }

    /// The handler of this type that was kept. It is now the one that runs.
    #[inline]
    pub(super) fn handling_of<H: Handling<S>>(&mut self) -> Option<&mut H> {
        let is = |handling: &dyn Handling<S>| (handling as &dyn Any).is::<H>();
        let last = self.handlings.len().checked_sub(1)?;
        if !is(&*self.handlings[last]) {
            let at = self.handlings.iter().position(|handling| is(&**handling))?;
            self.handlings.swap(at, last);
        }
        (&mut *self.handlings[last] as &mut dyn Any).downcast_mut()
    }

    /// Keeps a handler. It is now the one that runs.
    #[cold]
    pub(super) fn keep_handling(&mut self, handling: Box<dyn Handling<S>>) {
        self.handlings.push(handling);
    }

    /// For where the inside cannot be borrowed meanwhile.
    #[inline]
    pub(super) fn cloned_span(&self) -> Option<Box<Span>> {
        self.span.clone()
    }

    #[inline]
    pub(super) fn take_waker(&mut self, cell: &Arc<Cell<S>>) -> Waker {
        self.waker
            .take()
            .unwrap_or_else(|| Waker::from(Arc::clone(cell)))
    }

    #[inline]
    pub(super) fn keep_waker(&mut self, waker: Waker) {
        self.waker = Some(waker);
    }
}
