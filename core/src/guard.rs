//! Guards around what is a user's: values whose destructors may panic, and wakers.

mod waker;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use self::waker::{Waiter, WakerSlot, act_as_nobody_by, is_trusted, trust};

/// Drops a user's value. A destructor that panics, even with a payload whose own destructor panics, stops here.
#[inline]
pub(crate) fn discard<T>(value: T) {
    if !std::mem::needs_drop::<T>() {
        return;
    }
    contain(&mut Some(value));
}

/// User code that is run for what it does, whatever its type.
trait Held {
    fn let_go(&mut self);
}

impl<T> Held for Option<T> {
    fn let_go(&mut self) {
        *self = None;
    }
}

/// Runs it. A panic stops here, and so do those of its payload.
fn contain(value: &mut dyn Held) {
    // Bounded: a payload that makes new payloads for ever is leaked in the end, which is safe.
    const MOST: usize = 32;
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
