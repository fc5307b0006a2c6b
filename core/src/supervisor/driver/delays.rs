//! The restarts that wait for their time: see [`Backoff`](crate::Backoff).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::planted::{Bug, planted};
use crate::rt::{self, Instant, Runtime, Sleep};
use crate::supervisor::plan::ChildKey;

/// The restarts that wait, the next one first. One that has become needless is left to the plan, which does nothing about it.
#[derive(Default)]
pub(super) struct Delays {
    waiting: BinaryHeap<Reverse<(Instant, ChildKey)>>,
    /// Rings for the first of them.
    alarm: Option<(Instant, Sleep)>,
}

impl Delays {
    pub(super) fn push(&mut self, key: ChildKey, delay: Duration) {
        self.waiting.push(Reverse((rt::deadline(delay), key)));
    }

    /// The next restart whose time has come.
    pub(super) fn poll_next(&mut self, runtime: &Runtime, cx: &mut Context<'_>) -> Poll<ChildKey> {
        let Some(&Reverse((at, key))) = self.waiting.peek() else {
            self.alarm = None;
            return Poll::Pending;
        };
        if !planted(Bug::AlarmNotSetAnew) {
            self.alarm.take_if(|(rings, _)| *rings != at);
        }
        let (_, alarm) = self
            .alarm
            .get_or_insert_with(|| (at, runtime.sleep_until(at)));
        std::task::ready!(Pin::new(alarm).poll(cx));
        self.alarm = None;
        self.waiting.pop();
        Poll::Ready(key)
    }
}
