//! The mailbox: the lane of messages. Swapped out whole by the server, bounded by a count, closed for good at death.

use std::collections::VecDeque;
use std::task::Waker;

use super::bound::Bound;
use crate::gen_server::options::Mailbox as Capacity;
use crate::guard::discard;
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

/// The lane of messages `M`.
pub(crate) struct Mailbox<M> {
    queue: Mutex<Queue<M>>,
    /// Senders wait for room; or, in an unbounded mailbox, should yield now and then.
    crowded: AtomicBool,
    bounded: bool,
}

struct Queue<M> {
    messages: VecDeque<M>,
    gate: Gate,
}

/// What of a mailbox does not depend on its messages. It is locked together with them.
struct Gate {
    bound: Bound,
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
                sender.wake();
            }
        }
    }
}

impl Gate {
    #[cold]
    #[inline(never)]
    fn wait(&mut self, crowded: &AtomicBool, waker: &Waker) {
        let senders = self.senders.get_or_insert_default();
        senders.0.push(waker.clone());
        crowded.store(true, Ordering::Relaxed);
    }

    /// Takes the senders out that wait. Nothing is queued, and nothing is in flight.
    fn empty(&mut self, crowded: &AtomicBool) -> Option<Box<Senders>> {
        self.bound.publish(0);
        // A sender that found the mailbox full while the last message was taken out may have missed its wake-up.
        self.senders.as_ref()?;
        crowded.store(false, Ordering::Relaxed);
        self.senders.take()
    }

    /// Says how much is in flight, and takes the senders out if it is time to let them in.
    fn publish(
        &mut self,
        in_flight: usize,
        queued: usize,
        crowded: &AtomicBool,
    ) -> Option<Box<Senders>> {
        self.bound.publish(in_flight);
        if self.senders.is_none() || !self.bound.lets_in(queued) {
            return None;
        }
        crowded.store(false, Ordering::Relaxed);
        self.senders.take()
    }

    /// Takes the senders out if there is any room.
    fn admit(&mut self, queued: usize, crowded: &AtomicBool) -> Option<Box<Senders>> {
        if !self.closed && !self.bound.has_room(queued) {
            return None;
        }
        crowded.store(false, Ordering::Relaxed);
        self.senders.take()
    }
}

impl<M> Mailbox<M> {
    pub(super) const fn new(capacity: Capacity) -> Self {
        let bound = Bound::new(capacity);
        Self {
            bounded: bound.is_bounded(),
            queue: Mutex::new(Queue {
                messages: VecDeque::new(),
                gate: Gate {
                    bound,
                    closed: false,
                    senders: None,
                },
            }),
            crowded: AtomicBool::new(false),
        }
    }

    /// Takes a message of a user out of `message` and queues it. Full: `waker`, if given, is woken when there is room.
    #[inline(always)]
    pub(crate) fn push(&self, message: &mut Option<M>, waker: Option<&Waker>) -> Pushed {
        let mut queue = lock(&self.queue);
        if queue.gate.closed && !planted(Bug::ClosedMailboxAccepts) {
            return Pushed::Closed;
        }
        let queued = queue.messages.len();
        if !queue.gate.bound.has_room(queued) && !planted(Bug::MailboxBoundIgnored) {
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
        if !self.bounded && Bound::floods(queued + 1) {
            self.crowded.store(true, Ordering::Relaxed);
        }
        Pushed::Queued
    }

    /// Whether an unbounded mailbox has more than it should.
    #[inline]
    pub(crate) fn is_flooded(&self) -> bool {
        !self.bounded && self.crowded.load(Ordering::Relaxed)
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
    pub(super) fn take(&self, batch: &mut Batch<M>) -> bool {
        let mut queue = lock(&self.queue);
        if queue.messages.is_empty() {
            batch.published = 0;
            let senders = queue.gate.empty(&self.crowded);
            drop(queue);
            Senders::let_in(senders);
            return false;
        }
        std::mem::swap(&mut queue.messages, &mut batch.messages);
        if !self.bounded {
            self.crowded.store(false, Ordering::Relaxed);
        }
        // A burst must not hold its memory for ever.
        const KEEP: usize = 4096;
        if queue.messages.capacity() > KEEP {
            queue.messages = VecDeque::new();
        }
        // The first of them is about to be handled.
        batch.published = batch.messages.len() - 1;
        queue.gate.bound.publish(batch.published);
        batch.chunk = queue.gate.bound.chunk();
        true
    }

    /// A message of the batch is about to be handled. Tells the senders now and then.
    #[inline]
    pub(super) fn note_handled(&self, batch: &mut Batch<M>) {
        if batch.published >= batch.messages.len() + batch.chunk {
            self.publish(batch);
        }
    }

    /// Says how much of the batch is left.
    #[cold]
    #[inline(never)]
    fn publish(&self, batch: &mut Batch<M>) {
        let left = batch.messages.len();
        batch.published = left;
        let senders = {
            let mut queue = lock(&self.queue);
            let queued = queue.messages.len();
            queue.gate.publish(left, queued, &self.crowded)
        };
        Senders::let_in(senders);
    }

    /// A handler is about to wait, or the batch is done: says how much is left, and lets senders in if there is any room.
    #[inline]
    pub(super) fn flush(&self, batch: &mut Batch<M>) {
        if batch.published != batch.messages.len() || self.is_crowded() {
            self.publish(batch);
        }
        if self.is_crowded() {
            self.admit();
        }
    }

    /// Wakes the senders that wait, if there is any room.
    #[cold]
    #[inline(never)]
    fn admit(&self) {
        let senders = {
            let mut queue = lock(&self.queue);
            let queued = queue.messages.len();
            queue.gate.admit(queued, &self.crowded)
        };
        Senders::let_in(senders);
    }

    #[inline]
    fn is_crowded(&self) -> bool {
        self.bounded && self.crowded.load(Ordering::Relaxed)
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
        let messages = std::mem::take(&mut lock(&self.queue).messages);
        drop_each(messages);
    }

    pub(super) fn len(&self) -> usize {
        let queue = lock(&self.queue);
        queue.messages.len() + queue.gate.bound.in_flight()
    }
}

/// Messages that were swapped out.
pub(super) struct Batch<M> {
    messages: VecDeque<M>,
    /// How many are left, as far as the senders know.
    published: usize,
    /// How many may be handled before the senders are told.
    chunk: usize,
}

impl<M> Batch<M> {
    pub(super) const fn new() -> Self {
        Self {
            messages: VecDeque::new(),
            published: 0,
            chunk: 1,
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
        drop_each(std::mem::take(&mut self.messages));
    }
}

/// Drops each message guarded: one destructor that panics must not keep the others from being dropped, nor two of them
/// abort the program.
fn drop_each<M>(mut messages: VecDeque<M>) {
    while let Some(message) = messages.pop_front() {
        discard(message);
    }
}
