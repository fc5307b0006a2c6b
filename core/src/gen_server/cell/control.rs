//! What few cells have: the control lane, of signals, which are never bounded and come before messages; timers; streams;
//! requests; and what was dropped.

use super::idle::Idle;
use super::lane::Lane;
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
    /// It is to hibernate, unless there is something to do.
    pub(super) hibernates: Option<Hibernate>,
    /// The same, once what is queued of the crate's own has come to nothing.
    pub(super) hibernates_later: Option<Hibernate>,
    /// Whether it waits for a message, and how long.
    pub(super) idle: Option<Box<Idle>>,
    /// What the server is asked that is no message.
    pub(super) lane: Option<Box<Lane>>,
    /// The streams that it is attached to.
    pub(super) sources: Option<Box<Sources>>,
    /// How many messages were dropped for newer ones.
    pub(super) dropped: u64,
}

impl Control {
    /// Whether it holds what is to be dropped with the server, and may be a user's.
    pub(super) fn has_belongings(&self) -> bool {
        self.timers.is_some()
            || self.sources.as_ref().is_some_and(|it| !it.is_empty())
            || self.lane.as_ref().is_some_and(|it| !it.is_empty())
    }
}
