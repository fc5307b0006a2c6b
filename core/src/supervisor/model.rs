//! A naive model of OTP's supervisor, for tests only: what a decision of ours is held against.
//!
//! It is written from OTP's documentation and from what OTP does when it runs; it shares no line and no type with the code
//! that it judges. It walks plain lists, remembers every restart, and is slow on purpose. It does nothing itself: it is told
//! what happened, with the time in nanoseconds, and says in [`Step`]s what the supervisor does next.
//!
//! Like OTP's supervisor it does one thing at a time. While it waits for a child that it stops, or for a start function,
//! other events wait in its mailbox; the end of a child that is being stopped is what it waits for, and restarts nothing.
//! So does an end that waits in the mailbox already when its child is to be stopped: it is taken out, and the child is not
//! among those to stop.
//!
//! Where the rules are from (SUP and DS are the cases of the behaviour catalogue):
//!
//! | Rule | Where it is written | Cases |
//! |---|---|---|
//! | which exits restart a child | supervisor(3), "Child specification", `restart` | SUP-12, SUP-13, SUP-14, SUP-86, DS-11 |
//! | which siblings are stopped and started | supervisor(3), "Restart Strategies" | SUP-28 to SUP-31, SUP-35, SUP-36, SUP-64 |
//! | how many restarts are too many | supervisor(3), "Restart intensity and period" | SUP-15 to SUP-19, SUP-37, SUP-39, SUP-63, DS-15 |
//! | a start that fails during a restart | no manual; `supervisor` as it runs | SUP-22, SUP-24, SUP-44, DS-12 to DS-14 |
//! | giving up | supervisor(3), "Restart intensity and period" | SUP-40, DS-14 |
//! | significant children | supervisor(3), "Automatic Shutdown" | SUP-70 to SUP-75 |
//! | start and stop of the whole | supervisor(3), `start_link/3` and "Supervision Principles" | SUP-02, SUP-03, SUP-05, SUP-07, DS-19 |
//! | requests | supervisor(3), one paragraph each | SUP-08, SUP-59 to SUP-65, SUP-68, SUP-82, DS-06, DS-17 |
//! | dynamic supervisors | `DynamicSupervisor`; supervisor(3), `simple_one_for_one` | DS-02 to DS-17 |
//!
//! Two departures of ours are in it: the window is exact (D28), and children are listed in start order (D29). A third one
//! is left to the test: events are looked at in the order in which they come, requests and exits alike (D30 puts exits
//! first).

use std::collections::VecDeque;
use std::mem;

mod words;
mod work;

pub(crate) use words::{
    AutoShutdown, Child, Counts, Ended, Event, Flags, Id, Nanos, Pid, Process, Reason, Reply,
    Restart, Spec, Step, Strategy,
};
use work::{Goal, Work};

#[derive(Debug)]
pub(crate) struct Model {
    flags: Flags,
    /// In start order.
    children: Vec<Child>,
    /// The time of every restart there ever was.
    restarts: Vec<Nanos>,
    mailbox: VecDeque<Event>,
    work: Option<Work>,
    ended: Option<Ended>,
    now: Nanos,
    steps: Vec<Step>,
}

impl Model {
    pub(crate) fn new(flags: Flags, specs: &[Spec]) -> Self {
        let dynamic = flags.strategy == Strategy::Dynamic;
        assert!(
            !dynamic || specs.is_empty(),
            "a dynamic supervisor begins without children"
        );
        assert!(!dynamic || flags.auto_shutdown == AutoShutdown::Never);
        let mut model = Self {
            flags,
            children: Vec::new(),
            restarts: Vec::new(),
            mailbox: VecDeque::new(),
            work: None,
            ended: None,
            now: 0,
            steps: Vec::new(),
        };
        for spec in specs {
            assert!(model.child(spec.id).is_none(), "duplicate_child_name");
            model.add(*spec);
        }
        model
    }

    /// `start_link`: the children are started in the order of the list.
    pub(crate) fn boot(&mut self) -> Vec<Step> {
        let all = self.children.iter().map(|child| child.spec.id).collect();
        self.begin(Goal::Boot, Vec::new(), all);
        self.read_mailbox();
        mem::take(&mut self.steps)
    }

