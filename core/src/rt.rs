//! The one seam to the runtime: every spawn, sleep, clock read, random number and yield of the crate goes through here.
//!
//! Two backends stand behind it: Tokio, and (feature `sim`) a single-threaded simulation with a seeded schedule and
//! virtual time; and a third for the checker of races (`--cfg suptree_shuttle`). Nothing else in the crate names a runtime.

#[cfg(suptree_shuttle)]
pub mod checker;
#[cfg(feature = "sim")]
pub mod sim;
#[cfg(feature = "application")]
pub(crate) mod program;
pub(crate) mod crew;
pub(crate) mod probe;
pub(crate) mod still;
pub(crate) mod thread;
mod workers;

use std::cell::{Cell, LazyCell};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::guard;

/// A task of a runtime. Ids are never reused within a program.
pub(crate) use self::workers::WorkerBeats;
pub(crate) use tokio::task::Id as TaskId;
/// A moment of the runtime's clock. Paused clocks and virtual time are honoured.
pub(crate) use tokio::time::Instant;

/// Which runtime something lives on. Ids are never reused within a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RuntimeId {
    Tokio(tokio::runtime::Id),
    #[cfg(feature = "sim")]
    Sim(u64),
    #[cfg(suptree_shuttle)]
    Checked(u64),
}

/// A handle to a runtime; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum Runtime {
    Tokio(tokio::runtime::Handle),
    #[cfg(feature = "sim")]
    Sim(sim::Handle),
    #[cfg(suptree_shuttle)]
    Checked(checker::Handle),
}

impl Runtime {
    /// The runtime this code runs on, if there is one.
    pub(crate) fn try_current() -> Option<Self> {
        #[cfg(feature = "sim")]
        if let Some(handle) = sim::Handle::try_current() {
            return Some(Self::Sim(handle));
        }
        #[cfg(suptree_shuttle)]
        if let Some(handle) = checker::Handle::try_current() {
            return Some(Self::Checked(handle));
        }
        tokio::runtime::Handle::try_current().ok().map(Self::Tokio)
    }

    /// Which runtime this code runs on.
    pub(crate) fn current_id() -> Option<RuntimeId> {
        Self::try_current().map(|runtime| runtime.id())
    }

    pub(crate) fn id(&self) -> RuntimeId {
        match self {
            Self::Tokio(handle) => RuntimeId::Tokio(handle.id()),
            #[cfg(feature = "sim")]
            Self::Sim(handle) => RuntimeId::Sim(handle.id()),
            #[cfg(suptree_shuttle)]
            Self::Checked(handle) => RuntimeId::Checked(handle.id()),
        }
    }

    /// Spawns a task. On a runtime that has shut down, the future is dropped at once.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        match self {
            Self::Tokio(handle) => drop(handle.spawn(future)),
            #[cfg(feature = "sim")]
            Self::Sim(handle) => handle.spawn(future),
            #[cfg(suptree_shuttle)]
            Self::Checked(handle) => handle.spawn(future),
        }
    }

    /// Runs this where a thread may block: in Tokio's pool for such work, and in a task where there is none. On a runtime that has shut
    /// down it is dropped at once.
    pub(crate) fn spawn_blocking(&self, work: impl FnOnce() + Send + 'static) {
        match self {
            Self::Tokio(handle) => drop(handle.spawn_blocking(work)),
            #[cfg(feature = "sim")]
            Self::Sim(handle) => handle.spawn(async move { work() }),
            #[cfg(suptree_shuttle)]
            Self::Checked(handle) => handle.spawn(async move { work() }),
        }
    }

    /// The current moment of this runtime's clock, wherever it is asked.
    pub(crate) fn now(&self) -> Instant {
        if Self::current_id() == Some(self.id()) {
            return now();
        }
        match self {
            Self::Tokio(handle) => {
                let _entered = handle.enter();
                Instant::now()
            }
            #[cfg(feature = "sim")]
            Self::Sim(_) => now(),
            #[cfg(suptree_shuttle)]
            Self::Checked(handle) => handle.now(),
        }
    }

    /// A sleep on this runtime's clock, whichever thread it is polled from.
    pub(crate) fn sleep_until(&self, deadline: Instant) -> Sleep {
        Sleep(match self {
            Self::Tokio(handle) => {
                let _entered = handle.enter();
                Backend::Tokio(Box::pin(tokio::time::sleep_until(deadline)))
            }
            #[cfg(feature = "sim")]
            Self::Sim(handle) => Backend::Sim(sim::sleep_until(handle, deadline)),
            #[cfg(suptree_shuttle)]
            Self::Checked(handle) => {
                Backend::Checked(checker::Sleep::until(handle.clone(), deadline))
            }
        })
    }

    /// Whether timers work here. Ask once, and after the crate's panic hook was set: see [`probe`].
    pub(crate) fn has_timer(&self) -> bool {
        match self {
            Self::Tokio(handle) => probe::has_timer(handle),
            #[cfg(feature = "sim")]
            Self::Sim(_) => true,
            #[cfg(suptree_shuttle)]
            Self::Checked(_) => true,
        }
    }
}

