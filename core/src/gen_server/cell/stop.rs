//! A stop in place: the caller is inside of the idle server, and ends it.

use std::task::Context as TaskContext;

use tracing::Span;

use crate::exit_reason::ExitReason;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::last_message::Kind;
use crate::gen_server::{Described, GenServer, Inline};
use crate::process::current::{self, MAX_DEPTH};
use crate::rt;
use crate::sync::{Arc, lock};

impl<S: GenServer> Cell<S> {
    /// Comes in, and ends the server. `false`: it has to be asked.
    pub(in crate::gen_server) fn stop_in_place(
        self: &Arc<Self>,
        reason: &ExitReason,
        cx: &mut TaskContext<'_>,
    ) -> bool {
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
