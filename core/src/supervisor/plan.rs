//! The plan: what a supervisor decides, as a pure state machine. No Tokio, no clock, no child in sight.
//!
//! It knows the children by their seats, in start order, and says what has to be done when one ends. The driver does it
//! and reports back.

use std::collections::HashMap;

use crate::child::Restart;
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::pid::{Pid, PidHash};
use crate::rt::Instant;
use crate::supervisor::Strategy;
use crate::supervisor::children::Row;
pub(crate) use crate::supervisor::children::Seat;
use crate::supervisor::intensity::Intensity;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It ended and is not to be restarted, or was never started.
    Stopped,
    Running(Pid),
    /// Its restart failed and will be tried again. The pid is the one it had.
    Restarting(Option<Pid>),
}

#[derive(Debug)]
struct Child {
    restart: Restart,
    status: Status,
}

/// What has to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nothing: no child of ours.
    Ignore,
    /// Start the child of this seat again.
    Restart(Seat),
    /// It stays stopped.
    Keep(Seat),
    /// It is forgotten.
    Forget(Seat),
    /// Too many restarts: stop everything and end.
    GiveUp(Seat),
}

#[derive(Debug)]
pub(crate) struct Plan {
    strategy: Strategy,
    intensity: Intensity,
    children: Row<Child>,
    seats: HashMap<Pid, Seat, PidHash>,
    next: u64,
}

impl Plan {
    pub(crate) fn new(strategy: Strategy, intensity: Intensity) -> Self {
        Self {
            strategy,
            intensity,
            children: Row::new(),
            seats: HashMap::default(),
            next: 0,
        }
    }

    /// So many children will be added.
    pub(crate) fn reserve(&mut self, children: usize) {
        self.children.reserve(children);
        self.seats.reserve(children);
    }

    /// A seat for a new child, at the end of the start order.
    pub(crate) fn add(&mut self, restart: Restart) -> Seat {
        let seat = Seat(self.next);
        self.next += 1;
        let status = Status::Stopped;
        self.children.push(seat, Child { restart, status });
        seat
    }

    pub(crate) fn status(&self, seat: Seat) -> Option<Status> {
        self.children.get(seat).map(|child| child.status)
    }

    /// Running children and those that are about to be.
    pub(crate) fn count_kept(&self) -> usize {
        self.children
            .iter()
            .filter(|(_, child)| child.status != Status::Stopped)
            .count()
    }

    pub(crate) fn seat(&self, pid: Pid) -> Option<Seat> {
        self.seats.get(&pid).copied()
    }

    /// The seat that has this pid, or had it before a restart that is still being tried.
    pub(crate) fn seat_of_old(&self, pid: Pid) -> Option<Seat> {
        self.seat(pid).or_else(|| {
            let old = Status::Restarting(Some(pid));
            self.children
                .iter()
                .find(|(_, child)| child.status == old)
                .map(|(seat, _)| seat)
        })
    }

    /// All seats, in start order.
    pub(crate) fn seats(&self) -> impl DoubleEndedIterator<Item = (Seat, Status)> {
        self.children
            .iter()
            .map(|(seat, child)| (seat, child.status))
    }

    /// A start succeeded.
    pub(crate) fn started(&mut self, seat: Seat, pid: Pid) {
        let Some(child) = self.children.get_mut(seat) else {
            return;
        };
        if let Status::Running(before) = std::mem::replace(&mut child.status, Status::Running(pid))
        {
            self.seats.remove(&before);
        }
        self.seats.insert(pid, seat);
    }

    /// A restart failed: it will be tried again.
    pub(crate) fn failed(&mut self, seat: Seat) {
        let old = match self.status(seat) {
            Some(Status::Running(pid) | Status::Restarting(Some(pid))) => Some(pid),
            _ => None,
        };
        self.vacate(seat);
        if let Some(child) = self.children.get_mut(seat) {
            child.status = Status::Restarting(old);
        }
    }

    /// A child was stopped on purpose. A temporary one is forgotten: `true`.
    pub(crate) fn stopped(&mut self, seat: Seat) -> bool {
        self.vacate(seat);
        match self.children.get_mut(seat) {
            Some(child) if child.restart == Restart::Temporary => {
                self.children.remove(seat);
                true
            }
            Some(child) => {
                child.status = Status::Stopped;
                false
            }
            None => true,
        }
    }

