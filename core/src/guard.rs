//! Guards around user values: a destructor that panics is contained.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Drops a user's value. A destructor that panics, even with a payload whose own destructor panics, stops here.
#[inline]
pub(crate) fn discard<T>(value: T) {
    if !std::mem::needs_drop::<T>() {
        return;
    }
    contain(&mut Some(value));
}

/// Wakes somebody. A waker may be anybody's code: its panic stops here.
pub(crate) fn wake(waker: Waker) {
    /// Wakes when it is let go.
    struct Wakes(Option<Waker>);

    impl Held for Wakes {
        fn let_go(&mut self) {
            if let Some(waker) = self.0.take() {
                waker.wake();
            }
        }
    }

    contain(&mut Wakes(Some(waker)));
}

/// A value whose destructor is a user's, whatever its type.
trait Held {
    fn let_go(&mut self);
}

impl<T> Held for Option<T> {
    fn let_go(&mut self) {
        *self = None;
    }
}

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
