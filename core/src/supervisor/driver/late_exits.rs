//! `LateExits`: children that are dead, and whose exits do not come, with the time when each is let go.

use std::collections::{BTreeSet, HashSet};
use std::task::{Context, Poll, ready};

use crate::process::pid::Pid;
use crate::rt::{Instant, Runtime};
use crate::supervisor::driver::alarm::Alarm;

#[derive(Default)]
pub(super) struct LateExits {
    waiting: BTreeSet<(Instant, Pid)>,
    /// Each has one time.
    known: HashSet<Pid>,
    alarm: Alarm,
}

impl LateExits {
    pub(super) fn push(&mut self, pid: Pid, until: Instant) {
        if self.known.insert(pid) {
            self.waiting.insert((until, pid));
        }
    }

    /// The next one whose time is over.
    pub(super) fn poll_next(&mut self, runtime: &Runtime, cx: &mut Context<'_>) -> Poll<Pid> {
        let first = self.waiting.first().copied();
        ready!(self.alarm.poll(first.map(|(at, _)| at), runtime, cx));
        let Some((_, pid)) = self.waiting.pop_first() else {
            return Poll::Pending;
        };
        self.known.remove(&pid);
        Poll::Ready(pid)
    }
}