/// A future that is ready at its deadline. Dropping it cancels the timer.
#[derive(Debug)]
pub(crate) struct Sleep(Backend);

#[derive(Debug)]
enum Backend {
    Tokio(Pin<Box<tokio::time::Sleep>>),
    #[cfg(feature = "sim")]
    Sim(sim::Sleep),
    #[cfg(suptree_shuttle)]
    Checked(checker::Sleep),
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.0 {
            // A timer whose runtime is gone panics. Its time will not come, so it is over.
            Backend::Tokio(sleep) => catch_unwind(AssertUnwindSafe(|| {
                guard::shielded(cx, |cx| sleep.as_mut().poll(cx))
            }))
            .unwrap_or(Poll::Ready(())),
            #[cfg(feature = "sim")]
            Backend::Sim(sleep) => Pin::new(sleep).poll(cx),
            #[cfg(suptree_shuttle)]
            Backend::Checked(sleep) => Pin::new(sleep).poll(cx),
        }
    }
}

/// The current moment of the current runtime's clock.
pub(crate) fn now() -> Instant {
    #[cfg(feature = "sim")]
    if let Some(now) = sim::now() {
        return now;
    }
    #[cfg(suptree_shuttle)]
    if let Some(handle) = checker::Handle::try_current() {
        return handle.now();
    }
    Instant::now()
}

/// Whether this is a simulation.
pub(crate) fn is_simulated() -> bool {
    #[cfg(feature = "sim")]
    if sim::now().is_some() {
        return true;
    }
    false
}

/// Any number: a simulation's come from its seed.
pub(crate) fn random() -> u64 {
    #[cfg(feature = "sim")]
    if sim::now().is_some() {
        return sim::random_u64();
    }
    // Each of them has keys of its own.
    std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), ())
}

/// `now() + after`, or a moment further away than any program runs when that would overflow.
pub(crate) fn deadline(after: Duration) -> Instant {
    deadline_from(now(), after)
}

/// The same, from another moment on.
pub(crate) fn deadline_from(now: Instant, after: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);
    now.checked_add(after).unwrap_or_else(|| now + FAR)
}

/// Takes one unit of the running task's budget, so that a caller whose calls are all answered in place still yields.
pub(crate) fn poll_budget(cx: &mut Context<'_>) -> Poll<()> {
    #[cfg(feature = "sim")]
    if sim::now().is_some() {
        return Poll::Ready(());
    }
    #[cfg(suptree_shuttle)]
    if checker::Handle::try_current().is_some() {
        return Poll::Ready(());
    }
    // With none left, the scheduler would keep the waker of nobody, between two of the task, which it would take for one otherwise.
    if !tokio::task::coop::has_budget_remaining() {
        return poll_spent(cx);
    }
    let mut nobody = Context::from_waker(Waker::noop());
    match tokio::task::coop::poll_proceed(&mut nobody) {
        Poll::Ready(unit) => {
            unit.made_progress();
            Poll::Ready(())
        }
        Poll::Pending => poll_spent(cx),
    }
}

