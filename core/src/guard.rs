//! Guards around user code: panics caught, destructors that panic contained, the place of a panic remembered.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};

use crate::current;
use crate::exit_reason::{ExitReason, Panic};
use crate::sync::Arc;

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

/// The place of the last panic on this thread.
struct Place {
    line: u32,
    column: u32,
    /// `file:line:column`
    text: Arc<str>,
    /// Nobody has asked for it yet.
    fresh: bool,
}

crate::sync::thread_local! {
    static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// Chains a panic hook in front of the program's: std tells the place of a panic to the hook only.
pub(crate) fn install_panic_hook() {
    static INSTALLED: std::sync::Once = std::sync::Once::new();
    INSTALLED.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if current::pid().is_some()
                && let Some(location) = info.location()
            {
                let _gone = PLACE.try_with(|place| remember(&mut place.borrow_mut(), location));
            }
            next(info);
        }));
    });
}

/// What crashes again and again does so at one place, whose text is there already.
fn remember(last: &mut Option<Place>, location: &Location<'_>) {
    let (line, column) = (location.line(), location.column());
    match last {
        Some(place)
            if place.line == line
                && place.column == column
                && place
                    .text
                    .strip_prefix(location.file())
                    .is_some_and(|rest| rest.starts_with(':')) =>
        {
            place.fresh = true;
        }
        _ => {
            *last = Some(Place {
                line,
                column,
                text: location.to_string().into(),
                fresh: true,
            });
        }
    }
}

pub(crate) fn take_panic_location() -> Option<Arc<str>> {
    PLACE
        .try_with(|place| {
            let mut place = place.borrow_mut();
            let place = place.as_mut().filter(|place| place.fresh)?;
            place.fresh = false;
            Some(Arc::clone(&place.text))
        })
        .ok()
        .flatten()
}