    pub(crate) fn forget(&mut self, seat: Seat) {
        self.vacate(seat);
        self.children.remove(seat);
    }

    /// A child ended by itself.
    pub(crate) fn exited(&mut self, pid: Pid, reason: &ExitReason, now: Instant) -> Decision {
        let Some(seat) = self.seats.remove(&pid) else {
            return Decision::Ignore;
        };
        let Some(child) = self.children.get_mut(seat) else {
            return Decision::Ignore;
        };
        let again = match child.restart {
            Restart::Permanent => true,
            Restart::Transient => !reason.is_expected() || planted(Bug::TransientAlwaysRestarted),
            Restart::Temporary => false,
        };
        if again {
            child.status = Status::Restarting(Some(pid));
            self.restart(seat, now)
        } else if child.restart == Restart::Temporary {
            self.children.remove(seat);
            Decision::Forget(seat)
        } else {
            child.status = Status::Stopped;
            Decision::Keep(seat)
        }
    }

    /// A failed restart comes up again. Meanwhile, somebody may have stopped the child.
    pub(crate) fn try_again(&mut self, seat: Seat, now: Instant) -> Decision {
        match self.status(seat) {
            Some(Status::Restarting(_)) => self.restart(seat, now),
            _ => Decision::Ignore,
        }
    }

    fn restart(&mut self, seat: Seat, now: Instant) -> Decision {
        if !self.intensity.allows(now) {
            return Decision::GiveUp(seat);
        }
        // The place of the other strategies: which seats are stopped with this one, and started again.
        match self.strategy {
            Strategy::OneForOne => Decision::Restart(seat),
        }
    }

    fn vacate(&mut self, seat: Seat) {
        if let Some(Status::Running(pid)) = self.status(seat) {
            self.seats.remove(&pid);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn plan(max_restarts: u32) -> Plan {
        Plan::new(
            Strategy::OneForOne,
            Intensity::new(max_restarts, Duration::from_secs(5)),
        )
    }

    /// SUP-12, as a table: who is restarted, kept, forgotten.
    #[test]
    fn restart_type_and_reason_decide() {
        let killed = ExitReason::Killed;
        let detail = ExitReason::ShutdownWith("1".into());
        for reason in [ExitReason::Normal, ExitReason::Shutdown, detail, killed] {
            for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
                let mut plan = plan(1);
                let seat = plan.add(restart);
                let pid = Pid::new(1, 7);
                plan.started(seat, pid);
                let expected = match restart {
                    Restart::Permanent => Decision::Restart(seat),
                    Restart::Transient if reason.is_expected() => Decision::Keep(seat),
                    Restart::Transient => Decision::Restart(seat),
                    Restart::Temporary => Decision::Forget(seat),
                };
                assert_eq!(
                    plan.exited(pid, &reason, Instant::now()),
                    expected,
                    "{restart:?} {reason:?}"
                );
            }
        }
    }

    #[test]
    fn every_attempt_counts() {
        let mut plan = plan(2);
        let now = Instant::now();
        let seat = plan.add(Restart::Permanent);
        plan.started(seat, Pid::new(1, 1));
        assert_eq!(
            plan.exited(Pid::new(1, 1), &ExitReason::Killed, now),
            Decision::Restart(seat)
        );
        plan.failed(seat);
        assert_eq!(
            plan.status(seat),
            Some(Status::Restarting(Some(Pid::new(1, 1))))
        );
        assert_eq!(plan.try_again(seat, now), Decision::Restart(seat));
        plan.failed(seat);
        assert_eq!(plan.try_again(seat, now), Decision::GiveUp(seat));
    }

    #[test]
    fn a_stop_cancels_the_retry() {
        let mut plan = plan(2);
        let seat = plan.add(Restart::Permanent);
        plan.failed(seat);
        assert!(!plan.stopped(seat));
        assert_eq!(plan.try_again(seat, Instant::now()), Decision::Ignore);
    }
}
