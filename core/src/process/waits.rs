//! Which process waits for which, for those who look for circles: for an answer, for a start, for an end. Of a call it is noted
//! when it has taken long: the others are none of theirs, and cost nothing.

use std::collections::HashSet;

use crate::process::node;
use crate::process::pid::Pid;
use crate::process::{Process, current};
use crate::sync::Arc;

/// That the running process waits for another one, until the value is dropped.
pub(crate) struct Waits {
    by: Arc<dyn Process>,
    on: Pid,
    /// How much it had handled: with another message before it, it does not wait any more, whoever keeps the future.
    handled: u64,
}

impl Waits {
    /// `None`: no process runs here.
    pub(crate) fn note(on: Pid) -> Option<Self> {
        Some(Self::by(node::process(current::pid()?)?, on))
    }

    pub(crate) fn by(by: Arc<dyn Process>, on: Pid) -> Self {
        let handled = by.snapshot().handled;
        by.header().add_wait(on, handled);
        Self { by, on, handled }
    }

    /// Notes it for the process that polls, which need not be the one that did before, nor for the same message: a future may be
    /// moved, and kept.
    pub(crate) fn note_anew(noted: &mut Option<Self>, on: Pid) {
        let holds = match noted {
            Some(noted) => noted.holds(),
            None => current::pid().is_none(),
        };
        if !holds {
            *noted = Self::note(on);
        }
    }

    /// Whether the running process waits in the handler in which this was noted.
    fn holds(&self) -> bool {
        current::pid() == Some(self.by.header().pid) && self.by.snapshot().handled == self.handled
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.by.header().forget_wait(self.on);
    }
}

/// Whom a process waits for.
fn waits_of(process: &dyn Process) -> Vec<Pid> {
    process.header().waits(process.snapshot().handled)
}

/// These processes, and all that they wait for, perhaps through others.
pub(crate) fn reached_from(processes: impl Iterator<Item = Pid>) -> HashSet<Pid> {
    let mut reached: HashSet<_> = processes.collect();
    let mut next: Vec<_> = reached.iter().copied().collect();
    while let Some(process) = next.pop().map(node::process) {
        let waits = process.map_or_else(Vec::new, |process| waits_of(&*process));
        next.extend(waits.into_iter().filter(|on| reached.insert(*on)));
    }
    reached
}

/// Looks for processes that wait for a certain one, perhaps through others. Whoever was looked at once is not looked at again,
/// from wherever the search comes.
pub(crate) struct Search {
    to: Pid,
    seen: HashSet<Pid>,
}

impl Search {
    pub(crate) fn to(to: Pid) -> Self {
        Self {
            to,
            seen: HashSet::new(),
        }
    }

    /// Whether it is found from here. If it is, the search is over.
    pub(crate) fn reaches_from(&mut self, from: Pid) -> bool {
        let mut next = Vec::new();
        if self.seen.insert(from) {
            next.push(from);
        }
        while let Some(pid) = next.pop() {
            let Some(process) = node::process(pid) else {
                continue;
            };
            for on in waits_of(&*process) {
                if on == self.to {
                    return true;
                }
                if self.seen.insert(on) {
                    next.push(on);
                }
            }
        }
        false
    }
}
