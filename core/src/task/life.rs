//! The task of the runtime that a task lives in: it polls the future as the process, and buries it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::output::TaskOutput;
use super::process::TaskProcess;
use super::report;
use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::guard::{Guarded, discard};
use crate::panic::Panic;
use crate::process::{Process as _, current, deferred, runtime_gone};
use crate::reply::abandoned;
use crate::sync::Arc;

/// A task's future. It gives the reason for which the task ends.
pub(super) type Work = Guarded<Pin<Box<dyn Ends + Send>>>;

/// The future of a task, whatever it gives. An `async` block around it, which turns its output into a reason, would be twice as large.
pub(super) trait Ends {
    fn poll_reason(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason>;
}

impl<F: Future<Output: TaskOutput>> Ends for F {
    fn poll_reason(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        self.poll(cx).map(TaskOutput::into_exit_reason)
    }
}

/// The life of a task. Dropped before its end, the runtime is shutting down; or it panics, which only a bug of the crate's own
/// can do.
pub(super) struct TaskLife {
    me: Arc<TaskProcess>,
    /// Until it is over.
    work: Option<Work>,
    polled: bool,
}

impl TaskLife {
    pub(super) const fn new(me: Arc<TaskProcess>, work: Work) -> Self {
        Self {
            me,
            work: Some(work),
            polled: false,
        }
    }
}

impl Future for TaskLife {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.polled = true;
        let Self { me, work, .. } = &mut *self;
        let ended = match (me.poll_end(cx), &mut *work) {
            (_, None) => return Poll::Ready(()),
            (Some(reason), _) => Some((reason, false)),
            (None, Some(work)) => poll_work(me, work, cx).map(|reason| (reason, true)),
        };
        if let Some((reason, by_itself)) = ended {
            bury(me, &reason, by_itself, work.take());
        }
        let over = work.is_none();
        self.polled = false;
        if over { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Polls the future, as the process. `Some`: it is over.
fn poll_work(me: &TaskProcess, work: &mut Work, cx: &mut Context<'_>) -> Option<ExitReason> {
    me.note_poll();
    let polled = {
        let _scope = current::enter(me.pid());
        catch(|| work.get_mut().as_mut().poll_reason(cx))
    };
    match polled {
        Ok(Poll::Pending) => {
            me.note_poll();
            // It may go on on another thread, which would not know of the replies it dropped on this one.
            abandoned::notify(me.pid());
            None
        }
        Ok(Poll::Ready(reason)) => Some(me.reason_of(reason)),
        Err(panic) => Some(panic),
    }
}

/// The exit of a task, in the order every process dies in: it is dead, its future is dropped, those who wait for its answers are
/// told, then links, monitors and the parent.
pub(super) fn bury(me: &TaskProcess, reason: &ExitReason, by_itself: bool, work: Option<Work>) {
    deferred::scope(|| {
        let first = me.mark_exited(reason);
        if first && by_itself && !reason.is_expected() {
            report::task_terminated(me, reason);
        }
        {
            let _scope = current::enter(me.pid());
            discard(work);
        }
        me.header().drop_struck();
        abandoned::notify(me.pid());
        me.leave_server();
        me.announce();
    });
}

impl Drop for TaskLife {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            let reason = if self.polled {
                ExitReason::Panic(Panic::of_a_task().into())
            } else {
                runtime_gone()
            };
            bury(&self.me, &reason, false, Some(work));
        }
    }
}
