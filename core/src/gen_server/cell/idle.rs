//! Idle timeouts: a message of the system when nothing has come for so long.
//!
//! Nothing is cancelled where a message comes, and nobody looks for a timeout there. A timeout is set for the number of messages
//! that were handled; one more, whichever way it was handled, and it has come to nothing. That is seen when its alarm rings, and
//! by the server itself when its message is taken up: so what was queued before it, or was handled meanwhile, comes first.

use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::process::timers::{Alarm, KeeperToTell, TimerKey, Timers};
use crate::process::{News, node};
use crate::rt::Instant;

/// The idle timeout of a server.
#[derive(Default)]
pub(super) struct Idle {
    set: Option<Timeout>,
    last: u64,
    /// With the keeper; it may be early.
    alarm: Option<TimerKey>,
    /// Since so many were handled, nothing has come but the timeout.
    over_since: Option<u64>,
}

/// One that is set.
struct Timeout {
    number: u64,
    deadline: Instant,
    /// How many messages were handled when it was set.
    handled: u64,
}

/// Rings at the server with this pid.
struct IdleAlarm(Pid);

impl Alarm for IdleAlarm {
    fn ring(self: Box<Self>, now: Instant) {
        if let Some(server) = node::process(self.0) {
            server.hear(News::Alarm(now));
        }
    }
}

impl Idle {
    pub(super) fn set(&mut self, deadline: Instant, handled: u64) -> u64 {
        self.last += 1;
        self.set = Some(Timeout {
            number: self.last,
            deadline,
            handled,
        });
        self.last
    }

    /// Sets the alarm for the timeout, if it is set for later or not at all.
    pub(super) fn set_alarm(&mut self, server: Pid, timers: &Timers) -> Option<KeeperToTell> {
        let deadline = self.set.as_ref()?.deadline;
        if self.alarm.is_some_and(|(alarm, _)| alarm <= deadline) {
            return None;
        }
        let set = timers.set_alarm(deadline, Box::new(IdleAlarm(server)), self.alarm);
        let (key, keeper) = set.ok()?;
        self.alarm = Some(key);
        Some(keeper)
    }

    /// The alarm has rung. `Some`: it is time.
    pub(super) fn ring(&mut self, now: Instant, handled: u64) -> Option<u64> {
        self.alarm = None;
        let set = self.set.as_ref()?;
        // It may be about to count what it is excused for.
        if handled > set.handled && !planted(Bug::TimeoutOutlivesCalls) {
            self.set = None;
            return None;
        }
        (set.deadline <= now).then_some(set.number)
    }

    /// The message of a timeout is about to be handled. Whether it still holds.
    pub(super) fn take(&mut self, number: u64, handled: u64) -> bool {
        let holds = self.set.as_ref().is_some_and(|set| {
            set.number == number && (set.handled == handled || planted(Bug::TimeoutOutlivesCalls))
        });
        if holds {
            self.set = None;
            self.over_since = Some(handled + 1);
        }
        holds
    }

    /// What is counted next is no message of anybody's.
    pub(super) fn excuse(&mut self, handled: u64) {
        let set = self.set.as_mut().map(|set| &mut set.handled);
        for count in set.into_iter().chain(&mut self.over_since) {
            if *count == handled {
                *count += 1;
            }
        }
    }

    /// Whether the server is told already, or is about to be, unless something comes.
    pub(super) fn knows(&self, handled: u64) -> bool {
        let is_set = self.set.as_ref().is_some_and(|set| set.handled == handled);
        is_set || self.over_since == Some(handled)
    }

    pub(super) fn end(self, timers: &Timers) {
        if let Some(alarm) = self.alarm {
            drop(timers.cancel_alarm(alarm));
        }
    }
}
