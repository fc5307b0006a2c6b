//! Guards around user values: a destructor that panics is contained.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Drops a user's value. A destructor that panics, even with a payload whose own destructor panics, stops here.
#[inline]
pub(crate) fn discard<T>(value: T) {
    if !std::mem::needs_drop::<T>() {
        return;
    }
    let mut value = Some(value);
    contain(&mut || drop(value.take()));
}

fn contain(drop_it: &mut dyn FnMut()) {
    // Bounded: a payload that makes new payloads for ever is leaked in the end, which is safe.
    const MOST: usize = 32;
    let Err(mut payload) = catch_unwind(AssertUnwindSafe(drop_it)) else {
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

/// Holds a user's value so that its destructor cannot unwind out of the place that drops it.
#[derive(Debug)]
pub(crate) struct Guarded<T>(Option<T>);

impl<T> Guarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Some(value))
    }

    #[inline]
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
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        if let Some(value) = self.0.take() {
            discard(value);
        }
    }
}
