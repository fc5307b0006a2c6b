//! A world in which children end, and starts succeed or fail, for the plan and the model alike.

use std::collections::VecDeque;
use std::fmt::Display;

use super::history::{History, Op};
use super::ours::Ours;
use crate::supervisor::model::{
    Child, Event, Id, Model, Nanos, Pid, Process, Reason, Spec, Step, Strategy,
};

/// Both of them, and the processes of their children.
pub(super) struct World {
    model: Model,
    ours: Ours,
    dynamic: bool,
    now: Nanos,
    next_pid: Pid,
    next_id: Id,
    alive: Vec<(Id, Pid)>,
    stopping: VecDeque<Id>,
    starting: Option<Id>,
    to_itself: VecDeque<Id>,
}

impl World {
    pub(super) fn new(history: &History) -> Self {
        Self {
            model: Model::new(history.flags, &history.specs),
            ours: Ours::new(history.flags, &history.specs),
            dynamic: history.flags.strategy == Strategy::Dynamic,
            now: 0,
            next_pid: 0,
            next_id: 0,
            alive: Vec::new(),
            stopping: VecDeque::new(),
            starting: None,
            to_itself: VecDeque::new(),
        }
    }

    pub(super) fn boot(&mut self, seen: &mut dyn FnMut(&Step)) -> Result<(), String> {
        let (ours, model) = (self.ours.boot(), self.model.boot());
        self.compare(&"boot", ours, model, seen)
    }

    pub(super) fn play(&mut self, op: &Op, seen: &mut dyn FnMut(&Step)) -> Result<(), String> {
        let Some(event) = self.event(op) else {
            return Ok(());
        };
        if let Event::Exited(pid, _) = event {
            self.alive.retain(|(_, alive)| *alive != pid);
        }
        let ours = self.ours.handle(event, self.now);
        let model = self.model.handle(event, self.now);
        self.compare(&format_args!("{op:?}, {event:?}"), ours, model, seen)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.model.ended().is_some()
    }

    fn event(&mut self, op: &Op) -> Option<Event> {
        match *op {
            Op::Next => {
                while let Some(id) = self.stopping.pop_front() {
                    if let Some((_, pid)) = self.alive.iter().find(|(alive, _)| *alive == id) {
                        return Some(Event::Exited(*pid, Reason::Shutdown));
                    }
                }
                if let Some(id) = self.starting.take() {
                    self.next_pid += 1;
                    self.alive.push((id, self.next_pid));
                    return Some(Event::Started(id, self.next_pid));
                }
                Some(Event::TryAgain(self.to_itself.pop_front()?))
            }
            Op::Ignore => Some(Event::StartIgnored(self.starting.take()?)),
            Op::Fail => Some(Event::StartFailed(self.starting.take()?)),
            Op::Exit(at, reason) => {
                let at = at.checked_rem(self.alive.len())?;
                Some(Event::Exited(self.alive[at].1, reason))
            }
            Op::Stranger => Some(Event::Exited(Pid::MAX / 2, Reason::Abnormal)),
            Op::StartChild(spec) if self.dynamic => {
                self.next_id += 1;
                let id = self.next_id;
                Some(Event::StartChild(Spec { id, ..spec }))
            }
            Op::StartChild(spec) => Some(Event::StartChild(spec)),
            Op::RestartChild(id) => Some(Event::RestartChild(id)),
            Op::DeleteChild(id) => Some(Event::DeleteChild(id)),
            Op::TerminateChild(id) => Some(Event::TerminateChild(id)),
            Op::TerminateProcess(_) if !self.dynamic => None,
            Op::TerminateProcess(at) => {
                let pid = self.next_pid.saturating_sub(at as Pid);
                Some(Event::TerminateProcess(pid))
            }
            Op::Wait(nanos) => {
                self.now += nanos;
                None
            }
            Op::Shutdown => Some(Event::Shutdown),
        }
    }

    fn compare(
        &mut self,
        what: &dyn Display,
        ours: Vec<Step>,
        model: Vec<Step>,
        seen: &mut dyn FnMut(&Step),
    ) -> Result<(), String> {
        let (ours, model) = (in_order(ours), in_order(model));
        if ours != model {
            return Err(format!("{what}\n ours {ours:?}\nmodel {model:?}"));
        }
        for step in model {
            seen(&step);
            match step {
                Step::Stop(ids) | Step::StopAtOnce(ids) => self.stopping = ids.into(),
                Step::Start(id) => self.starting = Some(id),
                Step::TryAgainLater(id) => self.to_itself.push_back(id),
                _ => {}
            }
        }
        if self.ours.is_busy() != self.model.is_busy() {
            return Err(format!("{what}\nours is busy: {}", self.ours.is_busy()));
        }
        if self.model.is_busy() || self.has_ended() {
            return Ok(());
        }
        let ours = self.ours.which_children();
        let model: Vec<_> = self
            .model
            .which_children()
            .iter()
            .map(|child| self.shown(child))
            .collect();
        if ours != model {
            return Err(format!("{what}\n ours {ours:?}\nmodel {model:?}"));
        }
        Ok(())
    }

    /// A child of the model, without the pid that a child of a fixed supervisor had: there it goes by its id.
    const fn shown(&self, child: &Child) -> (Id, Process) {
        let process = match child.process {
            Process::Restarting(_) if !self.dynamic => Process::Restarting(None),
            process => process,
        };
        (child.spec.id, process)
    }
}

/// What is stopped at once has no order.
fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    for step in &mut steps {
        if let Step::StopAtOnce(ids) = step {
            ids.sort_unstable();
        }
    }
    steps
}
