//! `Waiting`: children that were told to end, and what their supervisor waits for meanwhile.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::child::ChildType;
use crate::planted::{Bug, planted};
use crate::process::Header;
use crate::process::pid::{Pid, PidHash};
use crate::process::waits::Search;
use crate::rt::{self, Instant, Runtime, Sleep};
use crate::supervisor::driver::stop_child::ChildShutdown;
use crate::supervisor::vigil::GRACE;

/// They may end in any order, and each has a time of its own. One serves for all that are stopped in turn.
#[derive(Default)]
pub(super) struct Waiting {
    /// It is this child alone: exits of others stay in the inbox.
    pub(super) only: Option<Pid>,
    pub(super) children: HashMap<Pid, ChildShutdown, PidHash>,
    /// Those of children that are gone are passed over when their time comes.
    deadlines: BinaryHeap<Reverse<(Instant, Pid)>>,
    /// One that has become needless is left to ring, also for the child that is stopped next: another one for each child that
    /// goes would cost more.
    pub(super) alarm: Option<Alarm>,
}

/// When something has to be done.
pub(super) struct Alarm {
    at: Instant,
    /// To look who waits for whom.
    look: bool,
    pub(super) sleep: Sleep,
}

impl Waiting {
    /// Lets the alarm of the child before go that rings too late. `look`: who waits for whom is to be looked at.
    pub(super) fn check_alarm(&mut self, look: bool) {
        let deadline = self.next_deadline();
        self.alarm.take_if(|alarm| {
            let late = deadline.is_some_and(|deadline| deadline < alarm.at);
            late || (look && !alarm.look)
        });
    }

    pub(super) fn set_alarm(&mut self, look: bool, runtime: &Runtime) {
        let mut deadline = self.next_deadline();
        if look {
            let look = rt::deadline(GRACE);
            deadline = Some(deadline.map_or(look, |deadline| deadline.min(look)));
        }
        self.alarm = deadline.map(|at| Alarm {
            at,
            look,
            sleep: runtime.sleep_until(at),
        });
    }

    pub(super) fn add(&mut self, child: ChildShutdown) {
        let pid = child.pid();
        if let Some(deadline) = child.deadline() {
            self.deadlines.push(Reverse((deadline, pid)));
        }
        self.children.insert(pid, child);
    }

    /// All are gone.
    pub(super) fn forget_deadlines(&mut self) {
        self.deadlines.clear();
    }

    /// Whether one of them may take as long as it likes.
    pub(super) fn is_unlimited(&self) -> bool {
        self.children.values().any(ChildShutdown::is_unlimited)
    }

    /// When something has to be done about one of them.
    fn next_deadline(&mut self) -> Option<Instant> {
        if planted(Bug::LimitsInTurn) {
            let first = self.children.keys().min()?;
            return self.children.get(first)?.deadline();
        }
        while let Some(Reverse((deadline, pid))) = self.deadlines.peek() {
            if self.children.contains_key(pid) {
                return Some(*deadline);
            }
            self.deadlines.pop();
        }
        None
    }

    /// Takes those out whose time is over.
    pub(super) fn overdue(&mut self, now: Instant) -> Vec<ChildShutdown> {
        let mut overdue = Vec::new();
        while let Some(Reverse((deadline, pid))) = self.deadlines.peek().copied() {
            if deadline > now {
                break;
            }
            self.deadlines.pop();
            overdue.extend(self.children.remove(&pid));
        }
        overdue
    }

    /// A child without a limit, and the process that waits for `asker`, the child or one below it: what waits for the child
    /// would last for ever. One look, however many children there are.
    pub(super) fn deadlocked(&self, me: &Header, asker: Pid) -> Option<(&ChildShutdown, Pid)> {
        let unlimited = || {
            let children = self.children.values();
            children.filter(|child| child.deadline().is_none())
        };
        let processes: Vec<_> =
            if unlimited().any(|child| child.child_type == ChildType::Supervisor) {
                let processes = me.node.processes();
                processes
                    .iter()
                    .map(|process| process.header().pid)
                    .collect()
            } else {
                unlimited().map(ChildShutdown::pid).collect()
            };
        let mut search = Search::to(asker);
        processes.into_iter().find_map(|pid| {
            let child = self.above(me, pid)?;
            let waits = child.deadline().is_none() && search.reaches_from(pid);
            waits.then_some((child, pid))
        })
    }

    /// The child that is this process, or that it is supervised below.
    pub(super) fn above(&self, me: &Header, process: Pid) -> Option<&ChildShutdown> {
        let mut at = process;
        loop {
            if let Some(child) = self.children.get(&at) {
                return Some(child);
            }
            at = me.supervisor_of(at)?;
        }
    }
}
