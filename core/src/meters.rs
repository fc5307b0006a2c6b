//! What servers and supervisors measure, by the `metrics` facade: the feature `metrics`. Without it nothing of this is compiled.
//!
//! A recorder is foreign code, as a subscriber is: it is told guarded, and its panics stop here.

use std::fmt;
use std::time::Duration;

use ::metrics::{
    Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram,
    gauge, histogram,
};

use crate::rt::{Instant, Runtime};
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Mutex, lock};
use crate::trace::{Measured, emit};

const HANDLED: &str = "suptree_messages_handled_total";
const DROPPED: &str = "suptree_messages_dropped_total";
const WAITING: &str = "suptree_messages_waiting";
const QUEUED_FOR: &str = "suptree_message_queue_seconds";
const HANDLED_IN: &str = "suptree_message_handling_seconds";
const RESTARTS: &str = "suptree_restarts_total";

/// Describes what is measured to the recorder of the program, with the units. To be called once, after the recorder was installed.
///
/// The page of the [module](https://docs.rs/suptree/latest/suptree/metrics/) says what there is.
///
/// ```
/// suptree::metrics::describe(); // with no recorder, nobody hears of it
/// ```
pub fn describe() {
    emit(|| {
        describe_counter!(HANDLED, Unit::Count, "Messages that servers have handled.");
        describe_counter!(
            DROPPED,
            Unit::Count,
            "Messages that were dropped from full mailboxes for newer ones."
        );
        describe_gauge!(
            WAITING,
            Unit::Count,
            "Messages that were sent and are not yet handled."
        );
        describe_histogram!(
            QUEUED_FOR,
            Unit::Seconds,
            "How long messages wait until they are handled."
        );
        describe_histogram!(
            HANDLED_IN,
            Unit::Seconds,
            "How long handlers take, from their begin to their end."
        );
        describe_counter!(
            RESTARTS,
            Unit::Count,
            "Restarts that supervisors have carried out."
        );
    });
}

/// The meters of one process, found once.
pub(crate) struct Meters {
    runtime: Runtime,
    handled: Counter,
    dropped: Counter,
    restarts: Counter,
    waiting: Gauge,
    queued_for: Histogram,
    handled_in: Histogram,
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").finish_non_exhaustive()
    }
}

impl Meters {
    /// Those of a process of this type, with this name, or none.
    pub(crate) fn new(runtime: Runtime, server: &'static str, name: String) -> Arc<Self> {
        let mut meters = Self {
            runtime,
            handled: Counter::noop(),
            dropped: Counter::noop(),
            restarts: Counter::noop(),
            waiting: Gauge::noop(),
            queued_for: Histogram::noop(),
            handled_in: Histogram::noop(),
        };
        let labels = [("server", server.to_owned()), ("name", name)];
        emit(|| {
            meters.handled = counter!(HANDLED, &labels);
            meters.dropped = counter!(DROPPED, &labels);
            meters.restarts = counter!(RESTARTS, &labels);
            meters.waiting = gauge!(WAITING, &labels);
            meters.queued_for = histogram!(QUEUED_FOR, &labels);
            meters.handled_in = histogram!(HANDLED_IN, &labels);
        });
        Arc::new(meters)
    }

    /// A message is sent.
    pub(crate) fn message(self: &Arc<Self>) -> Box<dyn Measured> {
        emit(|| self.waiting.increment(1.0));
        Box::new(Message {
            meters: Arc::clone(self),
            sent: self.runtime.now(),
            begun: Mutex::new(None),
            handles: AtomicBool::new(false),
        })
    }

    /// A message was dropped for a newer one.
    pub(crate) fn note_dropped(&self) {
        emit(|| self.dropped.increment(1));
    }

    /// A child was restarted.
    pub(crate) fn note_restart(&self) {
        emit(|| self.restarts.increment(1));
    }
}

/// A message on its way, until it is handled or dropped.
#[derive(Debug)]
struct Message {
    meters: Arc<Meters>,
    sent: Instant,
    begun: Mutex<Option<Instant>>,
    handles: AtomicBool,
}

fn seconds(since: Instant, now: Instant) -> f64 {
    now.checked_duration_since(since)
        .unwrap_or(Duration::ZERO)
        .as_secs_f64()
}

impl Measured for Message {
    fn begin(&self) {
        // It is begun again and again where the handler waits.
        if self.handles.swap(true, Ordering::Relaxed) {
            return;
        }
        let now = self.meters.runtime.now();
        *lock(&self.begun) = Some(now);
        emit(|| {
            self.meters.waiting.decrement(1.0);
            self.meters.queued_for.record(seconds(self.sent, now));
        });
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        let begun = *lock(&self.begun);
        emit(|| match begun {
            Some(begun) => {
                self.meters.handled.increment(1);
                self.meters
                    .handled_in
                    .record(seconds(begun, self.meters.runtime.now()));
            }
            None => self.meters.waiting.decrement(1.0),
        });
    }
}