    /// Tells it what happened, and says what it does next. What a start function returned is told only after its
    /// [`Step::Start`]; the children of a stop may end in any order.
    pub(crate) fn handle(&mut self, event: Event, now: Nanos) -> Vec<Step> {
        assert!(self.now <= now, "time goes on");
        self.now = now;
        match event {
            _ if self.ended.is_some() => self.steps.push(Step::Ignored),
            Event::Started(id, pid) => self.start_returned(id, Process::Running(pid)),
            Event::StartIgnored(id) => self.start_returned(id, Process::Undefined),
            Event::StartFailed(id) => self.start_failed(id),
            Event::Exited(pid, _) if self.is_stopping(pid) => self.stopped(pid),
            message => self.mailbox.push_back(message),
        }
        self.read_mailbox();
        mem::take(&mut self.steps)
    }

    // What can be asked.

    /// In start order. To be asked when the supervisor is not busy; before that it answers nobody.
    pub(crate) fn which_children(&self) -> &[Child] {
        &self.children
    }

    pub(crate) fn count_children(&self) -> Counts {
        let count =
            |which: fn(&Child) -> bool| self.children.iter().filter(|child| which(child)).count();
        Counts {
            specs: count(|_| true),
            active: count(|child| matches!(child.process, Process::Running(_))),
            supervisors: count(|child| child.spec.supervisor),
            workers: count(|child| !child.spec.supervisor),
        }
    }

    /// Whether it waits for a child to end, or for a start function. Other events go into the mailbox meanwhile.
    pub(crate) fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    pub(crate) fn ended(&self) -> Option<Ended> {
        self.ended
    }

    // The mailbox.

    fn read_mailbox(&mut self) {
        while self.work.is_none() && self.ended.is_none() {
            let Some(message) = self.mailbox.pop_front() else {
                return;
            };
            match message {
                Event::Exited(pid, reason) => self.exited(pid, reason),
                Event::TryAgain(id) => self.try_again(id),
                Event::StartChild(spec) => self.start_child(spec),
                Event::TerminateChild(id) => self.terminate_child(id),
                Event::TerminateProcess(pid) => self.terminate_process(pid),
                Event::RestartChild(id) => self.restart_child(id),
                Event::DeleteChild(id) => self.delete_child(id),
                Event::Shutdown => self.end(Ended::AsTold),
                Event::Started(..) | Event::StartFailed(_) | Event::StartIgnored(_) => {
                    unreachable!()
                }
            }
        }
    }

    // Exits and restarts.

    fn exited(&mut self, pid: Pid, reason: Reason) {
        let running = Process::Running(pid);
        let Some(child) = self
            .children
            .iter()
            .find(|child| child.process == running)
            .copied()
        else {
            return self.steps.push(Step::Ignored);
        };
        let id = child.spec.id;
        self.set(id, Process::Undefined);
        let again = match child.spec.restart {
            Restart::Permanent => true,
            Restart::Transient => reason == Reason::Abnormal,
            Restart::Temporary => false,
        };
        if again {
            return self.restart(id, Some(pid));
        }
        self.left_without_process(id);
        if child.spec.significant && self.shuts_down_automatically() {
            self.steps.push(Step::AutoShutdown);
            self.end(Ended::Shutdown);
        }
    }

    /// Asked when a significant child has ended for good. A child about to be restarted counts as one that runs.
    fn shuts_down_automatically(&self) -> bool {
        match self.flags.auto_shutdown {
            AutoShutdown::Never => false,
            AutoShutdown::AnySignificant => true,
            AutoShutdown::AllSignificant => !self
                .children
                .iter()
                .any(|child| child.spec.significant && child.process != Process::Undefined),
        }
    }

    fn try_again(&mut self, id: Id) {
        match self.child(id).map(|child| child.process) {
            Some(Process::Restarting(old)) => self.restart(id, old),
            // It was terminated meanwhile, or the restart of a group got it started.
            _ => self.steps.push(Step::Ignored),
        }
    }

    fn restart(&mut self, id: Id, old: Option<Pid>) {
        if self.too_many_restarts() {
            self.steps.push(Step::GiveUp);
            return self.end(Ended::Shutdown);
        }
        let all: Vec<Id> = self.children.iter().map(|child| child.spec.id).collect();
        let group: Vec<Id> = match self.flags.strategy {
            Strategy::OneForOne | Strategy::Dynamic => vec![id],
            Strategy::OneForAll => all,
            Strategy::RestForOne => all.into_iter().skip_while(|other| *other != id).collect(),
        };
        let stop = group.iter().rev().copied().collect();
        self.begin(Goal::Restart(id, old), stop, group);
    }

    /// Counts a restart. One that is as old as the window is long still counts.
    fn too_many_restarts(&mut self) -> bool {
        self.restarts.push(self.now);
        let in_window = |then: &&Nanos| self.now - **then <= self.flags.period;
        self.restarts.iter().filter(in_window).count() > self.flags.max_restarts
    }