/// Like [`poll_budget`], for what is ready at once and may be done in a loop: it takes a unit for every sixteenth time, and costs less.
#[inline]
pub(crate) fn poll_budget_at_times(cx: &mut Context<'_>) -> Poll<()> {
    const TIMES: u32 = 16;
    let before = AT_ONCE.replace(AT_ONCE.get().wrapping_add(1));
    if before.is_multiple_of(TIMES) {
        poll_budget(cx)
    } else {
        Poll::Ready(())
    }
}

/// What is ready at once takes a unit of the budget, too: so whoever asks the dead in a loop yields.
#[cold]
pub(crate) async fn spend_budget() {
    poll_fn(poll_budget).await;
}

/// The budget is used up.
#[cold]
#[inline(never)]
fn poll_spent(cx: &mut Context<'_>) -> Poll<()> {
    const POLLS: u32 = 128;
    if is_scheduled_by(cx) {
        // The scheduler keeps the waker until others have had their turn, and there is a new budget then.
        return tokio::task::coop::poll_proceed(cx).map(|unit| unit.made_progress());
    }
    // It may keep the waker for ever, and there may be no new budget: under the `block_on` of another executor inside a task.
    // So this yields by waking, and now and then.
    let before = SPENT.replace(SPENT.get().wrapping_add(1));
    if !before.is_multiple_of(POLLS) {
        return Poll::Ready(());
    }
    cx.waker().wake_by_ref();
    Poll::Pending
}

/// Lets whatever else is ready have its turn first.
pub(crate) async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Wakes the task that is polled when others have had their turn, and timers theirs.
#[cold]
pub(crate) fn wake_after_others(cx: &mut Context<'_>) {
    #[cfg(feature = "sim")]
    if sim::now().is_some() {
        return cx.waker().wake_by_ref();
    }
    if cfg!(suptree_shuttle) {
        return cx.waker().wake_by_ref();
    }
    // The scheduler takes the waker, for the time after it has looked at timers.
    let _taken = pin!(tokio::task::yield_now()).poll(cx);
}

/// The task that runs here, where that is known. It never changes its runtime.
#[inline]
pub(crate) fn task() -> Option<TaskId> {
    #[cfg(feature = "sim")]
    if sim::now().is_some() {
        return None;
    }
    tokio::task::try_id()
}

thread_local! {
    /// The last task seen on this thread that a scheduler runs here, and the runtime it belongs to.
    static LAST: Cell<Option<(tokio::task::Id, RuntimeId)>> = const { Cell::new(None) };
    /// The data of the waker that a process gives its handler, which is polled now.
    static HANDLERS: Cell<*const ()> = const { Cell::new(std::ptr::null()) };
    /// The runtime whose tasks this thread runs, as its scheduler has told. The current runtime may be another one, which a task
    /// has entered (`Handle::enter`); a scheduler that wakes what was left with it is in its own context.
    static DRIVEN: Cell<Option<RuntimeId>> = const { Cell::new(None) };
    /// Whether a scheduler is being asked.
    static ASKING: Cell<bool> = const { Cell::new(false) };
    /// How often something was ready at once.
    static AT_ONCE: Cell<u32> = const { Cell::new(0) };
    /// How often somebody polled on without a budget.
    static SPENT: Cell<u32> = const { Cell::new(0) };
    /// Is left with the scheduler of this thread, if there is one.
    static PROBE: LazyCell<(Arc<SchedulerProbe>, Waker)> = const {
        LazyCell::new(|| {
            let probe = Arc::new(SchedulerProbe::default());
            (Arc::clone(&probe), Waker::from(probe))
        })
    };
}

/// Whether this is the waker of a task, and not of something that polls on its own inside one.
#[inline(always)]
fn is_tasks_own(cx: &Context<'_>) -> bool {
    guard::is_trusted(cx.waker())
}

