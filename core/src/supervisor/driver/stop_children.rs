//! Stopping children: one after the other in reverse start order, or all together.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::child::{ChildType, Shutdown};
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::Header;
use crate::process::pid::{Pid, PidHash};
use crate::process::waits::{Search, reached_from};
use crate::reply::abandoned;
use crate::rt::{self, Instant};
use crate::supervisor::driver::Driver;
use crate::supervisor::driver::stop_child::{ChildShutdown, Stopped};
use crate::supervisor::inbox::Heard;
use crate::supervisor::plan::{ChildKey, StopOrder};
use crate::supervisor::report::{self, ReportContext};
use crate::supervisor::vigil::GRACE;

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
                for key in keys {
                    self.stop(key, asker).await;
                }
            }
        }
    }

    /// Stops one child on purpose, and waits until it is gone.
    pub(super) async fn stop_child(&mut self, key: ChildKey, asker: Option<Pid>) {
        self.stop(key, asker).await;
        if self.plan.stopped(key) {
            self.forget_spec(key);
        }
    }

    async fn stop(&mut self, key: ChildKey, asker: Option<Pid>) {
        if let Some(child) = self.ask(key, ExitReason::Shutdown, asker) {
            let mut waiting = Waiting {
                only: Some(child.pid()),
                ..Waiting::default()
            };
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
        self.wait_for(waiting, asker).await;
    }

    /// Waits until these children are gone or let go, each at its own time. `asker`: a process that waits for this.
    async fn wait_for(&mut self, mut waiting: Waiting, mut asker: Option<Pid>) {
        let runtime = self.me.header().node.runtime.clone();
        let mut alarm = None;
        let mut unlimited = waiting.is_unlimited();
        while !waiting.children.is_empty() {
            // An alarm that has become needless is left to ring: another one for each child that goes would cost more.
            if alarm.is_none() {
                let mut deadline = waiting.next_deadline();
                if asker.is_some() || unlimited {
                    // A look at who waits for whom.
                    let look = rt::deadline(GRACE);
                    deadline = Some(deadline.map_or(look, |deadline| deadline.min(look)));
                }
                alarm = deadline.map(|deadline| runtime.sleep_until(deadline));
            }
            match self.me.hear(waiting.only, alarm.as_mut()).await {
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
                    alarm = None;
                    if asker.is_some_and(|asker| self.resolve_deadlock(&waiting, asker)) {
                        asker = None;
                    }
                    unlimited = waiting.is_unlimited();
                    if unlimited {
                        self.refuse_deadlocked(&waiting);
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

/// Children that were told to end: they may do so in any order, and each has a time of its own.
#[derive(Default)]
struct Waiting {
    /// It is this child alone: exits of others stay in the inbox.
    only: Option<Pid>,
    children: HashMap<Pid, ChildShutdown, PidHash>,
    /// Those of children that are gone are passed over when their time comes.
    deadlines: BinaryHeap<Reverse<(Instant, Pid)>>,
}

impl Waiting {
    fn add(&mut self, child: ChildShutdown) {
        let pid = child.pid();
        if let Some(deadline) = child.deadline() {
            self.deadlines.push(Reverse((deadline, pid)));
        }
        self.children.insert(pid, child);
    }

    /// Whether one of them may take as long as it likes.
    fn is_unlimited(&self) -> bool {
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
    fn overdue(&mut self, now: Instant) -> Vec<ChildShutdown> {
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
    fn deadlocked(&self, me: &Header, asker: Pid) -> Option<(&ChildShutdown, Pid)> {
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
    fn above(&self, me: &Header, process: Pid) -> Option<&ChildShutdown> {
        let mut at = process;
        loop {
            if let Some(child) = self.children.get(&at) {
                return Some(child);
            }
            at = me.supervisor_of(at)?;
        }
    }
}
