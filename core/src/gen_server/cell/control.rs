//! What few cells have: the control lane, of signals, which are never bounded and come before messages; timers, and streams.

use super::idle::Idle;
use super::schedule::Schedule;
use super::source::Sources;
use crate::gen_server::asked::Hibernate;
use crate::guard::WakerSlot;
use crate::process::Signal;

#[derive(Default)]
pub(super) struct Control {
    pub(super) signals: Vec<Signal>,
    /// The task that runs `init`.
    pub(super) starter: WakerSlot,
    /// What the server is sent later.
    pub(super) timers: Option<Box<Schedule>>,
    /// The streams that it is attached to.
    pub(super) sources: Option<Box<Sources>>,
    /// It is to hibernate, unless there is something to do.
    pub(super) hibernates: Option<Hibernate>,
    /// Whether it waits for a message, and how long.
    pub(super) idle: Option<Box<Idle>>,
}

impl Control {
    /// Whether the server is attached to streams.
    pub(super) fn has_sources(&self) -> bool {
        self.sources.as_ref().is_some_and(|it| !it.is_empty())
    }
}
