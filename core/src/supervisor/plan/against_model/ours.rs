//! The plan as the driver uses it, without processes: told what happened, it says what is done.
//!
//! Events are looked at in the order in which they come, as the model does. (Our supervisor looks at exits first: D30.)

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::child;
use crate::exit_reason::ExitReason;
use crate::rt::Instant;
use crate::supervisor::flags;
use crate::supervisor::intensity::Intensity;
use crate::supervisor::model::{
    AutoShutdown, Ended, Event, Flags, Id, Nanos, Pid, Process, Reason, Reply, Restart, Spec, Step,
    Strategy,
};
use crate::supervisor::plan::{
    ChildKey, ChildRules, ChildStatus, Decision, Plan, RestartGroup, RestartStep, StopOrder,
};

pub(super) struct Ours {
    plan: Plan,
    begin: Instant,
    now: Nanos,
    keys: HashMap<Id, ChildKey>,
    ids: HashMap<ChildKey, Id>,
    inbox: VecDeque<Event>,
    work: Option<Work>,
    ended: bool,
    steps: Vec<Step>,
}

/// What the driver is in the midst of.
struct Work {
    goal: Goal,
    /// Told to stop, in this order; `true`: it has ended.
    stopping: VecDeque<(ChildKey, Pid, bool)>,
    /// Started then, in this order. The first one's start is under way once all of those have ended.
    starting: VecDeque<ChildKey>,
}

#[derive(Clone, Copy, PartialEq)]
enum Goal {
    Boot,
    Restart,
    StartChild,
    RestartChild,
    TerminateChild(ChildKey),
    End(Ended),
}

/// What a start function returned.
enum Start {
    Running(Pid),
    Ignored,
    Failed,
}

impl Ours {
    pub(super) fn new(flags: Flags, specs: &[Spec]) -> Self {
        let period = Duration::from_nanos(flags.period);
        let max_restarts = u32::try_from(flags.max_restarts).expect("a small number");
        let intensity = Intensity::new(max_restarts, period);
        let plan = match flags.strategy {
            Strategy::OneForOne => Plan::fixed(RestartGroup::One, intensity),
            Strategy::RestForOne => Plan::fixed(RestartGroup::Rest, intensity),
            Strategy::OneForAll => Plan::fixed(RestartGroup::All, intensity),
            Strategy::Dynamic => Plan::dynamic(flags.max_children, intensity),
        };
        let plan = plan.with_auto_shutdown(match flags.auto_shutdown {
            AutoShutdown::Never => flags::AutoShutdown::Never,
            AutoShutdown::AnySignificant => flags::AutoShutdown::AnySignificant,
            AutoShutdown::AllSignificant => flags::AutoShutdown::AllSignificant,
        });
        let mut ours = Self {
            plan,
            begin: Instant::now(),
            now: 0,
            keys: HashMap::new(),
            ids: HashMap::new(),
            inbox: VecDeque::new(),
            work: None,
            ended: false,
            steps: Vec::new(),
        };
        for spec in specs {
            ours.add(*spec);
        }
        ours
    }

    pub(super) fn boot(&mut self) -> Vec<Step> {
        let all = self.plan.children().map(|(key, _)| key).collect();
        self.begin(Goal::Boot, Vec::new(), all);
        self.read_inbox();
        std::mem::take(&mut self.steps)
    }

    pub(super) fn handle(&mut self, event: Event, now: Nanos) -> Vec<Step> {
        self.now = now;
        match event {
            _ if self.ended => self.steps.push(Step::Ignored),
            Event::Started(_, pid) => self.start_done(Start::Running(pid)),
            Event::StartIgnored(_) => self.start_done(Start::Ignored),
            Event::StartFailed(_) => self.start_done(Start::Failed),
            Event::Exited(pid, _) if self.note_stopped(pid) => self.go_on(),
            event => self.inbox.push_back(event),
        }
        self.read_inbox();
        std::mem::take(&mut self.steps)
    }

    /// All children in start order, but for the pid that a child of a fixed supervisor had: it goes by its id.
    pub(super) fn which_children(&self) -> Vec<(Id, Process)> {
        let process = |status| match status {
            ChildStatus::Stopped => Process::Undefined,
            ChildStatus::Running(pid) => Process::Running(pid.serial()),
            ChildStatus::Restarting(old) if !self.plan.has_ids() => {
                Process::Restarting(old.map(crate::process::pid::Pid::serial))
            }
            ChildStatus::Restarting(_) => Process::Restarting(None),
        };
        let children = self.plan.children();
        children
            .map(|(key, status)| (self.ids[&key], process(status)))
            .collect()
    }

