//! `tracing`: a subscriber is foreign code. What it is told of is told guarded, and its panics stop here.

use tracing::Span;
use tracing::span::Entered;

use crate::catch::catch;
use crate::guard::{Guarded, discard};

/// Emits events. Whatever goes wrong meanwhile, in a subscriber or in what it is shown, is nobody's matter.
pub(crate) fn emit(report: impl FnOnce()) {
    discard(catch(report));
}

/// A span that code may run in, as often as it has to.
#[derive(Debug)]
pub(crate) struct GuardedSpan(Guarded<Span>);

impl GuardedSpan {
    /// `None`: nobody wants it.
    pub(crate) fn new(make: impl FnOnce() -> Span) -> Option<Box<Self>> {
        let span = catch(make).ok()?;
        (!span.is_disabled()).then(|| Box::new(Self(Guarded::new(span))))
    }

    /// The span is the current one of this thread, until what this returns is dropped.
    pub(crate) fn enter(&self) -> EnteredSpan<'_> {
        let span = self.0.get();
        let entered = catch(|| Guarded::new(span.enter()));
        if entered.is_err() {
            // Some of the subscriber may have heard of it, and has to hear that it is over.
            emit(|| {
                span.with_subscriber(|(id, subscriber)| subscriber.exit(id));
            });
        }
        EnteredSpan(entered.ok())
    }
}

#[must_use = "the span is left when this is dropped"]
#[derive(Debug)]
pub(crate) struct EnteredSpan<'a>(
    #[allow(dead_code, reason = "dropped")] Option<Guarded<Entered<'a>>>,
);
