//! Which process waits for which, for those who look for circles: for an answer, for a start, for an end.
//!
//! Of a call it is noted when it has to wait; supervisors look at those that have taken long.

use std::collections::HashSet;

use crate::process::call_cycle::CallCycle;
use crate::process::node;
use crate::process::pid::Pid;
use crate::process::wait_list::{CallWait, Sort, WaitKey};
use crate::process::{Process, current};
use crate::sync::Arc;

/// That the running process waits for another one, until the value is dropped.
pub(crate) struct Waits {
    by: Arc<dyn Process>,
    /// Of no wait, if it is dead.
    key: WaitKey,
    /// How much it had handled: with another message before it, it does not wait any more, whoever keeps the future.
    handled: u64,
}

impl Waits {
    /// `None`: no process runs here.
    pub(crate) fn note(on: Pid) -> Option<Self> {
        Some(Self::by(node::process(current::pid()?)?, on))
    }

    pub(crate) fn by(by: Arc<dyn Process>, on: Pid) -> Self {
        Self::of(by, on, Sort::Other)
    }

    fn of(by: Arc<dyn Process>, on: Pid, sort: Sort) -> Self {
        let handled = by.handled();
        let key = by.header().add_wait(on, handled, sort);
        let key = key.unwrap_or(WaitKey::MAX);
        Self { by, key, handled }
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

    /// Likewise, of a call that a server makes, and that was polled and waits. The cycle that it closes, if it was told so.
    #[cold]
    pub(crate) fn note_call(
        noted: &mut Option<Self>,
        on: Pid,
        call: &mut dyn FnMut() -> CallWait,
    ) -> Option<CallCycle> {
        if let Some(before) = noted
            && before.holds()
        {
            let told = before.again();
            if told.is_some() {
                *noted = None;
            }
            return told;
        }
        // Given up first: it may be of another process.
        *noted = None;
        let by = node::process(current::pid()?)?;
        if by.is_server() {
            *noted = Some(Self::of(by, on, Sort::Call(call())));
        }
        None
    }

    /// A call has waited for long.
    pub(crate) fn note_long(noted: &mut Option<Self>, on: Pid) {
        match noted {
            Some(before) if before.holds() => {
                let header = before.by.header();
                header.with_waits(|waits| waits.note_long(before.key));
            }
            _ => *noted = Self::note(on),
        }
    }

    fn again(&self) -> Option<CallCycle> {
        let header = self.by.header();
        header.with_waits(|waits| waits.again(self.key))?
    }

    /// Whether the running process waits in the handler in which this was noted.
    fn holds(&self) -> bool {
        current::pid() == Some(self.by.header().pid) && self.by.handled() == self.handled
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.by.header().forget_wait(self.key);
    }
}

/// Whom a process waits for.
fn waits_of(process: &dyn Process) -> Vec<Pid> {
    process.header().waits(process.handled())
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
