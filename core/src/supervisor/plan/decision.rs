//! What is decided when a child ends: whether it is restarted, and which others with it.

use crate::child::Restart;
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::rt::Instant;
use crate::supervisor::flags::{AutoShutdown, Strategy};
use crate::supervisor::plan::{
    ChildKey, ChildStatus, Plan, PlannedChild, RestartSteps, SupervisorKind,
};

/// What has to be done about a child that ended, or whose restart failed before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Its specification is kept; it stays stopped.
    Keep,
    /// It is forgotten: the plan has done so.
    Forget,
    /// It is started again, and with it whatever its supervisor's strategy says.
    Restart(RestartSteps),
    /// It is to be restarted when its [delay](Plan::delay) is over. That it [tries again](Plan::try_again) counts, not this.
    Wait,
    /// It was significant, and is done: everything is stopped, and the supervisor ends. Where it is temporary, the plan has
    /// forgotten it.
    ShutDown,
    /// That would be one restart too many: everything is stopped, and the supervisor ends.
    GiveUp,
}

/// In which order all children are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopOrder {
    /// One after the other, the last to be started first.
    Reverse,
    /// All at once.
    Together,
}

/// Which children are restarted with one that ended: the strategies of OTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RestartGroup {
    /// `one_for_one`: no other.
    One,
    /// `rest_for_one`: those that were started after it.
    Rest,
    /// `one_for_all`: all.
    All,
}

impl From<Strategy> for RestartGroup {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::OneForOne => Self::One,
            Strategy::OneForAll => Self::All,
            Strategy::RestForOne => Self::Rest,
        }
    }
}

impl Plan {
    /// A process ended by itself. `None`: it is no running child.
    pub(crate) fn exited(
        &mut self,
        pid: Pid,
        reason: &ExitReason,
        now: Instant,
    ) -> Option<(ChildKey, Decision)> {
        let key = self.key_of(pid)?;
        let child = self.children.get(key)?;
        if child.status != ChildStatus::Running(pid) {
            return None;
        }
        let (significant, waits) = (child.significant, child.delayed.is_some());
        let always = child.restart == Restart::Transient && planted(Bug::TransientAlwaysRestarted);
        let again = child.restart.returns().after(reason) || always;
        let decision = if again {
            self.set_status(key, ChildStatus::Restarting(Some(pid)));
            if waits {
                Decision::Wait
            } else {
                self.restart(key, now)
            }
        } else {
            let forgotten = self.stopped(key);
            if significant && self.is_done() {
                Decision::ShutDown
            } else if forgotten {
                Decision::Forget
            } else {
                Decision::Keep
            }
        };
        Some((key, decision))
    }

    /// Whether the supervisor ends, now that a significant child has ended by itself, and for good. One that is to be
    /// restarted counts as one that runs; one that somebody stopped does not.
    fn is_done(&self) -> bool {
        match self.auto_shutdown {
            AutoShutdown::Never => false,
            AutoShutdown::AnySignificant => true,
            AutoShutdown::AllSignificant if planted(Bug::RestartingCountsAsDone) => {
                let running =
                    |child: &PlannedChild| matches!(child.status, ChildStatus::Running(_));
                !self
                    .children
                    .iter()
                    .any(|(_, child)| child.significant && running(child))
            }
            AutoShutdown::AllSignificant if planted(Bug::StoppedCountsAsRunning) => {
                !self.children.iter().any(|(_, child)| child.significant)
            }
            AutoShutdown::AllSignificant => self.significant == 0,
        }
    }

    /// A failed restart comes up again. `None`: the child was started or stopped meanwhile.
    pub(crate) fn try_again(&mut self, key: ChildKey, now: Instant) -> Option<Decision> {
        let child = self.children.get(key)?;
        let early = child
            .delayed
            .as_ref()
            .is_some_and(|delayed| delayed.is_early(now));
        match child.status {
            // An older delay than its own.
            ChildStatus::Restarting(_) if early && !planted(Bug::OldDelayCounts) => None,
            ChildStatus::Restarting(_) if planted(Bug::RetryNotCounted) => {
                Some(Decision::Restart(self.steps(key)))
            }
            ChildStatus::Restarting(_) => Some(self.restart(key, now)),
            ChildStatus::Running(_) | ChildStatus::Stopped => None,
        }
    }

    fn restart(&mut self, key: ChildKey, now: Instant) -> Decision {
        if self.intensity.allows(key, now) {
            Decision::Restart(self.steps(key))
        } else {
            Decision::GiveUp
        }
    }

    fn steps(&mut self, key: ChildKey) -> RestartSteps {
        match self.kind {
            SupervisorKind::Fixed(RestartGroup::One) | SupervisorKind::Dynamic { .. } => {
                RestartSteps::of_one(key)
            }
            SupervisorKind::Fixed(RestartGroup::Rest) => self.restart_from(key),
            SupervisorKind::Fixed(RestartGroup::All) => self.restart_from(ChildKey(0)),
        }
    }

    /// Restarts a child and all behind it: those that run are stopped, and all are started but the temporary ones. A
    /// child that was stopped before comes back with the others, and one whose restart failed is stopped until its turn
    /// comes.
    fn restart_from(&mut self, first: ChildKey) -> RestartSteps {
        let mut steps = RestartSteps::default();
        for (key, child) in self.children.iter_mut_from(first) {
            let temporary =
                child.restart == Restart::Temporary && !planted(Bug::TemporarySiblingsRestarted);
            let stays = planted(Bug::StoppedSiblingsStay) && child.status == ChildStatus::Stopped;
            match child.status {
                ChildStatus::Running(_) => steps.stop_before_others(key),
                ChildStatus::Restarting(had) => {
                    child.status = ChildStatus::Stopped;
                    self.restarting -= 1;
                    self.significant -= usize::from(child.significant);
                    if let Some(pid) = had {
                        self.keys.remove(&pid);
                    }
                }
                ChildStatus::Stopped => {}
            }
            if !temporary && !stays {
                steps.start_after_others(key);
            }
        }
        steps
    }
}
