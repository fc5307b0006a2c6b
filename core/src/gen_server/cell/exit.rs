//! The exit of a server, in the one order that lets nobody see half of it.

use super::run::Running;
use super::state::Wake;
use super::turns::Turns;
use super::{AnyCell, Cell};
use crate::exit_reason::ExitReason;
use crate::gen_server::{GenServer, report};
use crate::planted::{Bug, planted};
use crate::process::status::ProcessStatus;
use crate::process::{Header, Signal, current, deferred};
use crate::reply::abandoned;
use crate::sync::Arc;
use crate::sync::atomic::Ordering;

impl Running<'_> {
    /// Ends the server, in the one order that lets nobody see half of it: dead and closed, name free, unread messages
    /// dropped, state dropped, callers told, then links, monitors and the parent.
    ///
    /// A server that ended by itself reports it, if the reason is abnormal. One that a signal ended does not,
    /// like in OTP: its supervisor does.
    pub(super) fn exit(self, reason: &ExitReason, by_itself: bool) {
        #[cfg(suptree_planted_bugs)]
        let _late = self.cell().unregister_late();
        self.exit_and(reason, by_itself, Header::announce);
    }

    fn exit_and(self, reason: &ExitReason, by_itself: bool, announce: fn(&Header, &ExitReason)) {
        let cell = self.cell();
        deferred::scope(|| {
            let first = cell.mark_exited(reason);
            if first && by_itself && !reason.is_expected() {
                cell.report_crash(reason);
            }
            cell.drop_contents();
            if first {
                abandoned::notify(cell.pid());
                announce(&cell.header, reason);
            }
        });
        cell.state.leave_dead();
        cell.end_task();
    }
}

impl AnyCell {
    /// Makes the exit true for everybody who asks. `false`: it was before.
    fn mark_exited(&self, reason: &ExitReason) -> bool {
        if !self.header.set_exit_reason(reason.clone()) {
            return false;
        }
        self.state.note_dead();
        self.body.close_mailbox();
        if !planted(Bug::NameFreedAfterDeath) {
            self.header.node.unregister(&self.header);
        }
        let _scope = current::enter(self.pid());
        self.body.drop_unread();
        true
    }

    fn report_crash(&self, reason: &ExitReason) {
        report::server_terminated(
            &self.header,
            self.body.type_name(),
            reason,
            &|| self.body.last_message(),
            &|| self.body.debug_state(self.pid()),
        );
    }

    /// Drops what only the runner touches, as the server.
    pub(super) fn drop_contents(&self) {
        let _scope = current::enter(self.pid());
        self.body.drop_contents();
    }

    /// Announces the death of a server that cannot be reached: stuck in a poll, or on a runtime that is gone.
    pub(super) fn fence(&self, reason: &ExitReason) {
        if let Some(running) = self.enter_anyway() {
            running.exit(reason, false);
        } else if self.mark_exited(reason) {
            // What runs it drops the rest on leaving, if it ever leaves.
            deferred::scope(|| self.header.announce(reason));
        }
        abandoned::notify(self.pid());
    }

    /// What the process table shows.
    pub(super) fn info(&self) -> ProcessStatus {
        ProcessStatus {
            status: self.state.snapshot().status(),
            mailbox_len: self.body.mailbox_len(),
            handled: self.handled.load(Ordering::Relaxed),
            restarts: 0,
        }
    }

    /// Sees to a signal of the parent, if nobody runs the server.
    ///
    /// # Errors
    ///
    /// The signal: it has to be sent.
    fn try_end_for_parent(&self, signal: Signal) -> Result<(Option<ExitReason>, Wake), Signal> {
        if planted(Bug::NameFreedAfterDeath) {
            return Err(signal);
        }
        let Some(running) = self.try_enter_for_parent() else {
            return Err(signal);
        };
        let reason = self.weigh(signal);
        let wake = match &reason {
            Some(reason) => {
                running.exit_and(reason, false, Header::announce_to_others);
                Wake::No
            }
            // It is to terminate first.
            None => running.run(Turns::SIGNALS),
        };
        Ok((reason, wake))
    }
}

impl<S: GenServer> Cell<S> {
    /// Sees to a signal of the parent at once, if nobody runs the server. `Some`: the server died of it, and its parent, who
    /// calls this, hears of it in this way alone.
    pub(super) fn end_for_parent(self: Arc<Self>, signal: Signal) -> Option<ExitReason> {
        match self.any().try_end_for_parent(signal) {
            Ok((reason, wake)) => {
                self.obey(wake);
                reason
            }
            Err(signal) => {
                deferred::send(self, signal);
                None
            }
        }
    }
}

/// Takes the process out of the table on drop, in a task of its own.
#[cfg(suptree_planted_bugs)]
struct UnregisterLate(Option<Arc<dyn crate::process::Process>>);

#[cfg(suptree_planted_bugs)]
impl AnyCell {
    fn unregister_late(&self) -> UnregisterLate {
        let bug = planted(Bug::NameFreedAfterDeath);
        UnregisterLate(bug.then(|| self.header.node.process(self.pid())).flatten())
    }
}

#[cfg(suptree_planted_bugs)]
impl Drop for UnregisterLate {
    fn drop(&mut self) {
        if let Some(late) = self.0.take() {
            let runtime = late.header().node.runtime.clone();
            runtime.spawn(async move { late.header().node.unregister(late.header()) });
        }
    }
}