/// Whether the runtime whose context this is may not get on while the caller waits: another executor, which may block it, polls
/// here; or a task has entered it, which runs on another one, and its own thread may be blocked. The wakers of another executor are not
/// those of tasks; nor are those of `block_on`, and of some combinators.
///
/// Not where the clock is paused: what is blocked there never gets on, and a wait of real time would let the clock pass it by.
pub(crate) fn may_be_blocked(cx: &Context<'_>) -> bool {
    #[cfg(feature = "sim")]
    if sim::now().is_some() {
        return false;
    }
    !cfg!(suptree_shuttle) && (!is_tasks_own(cx) || is_in_entered()) && is_real_time()
}

/// Whether a task of one runtime is in the context of another one, as far as its scheduler has told.
fn is_in_entered() -> bool {
    let driven = DRIVEN.get();
    driven.is_some() && driven != Runtime::current_id()
}

/// Whether the clock here shows what the system's does. Tokio cannot be asked whether it is paused.
fn is_real_time() -> bool {
    let before = std::time::Instant::now();
    let shown = Instant::now().into_std();
    before <= shown && shown <= std::time::Instant::now()
}

/// Whether the future that is polled with `cx` runs on the runtime `id`, where this runs its tasks: so that a handler that is
/// run here finds what it would find in the server's own task.
///
/// A thread that is in the runtime's context may be another one: under `block_on` of a multi-threaded runtime, of a `Handle`,
/// in `block_in_place`, in a blocking task, in a `LocalSet` of any of these. Tokio does not tell whether such a thread may block.
#[inline]
pub(crate) fn runs_on(id: RuntimeId, cx: &Context<'_>) -> bool {
    #[cfg(feature = "sim")]
    if let RuntimeId::Sim(id) = id {
        return sim::Handle::try_current().is_some_and(|handle| handle.id() == id);
    }
    #[cfg(suptree_shuttle)]
    if let RuntimeId::Checked(id) = id {
        return checker::Handle::try_current().is_some_and(|handle| handle.id() == id);
    }
    let task = if is_tasks_own(cx) {
        tokio::task::try_id()
    } else {
        None
    };
    match (task, LAST.get()) {
        (Some(task), Some((seen, runtime))) if task == seen => runtime == id,
        _ => runs_on_slow(id, task),
    }
}

/// `task`: the task whose own waker this is.
#[cold]
#[inline(never)]
fn runs_on_slow(id: RuntimeId, task: Option<tokio::task::Id>) -> bool {
    let Some(current) = Runtime::current_id() else {
        return false;
    };
    if !is_scheduled() {
        return false;
    }
    // Where no scheduler has spoken yet, the current runtime may be one that the task has entered. It speaks in its next turn.
    if DRIVEN.get() != Some(current) {
        return false;
    }
    if let Some(task) = task {
        LAST.set(Some((task, current)));
    }
    current == id
}

/// Whether the scheduler of a runtime runs what runs here, and has its core: it takes a waker that is left with it for later.
/// Elsewhere, such a waker is woken at once.
fn is_scheduled() -> bool {
    if tokio::runtime::worker_index().is_none() {
        return false;
    }
    let taken = PROBE.try_with(|probe| {
        let (probe, waker) = &**probe;
        probe.woken.store(false, Ordering::Relaxed);
        ASKING.set(true);
        let left = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(waker));
        ASKING.set(false);
        left.is_pending() && !probe.woken.load(Ordering::Relaxed)
    });
    taken == Ok(true)
}

/// A runtime is met for the first time: this thread may have gone on from one to the other. Its answer is there after its next turn.
pub(crate) fn ask_scheduler_again() {
    let _gone = DRIVEN.try_with(|driven| driven.set(None));
    is_scheduled();
}

/// Whether the runtime whose context this is may be remembered as that of the running task. Where that is not known yet, the
/// scheduler is asked.
pub(crate) fn is_tasks_runtime(current: RuntimeId) -> bool {
    DRIVEN.get() == Some(current) || {
        is_scheduled();
        false
    }
}

