//! What few cells have: the control lane, of signals, which are never bounded and come before messages; and timers; and what was dropped.

use super::schedule::Schedule;
use crate::guard::WakerSlot;
use crate::process::Signal;

#[derive(Default)]
pub(super) struct Control {
    pub(super) signals: Vec<Signal>,
    /// The task that runs `init`.
    pub(super) starter: WakerSlot,
    /// What the server is sent later.
    pub(super) timers: Option<Box<Schedule>>,
    /// How many messages were dropped for newer ones.
    pub(super) dropped: u64,
}
