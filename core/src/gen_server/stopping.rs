//! Stopping a server and waiting for its end: in place if it is idle, as its calls are answered, else by its own task.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use tracing::Span;

use super::cell::Cell;
use super::last_message::Kind;
use super::{Described, GenServer, Inline};
use crate::current::{self, MAX_DEPTH};
use crate::exit_reason::ExitReason;
use crate::process::monitor::monitor;
use crate::rt;
use crate::stop::{Stop, StopError};
use crate::sync::lock;

/// Stops a server in order: what is queued is handled, `terminate` runs.
pub(super) async fn stop<S: GenServer>(
    cell: Arc<Cell<S>>,
    reason: ExitReason,
) -> Result<(), StopError> {
    let ends = poll_fn(|cx| Poll::Ready(cell.stop_in_place(&reason, cx))).await;
    if !ends {
        let ask = || cell.request_stop(reason.clone());
        return Stop::of(cell.pid(), &reason, ask).await;
    }
    if cell.header().exit_reason().is_none() {
        // Its `terminate` waits for something.
        monitor(cell.pid()).await;
    }
    let ended = cell.header().exit_reason().cloned();
    Stop::judge(&reason, ended.unwrap_or(ExitReason::NoProc))
}

impl<S: GenServer> Cell<S> {
    /// Comes in, and ends the server. `false`: it has to be asked.
    fn stop_in_place(self: &Arc<Self>, reason: &ExitReason, cx: &mut TaskContext<'_>) -> bool {
        let (me, depth) = current::get();
        let in_place = me != Some(self.pid())
            && !matches!(S::OPTIONS.inline, Inline::Never)
            && depth < MAX_DEPTH
            && rt::runs_on(self.header.node.runtime_id, cx)
            // Without budget left, the way by the server's task lets others run.
            && rt::poll_budget(cx).is_ready();
        if !in_place || !self.come_in_with_span() {
            return false;
        }
        match self.try_to_end(reason) {
            Some(ended) => self.finish(&ended, true),
            None => self.part(reason.clone()),
        }
        true
    }

    /// Terminates, if that does not wait. A signal comes before it, so then it is left to the server loop.
    fn try_to_end(&self, reason: &ExitReason) -> Option<ExitReason> {
        let inside = &mut *lock(&self.inside);
        let home = inside.home.as_mut()?;
        home.last
            .set::<S>(Kind::Request, || Described::new("to stop"));
        if self.is_signalled() {
            return None;
        }
        let _scope = current::enter(self.pid());
        let _entered = inside.span.as_deref().map(Span::enter);
        home.try_terminate(reason)
    }
}