/// Whether it was woken.
#[derive(Default)]
struct SchedulerProbe {
    woken: AtomicBool,
}

impl Wake for SchedulerProbe {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
        // Not while a task is asking, or blocks in place: that is in whatever context the task has entered.
        let asking = ASKING.try_with(Cell::get);
        if asking == Ok(false) && tokio::runtime::worker_index().is_some() && !is_in_task() {
            let current = Runtime::current_id();
            let _gone = DRIVEN.try_with(|driven| driven.set(current));
        }
    }
}

/// Whether a task is being polled. A worker itself looks like one: it is a task that may block. Those have no budget.
fn is_in_task() -> bool {
    // More than a task has.
    const UNITS: u32 = 256;
    if task().is_none() {
        return false;
    }
    let mut nobody = Context::from_waker(Waker::noop());
    // What this has taken is given back when it is dropped.
    let mut before = None;
    for _ in 0..UNITS {
        // A scheduler that wakes must not be left anything, as it is when there is no budget.
        if !tokio::task::coop::has_budget_remaining() {
            return true;
        }
        if let Poll::Ready(unit) = tokio::task::coop::poll_proceed(&mut nobody) {
            if before.is_some() {
                unit.made_progress();
            } else {
                before = Some(unit);
            }
        }
    }
    false
}

/// Polls a process's handler, which sees the process as its waker.
#[inline]
pub(crate) fn poll_handler<R>(waker: &Waker, poll: impl FnOnce(&mut Context<'_>) -> R) -> R {
    struct Before(*const ());
    impl Drop for Before {
        #[inline]
        fn drop(&mut self) {
            HANDLERS.set(self.0);
        }
    }
    let _before = Before(HANDLERS.replace(waker.data()));
    poll(&mut Context::from_waker(waker))
}

/// Whether the waker is a task's own, or that of a process whose handler a task polls: who waits then gives the thread back.
fn is_scheduled_by(cx: &Context<'_>) -> bool {
    is_tasks_own(cx) || HANDLERS.get() == cx.waker().data()
}

/// Whether something else polls inside a task: the `block_on` of another executor, which keeps the thread until it is done; or a
/// future that polls others by wakers of its own.
#[inline]
pub(crate) fn is_guest(cx: &Context<'_>) -> bool {
    !is_tasks_own(cx) && is_guest_in_task(cx)
}

#[cold]
#[inline(never)]
fn is_guest_in_task(cx: &Context<'_>) -> bool {
    HANDLERS.get() != cx.waker().data() && tokio::task::try_id().is_some()
}

/// Something that was polled has to wait, perhaps by a guest.
///
/// What it has just woken may be the next in turn on this worker, from where no other worker takes it. Another task takes that
/// place.
#[inline]
pub(crate) fn make_way(cx: &Context<'_>) {
    if is_guest(cx) {
        leave_next_turn();
    }
}

/// What was woken on this worker is not left in the place of the next task in turn.
#[cold]
#[inline(never)]
pub(crate) fn leave_next_turn() {
    if tokio::runtime::worker_index().is_some()
        && let Some(runtime) = Runtime::try_current()
    {
        runtime.spawn(async {});
    }
}

/// Runs each of these in a task of its own, where other threads of the runtime may take it from this one; elsewhere at once.
pub(crate) fn run_apart<R: FnOnce() + Send + 'static>(all: impl ExactSizeIterator<Item = R>) {
    use tokio::runtime::{Handle, RuntimeFlavor};
    if all.len() == 0 {
        return;
    }
    let is_one_of_several = tokio::runtime::worker_index().is_some()
        && Handle::try_current().is_ok_and(|handle| {
            handle.runtime_flavor() == RuntimeFlavor::MultiThread
                && handle.metrics().num_workers() > 1
        });
    match Runtime::try_current() {
        Some(runtime) if is_one_of_several => {
            for run in all {
                runtime.spawn(async move { run() });
            }
            leave_next_turn();
        }
        _ => all.for_each(|run| run()),
    }
}

/// How many tasks this machine runs at a time.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
