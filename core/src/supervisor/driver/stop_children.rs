//! Stopping children: one after the other in reverse start order, or all together.

use crate::child::Shutdown;
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::supervisor::driver::Driver;
use crate::supervisor::driver::stop_child::{ChildShutdown, Stopped};
use crate::supervisor::plan::{ChildKey, StopOrder};
use crate::supervisor::report::{self, ReportContext};

impl Driver {
    /// Stops every child, for good.
    pub(super) async fn stop_all(&mut self) {
        match self.plan.stop_order() {
            StopOrder::Together => self.stop_together(ExitReason::Shutdown).await,
            StopOrder::Reverse => {
                let mut keys: Vec<_> = self.specs.iter().map(|(key, _)| key).rev().collect();
                if planted(Bug::ChildrenStopInStartOrder) {
                    keys.reverse();
                }
                for key in keys {
                    self.stop(key).await;
                }
            }
        }
    }

    /// Stops one child on purpose, and waits until it is gone.
    pub(super) async fn stop_child(&mut self, key: ChildKey) {
        self.stop(key).await;
        if self.plan.stopped(key) {
            self.specs.remove(key);
        }
    }

    async fn stop(&mut self, key: ChildKey) {
        let Some(mut child) = self.ask(key, ExitReason::Shutdown) else {
            return;
        };
        let stopped = loop {
            if let Some(stopped) = child.advance(&self.me).await {
                break stopped;
            }
        };
        self.child_stopped(key, child.process.header().pid, &stopped);
    }

    /// Stops every child at once, and waits until the last one is gone: as long as the slowest takes.
    pub(super) async fn stop_together(&mut self, reason: ExitReason) {
        let keys: Vec<_> = self.specs.iter().map(|(key, _)| key).collect();
        let asked = keys.into_iter().map(|key| self.ask(key, reason.clone()));
        let mut waiting: Vec<_> = asked.flatten().collect();
        while !waiting.is_empty() {
            let mut overdue = Vec::new();
            for mut child in waiting {
                match child.advance(&self.me).await {
                    Some(stopped) => {
                        self.child_stopped(child.key, child.process.header().pid, &stopped);
                    }
                    None => overdue.push(child),
                }
            }
            waiting = overdue;
        }
    }

    /// Tells a child to end. `None`: it does not run, or is gone already. A kill may interrupt the supervisor while it
    /// waits, so until the child is gone it stays noted as running.
    fn ask(&mut self, key: ChildKey, reason: ExitReason) -> Option<ChildShutdown> {
        let spec = self.specs.get(key)?;
        let process = spec.process.as_ref()?;
        let pid = process.header().pid;
        match ChildShutdown::begin(&self.me, key, spec, process, reason) {
            Ok(waits) => Some(waits),
            Err(stopped) => {
                self.child_stopped(key, pid, &stopped);
                None
            }
        }
    }

    fn child_stopped(&mut self, key: ChildKey, pid: Pid, stopped: &Stopped) {
        let Some(spec) = self.specs.get_mut(key) else {
            return;
        };
        spec.process = None;
        let me = self.me.header();
        match stopped {
            Stopped::Zombie => {
                let (context, why) = (ReportContext::Zombie, "a poll of it never returned");
                report::supervisor(me, context, spec, Some(pid), &why);
            }
            Stopped::Gone(reason) => {
                let brutally =
                    *reason == ExitReason::Killed && spec.shutdown_type() == Shutdown::BrutalKill;
                if !brutally && !self.plan.may_stop_with(spec.restart_type(), reason) {
                    let context = ReportContext::ShutdownError;
                    report::supervisor(me, context, spec, Some(pid), reason);
                }
            }
        }
    }
}
