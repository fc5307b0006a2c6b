//! A task as its owner has it: the process, and where its value comes out.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::outlet::Outlet;
use super::process::TaskProcess;
use super::report;
use super::task_error::TaskError;
use crate::exit_reason::ExitReason;
use crate::process::monitor::{self, Monitor};
use crate::process::monitors::MonitorRef;
use crate::process::pid::Pid;
use crate::process::watch::Group;
use crate::process::whom::Whom;
use crate::process::{Process, Signal, monitoring, node};
use crate::rt;
use crate::sync::Arc;

/// How long a task that was killed has for it: a poll that never returns cannot be killed.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// What came of a task.
pub(super) type Outcome<T> = Result<T, TaskError>;

/// A task whose outcome nobody has taken. Dropped, the task runs on.
pub(super) struct Running<T> {
    /// `None`: there never was one, and the value is there.
    live: Option<Live>,
    outlet: Outlet<T>,
}

struct Live {
    process: Arc<TaskProcess>,
    death: Monitor,
    /// Whom it is linked with.
    linked: Option<Pid>,
    heard: Option<Heard>,
}

/// A server hears of the end of a task by a message, unless its outcome is taken before that is handled.
pub(super) struct Heard {
    server: Pid,
    monitor: MonitorRef,
}

impl Heard {
    pub(super) fn of(task: &Arc<TaskProcess>, server: &Arc<dyn Process>) -> Self {
        let task: Arc<dyn Process> = Arc::clone(task) as _;
        Self {
            server: server.header().pid,
            monitor: monitoring::set(server, Whom::new(task, None)),
        }
    }

    fn end(self) {
        if let Some(server) = node::process(self.server) {
            monitoring::end(server.header(), self.monitor);
        }
    }
}

impl<T> Running<T> {
    pub(super) fn new(process: Arc<TaskProcess>, linked: Option<Pid>, outlet: Outlet<T>) -> Self {
        let death = monitor::watch(process.header());
        Self {
            live: Some(Live {
                process,
                death,
                linked,
                heard: None,
            }),
            outlet,
        }
    }

    pub(super) fn heard_by(mut self, heard: Option<Heard>) -> Self {
        if let Some(live) = &mut self.live {
            live.heard = heard;
        }
        self
    }

    /// By what number a server hears of its end.
    pub(super) fn monitor_ref(&self) -> MonitorRef {
        let heard = self.live.as_ref().and_then(|live| live.heard.as_ref());
        heard.map_or(MonitorRef::NONE, |heard| heard.monitor)
    }

    pub(super) fn completed(value: T) -> Self {
        Self {
            live: None,
            outlet: Outlet::with(value),
        }
    }

    pub(super) fn process(&self) -> Option<&Arc<TaskProcess>> {
        self.live.as_ref().map(|live| &live.process)
    }

    /// Ready when the task is dead, and nothing of it is left.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.live {
            Some(live) => Pin::new(&mut live.death).poll(cx).map(drop),
            None => rt::poll_budget_at_times(cx),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.live.as_ref().is_none_or(|live| live.death.is_down())
    }

    /// A group hears of its end, by this number. `false`: it is over.
    pub(super) fn tell(&mut self, group: &Arc<Group>, number: u64) -> bool {
        if let Some(live) = &mut self.live {
            live.death = monitor::watch_in(live.process.header(), group, number);
        }
        self.live.is_some()
    }

    /// What came of the task, which is over.
    pub(super) fn outcome(mut self) -> Outcome<T> {
        if let Some(heard) = self.live.as_mut().and_then(|live| live.heard.take()) {
            heard.end();
        }
        self.outlet.take().ok_or_else(|| {
            let process = self.process();
            let reason = process.and_then(|process| process.header().exit_reason().cloned());
            TaskError::Exited(reason.unwrap_or(ExitReason::NoProc))
        })
    }

    /// What came of a task that was killed, and is over. `None`: nothing.
    pub(super) fn outcome_of_killed(self) -> Option<Outcome<T>> {
        unless(self.outcome(), &ExitReason::Killed)
    }

    /// From here on the ends of the task and of its owner are no matter to each other.
    pub(super) fn unlink(&self) {
        let Some(live) = &self.live else { return };
        if let Some(owner) = live.linked {
            live.process.header().forget_link(owner);
            if let Some(owner) = node::process(owner) {
                owner.header().forget_link(live.process.header().pid);
            }
        }
    }

    pub(super) fn ask_to_stop(&self) {
        if let Some(live) = &self.live {
            Arc::clone(&live.process).request_stop(ExitReason::Shutdown);
        }
    }

    pub(super) fn kill(&self) {
        if let Some(live) = &self.live {
            Arc::clone(&live.process).signal(Signal::Kill);
        }
    }

    /// It was killed, and did not end in time: its poll does not return.
    pub(super) fn let_go(&self) {
        if let Some(live) = &self.live {
            report::task_left_behind(live.process.header(), live.process.type_name());
            Arc::clone(&live.process).fence(ExitReason::Killed);
        }
    }
}

/// `None`, where it ended without a value for this reason.
pub(super) fn unless<T>(outcome: Outcome<T>, reason: &ExitReason) -> Option<Outcome<T>> {
    match outcome {
        Err(TaskError::Exited(ended)) if ended == *reason => None,
        outcome => Some(outcome),
    }
}