    // Requests.

    fn start_child(&mut self, spec: Spec) {
        if self.flags.strategy == Strategy::Dynamic {
            assert!(
                self.child(spec.id).is_none(),
                "each dynamic child has a number of its own"
            );
            assert!(!spec.significant);
            if self
                .flags
                .max_children
                .is_some_and(|max| self.children.len() >= max)
            {
                return self.reply(Reply::MaxChildren);
            }
        }
        match self.child(spec.id).map(|child| child.process) {
            Some(Process::Running(pid)) => self.reply(Reply::AlreadyStarted(pid)),
            Some(_) => self.reply(Reply::AlreadyPresent),
            None => {
                self.add(spec);
                self.begin(Goal::StartChild(spec.id), Vec::new(), vec![spec.id]);
            }
        }
    }

    fn terminate_child(&mut self, id: Id) {
        if self.flags.strategy == Strategy::Dynamic {
            return self.reply(Reply::Dynamic);
        }
        match self.child(id) {
            Some(_) => self.begin(Goal::TerminateChild(id), vec![id], Vec::new()),
            None => self.reply(Reply::NotFound),
        }
    }

    /// A child about to be restarted goes by the process it had.
    fn terminate_process(&mut self, pid: Pid) {
        let has = |child: &&Child| {
            child.process == Process::Running(pid)
                || child.process == Process::Restarting(Some(pid))
        };
        match self.children.iter().find(has).map(|child| child.spec.id) {
            Some(id) if self.flags.strategy == Strategy::Dynamic => {
                self.begin(Goal::TerminateChild(id), vec![id], Vec::new());
            }
            _ => self.reply(Reply::NotFound),
        }
    }

    fn restart_child(&mut self, id: Id) {
        if self.flags.strategy == Strategy::Dynamic {
            return self.reply(Reply::Dynamic);
        }
        match self.child(id).map(|child| child.process) {
            Some(Process::Undefined) => self.begin(Goal::RestartChild(id), Vec::new(), vec![id]),
            Some(Process::Running(_)) => self.reply(Reply::Running),
            Some(Process::Restarting(_)) => self.reply(Reply::Restarting),
            None => self.reply(Reply::NotFound),
        }
    }

    fn delete_child(&mut self, id: Id) {
        if self.flags.strategy == Strategy::Dynamic {
            return self.reply(Reply::Dynamic);
        }
        match self.child(id).map(|child| child.process) {
            Some(Process::Undefined) => {
                self.forget(id);
                self.reply(Reply::Ok);
            }
            Some(Process::Running(_)) => self.reply(Reply::Running),
            Some(Process::Restarting(_)) => self.reply(Reply::Restarting),
            None => self.reply(Reply::NotFound),
        }
    }

    fn end(&mut self, ended: Ended) {
        let stop = self
            .children
            .iter()
            .rev()
            .map(|child| child.spec.id)
            .collect();
        self.begin(Goal::End(ended), stop, Vec::new());
    }

    // The list of children.

    fn child(&self, id: Id) -> Option<&Child> {
        self.children.iter().find(|child| child.spec.id == id)
    }

    fn set(&mut self, id: Id, process: Process) {
        let child = self.children.iter_mut().find(|child| child.spec.id == id);
        child.expect("a child").process = process;
    }

    /// A new child is the last one in start order.
    fn add(&mut self, spec: Spec) {
        let temporary_or_transient = spec.restart != Restart::Permanent;
        let valid = temporary_or_transient && self.flags.auto_shutdown != AutoShutdown::Never;
        assert!(valid || !spec.significant, "bad_combination");
        self.children.push(Child {
            spec,
            process: Process::Undefined,
        });
    }

    /// It has no process, and is not to be restarted. A temporary child, and any child of a dynamic supervisor, is then
    /// no child any more; of others the specification stays.
    fn left_without_process(&mut self, id: Id) {
        let temporary = self.child(id).expect("a child").spec.restart == Restart::Temporary;
        if temporary || self.flags.strategy == Strategy::Dynamic {
            self.forget(id);
        } else {
            self.steps.push(Step::Keep(id));
        }
    }

    fn forget(&mut self, id: Id) {
        self.children.retain(|child| child.spec.id != id);
        self.steps.push(Step::Forget(id));
    }

    fn reply(&mut self, reply: Reply) {
        self.steps.push(Step::Reply(reply));
    }
}

#[cfg(test)]
mod tests;
