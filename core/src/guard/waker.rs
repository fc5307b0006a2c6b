//! Wakers: an executor's code, which may panic, or poll what it wakes at once.
//!
//! So a waker is woken, replaced and dropped guarded, outside of locks, and as nobody: what is polled inside a wake-up is
//! not the process that caused it. The tasks of the crate's own runtime do nothing of all that, and are known by their
//! waker's vtable: they cost a comparison.

use std::sync::Arc;
use std::task::{Context, RawWakerVTable, Wake, Waker};

use super::{Held, contain, contained};
use crate::planted::{Bug, planted};
use crate::sync::{GlobalAtomicPtr, GlobalOnceLock, GlobalOrdering};

/// The waker vtable of the runtime's tasks.
static TASK: GlobalAtomicPtr<RawWakerVTable> = GlobalAtomicPtr::new(std::ptr::null_mut());

/// How code is run as no process. The ground floor knows no processes; before there is one, everybody is nobody.
static AS_NOBODY: GlobalOnceLock<fn(&mut dyn FnMut())> = GlobalOnceLock::new();

/// Called from a task of the crate's own: wakers like this one run nothing but the runtime's code.
pub(crate) fn trust(waker: &Waker) {
    TASK.store(
        std::ptr::from_ref(waker.vtable()).cast_mut(),
        GlobalOrdering::Relaxed,
    );
}

/// Whether it is the waker of a task of the crate's runtime.
#[inline]
pub(crate) fn is_trusted(waker: &Waker) -> bool {
    std::ptr::eq(waker.vtable(), TASK.load(GlobalOrdering::Relaxed))
}

/// Says how code is run as no process.
pub(crate) fn act_as_nobody_by(run: fn(&mut dyn FnMut())) {
    let _known = AS_NOBODY.set(run);
}

/// Wakes somebody: guarded, and as nobody. Not to be called under a lock: an executor may poll at once what it wakes.
#[inline]
fn wake(waker: Waker) {
    if is_trusted(&waker) {
        waker.wake();
    } else {
        foreign(waker, Waker::wake);
    }
}

#[inline]
fn discard(waker: Waker) {
    if is_trusted(&waker) {
        drop(waker);
    } else {
        foreign(waker, drop);
    }
}

/// A waker that is about to be used up.
struct Last(Option<Waker>, fn(Waker));

impl Held for Last {
    #[cfg(any(test, suptree_planted_bugs))]
    fn is_unguarded(&self) -> bool {
        planted(Bug::WakerUnguarded)
    }

    fn let_go(&mut self) {
        if let Some(waker) = self.0.take() {
            (self.1)(waker);
        }
    }
}

#[cold]
#[inline(never)]
fn foreign(waker: Waker, end: fn(Waker)) {
    let mut last = Last(Some(waker), end);
    match AS_NOBODY.get() {
        Some(as_nobody) if !planted(Bug::WokenAsTheServer) => as_nobody(&mut || contain(&mut last)),
        _ => contain(&mut last),
    }
}

/// A foreign waker in the hands of somebody who wakes and drops unguarded: the runtime's timers, whose panic would be
/// everybody's, and user code that waits on behalf of another executor.
struct Shield(WakerSlot);

impl Wake for Shield {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(waker) = &self.0.0 {
            // The clone is foreign code, too.
            if let Some(waker) = contained(|| waker.clone()) {
                wake(waker);
            }
        }
    }
}

/// Polls with a waker that may be left anywhere.
pub(crate) fn shielded<R>(cx: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> R) -> R {
    if is_trusted(cx.waker()) {
        return poll(cx);
    }
    let shield = Waker::from(Arc::new(Shield(WakerSlot(Some(cx.waker().clone())))));
    poll(&mut Context::from_waker(&shield))
}

/// Where one future leaves its waker. Not to be dropped under a lock with a waker in it.
#[derive(Debug, Default)]
pub(crate) struct WakerSlot(Option<Waker>);

impl WakerSlot {
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    /// Leaves the waker of a future that waits.
    pub(crate) fn register(&mut self, waiter: &mut Waiter<'_>) {
        if !self.holds(waiter.waker) {
            let own = waiter.own.take();
            let own = own.unwrap_or_else(|| waiter.waker.clone());
            waiter.replaced = Self(self.0.replace(own));
        }
    }

    /// Leaves a waker if nothing of it is foreign. `false`: a [`Waiter`] has to be made, outside the lock.
    #[inline]
    pub(crate) fn try_register(&mut self, waker: &Waker) -> bool {
        if self.holds(waker) {
            return true;
        }
        if !is_trusted(waker) || self.0.as_ref().is_some_and(|left| !is_trusted(left)) {
            return false;
        }
        self.0 = Some(waker.clone());
        true
    }

    /// Whether it is empty, or holds this waker.
    #[inline]
    pub(crate) fn is_for(&self, waker: &Waker) -> bool {
        self.0.is_none() || self.holds(waker)
    }

    #[inline]
    fn holds(&self, waker: &Waker) -> bool {
        self.0.as_ref().is_some_and(|left| left.will_wake(waker))
    }

    #[inline]
    pub(crate) const fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it holds the waker of an executor that is not the crate's runtime.
    #[inline]
    pub(crate) fn is_foreign(&self) -> bool {
        self.0.as_ref().is_some_and(|left| !is_trusted(left))
    }

    /// Takes the waker out, to be woken or dropped outside the lock.
    #[inline]
    pub(crate) const fn take(&mut self) -> Self {
        Self(self.0.take())
    }

    /// Wakes it, if there is one.
    #[inline]
    pub(crate) fn notify(mut self) {
        if let Some(waker) = self.0.take() {
            wake(waker);
        }
    }
}

impl Drop for WakerSlot {
    #[inline]
    fn drop(&mut self) {
        if let Some(waker) = self.0.take() {
            discard(waker);
        }
    }
}

/// A future that is about to leave its waker in a slot: made before the slot is locked, dropped after it is unlocked.
///
/// A foreign waker is cloned when this is made. A panic of it is its own future's.
#[derive(Debug)]
pub(crate) struct Waiter<'a> {
    waker: &'a Waker,
    /// The clone to be left. None is needed before of a waker whose clone is not foreign code.
    own: Option<Waker>,
    replaced: WakerSlot,
}

impl<'a> Waiter<'a> {
    pub(crate) fn new(waker: &'a Waker) -> Self {
        Self {
            waker,
            own: (!is_trusted(waker)).then(|| waker.clone()),
            replaced: WakerSlot::new(),
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if let Some(unused) = self.own.take() {
            discard(unused);
        }
    }
}
