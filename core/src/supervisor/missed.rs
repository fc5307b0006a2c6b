//! Which children a supervisor misses: those that are dead and are to be started again. Its tree is not ready while there are any,
//! and callers of their names may wait for them.

use std::any::Any;

use crate::planted::{Bug, planted};
use crate::process::line::Woken;
use crate::process::vacancy::Absence;
use crate::process::{Header, Process};
use crate::supervisor::inbox::Inbox;
use crate::supervisor::late_exits;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::{Arc, lock};

impl SupervisorProcess {
    /// A child is dead that is to be started again.
    pub(super) fn miss_child(self: &Arc<Self>, child: &Header, absences: Vec<Absence>) {
        let (woken, refused, watch) = {
            let mut inbox = lock(&self.inbox);
            if inbox.closed {
                drop(inbox);
                return drop(absences);
            }
            child.course.set_missed(true);
            inbox.missed += 1;
            let complete = planted(Bug::DeadCountsAsRunning) && inbox.complete;
            let woken = self.set_complete(&mut inbox, complete);
            let watch = !inbox.ends && inbox.note_death(child.pid);
            if inbox.last {
                (woken, absences, watch)
            } else {
                inbox.absent.add(child.pid, absences);
                (woken, Vec::new(), watch)
            }
        };
        if watch {
            late_exits::watch(self);
        }
        woken.notify();
        drop(refused);
    }

    /// The child that was being started runs: from here on it is missed when it ends, which it may have by now.
    pub(super) fn note_started(self: &Arc<Self>, key: ChildKey, child: &dyn Process) {
        let any: &dyn Any = child;
        if let Some(supervisor) = any.downcast_ref::<Self>() {
            supervisor.readiness().stand_below(self.readiness());
        }
        let child = child.header();
        if !child.note_had() {
            let absences = self.header().node.expect(child).into_iter().collect();
            self.miss_child(child, absences);
        }
        self.pulse.beat();
        let (started, absences) = {
            let mut inbox = lock(&self.inbox);
            (inbox.starting.take(), inbox.absent.take(key))
        };
        // Ids guard themselves.
        drop(started);
        drop(absences);
        self.header().node.note_started(child);
    }

    /// What the supervisor does about the end of this child it does now.
    pub(super) fn note_seen(&self, key: ChildKey, child: &Header) {
        let mut inbox = lock(&self.inbox);
        if child.course.set_missed(false) {
            inbox.missed -= 1;
        }
        inbox.note_seen(child.pid);
        inbox.absent.see(key, child.pid);
    }

    /// A child is back; or it does not come back.
    pub(super) fn note_back(&self, key: ChildKey) {
        let absences = lock(&self.inbox).absent.take(key);
        drop(absences);
    }

    /// An event was seen to. `restarting`: there are children that it has to start again.
    pub(super) fn settle(&self, restarting: bool) {
        let (woken, absences) = {
            let mut inbox = lock(&self.inbox);
            let complete = !restarting && inbox.missed == 0 && !inbox.ends;
            let woken = self.set_complete(&mut inbox, complete);
            let absences = (!restarting).then(|| inbox.absent.take_seen());
            (woken, absences)
        };
        woken.notify();
        drop(absences);
    }

    /// It stops its children, for good. `they_return`: they are started again if it is. `true`: none of them returns.
    pub(super) fn begin_end(&self, they_return: bool) -> bool {
        let (woken, last, absences) = {
            let mut inbox = lock(&self.inbox);
            inbox.ends = true;
            let woken = self.set_complete(&mut inbox, false);
            // Where nobody starts the supervisor again, nobody returns.
            inbox.last = !they_return || !self.header().is_supervised();
            (
                woken,
                inbox.last,
                inbox.last.then(|| inbox.absent.take_all()),
            )
        };
        woken.notify();
        drop(absences);
        last
    }

    fn set_complete(&self, inbox: &mut Inbox, complete: bool) -> Woken {
        if std::mem::replace(&mut inbox.complete, complete) == complete {
            return Woken::default();
        }
        self.readiness().set_complete(complete)
    }
}
