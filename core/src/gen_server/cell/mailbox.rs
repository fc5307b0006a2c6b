//! The mailbox: the lane of messages. Swapped out whole by the server, bounded by a count, closed for good at death.

use std::collections::VecDeque;
use std::task::Waker;

use super::bound::{Bound, Fill};
use crate::guard::{self, discard};
use crate::planted::{Bug, planted};
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Mutex, lock};

/// What became of a message that was to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    Queued,
    /// Not taken: there is no room.
    Full,
    /// Not taken: the server is dead.
    Closed,
}

/// The lane of messages `M`. Its bound is a constant of the server's type, which each use of it says.
pub(crate) struct MessageLane<M> {
    queue: Mutex<Queue<M>>,
    /// Senders wait for room; or, in an unbounded mailbox, should yield now and then.
    crowded: AtomicBool,
}

struct Queue<M> {
    messages: VecDeque<M>,
    gate: Gate,
}

/// What of a mailbox does not depend on its messages. It is locked together with them.
struct Gate {
    /// Messages the server has swapped out and not yet handled, as far as it has said.
    in_flight: usize,
    closed: bool,
    /// Who waits for room. Boxed, because it is rare.
    senders: Option<Box<Senders>>,
}

#[derive(Default)]
struct Senders(Vec<Waker>);

impl Senders {
    /// There is room.
    fn let_in(senders: Option<Box<Self>>) {
        if !planted(Bug::SendersNotWoken) {
            Self::wake(senders);
        }
    }

    fn wake(senders: Option<Box<Self>>) {
        if let Some(senders) = senders {
            for sender in senders.0 {
                guard::wake(sender);
            }
        }
    }
}

impl Gate {
    #[inline]
    const fn fill(&self, queued: usize) -> Fill {
        Fill {
            queued,
            in_flight: self.in_flight,
        }
    }

    #[cold]
    #[inline(never)]
    fn wait(&mut self, crowded: &AtomicBool, waker: &Waker) {
        let senders = self.senders.get_or_insert_default();
        // A sender that is polled again leaves its waker once.
        if !senders.0.last().is_some_and(|last| last.will_wake(waker)) {
            senders.0.push(waker.clone());
        }
        crowded.store(true, Ordering::Relaxed);
    }

    /// Takes the senders out that wait.
    fn take_senders(&mut self, crowded: &AtomicBool) -> Option<Box<Senders>> {
        self.senders.as_ref()?;
        crowded.store(false, Ordering::Relaxed);
        self.senders.take()
    }

    /// Says how much is in flight, and takes the senders out if it is time to let them in.
    fn publish(&mut self, bound: Bound, fill: Fill, crowded: &AtomicBool) -> Option<Box<Senders>> {
        self.in_flight = fill.in_flight;
        if bound.lets_in(fill) {
            self.take_senders(crowded)
        } else {
            None
        }
    }

    /// Takes the senders out if there is any room.
    fn admit(&mut self, bound: Bound, queued: usize, crowded: &AtomicBool) -> Option<Box<Senders>> {
        if self.closed || bound.has_room(self.fill(queued)) {
            crowded.store(false, Ordering::Relaxed);
            return self.senders.take();
        }
        None
    }
}

impl<M> MessageLane<M> {
    pub(super) const fn new() -> Self {
        Self {
            queue: Mutex::new(Queue {
                messages: VecDeque::new(),
                gate: Gate {
                    in_flight: 0,
                    closed: false,
                    senders: None,
                },
            }),
            crowded: AtomicBool::new(false),
        }
    }

    /// Takes a message of a user out of `message` and queues it. Full: `waker`, if given, is woken when there is room.
    #[inline(always)]
    pub(super) fn push(
        &self,
        bound: Bound,
        message: &mut Option<M>,
        waker: Option<&Waker>,
    ) -> Pushed {
        let mut queue = lock(&self.queue);
        if queue.gate.closed && !planted(Bug::ClosedMailboxAccepts) {
            return Pushed::Closed;
        }
        let fill = queue.gate.fill(queue.messages.len());
        if !bound.has_room(fill) && !planted(Bug::MailboxBoundIgnored) {
            if planted(Bug::SenderWakerAfterLook) {
                drop(queue);
                queue = lock(&self.queue);
            }
            if let Some(waker) = waker {
                queue.gate.wait(&self.crowded, waker);
            }
            return Pushed::Full;
        }
        if let Some(message) = message.take() {
            queue.messages.push_back(message);
        }
        if bound.floods(queue.messages.len()) {
            self.crowded.store(true, Ordering::Relaxed);
        }
        Pushed::Queued
    }

    /// Whether an unbounded mailbox has more than it should.
    #[inline]
    pub(super) fn is_flooded(&self, bound: Bound) -> bool {
        !bound.is_bounded() && self.crowded.load(Ordering::Relaxed)
    }

