//! The plan: what a supervisor decides, as a pure state machine. No Tokio, no clock, no child in sight.
//!
//! It knows the children by their keys, in start order, and says what has to be done when one ends. The driver does it,
//! and reports back child by child: [`started`](Plan::started), [`failed`](Plan::failed), [`stopped`](Plan::stopped).

mod decision;
mod steps;
#[cfg(test)]
mod against_model;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::time::Duration;

pub(crate) use self::decision::{Decision, RestartGroup, StopOrder};
pub(crate) use self::steps::{RestartStep, RestartSteps};
use crate::burst;
use crate::child::Restart;
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::pid::{Pid, PidHash};
use crate::rt::Instant;
use crate::start_error::BadCombination;
use crate::supervisor::backoff::{Backoff, Delayed};
pub(crate) use crate::supervisor::children::ChildKey;
use crate::supervisor::children::Children;
use crate::supervisor::flags::AutoShutdown;
use crate::supervisor::intensity::Intensity;

/// Where a child is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChildStatus {
    /// It ended and is not to be restarted by itself, or was not started yet.
    Stopped,
    Running(Pid),
    /// It is to be started again. The pid is the one it had.
    Restarting(Option<Pid>),
}

impl ChildStatus {
    /// The pid that it goes by.
    const fn pid(self) -> Option<Pid> {
        match self {
            Self::Running(pid) => Some(pid),
            Self::Restarting(had) => had,
            Self::Stopped => None,
        }
    }
}

impl ChildStatus {
    const fn is_restarting(self) -> bool {
        matches!(self, Self::Restarting(_))
    }
}

#[derive(Debug)]
enum SupervisorKind {
    /// Children with ids, which outlive their ends.
    Fixed(RestartGroup),
    /// Any number of children, each for itself, forgotten when they end.
    Dynamic { max_children: Option<usize> },
}

/// What a child's specification says, as far as decisions go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChildRules {
    pub(crate) restart: Restart,
    pub(crate) significant: bool,
    pub(crate) backoff: Option<Backoff>,
}

impl From<Restart> for ChildRules {
    fn from(restart: Restart) -> Self {
        Self {
            restart,
            significant: false,
            backoff: None,
        }
    }
}

#[derive(Debug)]
struct PlannedChild {
    restart: Restart,
    significant: bool,
    /// How its restarts wait, if they do.
    delayed: Option<Box<Delayed>>,
    status: ChildStatus,
}

#[derive(Debug)]
pub(crate) struct Plan {
    kind: SupervisorKind,
    intensity: Intensity,
    auto_shutdown: AutoShutdown,
    children: Children<PlannedChild>,
    /// How many significant children run, or are to be restarted.
    significant: usize,
    /// How many children are to be restarted.
    restarting: usize,
    /// The children by their pids: those that run, and those that are restarting by the pids they had.
    keys: HashMap<Pid, ChildKey, PidHash>,
    next: u64,
}

impl Plan {
    /// The plan of a `Supervisor`.
    pub(crate) fn fixed(group: RestartGroup, intensity: Intensity) -> Self {
        Self::new(SupervisorKind::Fixed(group), intensity)
    }

    /// Which significant children have to be done for the supervisor to end.
    pub(crate) const fn with_auto_shutdown(mut self, auto_shutdown: AutoShutdown) -> Self {
        self.auto_shutdown = auto_shutdown;
        self
    }

    /// The plan of a `DynamicSupervisor`.
    pub(crate) fn dynamic(max_children: Option<usize>, intensity: Intensity) -> Self {
        Self::new(SupervisorKind::Dynamic { max_children }, intensity)
    }

    fn new(kind: SupervisorKind, intensity: Intensity) -> Self {
        Self {
            kind,
            intensity,
            auto_shutdown: AutoShutdown::Never,
            children: Children::new(),
            significant: 0,
            restarting: 0,
            keys: HashMap::default(),
            next: 0,
        }
    }

    // ===== what kind of supervisor this is =====

    /// Whether there is room for one more. Children that are being restarted take up room.
    pub(crate) const fn may_add(&self) -> bool {
        match self.kind {
            SupervisorKind::Dynamic {
                max_children: Some(max),
            } => self.children.len() < max,
            SupervisorKind::Dynamic { max_children: None } | SupervisorKind::Fixed(_) => true,
        }
    }

    /// Whether a child with these rules makes sense here. Asked about every child before anything is started.
    pub(crate) const fn check(&self, rules: ChildRules) -> Result<(), BadCombination> {
        match (rules.significant, rules.restart, self.auto_shutdown) {
            (true, Restart::Permanent, _) => Err(BadCombination::SignificantPermanent),
            (true, _, AutoShutdown::Never) => Err(BadCombination::SignificantWithoutAutoShutdown),
            _ => Ok(()),
        }
    }

    /// Whether children go by their ids.
    pub(crate) const fn has_ids(&self) -> bool {
        matches!(self.kind, SupervisorKind::Fixed(_))
    }

    pub(crate) const fn stop_order(&self) -> StopOrder {
        match self.kind {
            SupervisorKind::Fixed(_) => StopOrder::Reverse,
            SupervisorKind::Dynamic { .. } => StopOrder::Together,
        }
    }

