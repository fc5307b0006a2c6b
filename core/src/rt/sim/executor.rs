//! The executor: the handle of a run, its loop, and the end of its tasks.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use super::config::{Config, Stuck};
use super::state::{State, Step};
use super::task::{BoxFuture, Task};
use super::timer::Timer;
use crate::guard::discard;
use crate::sync::{Mutex, lock};

thread_local! {
    static CURRENT: RefCell<Option<Handle>> = const { RefCell::new(None) };
}

/// The number of the next run in this process.
static NEXT_RUN: AtomicU64 = AtomicU64::new(0);

/// The task made of the main future.
const MAIN: u64 = 0;

/// What the handles and the tasks of a run share.
pub(super) struct Shared {
    id: u64,
    epoch: Instant,
    state: Mutex<State>,
}

impl Shared {
    /// Queues a woken task.
    pub(super) fn queue(&self, task: Arc<Task>) {
        let refused = lock(&self.state).queue(task);
        drop(refused);
    }
}

/// A simulated run. It may outlive the run; then it refuses to spawn.
#[derive(Clone)]
pub(crate) struct Handle {
    shared: Arc<Shared>,
}

impl Handle {
    fn new(config: Config) -> Self {
        let id = NEXT_RUN.fetch_add(1, Ordering::Relaxed);
        let state = Mutex::new(State::new(config));
        Self {
            shared: Arc::new(Shared {
                id,
                epoch: Instant::now(),
                state,
            }),
        }
    }

    /// The run this thread is in.
    pub(crate) fn try_current() -> Option<Self> {
        Self::with_current(Self::clone)
    }

    /// Asks the run this thread is in, if any.
    pub(super) fn with_current<T>(ask: impl FnOnce(&Self) -> T) -> Option<T> {
        CURRENT
            .try_with(|current| current.borrow().as_ref().map(ask))
            .ok()
            .flatten()
    }

    /// The number of this run in the process. It is the one thing that differs between replays.
    pub(crate) fn id(&self) -> u64 {
        self.shared.id
    }

    /// Starts a task. A panic in it is dropped; on a finished run its future is, at once.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.spawn_task(Box::pin(future));
    }

    /// Starts a task and returns it, or drops the future on a finished run.
    pub(super) fn spawn_task(&self, future: BoxFuture) -> Option<Arc<Task>> {
        let make = |id, priority, future| Task::new(id, priority, &self.shared, future);
        match self.with_state(|state| state.spawn(future, make)) {
            Ok(task) => Some(task),
            Err(refused) => {
                discard(refused);
                None
            }
        }
    }

    /// The instant the run started.
    pub(super) fn epoch(&self) -> Instant {
        self.shared.epoch
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.with_state(|state| state.elapsed())
    }

    pub(super) fn now(&self) -> Instant {
        self.epoch() + self.elapsed()
    }

    pub(super) fn random(&self) -> u64 {
        self.with_state(State::random)
    }

    pub(super) fn trace_hash(&self) -> u64 {
        self.with_state(|state| state.trace_hash())
    }

    pub(super) fn record(&self, value: u64) {
        self.with_state(|state| state.record(value));
    }

    /// Works on the state of the run under its lock; `work` must not run foreign code.
    pub(super) fn with_state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut lock(&self.shared.state))
    }

    /// Steps until the main task has ended: `Ok` then, with its panic if it had one.
    fn drive(&self) -> Result<thread::Result<()>, Stuck> {
        loop {
            match self.with_state(State::next_step) {
                Step::Stop(stuck) => return Err(stuck),
                Step::Fire(timers) => timers.into_iter().for_each(|timer| self.fire(timer)),
                Step::Poll(task) => match self.poll(&task) {
                    Some(ended) if task.id == MAIN => return Ok(ended),
                    Some(Err(payload)) => discard(payload),
                    Some(Ok(())) | None => {}
                },
            }
        }
    }

    fn fire(&self, timer: Timer) {
        match timer {
            Timer::Resume(task) => self.shared.queue(task),
            Timer::Wake(waker) => {
                if let Err(payload) = catch_unwind(AssertUnwindSafe(|| waker.wake())) {
                    discard(payload);
                }
            }
        }
    }

    /// Polls a task that was picked; the result of a task that has ended by this.
    fn poll(&self, task: &Arc<Task>) -> Option<thread::Result<()>> {
        let mut future = task.begin()?;
        let ended = if task.is_aborted() {
            Ok(())
        } else {
            let waker = Waker::from(Arc::clone(task));
            let mut cx = Context::from_waker(&waker);
            match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut cx))) {
                Ok(Poll::Pending) => {
                    task.put_back(future);
                    return None;
                }
                Ok(Poll::Ready(())) => Ok(()),
                Err(payload) => Err(payload),
            }
        };
        discard(future);
        let retired = self.with_state(|state| state.retire(task.id));
        drop(retired);
        Some(ended)
    }

    /// Drops whatever is left of the run.
    fn shut_down(&self) {
        for task in self.with_state(State::finish) {
            self.record(task.id);
            discard(task.take_future());
        }
        let timers = self.with_state(|state| std::mem::take(&mut state.timers));
        timers.into_timers().for_each(discard);
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("sim::Handle")
            .field("id", &self.shared.id)
            .finish_non_exhaustive()
    }
}

/// Makes a run the current one of this thread for as long as it lives.
struct Entered;

impl Entered {
    fn new(handle: &Handle) -> Self {
        CURRENT.with(|current| current.replace(Some(handle.clone())));
        Self
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let left = CURRENT.with(RefCell::take);
        drop(left);
    }
}

#[track_caller]
pub(super) fn run<F>(config: Config, main: F) -> Result<F::Output, Stuck>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    assert!(
        Handle::try_current().is_none(),
        "`sim::run` called inside a simulation: runs do not nest"
    );
    let output = Arc::new(Mutex::new(None));
    let handle = Handle::new(config);
    let _entered = Entered::new(&handle);
    let slot = Arc::clone(&output);
    handle.spawn(async move {
        let value = main.await;
        *lock(&slot) = Some(value);
    });
    let ended = handle.drive();
    handle.shut_down();
    if let Err(payload) = ended? {
        resume_unwind(payload);
    }
    Ok(lock(&output)
        .take()
        .expect("the main task stores its output before it ends"))
}
