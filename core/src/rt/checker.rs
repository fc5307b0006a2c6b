//! The runtime of the checker: tasks and threads that are switched at every lock and atomic, by a seeded schedule.
//!
//! Behind `--cfg suptree_shuttle`. The tests in `core/tests/races` run on it.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use shuttle::future::{JoinHandle, block_on, yield_now};
use tokio::time::Instant;

/// Whether timers fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timers {
    /// No time passes: what waits for the help of a timer hangs.
    Never,
    /// A timer fires at any moment after it was set.
    AtAnyMoment,
}

std::thread_local! {
    /// The run on this thread of the program, for all threads of the checker: they share it.
    static CURRENT: RefCell<Option<Handle>> = const { RefCell::new(None) };
}

static NEXT_RUN: AtomicU64 = AtomicU64::new(0);

/// A run; cheap to clone.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Shared>);

// Locked and read between two switches of the checker, which must not see them: it switches where the core is, not here.
struct Shared {
    id: u64,
    timers: Timers,
    epoch: Instant,
    /// Nanoseconds since the epoch.
    now: AtomicU64,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    closed: AtomicBool,
}

/// Runs `test` on a runtime of its own, and waits until every task of it has come to its end: `test` has to see to that.
///
/// Inside the checker only: in a test function that one of its runners calls.
pub fn run<T>(timers: Timers, test: impl FnOnce() -> T) -> T {
    let handle = Handle(Arc::new(Shared {
        id: NEXT_RUN.fetch_add(1, Ordering::Relaxed),
        timers,
        epoch: Instant::now(),
        now: AtomicU64::new(0),
        tasks: Mutex::default(),
        closed: AtomicBool::new(false),
    }));
    CURRENT.set(Some(handle.clone()));
    let result = test();
    // The first is the node's keeper, who stays until the runtime is gone.
    let keeper = handle.take_task(0);
    while let Some(task) = handle.take_task(0) {
        let _ended = block_on(task);
    }
    if let Some(keeper) = keeper {
        keeper.abort();
        let _aborted = block_on(keeper);
    }
    handle.0.closed.store(true, Ordering::Relaxed);
    CURRENT.set(None);
    result
}

impl Handle {
    pub(crate) fn try_current() -> Option<Self> {
        shuttle::current::try_get_current_task()?;
        CURRENT.with_borrow(Clone::clone)
    }

    pub(crate) fn id(&self) -> u64 {
        self.0.id
    }

    pub(crate) fn now(&self) -> Instant {
        self.0.epoch + Duration::from_nanos(self.0.now.load(Ordering::Relaxed))
    }

    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        if self.0.closed.load(Ordering::Relaxed) {
            return;
        }
        let task = shuttle::future::spawn(future);
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.push(task);
    }

    fn take_task(&self, nth: usize) -> Option<JoinHandle<()>> {
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        (nth < tasks.len()).then(|| tasks.remove(nth))
    }

    fn passes(&self, deadline: Instant) {
        let after = deadline.saturating_duration_since(self.0.epoch);
        let after = u64::try_from(after.as_nanos()).unwrap_or(u64::MAX);
        self.0.now.fetch_max(after, Ordering::Relaxed);
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.0.id).finish()
    }
}

/// Waits for a timer; see [`Timers`].
pub(crate) struct Sleep {
    handle: Handle,
    deadline: Instant,
    timer: Option<Arc<Timer>>,
}

#[derive(Default)]
struct Timer {
    fired: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Sleep {
    pub(crate) fn until(handle: Handle, deadline: Instant) -> Self {
        Self {
            handle,
            deadline,
            timer: None,
        }
    }

    /// A task that fires: the schedule decides when.
    fn set_timer(&self) -> Arc<Timer> {
        let timer = Arc::<Timer>::default();
        let (handle, deadline) = (self.handle.clone(), self.deadline);
        let fires = Arc::clone(&timer);
        self.handle.spawn(async move {
            yield_now().await;
            handle.passes(deadline);
            fires.fired.store(true, Ordering::Relaxed);
            let waker = fires
                .waker
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        timer
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.handle.0.timers == Timers::Never {
            return Poll::Pending;
        }
        if self.timer.is_none() {
            self.timer = Some(self.set_timer());
        }
        let Some(timer) = &self.timer else {
            return Poll::Pending;
        };
        if timer.fired.load(Ordering::Relaxed) {
            return Poll::Ready(());
        }
        let mut waker = timer.waker.lock().unwrap_or_else(PoisonError::into_inner);
        *waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").finish_non_exhaustive()
    }
}