    /// Whether a child that is shut down may end for this reason without a report.
    pub(crate) const fn may_stop_with(&self, restart: Restart, reason: &ExitReason) -> bool {
        let permanent = matches!(restart, Restart::Permanent);
        match reason {
            ExitReason::Shutdown => true,
            ExitReason::ShutdownWith(_) => {
                !permanent || matches!(self.kind, SupervisorKind::Dynamic { .. })
            }
            ExitReason::Normal => !permanent,
            _ => false,
        }
    }

    // ===== the children =====

    /// So many children will be added.
    pub(crate) fn reserve(&mut self, children: usize) {
        self.children.reserve(children);
        self.keys.reserve(children);
    }

    /// A key for a new child, at the end of the start order.
    pub(crate) fn add(&mut self, rules: impl Into<ChildRules>) -> ChildKey {
        let key = ChildKey(self.next);
        self.next += 1;
        let rules = rules.into();
        let child = PlannedChild {
            restart: rules.restart,
            significant: rules.significant,
            delayed: rules.backoff.map(|backoff| Box::new(Delayed::new(backoff))),
            status: ChildStatus::Stopped,
        };
        self.children.push(key, child);
        key
    }

    /// Takes a child out.
    pub(crate) fn forget(&mut self, key: ChildKey) {
        self.set_status(key, ChildStatus::Stopped);
        self.children.remove(key);
    }

    pub(crate) fn status(&self, key: ChildKey) -> Option<ChildStatus> {
        self.children.get(key).map(|child| child.status)
    }

    /// Whether there are children that are to be restarted.
    pub(crate) const fn is_restarting(&self) -> bool {
        self.restarting > 0
    }

    /// The child that has this pid, or had it before a restart that is still being tried.
    pub(crate) fn key_of(&self, pid: Pid) -> Option<ChildKey> {
        self.keys.get(&pid).copied()
    }

    /// All children, in start order.
    pub(crate) fn children(&self) -> impl DoubleEndedIterator<Item = (ChildKey, ChildStatus)> {
        let children = self.children.iter();
        children.map(|(key, child)| (key, child.status))
    }

    // ===== what the driver reports =====

    /// A start succeeded.
    pub(crate) fn started(&mut self, key: ChildKey, pid: Pid) {
        self.set_status(key, ChildStatus::Running(pid));
    }

    /// A child's `init` wants it not to run: that is no failure. `true`: it is forgotten.
    pub(crate) fn ignored(&mut self, key: ChildKey) -> bool {
        if planted(Bug::IgnoredIsTriedAgain) {
            self.failed(key);
            return false;
        }
        self.stopped(key)
    }

    /// A restart failed: it will be [tried again](Self::try_again).
    pub(crate) fn failed(&mut self, key: ChildKey) {
        if self.status(key) == Some(ChildStatus::Stopped) {
            self.set_status(key, ChildStatus::Restarting(None));
        }
    }

    /// How long the restart of this child waits, if it does. `chance`: any number.
    pub(crate) fn delay(&mut self, key: ChildKey, now: Instant, chance: u64) -> Option<Duration> {
        let child = self.children.get_mut(key)?;
        let wait = child.delayed.as_mut()?.next(now, chance);
        (!planted(Bug::DelayNotKept)).then_some(wait)
    }

    /// A start succeeded, at this time.
    pub(crate) fn ran_from(&mut self, key: ChildKey, now: Instant) {
        if let Some(child) = self.children.get_mut(key)
            && let Some(delayed) = &mut child.delayed
        {
            delayed.started(now);
        }
    }

    /// The restarts that count now, one more than there may be when it gives up: of which child, and when.
    pub(crate) const fn intensity(&self) -> &Intensity {
        &self.intensity
    }

    /// A child was stopped on purpose. `true`: it is forgotten.
    pub(crate) fn stopped(&mut self, key: ChildKey) -> bool {
        let Some(child) = self.children.get(key) else {
            return true;
        };
        let dynamic =
            matches!(self.kind, SupervisorKind::Dynamic { .. }) && !planted(Bug::DynamicChildKept);
        if child.restart == Restart::Temporary || dynamic {
            self.forget(key);
            return true;
        }
        self.set_status(key, ChildStatus::Stopped);
        false
    }

    /// A child is elsewhere in its life, and goes by the pid of this status.
    fn set_status(&mut self, key: ChildKey, status: ChildStatus) {
        let Some(child) = self.children.get_mut(key) else {
            return;
        };
        let before = std::mem::replace(&mut child.status, status);
        if child.significant {
            self.significant -= usize::from(before != ChildStatus::Stopped);
            self.significant += usize::from(status != ChildStatus::Stopped);
        }
        self.restarting -= usize::from(before.is_restarting());
        self.restarting += usize::from(status.is_restarting());
        let (had, has) = (before.pid(), status.pid());
        if had == has {
            return;
        }
        if let Some(pid) = had {
            self.keys.remove(&pid);
            burst::shrink_table(&mut self.keys);
        }
        if let Some(pid) = has {
            self.keys.insert(pid, key);
        }
    }
}
