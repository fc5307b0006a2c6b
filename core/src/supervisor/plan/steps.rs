//! The steps of a restart: which children are stopped, and which are started then, one after the other.

use std::collections::VecDeque;

use crate::supervisor::children::ChildKey;

/// What a restart takes. The driver owns it, takes step by step, and drops it with what is left when a start fails: the
/// next attempt gets steps of its own.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RestartSteps {
    /// The child that is started first. Most restarts are of one child, and allocate nothing.
    first: Option<ChildKey>,
    others: Option<Box<Others>>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Others {
    /// In start order, and taken from the end.
    stop: Vec<ChildKey>,
    start: VecDeque<ChildKey>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RestartStep {
    Stop(ChildKey),
    Start(ChildKey),
}

impl RestartSteps {
    pub(super) fn of_one(key: ChildKey) -> Self {
        Self {
            first: Some(key),
            others: None,
        }
    }

    /// Stops this child before those that are stopped already.
    pub(super) fn stop_before_others(&mut self, key: ChildKey) {
        self.others.get_or_insert_default().stop.push(key);
    }

    pub(super) fn start_after_others(&mut self, key: ChildKey) {
        if self.first.is_none() {
            self.first = Some(key);
        } else {
            self.others.get_or_insert_default().start.push_back(key);
        }
    }
}

impl Iterator for RestartSteps {
    type Item = RestartStep;

    fn next(&mut self) -> Option<RestartStep> {
        let stop = self.others.as_mut().and_then(|others| others.stop.pop());
        if let Some(key) = stop {
            return Some(RestartStep::Stop(key));
        }
        let then = || self.others.as_mut()?.start.pop_front();
        let key = self.first.take().or_else(then)?;
        Some(RestartStep::Start(key))
    }
}
