//! Stopping children: one after the other in reverse start order, or all together; asked, then killed, then let go.

use std::sync::Arc;
use std::time::Duration;

use crate::child::{ChildType, Restart, Shutdown};
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::deferred;
use crate::process::monitor::monitor;
use crate::process::{Process, Signal};
use crate::rt::{self, Sleep};
use crate::supervisor::Kind;
use crate::supervisor::driver::Driver;
use crate::supervisor::plan::Seat;
use crate::supervisor::report::{self, Event as Report};

/// How long a killed child has to end. After it, a poll that never returns is all that can hold it.
const GRACE: Duration = Duration::from_secs(1);

/// How long the children of a killed supervisor have that would otherwise have no limit.
const KILLED: Duration = Duration::from_secs(5);

/// What became of a child that was told to end.
enum Asked {
    /// It is gone, for this reason.
    Gone(ExitReason),
    /// It has this long; `None`: as long as it likes.
    Waits(Option<Duration>),
}

impl Driver {
    /// Stops every child: in reverse start order, or all together in a dynamic supervisor.
    pub(super) async fn stop_all(&mut self) {
        if matches!(self.kind, Kind::Dynamic { .. }) {
            return self.stop_together(ExitReason::Shutdown).await;
        }
        let mut seats: Vec<_> = self.plan.seats().map(|(seat, _)| seat).rev().collect();
        if planted(Bug::ChildrenStopInStartOrder) {
            seats.reverse();
        }
        for seat in seats {
            self.stop(seat).await;
        }
    }

    /// Stops one child, and waits until it is gone.
    pub(super) async fn stop(&mut self, seat: Seat) {
        let Some(child) = self.children.get_mut(seat) else {
            return;
        };
        let Some(process) = child.process.take() else {
            return;
        };
        let limit = match self.ask(&process, seat, ExitReason::Shutdown) {
            Asked::Gone(reason) => return self.gone(&process, seat, Some(reason)),
            Asked::Waits(limit) => limit,
        };
        // A kill may interrupt the wait: then the child is still to be stopped.
        if let Some(child) = self.children.get_mut(seat) {
            child.process = Some(Arc::clone(&process));
        }
        let pid = process.header().pid;
        let mut sleep = limit.map(|limit| self.sleep(limit));
        let mut reason = self.me.wait_exit(pid, sleep.as_mut()).await;
        if reason.is_none() {
            self.kill(&process);
            let mut grace = self.grace(seat);
            reason = self.me.wait_exit(pid, grace.as_mut()).await;
        }
        self.gone(&process, seat, reason);
    }

    /// Stops every child at once, and waits until the last one is gone: as long as the slowest takes.
    pub(super) async fn stop_together(&mut self, reason: ExitReason) {
        let mut running = Vec::new();
        for (seat, child) in self.children.iter() {
            if let Some(process) = &child.process {
                running.push((seat, Arc::clone(process)));
            }
        }
        let mut waiting = Vec::new();
        for (seat, process) in running {
            match self.ask(&process, seat, reason.clone()) {
                Asked::Gone(reason) => self.gone(&process, seat, Some(reason)),
                Asked::Waits(limit) => waiting.push((seat, process, limit.map(rt::deadline))),
            }
        }
        let mut killed = Vec::new();
        for (seat, process, deadline) in waiting {
            let pid = process.header().pid;
            let mut sleep =
                deadline.map(|deadline| self.me.header().node.runtime.sleep_until(deadline));
            let reason = self.me.wait_exit(pid, sleep.as_mut()).await;
            if reason.is_none() {
                self.kill(&process);
                killed.push((seat, process));
            } else {
                self.gone(&process, seat, reason);
            }
        }
        for (seat, process) in killed {
            let mut grace = self.grace(seat);
            let reason = self
                .me
                .wait_exit(process.header().pid, grace.as_mut())
                .await;
            self.gone(&process, seat, reason);
        }
    }

    /// Waits for a nested supervisor whose start was interrupted: it has children of its own by now.
    pub(super) async fn await_interrupted(&mut self) {
        let own = Some(self.me.pid());
        for process in self.me.header().node.processes() {
            if process.header().parent != own {
                continue;
            }
            let pid = process.header().pid;
            if self.plan.seat(pid).is_none() {
                self.kill(&process);
                monitor(pid).await;
            }
        }
    }

    /// Tells a child to end.
    fn ask(&self, process: &Arc<dyn Process>, seat: Seat, reason: ExitReason) -> Asked {
        let Some(spec) = self.children.get(seat) else {
            return Asked::Waits(None);
        };
        let killed = reason == ExitReason::Killed;
        let exit = Signal::Exit {
            from: Some(self.me.pid()),
            reason,
            linked: false,
        };
        let (signal, limit) = match spec.shutdown_type() {
            Shutdown::BrutalKill if spec.child_type() == ChildType::Supervisor => {
                (Signal::Kill, None)
            }
            Shutdown::BrutalKill => (Signal::Kill, Some(GRACE)),
            Shutdown::Timeout(limit) => (exit, Some(limit)),
            // A killed supervisor is to be gone soon, whatever its children would like.
            Shutdown::Infinity if killed && spec.child_type() == ChildType::Worker => {
                (exit, Some(KILLED))
            }
            Shutdown::Infinity => (exit, None),
        };
        match Arc::clone(process).end(signal) {
            Some(reason) => Asked::Gone(reason),
            // It may be gone all the same: the signal was seen to at once, but by the common way.
            None => match self.me.take_exit(process.header().pid) {
                Some(reason) => Asked::Gone(reason),
                None => Asked::Waits(limit),
            },
        }
    }

    fn kill(&self, process: &Arc<dyn Process>) {
        deferred::scope(|| Arc::clone(process).signal(Signal::Kill));
    }

    /// A child ended, or is let go: a poll that never returns cannot be killed, and must not hold its supervisor.
    fn gone(&mut self, process: &Arc<dyn Process>, seat: Seat, reason: Option<ExitReason>) {
        let dynamic = matches!(self.kind, Kind::Dynamic { .. });
        let Some(spec) = self.children.get_mut(seat) else {
            return;
        };
        spec.process = None;
        let pid = process.header().pid;
        let me = self.me.header();
        let Some(reason) = reason else {
            Arc::clone(process).fence(ExitReason::Killed);
            self.me.take_exit(pid);
            report::supervisor(
                me,
                Report::Zombie,
                spec,
                Some(pid),
                &"a poll of it never returned",
            );
            return;
        };
        let permanent = spec.restart_type() == Restart::Permanent;
        let asked = match (&reason, spec.shutdown_type()) {
            (ExitReason::Killed, Shutdown::BrutalKill) | (ExitReason::Shutdown, _) => true,
            (ExitReason::ShutdownWith(_), _) => !permanent || dynamic,
            (ExitReason::Normal, _) => !permanent,
            _ => false,
        };
        if !asked {
            report::supervisor(me, Report::ShutdownError, spec, Some(pid), &reason);
        }
    }

    /// How long a killed child may take. A supervisor takes as long as its own children.
    fn grace(&self, seat: Seat) -> Option<Sleep> {
        let child = self.children.get(seat)?;
        (child.child_type() == ChildType::Worker).then(|| self.sleep(GRACE))
    }

    fn sleep(&self, limit: Duration) -> Sleep {
        self.me
            .header()
            .node
            .runtime
            .sleep_until(rt::deadline(limit))
    }
}
