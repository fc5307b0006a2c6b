//! The mailbox: the lane of messages. Swapped out whole by the server, bounded by a count, closed for good at death.

use std::collections::VecDeque;
use std::task::Waker;

use super::bound::{Bound, Fill};
use super::senders::{Senders, Ticket, Turn};
use crate::guard::{Waiter, WakerSlot, discard};
use crate::planted::{Bug, planted};
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Mutex, lock};

/// What became of a message that was to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    Queued,
    /// Not taken: there is no room, or others wait for it.
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

impl Gate {
    /// How full the mailbox is, room that is promised included.
    #[inline]
    fn fill(&self, queued: usize) -> Fill {
        Fill {
            queued,
            in_flight: self.in_flight,
            promised: self.senders.as_ref().map_or(0, |line| line.promised()),
        }
    }

    /// Whether a message of a newcomer may be queued.
    #[inline(always)]
    fn has_room(&self, bound: Bound, queued: usize) -> bool {
        if self.senders.is_some() && !planted(Bug::NewcomerBarges) {
            return self.has_room_beside_the_line(bound, queued);
        }
        bound.has_room(Fill {
            queued,
            in_flight: self.in_flight,
            promised: 0,
        })
    }

    /// Nobody gets in before those who wait already.
    #[cold]
    #[inline(never)]
    fn has_room_beside_the_line(&self, bound: Bound, queued: usize) -> bool {
        let waited_for = self
            .senders
            .as_ref()
            .is_some_and(|line| line.is_waited_for());
        !waited_for && bound.has_room(self.fill(queued))
    }

    /// Whether it is this sender's turn to queue its message. If not, it waits for it, and has a ticket.
    #[cold]
    #[inline(never)]
    fn may_enter(
        &mut self,
        bound: Bound,
        queued: usize,
        ticket: &mut Option<Ticket>,
        waiter: &mut Waiter<'_>,
        crowded: &AtomicBool,
    ) -> bool {
        if let (Some(own), Some(line)) = (*ticket, &mut self.senders) {
            if line.look(own, waiter) == Turn::Later {
                return false;
            }
            *ticket = None;
            self.forget_line();
            return true;
        }
        if self.has_room(bound, queued) && !planted(Bug::SenderWakerAfterLook) {
            return true;
        }
        *ticket = Some(self.senders.get_or_insert_default().queue_up(waiter));
        crowded.store(true, Ordering::Relaxed);
        false
    }

    /// Promises the room there is to those who wait. Their wakers are to be woken.
    #[cold]
    #[inline(never)]
    fn promise(&mut self, bound: Bound, queued: usize, crowded: &AtomicBool) -> Vec<WakerSlot> {
        let room = bound.room(self.fill(queued));
        let Some(line) = &mut self.senders else {
            return Vec::new();
        };
        let woken = line.promise(room);
        if !line.is_waited_for() {
            crowded.store(false, Ordering::Relaxed);
        }
        woken
    }

    /// A sender gives up: its own waker, which is to be dropped, and those of others, who are to be woken.
    #[cold]
    #[inline(never)]
    fn leave(
        &mut self,
        bound: Bound,
        queued: usize,
        ticket: Ticket,
        crowded: &AtomicBool,
    ) -> (Option<WakerSlot>, Vec<WakerSlot>) {
        // A mailbox that is closed has no line any more.
        let Some(line) = &mut self.senders else {
            return (None, Vec::new());
        };
        let own = line.leave(ticket);
        // What was promised to it goes to the next.
        let next = if own.is_none() {
            self.promise(bound, queued, crowded)
        } else {
            Vec::new()
        };
        if self
            .senders
            .as_ref()
            .is_some_and(|line| !line.is_waited_for())
        {
            crowded.store(false, Ordering::Relaxed);
        }
        self.forget_line();
        (own, next)
    }

    /// A line with nobody in it is nothing to remember.
    fn forget_line(&mut self) {
        if self.senders.as_ref().is_some_and(|line| line.is_over()) {
            self.senders = None;
        }
    }