    pub(super) const fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    fn read_inbox(&mut self) {
        while self.work.is_none() && !self.ended {
            let Some(event) = self.inbox.pop_front() else {
                return;
            };
            match event {
                Event::Exited(pid, reason) => {
                    let exited =
                        self.plan
                            .exited(wide(pid), &reason_of(reason, pid), self.instant());
                    match exited {
                        Some((key, decision)) => self.apply(key, decision),
                        None => self.steps.push(Step::Ignored),
                    }
                }
                Event::TryAgain(id) => {
                    let key = self.keys.get(&id).copied();
                    let now = self.instant();
                    match key.and_then(|key| Some((key, self.plan.try_again(key, now)?))) {
                        Some((key, decision)) => self.apply(key, decision),
                        None => self.steps.push(Step::Ignored),
                    }
                }
                Event::StartChild(spec) => self.start_child(spec),
                Event::TerminateChild(id) if self.plan.has_ids() => {
                    self.terminate_child(self.keys.get(&id).copied());
                }
                Event::TerminateChild(_) => self.reply(Reply::Dynamic),
                Event::TerminateProcess(pid) => self.terminate_child(self.plan.key_of(wide(pid))),
                Event::RestartChild(_) | Event::DeleteChild(_) if !self.plan.has_ids() => {
                    self.reply(Reply::Dynamic);
                }
                Event::RestartChild(id) => {
                    if let Some(key) = self.stopped_child(id) {
                        self.begin(Goal::RestartChild, Vec::new(), VecDeque::from([key]));
                    }
                }
                Event::DeleteChild(id) => {
                    if let Some(key) = self.stopped_child(id) {
                        self.plan.forget(key);
                        self.forget(key);
                        self.reply(Reply::Ok);
                    }
                }
                Event::Shutdown => self.end(Ended::AsTold),
                Event::Started(..) | Event::StartIgnored(_) | Event::StartFailed(_) => {
                    unreachable!("nothing is started")
                }
            }
        }
    }

    fn apply(&mut self, key: ChildKey, decision: Decision) {
        match decision {
            Decision::Keep => self.steps.push(Step::Keep(self.ids[&key])),
            Decision::Forget => self.forget(key),
            Decision::Restart(steps) => {
                let (mut stop, mut start) = (Vec::new(), VecDeque::new());
                for step in steps {
                    match step {
                        RestartStep::Stop(key) => stop.push(key),
                        RestartStep::Start(key) => start.push_back(key),
                    }
                }
                self.begin(Goal::Restart, stop, start);
            }
            Decision::Wait => unreachable!("no restart waits in OTP"),
            Decision::ShutDown => {
                if self.plan.status(key).is_none() {
                    self.forget(key);
                } else {
                    self.steps.push(Step::Keep(self.ids[&key]));
                }
                self.steps.push(Step::AutoShutdown);
                self.end(Ended::Shutdown);
            }
            Decision::GiveUp => {
                self.steps.push(Step::GiveUp);
                self.plan.forget(key);
                self.end(Ended::Shutdown);
            }
        }
    }

    fn start_child(&mut self, spec: Spec) {
        if !self.plan.may_add() {
            return self.reply(Reply::MaxChildren);
        }
        if let Some(key) = self.keys.get(&spec.id) {
            return self.reply(match self.plan.status(*key) {
                Some(ChildStatus::Running(pid)) => Reply::AlreadyStarted(pid.serial()),
                _ => Reply::AlreadyPresent,
            });
        }
        let key = self.add(spec);
        self.begin(Goal::StartChild, Vec::new(), VecDeque::from([key]));
    }

    /// A child that may be started or deleted by request; otherwise that is what is answered.
    fn stopped_child(&mut self, id: Id) -> Option<ChildKey> {
        let key = self.keys.get(&id).copied();
        self.reply(match key.and_then(|key| self.plan.status(key)) {
            Some(ChildStatus::Stopped) => return key,
            Some(ChildStatus::Running(_)) => Reply::Running,
            Some(ChildStatus::Restarting(_)) => Reply::Restarting,
            None => Reply::NotFound,
        });
        None
    }

    fn terminate_child(&mut self, key: Option<ChildKey>) {
        match key {
            // A fixed supervisor's children go by their ids.
            Some(key) => self.begin(Goal::TerminateChild(key), vec![key], VecDeque::new()),
            None => self.reply(Reply::NotFound),
        }
    }

    fn end(&mut self, ended: Ended) {
        let keys = self.plan.children().map(|(key, _)| key).rev().collect();
        self.begin(Goal::End(ended), keys, VecDeque::new());
    }

