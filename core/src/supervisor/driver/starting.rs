//! Starting children, inside the supervisor: one after the other.

use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use foldhash::fast::RandomState;

use crate::catch::catch;
use crate::child::ChildType;
use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::monitor::watch;
use crate::process::pid::Pid;
use crate::rt;
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::driver::Driver;
use crate::supervisor::driver::asked_by::AskedBy;
use crate::supervisor::driver::stop_child::kill;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::report::{self, ReportContext};
use crate::supervisor::vigil::GRACE;

impl Driver {
    /// Starts the first children in order; the first that fails ends it.
    pub(super) async fn start_children(
        &mut self,
        children: Vec<ChildSpec>,
    ) -> Result<(), StartError> {
        let mut ids = HashSet::with_capacity_and_hasher(children.len(), RandomState::default());
        // Ids are hashed already, but compared here.
        let twice = catch(|| children.iter().find(|spec| !ids.insert(spec.id())));
        let twice = twice.map(|twice| twice.map(|twice| twice.id().clone()));
        drop(ids);
        if let Some(error) = match twice {
            Ok(None) => children.iter().find_map(|spec| self.check(spec).err()),
            Ok(Some(id)) => Some(StartError::DuplicateChild(id)),
            Err(panic) => Some(StartError::Init(panic)),
        } {
            for spec in children {
                self.leftovers.leave_spec(spec);
            }
            return Err(error);
        }
        self.plan.reserve(children.len());
        self.me.header().node.reserve(children.len());
        let rules = children.iter().map(ChildSpec::rules);
        let keys: Vec<_> = rules.map(|rules| self.plan.add(rules)).collect();
        self.specs.fill(children);
        for key in keys {
            if let Err(error) = self.start(key, AskedBy::Supervisor).await {
                let id = self.specs.get(key).map(|child| child.id().clone());
                self.remove_child(key);
                return Err(match id {
                    Some(id) => StartError::Child {
                        id,
                        error: Box::new(error),
                    },
                    None => error,
                });
            }
        }
        Ok(())
    }

    /// Whether this child may be one of the supervisor's.
    pub(super) fn check(&self, spec: &ChildSpec) -> Result<(), StartError> {
        let checked = self.plan.check(spec.rules());
        checked.map_err(|why| StartError::BadCombination {
            id: spec.id().clone(),
            why,
        })
    }

    /// Starts a child. `None`: it does not want to run, and the plan knows. What tells the supervisor to end interrupts a slow
    /// `init`.
    pub(super) async fn start(
        &mut self,
        key: ChildKey,
        asked: AskedBy,
    ) -> Result<Option<Pid>, StartError> {
        let me = &self.me;
        let child = match self.specs.get_mut(key) {
            // A supervisor that is fenced starts nobody any more.
            Some(child) if me.header().exit_reason().is_none() => child,
            _ => return Err(StartError::Init(ExitReason::NoProc)),
        };
        me.note_starting(Some(child.id()));
        let mut interrupted = false;
        let started = match child.start(me.pid()) {
            Ok(Starting { process, ready }) => {
                let pid = process.header().pid;
                self.starting = Some((key, process));
                // Not held by this future: a kill drops it, and `init` must not be dropped here.
                let ready = self.ready.insert(ready);
                let started = poll_fn(|cx| {
                    if let Poll::Ready(started) = ready.as_mut().poll(cx) {
                        return Poll::Ready(started);
                    }
                    if planted(Bug::SlowInitNotInterrupted) {
                        return Poll::Pending;
                    }
                    me.poll_told_to_end(cx.waker()).map(|()| {
                        interrupted = true;
                        Err(StartError::Init(ExitReason::Shutdown))
                    })
                });
                started.await.map(|()| pid)
            }
            Err(error) => Err(error),
        };
        if started.is_err() {
            me.note_starting(None);
        }
        match started {
            Ok(pid) => {
                child.process = self.starting.take().map(|(_, process)| process);
                if let Some(process) = &child.process {
                    me.note_started(key, &**process);
                }
                self.ready = None;
                self.plan.started(key, pid);
                if child.has_backoff() {
                    self.plan.ran_from(key, rt::now());
                }
                report::progress(self.me.header(), child, pid);
                Ok(Some(pid))
            }
            Err(StartError::Ignore) => {
                self.give_up_start().await;
                self.me.note_back(key);
                if self.plan.ignored(key) {
                    self.forget_spec(key);
                }
                Ok(None)
            }
            Err(error) => {
                // That the supervisor is to end is no failure of the child's.
                if !interrupted && matches!(asked, AskedBy::Supervisor) {
                    let context = ReportContext::StartError;
                    report::supervisor(self.me.header(), context, child, None, &error);
                }
                self.give_up_start().await;
                Err(error)
            }
        }
    }

    /// Ends a start that was interrupted. What `init` holds is dropped elsewhere, since a destructor may block.
    pub(super) fn interrupt_start(&mut self) {
        if let Some((_, process)) = &self.starting
            && process.header().exit_reason().is_none()
        {
            kill(process);
            if let Some(ready) = self.ready.take() {
                let runtime = &self.me.header().node.runtime;
                runtime.spawn(async move { discard(ready) });
            }
        }
    }

    /// Ends a start that was interrupted, and waits until nothing is left of it: a supervisor has children of its own by
    /// then.
    pub(super) async fn give_up_start(&mut self) {
        self.interrupt_start();
        let Some((key, process)) = &self.starting else {
            return;
        };
        let runtime = &self.me.header().node.runtime;
        let mut end = watch(process.header());
        let child_type = self.specs.get(*key).map(ChildSpec::child_type);
        // A nested supervisor takes as long as its own children.
        let limited = child_type == Some(ChildType::Worker);
        let mut grace = limited.then(|| runtime.sleep_until(rt::deadline(GRACE)));
        let ended = poll_fn(|cx| match (Pin::new(&mut end).poll(cx), &mut grace) {
            (Poll::Ready(_), _) => Poll::Ready(true),
            (Poll::Pending, Some(grace)) => Pin::new(grace).poll(cx).map(|()| false),
            (Poll::Pending, None) => Poll::Pending,
        });
        if !ended.await {
            Arc::clone(process).fence(ExitReason::Killed);
            if let Some(child) = self.specs.get(*key) {
                let (context, pid) = (ReportContext::Zombie, Some(process.header().pid));
                let why = "what its `init` holds is not dropped";
                report::supervisor(self.me.header(), context, child, pid, &why);
            }
        }
        let reason = process.header().exit_reason().cloned();
        let process = self.starting.take().map(|(_, process)| process);
        self.leftovers
            .leave_end(reason.unwrap_or(ExitReason::Killed), process);
        self.ready = None;
    }
}
