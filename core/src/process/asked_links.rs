//! The links that a process has asked for which is tested alone.

use std::collections::BTreeMap;

use crate::process::pid::Pid;

/// Whom it has asked to be linked with, until that is looked at or taken back: each once, numbered as they came.
#[derive(Default)]
pub(crate) struct AskedLinks {
    asked: BTreeMap<Pid, u64>,
    last: u64,
}

impl AskedLinks {
    pub(super) fn add(&mut self, peer: Pid) {
        self.last += 1;
        self.asked.entry(peer).or_insert(self.last);
    }

    pub(super) fn remove(&mut self, peer: Pid) {
        self.asked.remove(&peer);
    }

    /// Takes them, in the order in which they were asked for.
    pub(super) fn take(&mut self) -> Vec<Pid> {
        let mut asked: Vec<_> = std::mem::take(&mut self.asked).into_iter().collect();
        asked.sort_unstable_by_key(|(_, number)| *number);
        asked.into_iter().map(|(peer, _)| peer).collect()
    }
}
