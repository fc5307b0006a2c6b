//! Which process waits for which, for those who look for circles: for an answer, for a start, for an end. Of a call it is noted
//! when it has taken long: the others are none of theirs, and cost nothing.

use std::collections::HashSet;

use crate::process::current;
use crate::process::node;
use crate::process::pid::Pid;

/// That the running process waits for another one, until the value is dropped.
#[derive(Debug)]
pub(crate) struct Waits {
    by: Pid,
    on: Pid,
}

impl Waits {
    /// `None`: no process runs here.
    pub(crate) fn note(on: Pid) -> Option<Self> {
        let by = current::pid()?;
        node::process(by)?.header().add_wait(on);
        Some(Self { by, on })
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        if let Some(process) = node::process(self.by) {
            process.header().forget_wait(self.on);
        }
    }
}

/// Whether a process waits for another one, perhaps through others.
pub(crate) fn reaches(from: Pid, to: Pid) -> bool {
    let mut seen = HashSet::from([from]);
    let mut next = vec![from];
    while let Some(pid) = next.pop() {
        let Some(process) = node::process(pid) else {
            continue;
        };
        for on in process.header().waits() {
            if on == to {
                return true;
            }
            if seen.insert(on) {
                next.push(on);
            }
        }
    }
    false
}
