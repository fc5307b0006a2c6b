//! The children that a supervisor misses, for those who wait for a name of theirs.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::process::pid::{Pid, PidHash};
use crate::process::vacancy::Absence;
use crate::supervisor::plan::ChildKey;

/// The absences of a supervisor's children, and of all that return with them. What is taken out is dropped outside of locks: that
/// wakes those who wait.
#[derive(Debug, Default)]
pub(super) struct Absent {
    /// Of children whose end the supervisor has not seen to.
    unseen: HashMap<Pid, Vec<Absence>, PidHash>,
    /// Of children that it has to start again.
    seen: HashMap<ChildKey, Vec<Absence>, RandomState>,
}

impl Absent {
    pub(super) fn add(&mut self, pid: Pid, absences: Vec<Absence>) {
        if !absences.is_empty() {
            self.unseen.insert(pid, absences);
        }
    }

    /// The end of this child is seen to.
    pub(super) fn see(&mut self, key: ChildKey, pid: Pid) {
        if !self.unseen.is_empty()
            && let Some(absences) = self.unseen.remove(&pid)
        {
            self.seen.entry(key).or_default().extend(absences);
        }
    }

    /// This child is back, or does not come back.
    pub(super) fn take(&mut self, key: ChildKey) -> Option<Vec<Absence>> {
        if self.seen.is_empty() {
            return None;
        }
        self.seen.remove(&key)
    }

    /// Nobody is to be started again of those whose end was seen to.
    pub(super) fn take_seen(&mut self) -> Vec<Absence> {
        if self.seen.is_empty() {
            return Vec::new();
        }
        std::mem::take(&mut self.seen)
            .into_values()
            .flatten()
            .collect()
    }

    /// The supervisor has ended.
    pub(super) fn take_all(&mut self) -> Vec<Absence> {
        let mut all = self.take_seen();
        all.extend(std::mem::take(&mut self.unseen).into_values().flatten());
        all
    }
}
