//! The one seam to the runtime: every spawn, sleep, clock read, random number and yield of the crate goes through here.
//!
//! Two backends stand behind it: Tokio, and (feature `sim`) a single-threaded simulation with a seeded schedule and
//! virtual time; and a third for the checker of races (`--cfg suptree_shuttle`). Nothing else in the crate names a runtime.

#[cfg(suptree_shuttle)]
pub mod checked;
#[cfg(feature = "sim")]
pub mod sim;

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::guard;

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
    Checked(checked::Handle),
}

impl Runtime {
    /// The runtime this code runs on, if there is one.
    pub(crate) fn try_current() -> Option<Self> {
        #[cfg(feature = "sim")]
        if let Some(handle) = sim::Handle::try_current() {
            return Some(Self::Sim(handle));
        }
        #[cfg(suptree_shuttle)]
        if let Some(handle) = checked::Handle::try_current() {
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
                Backend::Checked(checked::Sleep::until(handle.clone(), deadline))
            }
        })
    }

    /// Whether timers work here. Tokio panics without its time driver; asking once is better than meeting it later.
    pub(crate) fn has_timer(&self) -> bool {
        catch_unwind(AssertUnwindSafe(|| drop(self.sleep_until(now())))).is_ok()
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
    Checked(checked::Sleep),
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
    if let Some(handle) = checked::Handle::try_current() {
        return handle.now();
    }
    Instant::now()
}

/// `now() + after`, or a moment further away than any program runs when that would overflow.
pub(crate) fn deadline(after: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);
    let now = now();
    now.checked_add(after).unwrap_or_else(|| now + FAR)
}

/// Takes one unit of the running task's budget, so that a caller whose calls are all answered in place still yields.
pub(crate) fn poll_budget(cx: &mut Context<'_>) -> Poll<()> {
    #[cfg(feature = "sim")]
    if sim::now().is_some() {
        return Poll::Ready(());
    }
    #[cfg(suptree_shuttle)]
    if checked::Handle::try_current().is_some() {
        return Poll::Ready(());
    }
    ready!(tokio::task::coop::poll_proceed(cx)).made_progress();
    Poll::Ready(())
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

thread_local! {
    /// The last task seen on this thread, and the runtime it belongs to: a task never changes its runtime.
    static LAST: Cell<Option<(tokio::task::Id, RuntimeId)>> = const { Cell::new(None) };
}

/// Whether the future that is polled with `cx` runs on the runtime `id`.
#[inline]
pub(crate) fn runs_on(id: RuntimeId, cx: &Context<'_>) -> bool {
    #[cfg(feature = "sim")]
    if let RuntimeId::Sim(id) = id {
        return sim::Handle::try_current().is_some_and(|handle| handle.id() == id);
    }
    #[cfg(suptree_shuttle)]
    if let RuntimeId::Checked(id) = id {
        return checked::Handle::try_current().is_some_and(|handle| handle.id() == id);
    }
    // By its waker a future knows that a task polls it, and no `block_on` inside one.
    if !guard::is_trusted(cx.waker()) {
        return Runtime::try_current().is_some_and(|runtime| runtime.id() == id);
    }
    let task = tokio::task::try_id();
    match (task, LAST.get()) {
        (Some(task), Some((seen, runtime))) if task == seen => runtime == id,
        _ => runs_on_slow(id, task),
    }
}

#[cold]
fn runs_on_slow(id: RuntimeId, task: Option<tokio::task::Id>) -> bool {
    let Some(runtime) = Runtime::try_current() else {
        return false;
    };
    let current = runtime.id();
    if let Some(task) = task {
        LAST.set(Some((task, current)));
    }
    current == id
}
