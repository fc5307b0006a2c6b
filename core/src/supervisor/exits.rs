//! `Exits`: the exits of children that a supervisor has not seen to, in the order in which the children died; each is also found by
//! its pid in one step, because children that are stopped end in any order.
//!
//! What a dead child holds is dropped before its exit is told. Others hear earlier that it is dead, and may end of that: their exits
//! wait for it, for a time, so that what comes of one death is not taken for deaths of their own.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use crate::burst;
use crate::exit_reason::ExitReason;
use crate::process::pid::{Pid, PidHash};

#[derive(Debug, Default)]
pub(super) struct Exits {
    /// Those that were taken by their pids are skipped when it is their turn.
    order: VecDeque<Pid>,
    exits: HashMap<Pid, Exit, PidHash>,
    arrived: usize,
}

/// The exit of a child that is dead.
#[derive(Debug)]
enum Exit {
    /// It is on its way, and others wait for it.
    Expected,
    /// Nobody waits for it any more. It is in its place when it comes.
    Late,
    Arrived(ExitReason),
}

impl Exits {
    /// How many places may be there in vain.
    const SLACK: usize = 16;

    /// A child is dead. Its exit comes, unless it has.
    pub(super) fn expect(&mut self, pid: Pid) {
        if let Entry::Vacant(place) = self.exits.entry(pid) {
            place.insert(Exit::Expected);
            self.add_place(pid);
        }
    }

    /// A child ended. A process ends once.
    pub(super) fn push(&mut self, pid: Pid, reason: ExitReason) {
        let before = self.exits.insert(pid, Exit::Arrived(reason));
        if !matches!(before, Some(Exit::Expected)) {
            self.add_place(pid);
        }
        self.arrived += 1;
    }

    /// A place at the end. Places of those that are gone are given up when they are the most.
    fn add_place(&mut self, pid: Pid) {
        if self.order.len() >= 2 * self.exits.len() + Self::SLACK {
            self.order.retain(|pid| self.exits.contains_key(pid));
        }
        self.order.push_back(pid);
    }

    /// That of the child that died first, if it has arrived.
    pub(super) fn pop(&mut self) -> Option<(Pid, ExitReason)> {
        while self.arrived > 0
            && let Some(pid) = self.order.front()
        {
            if matches!(self.exits.get(pid), Some(Exit::Expected)) {
                return None;
            }
            let pid = self.order.pop_front()?;
            burst::shrink_queue(&mut self.order);
            if let Some(reason) = self.take(pid) {
                return Some((pid, reason));
            }
        }
        None
    }

    /// Whether one that has arrived waits for another.
    pub(super) const fn is_held(&self) -> bool {
        // There would be none of them otherwise: see `pop`.
        self.arrived > 0
    }

    /// Those that have arrived wait no longer for others, however many these are.
    pub(super) fn release(&mut self) {
        let mut arrived = self.arrived;
        for pid in &self.order {
            if arrived == 0 {
                break;
            }
            match self.exits.get_mut(pid) {
                Some(Exit::Arrived(_)) => arrived -= 1,
                Some(exit) => *exit = Exit::Late,
                None => {}
            }
        }
    }

    /// The first that has arrived waits no longer for others.
    fn release_first(&mut self) {
        while self.arrived > 0
            && let Some(pid) = self.order.front()
            && !matches!(self.exits.get(pid), Some(Exit::Arrived(_)))
        {
            if let Some(exit) = self.exits.get_mut(pid) {
                *exit = Exit::Late;
            }
            self.order.pop_front();
        }
    }

    /// The first that has arrived, whatever others are on their way.
    pub(super) fn pop_any(&mut self) -> Option<(Pid, ExitReason)> {
        self.release_first();
        self.pop()
    }

    /// Whether some are on their way.
    pub(super) fn is_expecting(&self) -> bool {
        self.exits.len() > self.arrived
    }

    pub(super) fn is_expected(&self, pid: Pid) -> bool {
        matches!(self.exits.get(&pid), Some(Exit::Expected | Exit::Late))
    }

    /// The children whose exits are on their way.
    pub(super) fn expected(&self) -> impl Iterator<Item = Pid> {
        let is_expected = |exit: &Exit| !matches!(exit, Exit::Arrived(_));
        let exits = self.exits.iter();
        exits.filter_map(move |(pid, exit)| is_expected(exit).then_some(*pid))
    }

    /// That of this child, if it has arrived.
    pub(super) fn take(&mut self, pid: Pid) -> Option<ExitReason> {
        let Entry::Occupied(exit) = self.exits.entry(pid) else {
            return None;
        };
        if !matches!(exit.get(), Exit::Arrived(_)) {
            return None;
        }
        let Exit::Arrived(reason) = exit.remove() else {
            return None;
        };
        burst::shrink_table(&mut self.exits);
        self.arrived -= 1;
        Some(reason)
    }

    /// The exit of this child is seen to.
    pub(super) fn forget(&mut self, pid: Pid) {
        if self.is_expected(pid) {
            self.exits.remove(&pid);
        }
    }

