//! Stopping children, starting children, and what follows when that is done.

use std::collections::VecDeque;
use std::mem;

use super::{Ended, Event, Id, Model, Pid, Process, Reply, Restart, Step, Strategy};

/// What the supervisor is in the midst of: it stops, then it starts, then it has done what it did this for.
#[derive(Debug)]
pub(super) struct Work {
    goal: Goal,
    /// Told to stop, and not ended yet.
    stopping: Vec<(Id, Pid)>,
    /// To be forgotten when all of those have ended.
    forget: Vec<Id>,
    /// To be started, in this order; the first one's start function runs when nothing is left in `stopping`.
    starting: VecDeque<Id>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Boot,
    /// On account of this child, whose process was that.
    Restart(Id, Option<Pid>),
    StartChild(Id),
    RestartChild(Id),
    TerminateChild(Id),
    End(Ended),
}

impl Model {
    /// `stop` in the order given, whatever of it runs, and then `start` in the order given.
    pub(super) fn begin(&mut self, goal: Goal, stop: Vec<Id>, start: Vec<Id>) {
        let mut work = Work {
            goal,
            stopping: Vec::new(),
            forget: Vec::new(),
            starting: start.into(),
        };
        for id in stop {
            let child = *self.child(id).expect("a child");
            if let Process::Running(pid) = child.process {
                // Its end may be known and not yet looked at. Then there is nothing to stop, and nothing to restart.
                let waiting = self.mailbox.len();
                self.mailbox
                    .retain(|message| !matches!(message, Event::Exited(other, _) if *other == pid));
                if self.mailbox.len() == waiting {
                    work.stopping.push((id, pid));
                }
            }
            // If it was about to be restarted, it is not any more.
            self.set(id, Process::Undefined);
            // A temporary child is never started again, not even with its siblings.
            if matches!(goal, Goal::Restart(..)) && child.spec.restart == Restart::Temporary {
                work.forget.push(id);
                work.starting.retain(|other| *other != id);
            }
        }
        if !work.stopping.is_empty() {
            let ids = work.stopping.iter().map(|(id, _)| *id).collect();
            let at_once = self.flags.strategy == Strategy::Dynamic;
            self.steps.push(if at_once {
                Step::StopAtOnce(ids)
            } else {
                Step::Stop(ids)
            });
        }
        self.work = Some(work);
        self.go_on();
    }

    pub(super) fn is_stopping(&self, pid: Pid) -> bool {
        self.work
            .as_ref()
            .is_some_and(|work| work.stopping.iter().any(|(_, other)| *other == pid))
    }

    pub(super) fn stopped(&mut self, pid: Pid) {
        let work = self.work.as_mut().expect("it stops a child");
        work.stopping.retain(|(_, other)| *other != pid);
        self.go_on();
    }

    /// The start function of `id` has returned. `Undefined`: it returned `ignore`.
    pub(super) fn start_returned(&mut self, id: Id, process: Process) {
        let goal = self.start_over(id);
        self.set(id, process);
        if process == Process::Undefined {
            self.left_without_process(id);
        }
        if matches!(goal, Goal::StartChild(_) | Goal::RestartChild(_)) {
            self.reply(match process {
                Process::Running(pid) => Reply::Started(pid),
                _ => Reply::Undefined,
            });
        }
        self.go_on();
    }

    pub(super) fn start_failed(&mut self, id: Id) {
        let goal = self.start_over(id);
        self.work = None;
        match goal {
            Goal::Boot => self.end(Ended::FailedToStart(id)),
            // Those after it in the group are not started for now, and those before it run.
            Goal::Restart(first, old) => {
                self.set(
                    id,
                    Process::Restarting(if id == first { old } else { None }),
                );
                self.steps.push(Step::TryAgainLater(id));
            }
            Goal::StartChild(_) => {
                self.forget(id);
                self.reply(Reply::Failed);
            }
            Goal::RestartChild(_) => self.reply(Reply::Failed),
            Goal::TerminateChild(_) | Goal::End(_) => unreachable!("nothing is started for it"),
        }
    }

    fn start_over(&mut self, id: Id) -> Goal {
        let work = self.work.as_mut().expect("it starts a child");
        assert!(work.stopping.is_empty(), "it has not started anything yet");
        assert_eq!(
            work.starting.pop_front(),
            Some(id),
            "it starts another child"
        );
        work.goal
    }

    /// Something that the work waited for has happened.
    fn go_on(&mut self) {
        let work = self.work.as_mut().expect("it works");
        if !work.stopping.is_empty() {
            return;
        }
        for id in mem::take(&mut work.forget) {
            self.forget(id);
        }
        let work = self.work.as_ref().expect("it works");
        if let Some(next) = work.starting.front() {
            return self.steps.push(Step::Start(*next));
        }
        let goal = work.goal;
        self.work = None;
        match goal {
            Goal::Boot | Goal::Restart(..) | Goal::StartChild(_) | Goal::RestartChild(_) => {}
            Goal::TerminateChild(id) => {
                self.left_without_process(id);
                self.reply(Reply::Ok);
            }
            Goal::End(ended) => {
                self.ended = Some(ended);
                self.steps.push(Step::Ended(ended));
            }
        }
    }
}
