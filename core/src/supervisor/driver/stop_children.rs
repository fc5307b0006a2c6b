//! Stopping children: one after the other in reverse start order, or all together.

use crate::child::Shutdown;
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::process::waits::reached_from;
use crate::reply::abandoned;
use crate::rt;
use crate::supervisor::driver::Driver;
use crate::supervisor::driver::stop_child::{ChildShutdown, Stopped};
use crate::supervisor::driver::waiting::Waiting;
use crate::supervisor::inbox::Heard;
use crate::supervisor::plan::{ChildKey, StopOrder};
use crate::supervisor::report::{self, ReportContext};

impl Driver {
    /// Stops every child, for good. `asker`: a process that wants it, and waits for it.
    pub(super) async fn stop_all(&mut self, asker: Option<Pid>) {
        self.last = self.me.begin_end(self.plan.has_ids());
        match self.plan.stop_order() {
            StopOrder::Together => self.stop_together(ExitReason::Shutdown, asker).await,
            StopOrder::Reverse => {
                let mut keys: Vec<_> = self.specs.iter().map(|(key, _)| key).rev().collect();
                if planted(Bug::ChildrenStopInStartOrder) {
                    keys.reverse();
                }
                let mut waiting = Waiting::default();
                for key in keys {
                    self.stop(key, &mut waiting, asker).await;
                }
            }
        }
    }

    /// Stops one child on purpose, and waits until it is gone. `waiting`: of nobody; one for all that are stopped in turn.
    pub(super) async fn stop_child(
        &mut self,
        key: ChildKey,
        waiting: &mut Waiting,
        asker: Option<Pid>,
    ) {
        self.stop(key, waiting, asker).await;
        if self.plan.stopped(key) {
            self.forget_spec(key);
        }
    }

    async fn stop(&mut self, key: ChildKey, waiting: &mut Waiting, asker: Option<Pid>) {
        if let Some(child) = self.ask(key, ExitReason::Shutdown, asker) {
            waiting.only = Some(child.pid());
            waiting.add(child);
            self.wait_for(waiting, asker).await;
        }
    }

    /// Stops every child at once, and waits until the last one is gone: as long as the slowest takes.
    pub(super) async fn stop_together(&mut self, reason: ExitReason, asker: Option<Pid>) {
        let keys: Vec<_> = self.specs.iter().map(|(key, _)| key).collect();
        let mut waiting = Waiting::default();
        for key in keys {
            if let Some(child) = self.ask(key, reason.clone(), asker) {
                waiting.add(child);
            }
        }
        self.wait_for(&mut waiting, asker).await;
    }

    /// Waits until these children are gone or let go, each at its own time. `asker`: a process that waits for this.
    async fn wait_for(&mut self, waiting: &mut Waiting, mut asker: Option<Pid>) {
        let mut unlimited = waiting.is_unlimited();
        waiting.check_alarm(asker.is_some() || unlimited);
        while !waiting.children.is_empty() {
            if waiting.alarm.is_none() {
                let runtime = &self.me.header().node.runtime;
                waiting.set_alarm(asker.is_some() || unlimited, runtime);
            }
            let alarm = waiting.alarm.as_mut().map(|alarm| &mut alarm.sleep);
            match self.me.hear(waiting.only, alarm).await {
                Some(Heard::Exit(pid, reason)) => {
                    if let Some(child) = waiting.children.remove(&pid) {
                        self.child_stopped(child.key, pid, Stopped::Gone(reason));
                    }
                }
                Some(Heard::Asker(asker)) => {
                    if let Some(child) = waiting.above(self.me.header(), asker) {
                        child.hear_of(&self.me, asker);
                    }
                }
                None => {
                    waiting.alarm = None;
                    if asker.is_some_and(|asker| self.resolve_deadlock(waiting, asker)) {
                        asker = None;
                    }
                    unlimited = waiting.is_unlimited();
                    if unlimited {
                        self.refuse_deadlocked(waiting);
                    }
                    for mut child in waiting.overdue(rt::now()) {
                        match child.overdue(&self.me) {
                            Some(stopped) => self.child_stopped(child.key, child.pid(), stopped),
                            None => waiting.add(child),
                        }
                    }
                }
            }
        }
        waiting.forget_deadlines();
    }

    /// Whether a child that may take as long as it likes waits for the process that has asked for its end: that one is told.
    /// Where it has asked for the end of this supervisor, which nobody can take back, the child is interrupted.
    fn resolve_deadlock(&mut self, waiting: &Waiting, asker: Pid) -> bool {
        let Some((child, waits)) = waiting.deadlocked(self.me.header(), asker) else {
            return false;
        };
        match self.asking.take() {
            Some(asking) => asking.refuse(),
            None => child.hear_of(&self.me, waits),
        }
        true
    }

    /// A child that may take as long as it likes waits for an answer of this supervisor, itself or through others, or one below it
    /// does: it will never have one.
    fn refuse_deadlocked(&mut self, waiting: &Waiting) {
        self.me.readiness().look_again();
        let refused = self.me.take_requests_of(|| {
            let unlimited = waiting.children.values().filter(|it| it.is_unlimited());
            reached_from(unlimited.map(ChildShutdown::pid))
        });
        if refused.is_empty() {
            return;
        }
        for request in refused {
            self.leftovers.leave_request(request);
        }
        abandoned::notify(self.me.pid());
        self.leftovers
            .drop_on(&self.me.header().node.runtime, || false);
    }

    /// Tells a child to end. `None`: it does not run, or is gone already. A kill may interrupt the supervisor while it
    /// waits, so until the child is gone it stays noted as running.
    fn ask(
        &mut self,
        key: ChildKey,
        reason: ExitReason,
        asker: Option<Pid>,
    ) -> Option<ChildShutdown> {
        let spec = self.specs.get(key)?;
        let process = spec.process.as_ref()?;
        let pid = process.header().pid;
        // Dynamic children are not started again with their supervisor, and nobody is with one that is not itself.
        if self.plan.has_ids() && !self.last {
            process.header().course.note_stopped();
        } else {
            process.header().course.note_leaving();
        }
        match ChildShutdown::begin(&self.me, key, spec, process, reason, asker) {
            Ok(waits) => Some(waits),
            Err(stopped) => {
                self.child_stopped(key, pid, stopped);
                None
            }
        }
    }

    fn child_stopped(&mut self, key: ChildKey, pid: Pid, stopped: Stopped) {
        let Some(spec) = self.specs.get_mut(key) else {
            return;
        };
        self.late.forget(pid);
        let process = spec.process.take();
        if let Some(process) = &process {
            self.me.note_seen(key, process.header());
        }
        let me = self.me.header();
        match &stopped {
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
        let reason = match stopped {
            Stopped::Gone(reason) => reason,
            Stopped::Zombie => ExitReason::Killed,
        };
        self.leftovers.leave_end(reason, process);
    }
}
