//! What the control lane of a cell holds.

use std::task::Waker;

use crate::process::Signal;

#[derive(Default)]
pub(super) struct Control {
    pub(super) signals: Vec<Signal>,
    /// The task that runs `init`.
    pub(super) starter: Option<Waker>,
}
