//! Guards around what is a user's: values whose destructors may panic, and wakers.

mod waker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

pub(crate) use self::waker::{Waiter, WakerSlot, act_as_nobody_by, is_trusted, shielded, trust};

/// Drops a user's value. A destructor that panics, even with a payload whose own destructor panics, stops here.
#[inline]
pub(crate) fn discard<T>(value: T) {
    if !std::mem::needs_drop::<T>() {
        return;
    }
    contain(&mut Some(value));
}

/// Drops a user's value where it is, if it is there. Like [`discard`], with less code for each type.
#[inline]
pub(crate) fn clear<T>(value: &mut Option<T>) {
    if std::mem::needs_drop::<T>() && value.is_some() {
        contain(value);
    }
}

/// Holds a user's value so that its destructor cannot unwind out of the place that drops it.
#[derive(Clone, Debug)]
pub(crate) struct Guarded<T>(Option<T>);

impl<T> Guarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Some(value))
    }

    #[inline(always)]
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0
            .as_mut()
            .expect("a guarded value is only taken by its drop")
    }

    pub(crate) fn get(&self) -> &T {
        self.0
            .as_ref()
            .expect("a guarded value is only taken by its drop")
    }

    /// The value, for user code that takes it.
    pub(crate) fn into_inner(mut self) -> T {
        self.0
            .take()
            .expect("a guarded value is only taken by its drop")
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        clear(&mut self.0);
    }
}

/// Runs foreign code whose panic says nothing to anybody. `None`: it panicked.
pub(crate) fn contained<R>(run: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Some(value),
        Err(payload) => {
            discard(payload);
            None
        }
    }
}

/// User code that is run for what it does, whatever its type.
trait Held {
    fn let_go(&mut self);

    /// The bug that is planted here.
    #[cfg(any(test, suptree_planted_bugs))]
    fn is_unguarded(&self) -> bool {
        crate::planted::planted(crate::planted::Bug::DestructorUnguarded)
    }
}

impl<T> Held for Option<T> {
    fn let_go(&mut self) {
        *self = None;
    }
}

/// A user's future, pinned where it was made.
impl<F> Held for Pin<&mut Option<F>> {
    fn let_go(&mut self) {
        self.set(None);
    }
}

/// Drops a user's future where it is, if it is there.
#[cold]
pub(crate) fn discard_pinned<F>(mut future: Pin<&mut Option<F>>) {
    contain(&mut future);
}

/// Runs it. A panic stops here, and so do those of its payload.
fn contain(value: &mut dyn Held) {
    // Bounded: a payload that makes new payloads for ever is leaked in the end, which is safe.
    const MOST: usize = 32;
    #[cfg(any(test, suptree_planted_bugs))]
    if value.is_unguarded() {
        return value.let_go();
    }
    let Err(mut payload) = catch_unwind(AssertUnwindSafe(|| value.let_go())) else {
        return;
    };
    for _ in 0..MOST {
        match catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            Ok(()) => return,
            Err(next) => payload = next,
        }
    }
    let _leaked = Box::leak(payload);
}