    /// Says how much is in flight, and promises the room there is if it is time to let senders in.
    fn publish(
        &mut self,
        bound: Bound,
        queued: usize,
        in_flight: usize,
        crowded: &AtomicBool,
    ) -> Vec<WakerSlot> {
        self.in_flight = in_flight;
        if self.senders.is_some() && bound.lets_in(self.fill(queued)) {
            self.promise(bound, queued, crowded)
        } else {
            Vec::new()
        }
    }
}

/// Senders may come in. They are woken without a lock.
fn let_in(senders: Vec<WakerSlot>) {
    if !planted(Bug::SendersNotWoken) {
        wake(senders);
    }
}

fn wake(senders: Vec<WakerSlot>) {
    for sender in senders {
        sender.notify();
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

    /// Takes a message of a user out of `message` and queues it, if there is room and nobody waits for it.
    #[inline(always)]
    pub(super) fn push(&self, bound: Bound, message: &mut Option<M>) -> Pushed {
        let mut queue = lock(&self.queue);
        if queue.gate.closed && !planted(Bug::ClosedMailboxAccepts) {
            return Pushed::Closed;
        }
        let room = queue.gate.has_room(bound, queue.messages.len());
        if !room && !planted(Bug::MailboxBoundIgnored) {
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

    /// Like [`push`](Self::push), for a sender who waits for its turn if it has to. `Full`: it has a ticket, and this waker is
    /// woken when it is its turn. Any other outcome takes the ticket back.
    #[cold]
    #[inline(never)]
    pub(super) fn push_in_turn(
        &self,
        bound: Bound,
        message: &mut Option<M>,
        ticket: &mut Option<Ticket>,
        waker: &Waker,
    ) -> Pushed {
        let mut waiter = Waiter::new(waker);
        let mut queue = lock(&self.queue);
        let queued = queue.messages.len();
        if queue.gate.closed {
            *ticket = None;
            return Pushed::Closed;
        }
        let gate = &mut queue.gate;
        if !gate.may_enter(bound, queued, ticket, &mut waiter, &self.crowded) {
            return Pushed::Full;
        }
        queue.messages.extend(message.take());
        Pushed::Queued
    }

    /// A sender gives up its place in the line.
    #[cold]
    #[inline(never)]
    pub(super) fn leave_line(&self, bound: Bound, ticket: Ticket) {
        let (own, next) = {
            let mut queue = lock(&self.queue);
            let queued = queue.messages.len();
            queue.gate.leave(bound, queued, ticket, &self.crowded)
        };
        drop(own);
        let_in(next);
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
            // Senders may have come while the last message was in flight.
            if queue.gate.senders.is_some() {
                let senders = queue.gate.promise(bound, 0, &self.crowded);
                drop(queue);
                let_in(senders);
            }
            return false;
        }
        std::mem::swap(&mut queue.messages, &mut batch.messages);
        if !bound.is_bounded() {
            self.crowded.store(false, Ordering::Relaxed);
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
        batch.shrink();
        let senders = {
            let mut queue = lock(&self.queue);
            let queued = queue.messages.len();
            queue.gate.publish(bound, queued, left, &self.crowded)
        };
        let_in(senders);
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

    /// Lets the senders in that wait, if there is any room.
    #[cold]
    #[inline(never)]
    fn admit(&self, bound: Bound) {
        let senders = {
            let mut queue = lock(&self.queue);
            let queued = queue.messages.len();
            queue.gate.promise(bound, queued, &self.crowded)
        };
        let_in(senders);
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
        if let Some(senders) = senders {
            wake(senders.into_wakers());
        }
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
    /// Room for so many messages is kept for the next batch.
    const KEPT: usize = {
        const BYTES: usize = 64 * 1024;
        let fit = BYTES / size_of::<M>();
        if fit < 64 { 64 } else { fit }
    };

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

    /// Gives back the memory of a burst, most of which is handled. Each time it is a good part of what is held, so it costs
    /// little for each message.
    fn shrink(&mut self) {
        let (left, capacity) = (self.messages.len(), self.messages.capacity());
        if capacity > Self::KEPT && left <= capacity / 4 {
            self.messages.shrink_to((left * 2).max(Self::KEPT));
        }
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
