//! A stop inline: the caller enters the idle server, and ends it.

use std::task::Context as TaskContext;

use super::Cell;
use super::state::Entry;
use crate::exit_reason::ExitReason;
use crate::gen_server::{GenServer, Inline};
use crate::process::current;
use crate::rt;
use crate::sync::Arc;

impl<S: GenServer> Cell<S> {
    /// Enters, and ends the server. `false`: it has to be asked.
    pub(in crate::gen_server) fn try_stop(
        self: &Arc<Self>,
        reason: &ExitReason,
        cx: &mut TaskContext<'_>,
    ) -> bool {
        if !self.any().may_stop_inline(cx) {
            return false;
        }
        let Some(entered) = self.try_enter(Entry::WithSpan) else {
            return false;
        };
        match self.any().body.try_stop(self.any(), reason) {
            Some(ended) => entered.running().exit(&ended, true),
            None => entered.terminate(reason.clone()),
        }
        true
    }
}

impl super::AnyCell {
    #[inline]
    fn may_stop_inline(&self, cx: &mut TaskContext<'_>) -> bool {
        let (me, room) = current::get();
        me != Some(self.pid())
            && !matches!(self.body.options().inline, Inline::Never)
            && room.is_enough()
            && rt::runs_on(self.header.node.runtime_id, cx)
            // Without budget left, the way by the server's task lets others run.
            && rt::poll_budget(cx).is_ready()
    }
}