    /// Stops those that run, and then starts.
    fn begin(&mut self, goal: Goal, stop: Vec<ChildKey>, starting: VecDeque<ChildKey>) {
        let mut stopping = VecDeque::new();
        let mut told = Vec::new();
        for key in stop {
            if let Some(ChildStatus::Running(pid)) = self.plan.status(key) {
                let pid = pid.serial();
                let waits =
                    |event: &Event| matches!(event, Event::Exited(exited, _) if *exited == pid);
                let gone = self.inbox.iter().any(waits);
                self.inbox.retain(|event| !waits(event));
                if !gone {
                    told.push(self.ids[&key]);
                }
                stopping.push_back((key, pid, gone));
            }
        }
        match self.plan.stop_order() {
            _ if told.is_empty() => {}
            StopOrder::Together => self.steps.push(Step::StopAtOnce(told)),
            StopOrder::Reverse => self.steps.push(Step::Stop(told)),
        }
        self.work = Some(Work {
            goal,
            stopping,
            starting,
        });
        self.go_on();
    }

    /// The end of a child that was told to stop.
    fn note_stopped(&mut self, pid: Pid) -> bool {
        let Some(work) = &mut self.work else {
            return false;
        };
        let child = work
            .stopping
            .iter_mut()
            .find(|(_, stopping, gone)| *stopping == pid && !gone);
        child.map(|(.., gone)| *gone = true).is_some()
    }

    fn go_on(&mut self) {
        let work = self.work.as_mut().expect("it works");
        if work.stopping.iter().any(|(.., gone)| !gone) {
            return;
        }
        let goal = work.goal;
        let stopped = std::mem::take(&mut work.stopping);
        let next = work.starting.front().copied();
        if goal == Goal::Restart {
            for (key, ..) in stopped {
                if self.plan.stopped(key) {
                    self.forget(key);
                }
            }
        }
        if let Some(key) = next {
            return self.steps.push(Step::Start(self.ids[&key]));
        }
        self.work = None;
        match goal {
            Goal::Boot | Goal::Restart | Goal::StartChild | Goal::RestartChild => {}
            Goal::TerminateChild(key) => {
                if self.plan.stopped(key) {
                    self.forget(key);
                } else {
                    self.steps.push(Step::Keep(self.ids[&key]));
                }
                self.reply(Reply::Ok);
            }
            Goal::End(ended) => {
                self.ended = true;
                self.steps.push(Step::Ended(ended));
            }
        }
    }

    fn start_done(&mut self, start: Start) {
        let work = self.work.as_mut().expect("it starts a child");
        let key = work.starting.pop_front().expect("it starts a child");
        let goal = work.goal;
        let asked = matches!(goal, Goal::StartChild | Goal::RestartChild);
        match start {
            Start::Running(pid) => {
                self.plan.started(key, wide(pid));
                if asked {
                    self.reply(Reply::Started(pid));
                }
                return self.go_on();
            }
            Start::Ignored => {
                if self.plan.ignored(key) {
                    self.forget(key);
                } else {
                    self.steps.push(Step::Keep(self.ids[&key]));
                }
                if asked {
                    self.reply(Reply::Undefined);
                }
                return self.go_on();
            }
            Start::Failed => {}
        }
        self.work = None;
        match goal {
            Goal::Boot => {
                let id = self.ids[&key];
                self.plan.forget(key);
                self.end(Ended::FailedToStart(id));
            }
            Goal::Restart => {
                self.plan.failed(key);
                self.steps.push(Step::TryAgainLater(self.ids[&key]));
            }
            Goal::StartChild => {
                self.plan.forget(key);
                self.forget(key);
                self.reply(Reply::Failed);
            }
            Goal::RestartChild => self.reply(Reply::Failed),
            Goal::TerminateChild(_) | Goal::End(_) => unreachable!("nothing is started"),
        }
    }

    fn add(&mut self, spec: Spec) -> ChildKey {
        let rules = ChildRules {
            restart: match spec.restart {
                Restart::Permanent => child::Restart::Permanent,
                Restart::Transient => child::Restart::Transient,
                Restart::Temporary => child::Restart::Temporary,
            },
            significant: spec.significant,
            backoff: None,
        };
        self.plan.check(rules).expect("it makes sense");
        let key = self.plan.add(rules);
        self.keys.insert(spec.id, key);
        self.ids.insert(key, spec.id);
        key
    }

    /// The plan has forgotten this child. Its key is still known here, for a plan that has it do something.
    fn forget(&mut self, key: ChildKey) {
        let id = self.ids[&key];
        self.keys.remove(&id);
        self.steps.push(Step::Forget(id));
    }

    fn reply(&mut self, reply: Reply) {
        self.steps.push(Step::Reply(reply));
    }

    fn instant(&self) -> Instant {
        self.begin + Duration::from_nanos(self.now)
    }
}

const fn wide(pid: Pid) -> crate::process::pid::Pid {
    crate::process::pid::Pid::new(1, pid)
}

fn reason_of(reason: Reason, pid: Pid) -> ExitReason {
    match reason {
        Reason::Normal => ExitReason::Normal,
        // The model knows the two as one.
        Reason::Shutdown if pid % 2 == 1 => ExitReason::ShutdownWith("detail".into()),
        Reason::Shutdown => ExitReason::Shutdown,
        Reason::Abnormal => ExitReason::Killed,
    }
}
