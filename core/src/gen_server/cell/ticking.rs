//! What stands in a message for the timer that sends it again and again.

use std::time::Duration;

use crate::process::Header;
use crate::trace::GuardedSpan;

/// A timer, in the message that it sends.
pub(super) struct Ticking(Option<Box<dyn Tick>>);

/// A timer that sends again and again, whatever it sends.
pub(super) trait Tick: Send {
    /// The message is about to be handled.
    fn opened(self: Box<Self>);
    /// The message is dropped.
    fn lost(self: Box<Self>);
    fn period(&self) -> Duration;
    /// The span of its message, if anybody wants it.
    fn span(&self, server: &Header) -> Option<Box<GuardedSpan>>;
}

impl Ticking {
    pub(super) fn new(tick: Box<dyn Tick>) -> Self {
        Self(Some(tick))
    }

    pub(super) fn period(&self) -> Option<Duration> {
        self.0.as_ref().map(|tick| tick.period())
    }

    /// The span of its message, if anybody wants it.
    pub(super) fn span(&self, server: &Header) -> Option<Box<GuardedSpan>> {
        self.0.as_ref()?.span(server)
    }

    pub(super) fn opened(mut self) {
        if let Some(tick) = self.0.take() {
            tick.opened();
        }
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        if let Some(tick) = self.0.take() {
            tick.lost();
        }
    }
}
