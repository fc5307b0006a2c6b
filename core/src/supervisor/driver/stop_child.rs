//! One child's shutdown: it is asked, then killed, then let go.

use std::sync::Arc;

use crate::child::{ChildType, Shutdown};
use crate::exit_reason::ExitReason;
use crate::process::pid::Pid;
use crate::process::waits::Waits;
use crate::process::{Process, Signal, deferred};
use crate::rt::{self, Instant};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::supervisor::vigil::{GRACE, PATIENCE};

/// A child that was told to end, and has not yet.
pub(super) struct ChildShutdown {
    pub(super) key: ChildKey,
    pub(super) process: Arc<dyn Process>,
    pub(super) child_type: ChildType,
    reason: ExitReason,
    phase: Phase,
    /// That the supervisor waits for it.
    _noted: Waits,
}

enum Phase {
    /// It has until then; `None`: as long as it likes.
    Asked(Option<Instant>),
    /// It was killed, and has until then; `None`: as long as its own children.
    Killed(Option<Instant>),
}

/// How a shutdown ends.
pub(super) enum Stopped {
    /// The child is gone, for this reason.
    Gone(ExitReason),
    /// It is let go: a poll that never returns cannot be killed, and must not hold its supervisor.
    Zombie,
}

impl ChildShutdown {
    /// Tells a running child to end, for this reason. It may be gone at once. `asker`: a process that wants this, and waits
    /// for it.
    pub(super) fn begin(
        me: &Arc<SupervisorProcess>,
        key: ChildKey,
        spec: &ChildSpec,
        process: &Arc<dyn Process>,
        reason: ExitReason,
        asker: Option<Pid>,
    ) -> Result<Self, Stopped> {
        me.pulse.beat();
        let child_type = spec.child_type();
        let killed = reason == ExitReason::Killed;
        let pid = process.header().pid;
        let asker = asker.filter(|asker| process.header().is_above(*asker));
        let asker = asker.or_else(|| me.asker_within(process.header(), child_type));
        let exit = match asker {
            Some(asker) if !killed => Signal::Leave {
                parent: me.pid(),
                reason: reason.clone(),
                asker,
            },
            _ => Signal::Exit {
                from: Some(me.pid()),
                reason: reason.clone(),
                linked: false,
            },
        };
        let (signal, phase) = match (spec.shutdown_type(), child_type) {
            (Shutdown::BrutalKill, _) => (Signal::Kill, Phase::killed(child_type)),
            (Shutdown::Timeout(limit), _) => (exit, Phase::Asked(Some(rt::deadline(limit)))),
            // A killed supervisor is to be gone soon, whatever its children would like.
            (Shutdown::Infinity, ChildType::Worker) if killed => {
                (exit, Phase::Asked(Some(rt::deadline(PATIENCE))))
            }
            (Shutdown::Infinity, _) => (exit, Phase::Asked(None)),
        };
        let ended = Arc::clone(process).end(signal);
        // Where the signal was seen to at once, but by the common way, the exit is in the inbox by now.
        match ended.or_else(|| me.take_exit(pid)) {
            Some(reason) => Err(Stopped::Gone(reason)),
            None => Ok(Self {
                key,
                process: Arc::clone(process),
                child_type,
                reason,
                phase,
                _noted: Waits::by(Arc::clone(me) as _, pid),
            }),
        }
    }

    pub(super) fn pid(&self) -> Pid {
        self.process.header().pid
    }

    /// When something else has to be done about it.
    pub(super) const fn deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Asked(deadline) | Phase::Killed(deadline) => deadline,
        }
    }

    /// It has as long as it likes.
    pub(super) const fn is_unlimited(&self) -> bool {
        matches!(self.phase, Phase::Asked(None))
    }

    /// Its time is over. `Some`: for good.
    pub(super) fn overdue(&mut self, me: &SupervisorProcess) -> Option<Stopped> {
        match self.phase {
            Phase::Asked(_) => {
                kill(&self.process);
                self.phase = Phase::killed(self.child_type);
                None
            }
            Phase::Killed(_) => {
                Arc::clone(&self.process).fence(ExitReason::Killed);
                me.take_exit(self.pid());
                Some(Stopped::Zombie)
            }
        }
    }

    /// This process, the child or one below it, waits for an end it has asked for: it must not wait for that.
    pub(super) fn hear_of(&self, me: &SupervisorProcess, asker: Pid) {
        if matches!(self.phase, Phase::Asked(_)) {
            let signal = Signal::Leave {
                parent: me.pid(),
                reason: self.reason.clone(),
                asker,
            };
            deferred::send(Arc::clone(&self.process), signal);
        }
    }
}

impl Phase {
    /// A supervisor takes as long as its own children, which have limits; its [vigil](crate::supervisor::vigil) sees to a
    /// poll of it that does not return.
    fn killed(child_type: ChildType) -> Self {
        Self::Killed(match child_type {
            ChildType::Worker => Some(rt::deadline(GRACE)),
            ChildType::Supervisor => None,
        })
    }
}

pub(super) fn kill(process: &Arc<dyn Process>) {
    deferred::scope(|| Arc::clone(process).signal(Signal::Kill));
}
