//! The death of a server, in the one order that lets nobody see half of it.

use std::sync::Arc;

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::run::Stay;
use crate::gen_server::cell::state::{DEAD, RUN, SIGNAL};
use crate::gen_server::report;
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::current;
use crate::process::deferred;
use crate::process::{Header, Process, Signal};
use crate::reply::abandoned;
use crate::sync::lock;

impl<S: GenServer> Cell<S> {
    /// The end, in the one order that lets nobody see half of it: dead and closed, names free, callers told, state
    /// dropped, then links, monitors and the parent. The one who calls is inside, and goes out.
    ///
    /// A server that ended by itself reports it, if the reason is abnormal. One that a signal ended does not,
    /// as in OTP: its supervisor does.
    pub(super) fn finish(self: &Arc<Self>, reason: &ExitReason, by_itself: bool) {
        self.die(reason, by_itself, Header::announce);
        if planted(Bug::NameFreedAfterDeath) {
            let late = Arc::clone(self);
            self.header
                .node
                .runtime
                .spawn(async move { late.header.node.unregister(&*late) });
        }
    }

    /// Sees to a signal of the parent at once, if nobody is inside. `Some`: the server died of it, and its parent, who is
    /// the one who calls, hears of it in this way alone.
    pub(super) fn end_for_parent(self: Arc<Self>, signal: Signal) -> Option<ExitReason> {
        let seen = self.word.load();
        let free = seen & (RUN | SIGNAL | DEAD) == 0 && !planted(Bug::NameFreedAfterDeath);
        if !free || self.word.swap(seen, seen | RUN).is_err() {
            deferred::scope(|| self.signal(signal));
            return None;
        }
        let reason = self.weigh(signal);
        match &reason {
            Some(reason) => self.die(reason, false, Header::announce_to_others),
            // It is to terminate first.
            None => self.run(Stay::SIGNALS),
        }
        reason
    }

    fn die(&self, reason: &ExitReason, by_itself: bool, announce: fn(&Header, &ExitReason)) {
        deferred::scope(|| {
            let first = self.publish(reason);
            if first && by_itself && !reason.is_expected() {
                self.report_crash(reason);
            }
            self.dispose();
            if first {
                abandoned::notify(self.pid());
                announce(&self.header, reason);
            }
        });
        self.word.clear(RUN);
        self.end_task();
    }

    /// Makes the death true for everybody who asks. `false`: it was before.
    pub(super) fn publish(&self, reason: &ExitReason) -> bool {
        if !self.header.set_exit_reason(reason.clone()) {
            return false;
        }
        self.word.set(DEAD);
        let unread = self.mailbox.close();
        if !planted(Bug::NameFreedAfterDeath) {
            self.header.node.unregister(self);
        }
        let _scope = current::enter(self.pid());
        drop(unread);
        true
    }

    fn report_crash(&self, reason: &ExitReason) {
        let last = || {
            let inside = lock(&self.inside);
            let last = inside.home.as_ref().map(|home| home.last.to_string());
            last.filter(|text| !text.is_empty())
        };
        let state = || {
            let inside = lock(&self.inside);
            let home = inside.home.as_ref()?;
            let _scope = current::enter(self.pid());
            crate::text::debug(|| home.state.get().debug_state())
        };
        report::server_terminated(&self.header, self.type_name(), reason, last, state);
    }

    /// Drops what is inside, each value guarded.
    pub(super) fn dispose(&self) {
        let remains = lock(&self.inside).empty();
        let _scope = current::enter(self.pid());
        discard(remains);
    }

    /// The task has nothing left to wait for.
    pub(super) fn end_task(&self) {
        if let Some(waker) = self.task.get() {
            waker.wake_by_ref();
        }
    }
}
