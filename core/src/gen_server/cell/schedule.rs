//! The schedule of what a server is sent later: a tree of deadlines that does not know the server's type, and beside it the
//! messages, each in a place with a number.

use std::any::Any;
use std::collections::BTreeMap;

use crate::process::timers::{Alarm, KeeperToTell, TimerKey, Timers};
use crate::rt::Instant;

/// What a server is sent later. It has one alarm with the keeper of its runtime, for the first message.
pub(super) struct Schedule {
    /// By deadline, and in the order in which they were set; with the place of the message.
    due: BTreeMap<TimerKey, u32>,
    number: u64,
    pub(super) mails: Box<dyn LaterMails>,
    alarm: Option<TimerKey>,
}

/// Messages in places, whatever their type.
pub(super) trait LaterMails: Any + Send {
    /// Takes out those whose time has come, in this order. What comes back sends them.
    fn take_due(&mut self, places: Vec<u32>) -> Box<dyn FnOnce() + Send>;
    /// Takes out one that is not sent.
    fn take_back(&mut self, place: u32) -> Box<dyn Any + Send>;
    /// Rings when the first is due.
    fn alarm(&self) -> Box<dyn Alarm>;
}

impl Schedule {
    pub(super) const fn new(mails: Box<dyn LaterMails>) -> Self {
        Self {
            due: BTreeMap::new(),
            number: 0,
            mails,
            alarm: None,
        }
    }

    /// Notes the message in this place.
    pub(super) fn insert(&mut self, deadline: Instant, place: u32) -> TimerKey {
        let key = (deadline, self.number);
        self.number += 1;
        self.due.insert(key, place);
        key
    }

    /// Those that are set and have this number or a later one, in the order of their numbers; and the number of the next.
    pub(super) fn set_since(&self, since: u64) -> (Vec<(TimerKey, u32)>, u64) {
        let mut set: Vec<_> = self.due.iter().map(|(key, place)| (*key, *place)).collect();
        set.retain(|((_, number), _)| *number >= since);
        set.sort_unstable_by_key(|((_, number), _)| *number);
        (set, self.number)
    }

    pub(super) fn contains(&self, key: TimerKey) -> bool {
        self.due.contains_key(&key)
    }

    pub(super) fn take_back(&mut self, key: TimerKey) -> Option<Box<dyn Any + Send>> {
        let place = self.due.remove(&key)?;
        Some(self.mails.take_back(place))
    }

    /// The alarm has rung. Takes out what is due.
    pub(super) fn take_due(&mut self, now: Instant) -> Box<dyn FnOnce() + Send> {
        self.alarm = None;
        let mut places = Vec::new();
        while let Some(first) = self.due.first_entry()
            && first.key().0 <= now
        {
            places.push(first.remove());
        }
        self.mails.take_due(places)
    }

    /// Sets the alarm for the first message, if it is set for later or not at all. One that is early rings for nothing.
    pub(super) fn set_alarm(&mut self, timers: &Timers) -> Option<KeeperToTell> {
        let first = self.due.first_key_value()?.0.0;
        if self.alarm.is_some_and(|(deadline, _)| deadline <= first) {
            return None;
        }
        let set = timers.set_alarm(first, self.mails.alarm(), self.alarm);
        let (key, keeper) = set.ok()?;
        self.alarm = Some(key);
        Some(keeper)
    }

    /// There is no server any more that could be sent something.
    pub(super) fn end(&mut self, timers: &Timers) {
        if let Some(alarm) = self.alarm.take() {
            drop(timers.cancel_alarm(alarm));
        }
    }
}
