//! `Clock`: which timers a caller's time is kept by.
//!
//! They are those of the runtime that the *caller* runs on. The server's may be blocked, not driven, or gone, which is what a
//! timeout is for. A caller without a runtime, or on one without timers, has a thread that all such callers share, and real time.
//!
//! Where the waker is not that of a task, another executor may poll the caller, and may block the runtime it is in. The thread
//! wakes such a caller, too; whether its time is over is read from the clock of the runtime all the same.

use std::cell::Cell;

use crate::planted::{Bug, planted};
use crate::process::node::Node;
use crate::process::process_table::ProcessTable;
use crate::process::timers::{Overdue, Timers};
use crate::rt::{self, Instant, TaskId};
use crate::sync::{Arc, GlobalOnceLock};

/// The node whose timers they are, by its number; 0 is the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock(u32);

// The last task seen on this thread, and its clock: a task never changes its runtime.
crate::sync::thread_local! {
    static LAST: Cell<Option<(TaskId, Clock)>> = const { Cell::new(None) };
}

impl Clock {
    /// For those who have no runtime.
    pub(crate) const THREAD: Self = Self(0);

    /// The clock of the code that runs here.
    pub(crate) fn here() -> Self {
        let Some(node) = Node::of_runtime() else {
            return Self::THREAD;
        };
        let clock = Self(node.number());
        if let Some(task) = rt::task()
            && Self::known_of(Some(task)) != Some(clock)
            && rt::is_tasks_runtime(node.runtime_id)
        {
            LAST.set(Some((task, clock)));
        }
        clock
    }

    /// The clock of the code that runs here, if it is that of the task whose clock was asked for last on this thread.
    #[inline]
    pub(crate) fn known() -> Option<Self> {
        Self::known_of(rt::task())
    }

    #[inline]
    fn known_of(task: Option<TaskId>) -> Option<Self> {
        match (task, LAST.get()) {
            (Some(task), Some((seen, clock))) if task == seen => Some(clock),
            _ => None,
        }
    }

    /// The clock of a process.
    pub(crate) fn of(node: &Node) -> Self {
        Self(node.number())
    }

    /// `None`: nobody keeps this time any more.
    pub(super) fn with<R>(self, act: impl FnOnce(&Timers) -> R) -> Option<R> {
        if self == Self::THREAD {
            return thread().map(act);
        }
        let node = ProcessTable::numbered(self.0, |table| table.node.upgrade());
        Some(act(&node??.timers))
    }

    /// Notes a caller who waits, since this moment of its clock; with the thread too, if that has to help. `false`: nobody keeps
    /// this time.
    pub(crate) fn note(self, caller: &Arc<dyn Overdue>, now: Instant, helped: bool) -> bool {
        if helped && self != Self::THREAD {
            Self::THREAD.with(|timers| timers.note(Arc::clone(caller), rt::thread::now()));
        }
        self.with(|timers| timers.note(Arc::clone(caller), self.moment(now, now))) == Some(true)
    }

    /// What is a moment of the caller's clock on this one.
    pub(super) fn moment(self, moment: Instant, now: Instant) -> Instant {
        if self == Self::THREAD {
            rt::thread::now() + moment.saturating_duration_since(now)
        } else {
            moment
        }
    }

    /// Where to keep the time of a caller who waits for a process with that clock.
    pub(super) fn to_try(self, server: Self) -> [Self; 3] {
        if planted(Bug::TimerOnServersClock) {
            return [server; 3];
        }
        [self, Self::THREAD, server]
    }
}

static TIMERS: Timers = Timers::new();
static STARTED: GlobalOnceLock<bool> = GlobalOnceLock::new();

/// The timers that a thread of the crate keeps, which is started when the first is needed. `None`: the system gives no thread. The
/// checker has no threads but its own, and all of those have its runtime.
fn thread() -> Option<&'static Timers> {
    if cfg!(suptree_shuttle) {
        return None;
    }
    let start = || rt::thread::spawn("suptree timers", || TIMERS.keep_in_thread());
    STARTED.get_or_init(start).then_some(&TIMERS)
}
