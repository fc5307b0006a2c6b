//! Guards around user code: panics caught, destructors that panic contained, the place of a panic remembered.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};

use crate::current;
use crate::exit_reason::{ExitReason, Panic};

/// Runs user code; a panic becomes an exit reason.
#[inline]
pub(crate) fn catch<R>(run: impl FnOnce() -> R) -> Result<R, ExitReason> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Ok(value),
        Err(payload) => Err(ExitReason::Panic(Panic::from_payload(payload).into())),
    }
}

/// Drops a user's value. A destructor that panics, even with a payload whose own destructor panics, stops here.
pub(crate) fn discard<T>(value: T) {
    // Bounded: a payload that makes new payloads for ever is leaked in the end, which is safe.
    const MOST: usize = 32;
    let Err(mut payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) else {
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

crate::sync::thread_local! {
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Chains a panic hook in front of the program's: std tells the place of a panic to the hook only.
pub(crate) fn install_panic_hook() {
    static INSTALLED: std::sync::Once = std::sync::Once::new();
    INSTALLED.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if current::pid().is_some() {
                let location = info.location().map(written);
                let _gone = LOCATION.try_with(|slot| *slot.borrow_mut() = location);
            }
            next(info);
        }));
    });
}

/// `file:line:column`, in one allocation.
fn written(location: &Location<'_>) -> String {
    const NUMBERS: usize = 16;
    let mut text = String::with_capacity(location.file().len() + NUMBERS);
    let _infallible = write!(text, "{location}");
    text
}

pub(crate) fn take_panic_location() -> Option<String> {
    LOCATION
        .try_with(|slot| slot.borrow_mut().take())
        .ok()
        .flatten()
}
