//! Starting children, inside the supervisor: one after the other.

use std::collections::HashSet;
use std::future::poll_fn;
use std::task::Poll;

use foldhash::fast::RandomState;

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::monitor::monitor;
use crate::process::pid::Pid;
use crate::start_error::StartError;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::driver::Driver;
use crate::supervisor::driver::stop_child::kill;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::report::{self, ReportContext};

impl Driver {
    /// Starts the first children in order; the first that fails ends it.
    pub(super) async fn start_children(
        &mut self,
        children: Vec<ChildSpec>,
    ) -> Result<(), StartError> {
        let mut ids = HashSet::with_capacity_and_hasher(children.len(), RandomState::default());
        // Ids are hashed already, but compared here.
        let twice = catch(|| children.iter().find(|spec| !ids.insert(spec.id())));
        if let Some(twice) = twice.map_err(StartError::Init)? {
            return Err(StartError::DuplicateChild(twice.id().clone()));
        }
        drop(ids);
        self.plan.reserve(children.len());
        self.me.header().node.reserve(children.len());
        let restarts = children.iter().map(ChildSpec::restart_type);
        let keys: Vec<_> = restarts.map(|restart| self.plan.add(restart)).collect();
        self.specs.fill(children);
        for key in keys {
            if let Err(error) = self.start(key).await {
                return Err(match self.remove_child(key) {
                    Some(child) => StartError::Child {
                        id: child.id().clone(),
                        error: Box::new(error),
                    },
                    None => error,
                });
            }
        }
        Ok(())
    }

    /// Starts a child. Its parent's exit interrupts a slow `init`.
    pub(super) async fn start(&mut self, key: ChildKey) -> Result<Pid, StartError> {
        let Some(child) = self.specs.get_mut(key) else {
            return Err(StartError::Init(ExitReason::NoProc));
        };
        let started = match child.start(self.me.pid()) {
            Ok(starting) => {
                let pid = starting.process.header().pid;
                self.starting = Some(starting.process);
                let (me, mut ready) = (&self.me, starting.ready);
                let started = poll_fn(|cx| {
                    if let Poll::Ready(started) = ready.as_mut().poll(cx) {
                        return Poll::Ready(started);
                    }
                    if planted(Bug::SlowInitNotInterrupted) {
                        return Poll::Pending;
                    }
                    me.poll_parent_exit(cx.waker())
                        .map(|()| Err(StartError::Init(ExitReason::Shutdown)))
                });
                started.await.map(|()| pid)
            }
            Err(error) => Err(error),
        };
        match started {
            Ok(pid) => {
                child.process = self.starting.take();
                self.plan.started(key, pid);
                report::progress(self.me.header(), child, pid);
                Ok(pid)
            }
            Err(error) => {
                let context = ReportContext::StartError;
                report::supervisor(self.me.header(), context, child, None, &error);
                self.await_interrupted().await;
                Err(error)
            }
        }
    }

    /// Waits for the end of a child whose start was interrupted: a supervisor has children of its own by then.
    pub(super) async fn await_interrupted(&mut self) {
        if let Some(process) = &self.starting {
            if process.header().exit_reason().is_none() {
                kill(process);
            }
            monitor(process.header().pid).await;
            self.starting = None;
        }
    }
}
