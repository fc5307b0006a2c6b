//! The tasks of a stream that run, and what came of those that have ended and was not given yet.

use std::collections::{BTreeMap, BTreeSet};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::begin::{Begun, Starting};
use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::clock::Clock;
use crate::process::timer::Timer;
use crate::process::watch::Group;
use crate::rt::{self, Instant};
use crate::sync::Arc;
use crate::task::handle::Task;
use crate::task::running::{GRACE, Outcome, Running};
use crate::task::task_error::TaskError;

/// What came of an item, and the item, if it is kept.
pub(super) type Given<I, T> = (Outcome<T>, Option<I>);

/// Items are numbered as they come.
pub(super) struct AtWork<I, T> {
    pub(super) ordered: bool,
    group: Arc<Group>,
    /// The one that is being started.
    starting: Option<(Starting<T>, Option<I>)>,
    running: BTreeMap<u64, Worker<I, T>>,
    /// When each is late, or was killed long enough ago.
    deadlines: BTreeSet<(Instant, u64)>,
    timer: Option<(Instant, Timer)>,
    /// In the order in which they are given.
    done: BTreeMap<u64, Given<I, T>>,
    begun: u64,
    /// How many have come to `done`, where there is no order; how many were given, where there is.
    counted: u64,
    last: Option<Given<I, T>>,
}

struct Worker<I, T> {
    task: Running<T>,
    item: Option<I>,
    deadline: Option<Instant>,
    /// It was killed, because it took longer than this.
    late: Option<Duration>,
}

impl<I, T: Send + 'static> AtWork<I, T> {
    pub(super) fn new() -> Self {
        Self {
            ordered: true,
            group: Arc::default(),
            starting: None,
            running: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            timer: None,
            done: BTreeMap::new(),
            begun: 0,
            counted: 0,
            last: None,
        }
    }

    /// How many run, or are about to.
    pub(super) fn len(&self) -> usize {
        self.running.len() + usize::from(self.starting.is_some())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is something to be given.
    pub(super) fn has_given(&self) -> bool {
        let next = if self.ordered {
            self.done.contains_key(&self.counted)
        } else {
            !self.done.is_empty()
        };
        next || self.last.is_some()
    }

    /// What is given next, if it is there.
    pub(super) fn next_given(&mut self) -> Option<Given<I, T>> {
        if !self.ordered {
            let given = self.done.pop_first().map(|(_, given)| given);
            return given.or_else(|| self.last.take());
        }
        match self.done.remove(&self.counted) {
            Some(given) => {
                self.counted += 1;
                Some(given)
            }
            None => self.last.take(),
        }
    }

    pub(super) fn give_last(&mut self, given: Given<I, T>) {
        self.last = Some(given);
    }

    /// Begins the task of an item. `kept`: the item.
    pub(super) fn begin(&mut self, begun: Begun<T>, kept: Option<I>, timeout: Option<Duration>) {
        match begun {
            Begun::Now(task) => self.run(task, kept, timeout),
            Begun::Later(starting) => self.starting = Some((starting, kept)),
        }
    }

    fn run(&mut self, mut task: Task<T>, item: Option<I>, timeout: Option<Duration>) {
        let number = self.begun;
        self.begun += 1;
        let Some(mut task) = task.running().take() else {
            return;
        };
        task.tell(&self.group, number);
        let deadline = timeout.map(rt::deadline);
        self.deadlines.extend(deadline.map(|at| (at, number)));
        let worker = Worker {
            task,
            item,
            deadline,
            late: None,
        };
        self.running.insert(number, worker);
    }

    /// The task that is being started. `None`: there is none.
    #[expect(clippy::type_complexity, reason = "an error and its item")]
    pub(super) fn poll_starting(
        &mut self,
        cx: &mut Context<'_>,
        timeout: Option<Duration>,
    ) -> Poll<Option<Result<(), (TaskError, Option<I>)>>> {
        let Some((starting, _)) = &mut self.starting else {
            return Poll::Ready(None);
        };
        let started = ready!(starting.as_mut().poll(cx));
        let item = self.starting.take().and_then(|(_, item)| item);
        Poll::Ready(Some(match started {
            Ok(task) => {
                self.run(task, item, timeout);
                Ok(())
            }
            Err(error) => Err((error, item)),
        }))
    }

    /// Ready, when one has ended.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.running.is_empty() {
            return Poll::Pending;
        }
        let number = ready!(self.group.poll(cx));
        let Some(worker) = self.running.remove(&number) else {
            return Poll::Ready(());
        };
        if let Some(at) = worker.deadline {
            self.deadlines.remove(&(at, number));
        }
        let outcome = match (worker.task.outcome(), worker.late) {
            (Err(TaskError::Exited(ExitReason::Killed)), Some(timeout)) => {
                Err(TaskError::Timeout(timeout))
            }
            (outcome, _) => outcome,
        };
        let place = if self.ordered {
            number
        } else {
            self.counted += 1;
            self.counted
        };
        self.done.insert(place, (outcome, worker.item));
        Poll::Ready(())
    }

    /// The next that is late.
    pub(super) fn poll_late(&mut self, cx: &Context<'_>) -> Poll<u64> {
        let Some((at, number)) = self.deadlines.first().copied() else {
            self.timer = None;
            return Poll::Pending;
        };
        if self.timer.as_ref().is_none_or(|(set, _)| *set != at) {
            self.timer = Some((at, Timer::new(at, Clock::here())));
        }
        if let Some((_, timer)) = &mut self.timer {
            ready!(timer.poll(cx));
        }
        self.timer = None;
        self.deadlines.pop_first();
        Poll::Ready(number)
    }

    /// Kills one that is late; lets it go, where that was of no use.
    pub(super) fn end_late(&mut self, number: u64, timeout: Duration) {
        let Some(worker) = self.running.get_mut(&number) else {
            return;
        };
        if worker.late.replace(timeout).is_some() {
            return worker.task.let_go();
        }
        let at = rt::deadline(GRACE);
        worker.deadline = Some(at);
        self.deadlines.insert((at, number));
        worker.task.unlink();
        worker.task.kill();
    }

    /// The item of one, if it is kept.
    pub(super) fn kept(&mut self, number: u64) -> Option<I> {
        self.running.get_mut(&number)?.item.take()
    }
}

impl<I, T> AtWork<I, T> {
    /// Kills what runs, and forgets everything.
    pub(super) fn clear(&mut self) {
        self.starting = None;
        let running = std::mem::take(&mut self.running);
        for worker in running.values() {
            worker.task.unlink();
            if !planted(Bug::StreamLeavesTasks) {
                worker.task.kill();
            }
        }
        self.deadlines.clear();
        self.timer = None;
        discard((running, std::mem::take(&mut self.done), self.last.take()));
    }
}

impl<I, T> Drop for AtWork<I, T> {
    fn drop(&mut self) {
        self.clear();
    }
}