    /// Queues a message of the system: never bounded. `false`: the mailbox is closed.
    pub(super) fn push_system(&self, message: M) -> bool {
        let mut queue = lock(&self.queue);
        if queue.gate.closed {
            return false;
        }
        queue.messages.push_back(message);
        true
    }

    /// Swaps the queue for the (empty) batch. `false`: there was nothing.
    #[inline]
    pub(super) fn take(&self, bound: Bound, batch: &mut Batch<M>) -> bool {
        let mut queue = lock(&self.queue);
        if queue.messages.is_empty() {
            queue.gate.in_flight = 0;
            batch.published = 0;
            // A sender that found the mailbox full while the last message was taken out may have missed its wake-up.
            if queue.gate.senders.is_some() {
                let senders = queue.gate.take_senders(&self.crowded);
                drop(queue);
                Senders::let_in(senders);
            }
            return false;
        }
        std::mem::swap(&mut queue.messages, &mut batch.messages);
        if !bound.is_bounded() {
            self.crowded.store(false, Ordering::Relaxed);
        }
        // A burst must not hold its memory for ever.
        const KEEP: usize = 4096;
        if queue.messages.capacity() > KEEP {
            queue.messages = VecDeque::new();
        }
        // The first of them is about to be handled.
        batch.published = batch.messages.len() - 1;
        queue.gate.in_flight = batch.published;
        true
    }

    /// A message of the batch is about to be handled. Tells the senders now and then.
    #[inline]
    pub(super) fn note_handled(&self, bound: Bound, batch: &mut Batch<M>) {
        if batch.published >= batch.messages.len() + bound.chunk() {
            self.publish(bound, batch);
        }
    }

    /// Says how much of the batch is left.
    #[cold]
    #[inline(never)]
    fn publish(&self, bound: Bound, batch: &mut Batch<M>) {
        let left = batch.messages.len();
        batch.published = left;
        let senders = {
            let mut queue = lock(&self.queue);
            let fill = Fill {
                queued: queue.messages.len(),
                in_flight: left,
            };
            queue.gate.publish(bound, fill, &self.crowded)
        };
        Senders::let_in(senders);
    }

    /// A handler is about to wait, or the batch is done: says how much is left, and lets senders in if there is any room.
    #[inline]
    pub(super) fn flush(&self, bound: Bound, batch: &mut Batch<M>) {
        if batch.published != batch.messages.len() || self.is_crowded(bound) {
            self.publish(bound, batch);
        }
        if self.is_crowded(bound) {
            self.admit(bound);
        }
    }

    /// Wakes the senders that wait, if there is any room.
    #[cold]
    #[inline(never)]
    fn admit(&self, bound: Bound) {
        let senders = {
            let mut queue = lock(&self.queue);
            let queued = queue.messages.len();
            queue.gate.admit(bound, queued, &self.crowded)
        };
        Senders::let_in(senders);
    }

    #[inline]
    fn is_crowded(&self, bound: Bound) -> bool {
        bound.is_bounded() && self.crowded.load(Ordering::Relaxed)
    }

    /// Closes the mailbox for good. Nothing can be pushed after it, so no caller is left behind in the queue. What was
    /// queued is dropped by [`drop_unread`](Self::drop_unread).
    pub(super) fn close(&self) {
        let senders = {
            let mut queue = lock(&self.queue);
            queue.gate.closed = true;
            queue.gate.senders.take()
        };
        Senders::wake(senders);
    }

    /// Drops what was queued when the mailbox was closed.
    pub(super) fn drop_unread(&self) {
        if planted(Bug::ClosedQueueNotDrained) {
            return;
        }
        let mut queue = lock(&self.queue);
        if !queue.messages.is_empty() {
            let messages = std::mem::take(&mut queue.messages);
            drop(queue);
            drop_each(messages);
        }
    }

    pub(super) fn len(&self) -> usize {
        let queue = lock(&self.queue);
        queue.messages.len() + queue.gate.in_flight
    }
}

/// Messages that were swapped out.
pub(super) struct Batch<M> {
    messages: VecDeque<M>,
    /// How many are left, as far as the senders know.
    published: usize,
}

impl<M> Batch<M> {
    pub(super) const fn new() -> Self {
        Self {
            messages: VecDeque::new(),
            published: 0,
        }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<M> {
        self.messages.pop_front()
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Drops what is left.
    pub(super) fn drop_unread(&mut self) {
        if !self.messages.is_empty() {
            drop_each(std::mem::take(&mut self.messages));
        }
    }
}

/// Drops each message guarded: one destructor that panics must not keep the others from being dropped, nor two of them
/// abort the program.
fn drop_each<M>(mut messages: VecDeque<M>) {
    while let Some(message) = messages.pop_front() {
        discard(message);
    }
}
