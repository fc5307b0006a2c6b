//! The exit of a server, in the one order that lets nobody see half of it.
//!
//! It has two halves. To be **marked** dead takes no user code: anybody may do it who has the right to run the server, and
//! from then on it counts as dead. To be **buried** does: what it holds is dropped, and then its death announced. That is
//! done by those whom the server's own code may hold up: its task, its starter, or a caller who runs it. Others, its parent
//! or a process that it is linked with, leave it to the task, unless there is nothing to drop that could block.

use super::run::Running;
use super::state::Wake;
use super::turns::Turns;
use super::{AnyCell, Cell};
use crate::exit_reason::ExitReason;
use crate::gen_server::{GenServer, report};
use crate::planted::{Bug, planted};
use crate::process::status::ProcessStatus;
use crate::process::{Header, Signal, current, deferred, runtime_gone};
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
        let _late = self.cell().free_name_late();
        let cell = self.cell();
        deferred::scope(|| {
            let first = cell.mark_exited(reason);
            if first && by_itself && !reason.is_expected() {
                cell.drop_unread();
                cell.report_crash(reason);
            }
            cell.bury(Header::announce);
        });
        self.leave_buried();
    }

    /// Ends the server for a signal, in the hands of one whom it must not hold up. What it holds is dropped by its own task,
    /// and its death announced then; `true`: there was nothing, and it is done.
    pub(super) fn exit_by_stranger(
        self,
        reason: &ExitReason,
        announce: fn(&Header, &ExitReason),
    ) -> (bool, Wake) {
        deferred::scope(|| {
            self.cell().mark_exited(reason);
            self.bury_or_leave(announce)
        })
    }

    /// Buries a server that holds nothing; leaves another one to its task.
    fn bury_or_leave(self, announce: fn(&Header, &ExitReason)) -> (bool, Wake) {
        let cell = self.cell();
        let seen = cell.state.snapshot();
        let nothing = seen.is_buried()
            || (!seen.is_awaiting()
                && !cell.has_belongings()
                && cell.body.holds_nothing()
                && !cell.header.has_struck());
        if nothing || planted(Bug::StrangersBury) {
            cell.bury(announce);
            self.leave_buried();
            return (true, Wake::No);
        }
        let wake = cell.state.leave_to_task();
        let forgotten = planted(Bug::BurialForgotten);
        (false, if forgotten { Wake::No } else { wake })
    }

    /// Drops what the dead server holds, and announces its death.
    pub(super) fn bury(self) {
        let cell = self.cell();
        deferred::scope(|| cell.bury(Header::announce));
        self.leave_buried();
    }

    fn leave_buried(self) {
        let cell = self.cell();
        cell.state.leave_buried();
        cell.end_task();
    }
}

impl AnyCell {
    /// Makes the exit true for everybody who asks. `false`: it was before.
    fn mark_exited(&self, reason: &ExitReason) -> bool {
        if !self.header.set_exit_reason(reason.clone()) {
            return false;
        }
        // First its supervisor: who waits for room in the mailbox may end of this at once.
        self.header.node.note_missed(&self.header, Vec::new());
        self.state.note_dead();
        self.body.close_mailbox();
        if !planted(Bug::NameFreedAfterDeath) {
            self.header.node.free_name(&self.header);
        }
        true
    }

    #[inline(always)]
    fn bury(&self, announce: fn(&Header, &ExitReason)) {
        {
            let _scope = current::enter(self.pid());
            self.body.drop_unread();
            self.body.drop_contents();
            self.drop_belongings();
        }
        self.header.drop_struck();
        abandoned::notify(self.pid());
        self.announce(announce);
    }

    fn announce(&self, announce: fn(&Header, &ExitReason)) {
        if let Some(reason) = self.header.exit_reason() {
            announce(&self.header, reason);
        }
    }

    fn report_crash(&self, reason: &ExitReason) {
        report::server_terminated(
            &self.header,
            self.body.type_name(),
            reason,
            &|| self.body.shown(self),
            &self.kept_events(),
        );
    }

    /// Drops what is left in the closed mailbox, as the server.
    fn drop_unread(&self) {
        let _scope = current::enter(self.pid());
        self.body.drop_unread();
    }

    /// Announces the death of a server that is stuck in a poll. What runs it buries it on leaving, if it ever leaves.
    pub(super) fn fence(self: &Arc<Self>, reason: &ExitReason) {
        let running = self.enter_anyway();
        let stuck = running.is_none();
        deferred::scope(|| {
            self.mark_exited(reason);
            self.header.leave_struck();
            self.announce(Header::announce);
        });
        if let Some(running) = running
            && running.bury_or_leave(Header::announce).1 == Wake::Task
        {
            self.wake_or_spawn();
        }
        if stuck {
            // Nobody else would tell the callers of what is queued.
            let cell = Arc::clone(self);
            self.header.node.runtime.spawn(async move {
                cell.drop_unread();
                abandoned::notify(cell.pid());
            });
        }
    }

    /// Ends a server whose runtime is shutting down: it has no task any more that could bury it.
    pub(super) fn end_with_runtime(&self) {
        match self.enter_anyway() {
            Some(running) => running.exit(&runtime_gone(), false),
            // What runs it drops the rest on leaving, if it ever leaves.
            None => deferred::scope(|| {
                self.mark_exited(&runtime_gone());
                self.drop_unread();
                self.header.drop_struck();
                abandoned::notify(self.pid());
                self.announce(Header::announce);
            }),
        }
    }

    /// What the process table shows.
    pub(super) fn info(&self) -> ProcessStatus {
        ProcessStatus {
            status: self.state.snapshot().status(),
            mailbox_len: self.body.mailbox_len(),
            handled: self.handled.load(Ordering::Relaxed),
            dropped: self.dropped(),
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
        Ok(match reason {
            Some(reason) => {
                let (gone, wake) = running.exit_by_stranger(&reason, Header::announce_to_others);
                (gone.then_some(reason), wake)
            }
            // It is to terminate first.
            None => (None, running.run(Turns::SIGNALS)),
        })
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

/// Frees the name on drop, in a task of its own.
#[cfg(suptree_planted_bugs)]
struct NameFreedLate(Option<Arc<dyn crate::process::Process>>);

#[cfg(suptree_planted_bugs)]
impl AnyCell {
    fn free_name_late(&self) -> NameFreedLate {
        let bug = planted(Bug::NameFreedAfterDeath);
        NameFreedLate(bug.then(|| self.header.node.process(self.pid())).flatten())
    }
}

#[cfg(suptree_planted_bugs)]
impl Drop for NameFreedLate {
    fn drop(&mut self) {
        if let Some(late) = self.0.take() {
            let runtime = late.header().node.runtime.clone();
            runtime.spawn(async move { late.header().node.note_dead(late.header(), Vec::new()) });
        }
    }
}
