//! `tracing`: a subscriber is foreign code. What it is told of is told guarded, and its panics stop here.

use tracing::level_filters::LevelFilter;
use tracing::span;
use tracing::{Level, Span};

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::guard::{Guarded, discard};

/// Emits events. Whatever goes wrong meanwhile, in a subscriber or in what it is shown, is nobody's matter.
pub(crate) fn emit(report: impl FnOnce()) {
    discard(catch(report));
}

/// Whether the program has ever had a subscriber, for all of it or in a scope.
pub(crate) fn has_subscriber() -> bool {
    tracing::dispatcher::has_been_set()
}

/// A span that code may run in, as often as it has to.
#[derive(Debug)]
pub(crate) struct GuardedSpan(
    Guarded<Span>,
    #[cfg(feature = "metrics")] Option<Box<dyn Measured>>,
);

/// What is measured with a span: it ends with it.
#[cfg(feature = "metrics")]
pub(crate) trait Measured: std::fmt::Debug + Send + Sync {
    /// The span is entered.
    fn begin(&self);
}

impl GuardedSpan {
    /// Whether there is a subscriber for anything of this level: where there is none, nothing else is asked.
    #[inline(always)]
    pub(crate) fn may_be_wanted(level: Level) -> bool {
        level <= LevelFilter::current()
    }

    /// `None`: nobody wants it.
    pub(crate) fn new(make: impl FnOnce() -> Span) -> Option<Box<Self>> {
        let span = catch(make).ok()?;
        (!span.is_disabled()).then(|| {
            Box::new(Self(
                Guarded::new(span),
                #[cfg(feature = "metrics")]
                None,
            ))
        })
    }

    /// The span, or one that nobody wants, with what is measured.
    #[cfg(feature = "metrics")]
    pub(crate) fn measured(span: Option<Box<Self>>, measured: Box<dyn Measured>) -> Box<Self> {
        let mut span = span.unwrap_or_else(|| Box::new(Self(Guarded::new(Span::none()), None)));
        span.1 = Some(measured);
        span
    }

    fn begin(&self) {
        #[cfg(feature = "metrics")]
        if let Some(measured) = &self.1 {
            measured.begin();
        }
    }

    /// Like [`enter`](Self::enter), for good: the span ends when what this returns is dropped.
    #[cold]
    #[inline(never)]
    pub(crate) fn entered(self) -> Box<OwnedEnteredSpan> {
        self.begin();
        let entered = catch(|| Guarded::new(self.0.get().clone().entered()));
        if entered.is_err() {
            self.exit();
        }
        Box::new(OwnedEnteredSpan(entered.ok(), self))
    }

    /// Runs user code in the span; a panic becomes an exit reason.
    #[cold]
    #[inline(never)]
    pub(crate) fn catch(&self, run: &mut dyn FnMut()) -> Result<(), ExitReason> {
        let _entered = self.enter();
        catch(run)
    }

    /// The span is the current one of this thread, until what this returns is dropped.
    pub(crate) fn enter(&self) -> EnteredSpan<'_> {
        self.begin();
        let span = self.0.get();
        let entered = catch(|| Guarded::new(span.enter()));
        if entered.is_err() {
            self.exit();
        }
        EnteredSpan(entered.ok())
    }

    /// Some of a subscriber that panicked may have heard that the span was entered, and has to hear that it is over.
    #[cold]
    fn exit(&self) {
        emit(|| {
            self.0
                .get()
                .with_subscriber(|(id, subscriber)| subscriber.exit(id));
        });
    }
}

#[must_use = "the span is left when this is dropped"]
#[derive(Debug)]
pub(crate) struct EnteredSpan<'a>(
    #[allow(dead_code, reason = "dropped")] Option<Guarded<span::Entered<'a>>>,
);

/// A span that is the current one of this thread until this is dropped.
#[must_use = "the span is left when this is dropped"]
#[derive(Debug)]
pub(crate) struct OwnedEnteredSpan(
    #[allow(dead_code, reason = "dropped")] Option<Guarded<span::EnteredSpan>>,
    #[allow(dead_code, reason = "dropped")] GuardedSpan,
);
