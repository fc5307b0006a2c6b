//! One child's shutdown: it is asked, then killed, then let go.

use std::sync::Arc;
use std::time::Duration;

use crate::child::{ChildType, Shutdown};
use crate::exit_reason::ExitReason;
use crate::process::{Process, Signal, deferred};
use crate::rt::{self, Instant};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::inbox::SupervisorProcess;
use crate::supervisor::plan::ChildKey;

/// How long a killed child has to end. After it, a poll that never returns is all that can hold it.
const GRACE: Duration = Duration::from_secs(1);

/// How long the children of a killed supervisor have that would otherwise have no limit.
const KILLED: Duration = Duration::from_secs(5);

/// A child that was told to end, and has not yet.
pub(super) struct ChildShutdown {
    pub(super) key: ChildKey,
    pub(super) process: Arc<dyn Process>,
    child_type: ChildType,
    phase: Phase,
}

enum Phase {
    /// It has until then; `None`: as long as it likes.
    Asked(Option<Instant>),
    /// It was killed.
    Killed,
}

/// How a shutdown ends.
pub(super) enum Stopped {
    /// The child is gone, for this reason.
    Gone(ExitReason),
    /// It is let go: a poll that never returns cannot be killed, and must not hold its supervisor.
    Zombie,
}

impl ChildShutdown {
    /// Tells a running child to end, for this reason. It may be gone at once.
    pub(super) fn begin(
        me: &SupervisorProcess,
        key: ChildKey,
        spec: &ChildSpec,
        process: &Arc<dyn Process>,
        reason: ExitReason,
    ) -> Result<Self, Stopped> {
        let child_type = spec.child_type();
        let killed = reason == ExitReason::Killed;
        let exit = Signal::Exit {
            from: Some(me.pid()),
            reason,
            linked: false,
        };
        let (signal, limit) = match (spec.shutdown_type(), child_type) {
            (Shutdown::BrutalKill, ChildType::Supervisor) => (Signal::Kill, None),
            (Shutdown::BrutalKill, ChildType::Worker) => (Signal::Kill, Some(GRACE)),
            (Shutdown::Timeout(limit), _) => (exit, Some(limit)),
            // A killed supervisor is to be gone soon, whatever its children would like.
            (Shutdown::Infinity, ChildType::Worker) if killed => (exit, Some(KILLED)),
            (Shutdown::Infinity, _) => (exit, None),
        };
        let ended = Arc::clone(process).end(signal);
        // Where the signal was seen to at once, but by the common way, the exit is in the inbox by now.
        match ended.or_else(|| me.take_exit(process.header().pid)) {
            Some(reason) => Err(Stopped::Gone(reason)),
            None => Ok(Self {
                key,
                process: Arc::clone(process),
                child_type,
                phase: Phase::Asked(limit.map(rt::deadline)),
            }),
        }
    }

    /// Waits until the child is gone, or its time is over. `None`: it was, and the child was killed for it.
    pub(super) async fn advance(&mut self, me: &SupervisorProcess) -> Option<Stopped> {
        let pid = self.process.header().pid;
        let deadline = match self.phase {
            Phase::Asked(deadline) => deadline,
            // A supervisor takes as long as its own children.
            Phase::Killed => match self.child_type {
                ChildType::Worker => Some(rt::deadline(GRACE)),
                ChildType::Supervisor => None,
            },
        };
        let runtime = &me.header().node.runtime;
        let mut sleep = deadline.map(|deadline| runtime.sleep_until(deadline));
        if let Some(reason) = me.wait_exit(pid, sleep.as_mut()).await {
            return Some(Stopped::Gone(reason));
        }
        match self.phase {
            Phase::Asked(_) => {
                kill(&self.process);
                self.phase = Phase::Killed;
                None
            }
            Phase::Killed => {
                Arc::clone(&self.process).fence(ExitReason::Killed);
                me.take_exit(pid);
                Some(Stopped::Zombie)
            }
        }
    }
}

pub(super) fn kill(process: &Arc<dyn Process>) {
    deferred::scope(|| Arc::clone(process).signal(Signal::Kill));
}
