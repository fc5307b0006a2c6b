//! Several tasks at once: who waits for them is woken for each that ends, and looks at no other.

pub(super) mod await_many;
pub(super) mod yield_many;

use std::collections::BTreeSet;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::handle::Task;
use super::running::Outcome;
use super::task_error::TaskError;
use crate::exit_reason::ExitReason;
use crate::process::clock::Clock;
use crate::process::timer::Timer;
use crate::process::watch::Group;
use crate::rt;
use crate::sync::Arc;

/// Waits for the tasks of a list, by their places in it.
struct Ends {
    group: Arc<Group>,
    /// Those that have not ended.
    left: BTreeSet<usize>,
    /// Those that were over from the start.
    over: Vec<usize>,
    timer: Option<Timer>,
}

impl Ends {
    fn of<T: Send + 'static>(tasks: &mut [Task<T>], time: Option<Duration>) -> Self {
        let group = Arc::<Group>::default();
        let mut over = Vec::new();
        for (nth, task) in tasks.iter_mut().enumerate() {
            let told = task.running().as_mut();
            if !told.is_some_and(|running| running.tell(&group, nth as u64)) {
                over.push(nth);
            }
        }
        // The first of them comes first.
        over.reverse();
        Self {
            group,
            left: (0..tasks.len()).collect(),
            over,
            timer: time.map(|time| Timer::new(rt::deadline(time), Clock::here())),
        }
    }

    /// The next that has ended. `None`: there is no other.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        ready!(rt::poll_budget_at_times(cx));
        let nth = match self.over.pop() {
            Some(nth) => nth,
            None => ready!(self.group.poll(cx)) as usize,
        };
        self.left.remove(&nth);
        Poll::Ready(Some(nth))
    }

    fn poll_late(&mut self, cx: &Context<'_>) -> Poll<()> {
        match &mut self.timer {
            Some(timer) => timer.poll(cx),
            None => Poll::Pending,
        }
    }
}

/// What came of a task that has ended.
fn outcome<T: Send + 'static>(task: &mut Task<T>) -> Outcome<T> {
    match task.running().take() {
        Some(running) => running.outcome(),
        None => Err(TaskError::Exited(ExitReason::NoProc)),
    }
}
