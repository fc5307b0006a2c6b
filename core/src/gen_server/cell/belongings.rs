//! What a server has beside its mailbox and its state: timers, streams, a limit to its wait for a message, requests. It ends with it.

use super::AnyCell;
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::sync::lock;

impl AnyCell {
    /// Whether the server has something beside its mailbox and its state that may be a user's.
    pub(super) fn has_belongings(&self) -> bool {
        self.state.snapshot().may_have_belongings()
            && lock(&self.control)
                .as_ref()
                .is_some_and(|control| control.has_belongings())
    }

    /// The server is dead: what it was to be sent, and was asked, is dropped. Who waits for that hears of the end.
    #[inline]
    pub(super) fn drop_belongings(&self) {
        if self.state.snapshot().may_have_belongings() && !planted(Bug::TimersOutliveTheirServer) {
            self.end_belongings();
        }
    }

    #[cold]
    #[inline(never)]
    fn end_belongings(&self) {
        let (timers, idle, sources, lane) = match &mut *lock(&self.control) {
            Some(control) => (
                control.timers.take(),
                control.idle.take(),
                control.sources.take(),
                control.lane.take(),
            ),
            None => return,
        };
        let keeper = &self.header.node.timers;
        if let Some(idle) = idle {
            idle.end(keeper);
        }
        if let Some(mut timers) = timers {
            timers.end(keeper);
            discard(timers);
        }
        if let Some(sources) = sources {
            sources.end();
        }
        if let Some(lane) = lane {
            lane.end();
        }
    }
}