    pub(super) fn clear(&mut self) {
        self.exits.clear();
        self.arrived = 0;
    }

    pub(super) const fn len(&self) -> usize {
        self.arrived
    }

    pub(super) fn into_reasons(self) -> impl Iterator<Item = ExitReason> {
        self.exits.into_values().filter_map(|exit| match exit {
            Exit::Arrived(reason) => Some(reason),
            Exit::Expected | Exit::Late => None,
        })
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

    /// Exits that are only ever taken by their pids leave nothing behind, whatever else is on its way for good.
    #[test]
    fn r82_what_was_taken_takes_no_memory() {
        for expected in 0..3 {
            let mut exits = Exits::default();
            for serial in 0..expected {
                exits.expect(Pid::new(2, serial));
            }
            for serial in 1..10_000 {
                exits.push(Pid::new(1, serial), ExitReason::Normal);
                exits.take(Pid::new(1, serial));
            }
            assert!(exits.order.len() <= 2 * Exits::SLACK);
        }
    }

    /// Whoever waits no longer for an exit, it is on its way until it is there.
    #[test]
    fn r306_a_late_exit_is_still_expected() {
        let pid = |serial| Pid::new(1, serial);
        let releases: [fn(&mut Exits); 2] = [Exits::release, |exits| {
            exits.release_first();
        }];
        for release in releases {
            let mut exits = Exits::default();
            exits.expect(pid(1));
            exits.push(pid(2), ExitReason::Normal);
            release(&mut exits);
            assert_eq!(exits.pop(), Some((pid(2), ExitReason::Normal)));
            assert!(exits.is_expected(pid(1)) && exits.is_expecting());
            assert_eq!(exits.expected().collect::<Vec<_>>(), [pid(1)]);
            // Nobody waits for it twice.
            exits.push(pid(3), ExitReason::Normal);
            assert_eq!(exits.pop(), Some((pid(3), ExitReason::Normal)));
            exits.push(pid(4), ExitReason::Normal);
            exits.push(pid(1), ExitReason::Killed);
            assert_eq!(exits.pop(), Some((pid(4), ExitReason::Normal)));
            assert_eq!(exits.pop(), Some((pid(1), ExitReason::Killed)));
            assert!(!exits.is_expected(pid(1)) && !exits.is_expecting());
        }
    }

    /// What comes of a death is seen to after it.
    #[test]
    fn r204_exits_come_in_the_order_of_the_deaths() {
        let pid = |serial| Pid::new(1, serial);
        let mut exits = Exits::default();
        exits.expect(pid(1));
        assert_eq!((exits.pop(), exits.is_held()), (None, false));
        exits.push(pid(2), ExitReason::Normal);
        assert_eq!((exits.pop(), exits.is_held()), (None, true));
        exits.push(pid(1), ExitReason::Killed);
        exits.expect(pid(1));
        assert_eq!(exits.pop(), Some((pid(1), ExitReason::Killed)));
        assert_eq!(exits.pop(), Some((pid(2), ExitReason::Normal)));
        // Those that are waited for no longer come as they come.
        exits.expect(pid(3));
        exits.expect(pid(4));
        exits.push(pid(5), ExitReason::Normal);
        exits.forget(pid(3));
        assert_eq!(exits.pop(), None);
        exits.release();
        assert_eq!(exits.pop(), Some((pid(5), ExitReason::Normal)));
        exits.push(pid(4), ExitReason::Killed);
        assert_eq!(exits.take(pid(4)), Some(ExitReason::Killed));
        assert_eq!((exits.len(), exits.is_held()), (0, false));
        exits.expect(pid(6));
        exits.push(pid(7), ExitReason::Normal);
        assert_eq!(exits.pop_any(), Some((pid(7), ExitReason::Normal)));
    }

    /// What each of several waits for is not added up.
    #[test]
    fn r265_exits_that_have_waited_are_all_let_go_at_once() {
        let pid = |serial| Pid::new(1, serial);
        let mut exits = Exits::default();
        for late in [1, 3, 5] {
            exits.expect(pid(late));
            exits.push(pid(late + 1), ExitReason::Normal);
        }
        exits.expect(pid(7));
        exits.release();
        for arrived in [2, 4, 6] {
            assert_eq!(exits.pop(), Some((pid(arrived), ExitReason::Normal)));
        }
        // This one had nobody to wait for it.
        exits.push(pid(8), ExitReason::Normal);
        assert_eq!((exits.pop(), exits.is_held()), (None, true));
        // Those that are late come once each.
        for late in [3, 7, 1, 5] {
            exits.push(pid(late), ExitReason::Killed);
        }
        let mut came = Vec::new();
        while let Some((pid, _reason)) = exits.pop() {
            came.push(pid);
        }
        came.sort();
        assert_eq!(came, [1, 3, 5, 7, 8].map(pid));
        assert_eq!(exits.len(), 0);
    }
}
