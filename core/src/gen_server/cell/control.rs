//! The control lane: signals, which are never bounded and come before messages.

use crate::guard::WakerSlot;
use crate::process::Signal;

#[derive(Default)]
pub(super) struct Control {
    pub(super) signals: Vec<Signal>,
    /// The task that runs `init`.
    pub(super) starter: WakerSlot,
}
