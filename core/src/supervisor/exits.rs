//! `Exits`: the exits of children that a supervisor has not seen to, in the order they came in; each is also found by its pid
//! in one step, because children that are stopped end in any order.

use std::collections::{HashMap, VecDeque};

use crate::burst;
use crate::exit_reason::ExitReason;
use crate::process::pid::{Pid, PidHash};

#[derive(Debug, Default)]
pub(super) struct Exits {
    /// Those that were taken by their pids are skipped when it is their turn.
    order: VecDeque<Pid>,
    reasons: HashMap<Pid, ExitReason, PidHash>,
}

impl Exits {
    /// A child ended. A process ends once.
    pub(super) fn push(&mut self, pid: Pid, reason: ExitReason) {
        if self.reasons.is_empty() {
            self.order.clear();
        }
        self.order.push_back(pid);
        self.reasons.insert(pid, reason);
    }

    /// The first that came in.
    pub(super) fn pop(&mut self) -> Option<(Pid, ExitReason)> {
        while let Some(pid) = self.order.pop_front() {
            burst::shrink_queue(&mut self.order);
            if let Some(reason) = self.take(pid) {
                return Some((pid, reason));
            }
        }
        None
    }

    /// That of this child, if it is there.
    pub(super) fn take(&mut self, pid: Pid) -> Option<ExitReason> {
        let reason = self.reasons.remove(&pid);
        burst::shrink_table(&mut self.reasons);
        reason
    }

    pub(super) fn clear(&mut self) {
        self.reasons.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.reasons.len()
    }

    pub(super) fn into_reasons(self) -> impl Iterator<Item = ExitReason> {
        self.reasons.into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exits_come_in_order_and_are_found_by_their_pids() {
        let pid = |serial| Pid::new(1, serial);
        let mut exits = Exits::default();
        for serial in 1..=6 {
            exits.push(pid(serial), ExitReason::Killed);
        }
        for taken in [4, 1] {
            assert_eq!(exits.take(pid(taken)), Some(ExitReason::Killed));
            assert_eq!(exits.take(pid(taken)), None);
        }
        let left = [2, 3, 5, 6];
        assert_eq!(exits.len(), left.len());
        for expected in left {
            assert_eq!(exits.pop(), Some((pid(expected), ExitReason::Killed)));
        }
        assert_eq!(exits.pop(), None);
    }

    /// Exits that are only ever taken by their pids leave nothing behind.
    #[test]
    fn what_was_taken_takes_no_memory() {
        let mut exits = Exits::default();
        for serial in 1..10_000 {
            exits.push(Pid::new(1, serial), ExitReason::Normal);
            exits.take(Pid::new(1, serial));
        }
        assert!(exits.order.len() <= 1);
    }
}
