//! What a simulated run knows and how it chooses its next step. No foreign code runs in here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::config::{Config, Stuck, StuckReason};
use super::rng::{DRAWS, Rng, SCHEDULE, mix};
use super::task::{BoxFuture, Task};
use super::timer::{NEVER, Nanos, Timer, Timers, nanos};

/// The state of a run; lives behind the lock of the run's handle.
pub(super) struct State {
    pub(super) config: Config,
    pub(super) now: Nanos,
    pub(super) timers: Timers,
    /// Set when the tasks are about to be dropped: nothing is queued, spawned or timed from then on.
    pub(super) finished: bool,
    ready: VecDeque<Arc<Task>>,
    /// Every task that has not ended, by its id.
    tasks: BTreeMap<u64, Arc<Task>>,
    next_task: u64,
    polls: u64,
    trace: u64,
    schedule: Rng,
    draws: Rng,
}

/// What the executor does next.
pub(super) enum Step {
    Poll(Arc<Task>),
    Fire(Vec<Timer>),
    Stop(Stuck),
}

impl State {
    pub(super) fn new(config: Config) -> Self {
        Self {
            now: 0,
            timers: Timers::default(),
            finished: false,
            ready: VecDeque::new(),
            tasks: BTreeMap::new(),
            next_task: 0,
            polls: 0,
            trace: 0,
            schedule: Rng::new(config.seed, SCHEDULE),
            draws: Rng::new(config.seed, DRAWS),
            config,
        }
    }

    /// Adds a ready task. On a finished run the future comes back.
    pub(super) fn spawn(
        &mut self,
        future: BoxFuture,
        make: impl FnOnce(u64, u64, BoxFuture) -> Arc<Task>,
    ) -> Result<Arc<Task>, BoxFuture> {
        if self.finished {
            return Err(future);
        }
        let id = self.next_task;
        self.next_task += 1;
        let priority = if self.config.unfair > 1 {
            self.schedule.next_u64()
        } else {
            0
        };
        let task = make(id, priority, future);
        self.tasks.insert(id, Arc::clone(&task));
        self.ready.push_back(Arc::clone(&task));
        Ok(task)
    }

    /// Queues a task that is marked as queued; on a finished run it comes back.
    pub(super) fn queue(&mut self, task: Arc<Task>) -> Option<Arc<Task>> {
        if self.finished {
            return Some(task);
        }
        self.ready.push_back(task);
        None
    }

    /// Forgets a task that has ended.
    pub(super) fn retire(&mut self, id: u64) -> Option<Arc<Task>> {
        self.tasks.remove(&id)
    }

    pub(super) fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.now)
    }

    pub(super) fn random(&mut self) -> u64 {
        self.draws.next_u64()
    }

    pub(super) fn trace_hash(&self) -> u64 {
        self.trace
    }

    pub(super) fn record(&mut self, value: u64) {
        self.trace = mix(self.trace.rotate_left(32) ^ mix(value));
    }

    pub(super) fn next_step(&mut self) -> Step {
        if self
            .config
            .poll_limit
            .is_some_and(|limit| self.polls >= limit)
        {
            return Step::Stop(self.stuck(StuckReason::PollLimit));
        }
        if let Some(task) = self.pick() {
            self.polls += 1;
            self.trace = mix(self.trace.rotate_left(7) ^ mix(task.id) ^ self.now);
            self.wake_spuriously();
            return Step::Poll(task);
        }
        match self.timers.next_deadline() {
            None => Step::Stop(self.stuck(StuckReason::Deadlock)),
            Some(deadline)
                if self
                    .config
                    .time_limit
                    .is_some_and(|limit| deadline > nanos(limit)) =>
            {
                Step::Stop(self.stuck(StuckReason::TimeLimit))
            }
            Some(deadline) => {
                self.now = self.now.max(deadline);
                let mut due = self.timers.take_due(self.now);
                self.schedule.shuffle(&mut due);
                Step::Fire(due)
            }
        }
    }

    /// Marks the run as finished and hands out its tasks, in the order they are to be dropped.
    pub(super) fn finish(&mut self) -> Vec<Arc<Task>> {
        self.finished = true;
        self.ready.clear();
        let mut tasks: Vec<_> = std::mem::take(&mut self.tasks).into_values().collect();
        self.schedule.shuffle(&mut tasks);
        tasks
    }

    /// Takes a task out of the ready queue, and puts the stalled ones aside.
    fn pick(&mut self) -> Option<Arc<Task>> {
        loop {
            let index = self.choose()?;
            // Position 0 is a plain pop, so that only random picks disturb the order of arrival.
            let task = self.ready.swap_remove_front(index)?;
            if !self.schedule.chance(self.config.stalls) {
                return Some(task);
            }
            let stall = 1 + self.schedule.below(nanos(self.config.longest_stall).max(1));
            let until = self.now.saturating_add(stall).min(NEVER - 1);
            self.timers.add(until, Timer::Resume(task));
        }
    }

    fn choose(&mut self) -> Option<usize> {
        let len = self.ready.len();
        if len <= 1 || self.schedule.chance(self.config.fifo) {
            return (len > 0).then_some(0);
        }
        let first = self.schedule.index(len);
        let others = 1..self.config.unfair;
        Some(others.fold(first, |best, _| {
            let other = self.schedule.index(len);
            if self.ready[other].priority > self.ready[best].priority {
                other
            } else {
                best
            }
        }))
    }

    fn wake_spuriously(&mut self) {
        if self.schedule.chance(self.config.spurious_wakes) {
            // Ids with a gap before them are a little likelier: good enough, and no walk over all tasks.
            let from = self.schedule.below(self.next_task);
            if let Some(task) = self
                .tasks
                .range(from..)
                .next()
                .map(|(_, task)| Arc::clone(task))
                && task.mark_queued()
            {
                self.ready.push_back(task);
            }
        }
    }

    fn stuck(&self, reason: StuckReason) -> Stuck {
        Stuck {
            reason,
            seed: self.config.seed,
            elapsed: self.elapsed(),
            live_tasks: self.tasks.len(),
            polls: self.polls,
            trace_hash: self.trace,
        }
    }
}
