//! What holds a worker for a server, as a watchdog asks: from another thread, and at any moment.

use super::AnyCell;
use crate::process::InHand;
use crate::sync::atomic::Ordering;

impl AnyCell {
    /// The number of what holds a worker for it, if something does: another one for each message, and each poll of a handler.
    pub(super) fn number_in_hand(&self) -> Option<u64> {
        let seen = self.state.snapshot();
        if !seen.is_running() || seen.is_dead() {
            return None;
        }
        self.doing.in_hand()?;
        let handled = self.handled.load(Ordering::Relaxed);
        Some((handled << 32) | u64::from(self.doing.number()))
    }

    pub(super) fn named_in_hand(&self) -> Option<InHand> {
        let (callback, handler) = self.doing.in_hand()?.of(self.body.handlers());
        Some(InHand {
            callback,
            handler: handler.name,
            place: handler.place,
        })
    }
}
