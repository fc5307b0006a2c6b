//! The mailbox: the lane of messages. Swapped out whole by the server, bounded by a count, closed for good at death.

use std::collections::VecDeque;
use std::task::Waker;

use super::batch::{Batch, drop_each};
use super::bound::Bound;
use super::gate::{Gate, Shut};
use super::senders::Ticket;
use crate::guard::{Waiter, WakerSlot};
use crate::planted::{Bug, planted};
use crate::process::line::Woken;
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

impl From<Shut> for Pushed {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Full => Self::Full,
            Shut::Closed => Self::Closed,
        }
    }
}

/// What waits in a mailbox.
pub(crate) trait Waits {
    /// Whether it counts against the bound. What is the system's own neither needs room nor takes it from others.
    fn takes_room(&self) -> bool;
}

/// The lane of messages `M`. Its bound is a constant of the server's type, which each use of it says.
pub(crate) struct MessageLane<M> {
    queue: Mutex<Queue<M>>,
    /// Senders wait for room; or, where they never do, should yield now and then.
    crowded: AtomicBool,
}

struct Queue<M> {
    messages: VecDeque<M>,
    /// How many of them take no room.
    apart: usize,
    gate: Gate,
}

impl<M> Queue<M> {
    /// How many take room.
    fn counted(&self) -> usize {
        self.messages.len() - self.apart
    }
}

/// Senders may come in. They are woken without a lock.
fn let_in(senders: Vec<WakerSlot>) {
    if !planted(Bug::SendersNotWoken) {
        senders.into_iter().for_each(WakerSlot::notify);
    }
}

impl<M: Waits> MessageLane<M> {
    pub(super) const fn new() -> Self {
        Self {
            queue: Mutex::new(Queue {
                messages: VecDeque::new(),
                apart: 0,
                gate: Gate::new(),
            }),
            crowded: AtomicBool::new(false),
        }
    }

    /// Takes a message of a user out of `message` and queues it, if there is room and nobody waits for it. Where there is no message,
    /// there is no room either.
    #[inline(always)]
    pub(super) fn push(&self, bound: Bound, message: &mut Option<M>) -> Pushed {
        let mut queue = lock(&self.queue);
        if let Err(shut) = queue.gate.admits(bound, queue.messages.len(), queue.apart) {
            return shut.into();
        }
        let Some(message) = message.take() else {
            return Pushed::Full;
        };
        queue.messages.push_back(message);
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
        let queued = queue.counted();
        let gate = &mut queue.gate;
        if let Err(shut) = gate.admits_in_turn(bound, queued, ticket, &mut waiter, &self.crowded) {
            return shut.into();
        }
        if let Some(message) = message.take() {
            queue.messages.push_back(message);
        }
        Pushed::Queued
    }

    /// A sender gives up its place in the line.
    #[cold]
    #[inline(never)]
    pub(super) fn leave_line(&self, bound: Bound, ticket: Ticket) {
        let (own, next) = {
            let mut queue = lock(&self.queue);
            let queued = queue.counted();
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

    /// Whether messages were dropped since the server has taken one.
    #[inline]
    pub(super) fn overflows(&self) -> bool {
        self.crowded.load(Ordering::Relaxed)
    }

    /// Queues a message of the system, which takes no room. `false`: the mailbox is closed.
    pub(super) fn push_system(&self, message: M) -> bool {
        let mut queue = lock(&self.queue);
        if queue.gate.is_closed() {
            return false;
        }
        if !planted(Bug::SystemTakesRoom) {
            queue.apart += 1;
        }
        queue.messages.push_back(message);
        true
    }

    /// Queues a message of a timer: never bounded.
    ///
    /// # Errors
    ///
    /// The message: the mailbox is closed.
    pub(super) fn push_late(&self, message: M) -> Result<(), M> {
        let mut queue = lock(&self.queue);
        if queue.gate.is_closed() {
            return Err(message);
        }
        queue.messages.push_back(message);
        Ok(())
    }

    /// Swaps the queue for the (empty) batch. `false`: there was nothing.
    #[inline]
    pub(super) fn take(&self, bound: Bound, batch: &mut Batch<M>) -> bool {
        let mut queue = lock(&self.queue);
        let Queue {
            messages,
            apart,
            gate,
        } = &mut *queue;
        let any = !messages.is_empty();
        let mut in_flight = 0;
        batch.published = 0;
        if any {
            std::mem::swap(messages, &mut batch.messages);
            if !bound.is_bounded() {
                self.crowded.store(false, Ordering::Relaxed);
            }
            // The first of them is about to be handled. Where some take no room it may be one of those: then it is said when a
            // handler waits.
            batch.apart = std::mem::take(apart);
            batch.published = batch.messages.len() - usize::from(batch.apart == 0);
            in_flight = batch.published - batch.apart;
        }
        if gate.is_shut() {
            // Senders may have come while the last message was in flight, and those of the system may keep the queue from ever
            // being empty.
            let senders = gate.publish(bound, 0, in_flight, &self.crowded);
            drop(queue);
            let_in(senders);
        } else {
            gate.set_in_flight(in_flight);
        }
        any
    }

    /// Queues a message whatever there is. Of a full mailbox the oldest goes that may, and comes back.
    ///
    /// # Errors
    ///
    /// The message: the mailbox is closed.
    #[cold]
    #[inline(never)]
    pub(super) fn push_over_oldest(&self, bound: Bound, message: M) -> Result<Option<M>, M> {
        let mut queue = lock(&self.queue);
        let admitted = queue.gate.admits(bound, queue.messages.len(), queue.apart);
        if matches!(admitted, Err(Shut::Closed)) {
            return Err(message);
        }
        queue.messages.push_back(message);
        if admitted.is_ok() {
            return Ok(None);
        }
        self.crowded.store(true, Ordering::Relaxed);
        if planted(Bug::NewestIsDropped) {
            return Ok(queue.messages.pop_back());
        }
        // Each is looked at once: those that may not go stay in front, and are passed over from then on.
        let Queue {
            messages,
            apart,
            gate,
        } = &mut *queue;
        let mut oldest = gate.kept as usize;
        while let Some(message) = messages.get(oldest)
            && !message.takes_room()
            && !planted(Bug::ControlIsDropped)
        {
            oldest += 1;
        }
        gate.kept = u32::try_from(oldest).unwrap_or(0);
        let dropped = messages.remove(oldest);
        if dropped
            .as_ref()
            .is_some_and(|message| !message.takes_room())
        {
            *apart -= 1;
        }
        Ok(dropped)
    }

    /// Takes the oldest message, and leaves the others where newer ones may drop them. Whether there are any.
    #[cold]
    #[inline(never)]
    pub(super) fn take_one(&self, batch: &mut Batch<M>) -> (bool, bool) {
        let mut queue = lock(&self.queue);
        let Queue {
            messages,
            apart,
            gate,
        } = &mut *queue;
        batch.published = 0;
        gate.set_in_flight(0);
        self.crowded.store(false, Ordering::Relaxed);
        let taken = messages.pop_front();
        batch.apart = usize::from(taken.as_ref().is_some_and(|message| !message.takes_room()));
        *apart = apart.saturating_sub(batch.apart);
        gate.kept = gate.kept.saturating_sub(1);
        let more = !messages.is_empty();
        if !more && messages.capacity() > Batch::<M>::KEPT {
            *messages = VecDeque::new();
        }
        drop(queue);
        let any = taken.is_some();
        batch.messages.extend(taken);
        (any, more)
    }

    /// A message of the batch is about to be handled. Tells the senders now and then.
    #[inline]
    pub(super) fn note_handled(&self, bound: Bound, batch: &mut Batch<M>) {
        if batch.published >= batch.messages.len() + bound.chunk() {
            // It may be one that takes no room, which is not noted yet.
            let unknown = batch.apart.min(1);
            self.publish(bound, batch, unknown);
        }
    }

    /// Says how much of the batch is left, and so many more.
    #[cold]
    #[inline(never)]
    fn publish(&self, bound: Bound, batch: &mut Batch<M>, more: usize) {
        let most = batch.messages.len() + more;
        let left = most.saturating_sub(batch.apart);
        batch.published = most;
        batch.shrink();
        let senders = {
            let mut queue = lock(&self.queue);
            let queued = queue.counted();
            queue.gate.publish(bound, queued, left, &self.crowded)
        };
        let_in(senders);
    }

    /// A handler is about to wait, or the batch is done: says how much is left, and lets senders in if there is any room.
    #[inline]
    pub(super) fn flush(&self, bound: Bound, batch: &mut Batch<M>) {
        if batch.published != batch.messages.len() || self.is_crowded(bound) {
            self.publish(bound, batch, 0);
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
            let queued = queue.counted();
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
        let line = lock(&self.queue).gate.close();
        if let Some(line) = line {
            // By whoever ends the server, perhaps its supervisor.
            Woken::from(line.into_wakers()).notify();
        }
    }

    /// Drops what was queued when the mailbox was closed.
    pub(super) fn drop_unread(&self) {
        if planted(Bug::ClosedQueueNotDrained) {
            return;
        }
        let mut queue = lock(&self.queue);
        // What held them is given back, too: a handle may keep the mailbox for a long time.
        if queue.messages.capacity() != 0 {
            let messages = std::mem::take(&mut queue.messages);
            queue.apart = 0;
            drop(queue);
            drop_each(messages);
        }
    }

    /// Whether all that is queued is so.
    pub(super) fn holds_only(&self, is_so: impl Fn(&M) -> bool) -> bool {
        lock(&self.queue).messages.iter().all(is_so)
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        lock(&self.queue).messages.capacity()
    }

    /// Gives back what an empty queue holds. `false`: it is not empty.
    pub(super) fn give_back(&self) -> bool {
        let mut queue = lock(&self.queue);
        if !queue.messages.is_empty() {
            return false;
        }
        queue.messages = VecDeque::new();
        true
    }

    /// Whether something was left behind.
    #[cfg(not(suptree_shuttle))]
    pub(super) fn is_left(&mut self) -> bool {
        !self.queue.get_mut().messages.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        let queue = lock(&self.queue);
        queue.messages.len() + queue.gate.in_flight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gen_server::options::Mailbox;

    const UNBOUNDED: Bound = Bound::new(Mailbox::Unbounded);
    type Message = Box<[u8]>;

    impl Waits for Message {
        fn takes_room(&self) -> bool {
            **self != *SYSTEM
        }
    }

    const SYSTEM: &[u8] = b"system";

    #[test]
    fn r370_what_takes_no_room_does_not_count_wherever_it_is() {
        const TWO: Bound = Bound::new(Mailbox::Bounded(2));
        let fits = |lane: &MessageLane<Message>| {
            let mut fit = 0;
            while lane.push(TWO, &mut Some(Box::default())) == Pushed::Queued {
                fit += 1;
            }
            fit
        };
        for order in [
            "", "s", "sss", "m", "ms", "sm", "mss", "sms", "ssm", "mm", "msm", "mms", "smsms",
        ] {
            for handled in 0..=order.len() {
                let (lane, mut batch) = (MessageLane::new(), Batch::new());
                for kind in order.chars() {
                    if kind == 's' {
                        assert!(lane.push_system(SYSTEM.into()));
                    } else {
                        assert_eq!(lane.push(TWO, &mut Some(Box::default())), Pushed::Queued);
                    }
                }
                if handled > 0 {
                    assert!(lane.take(TWO, &mut batch));
                }
                for _ in 0..handled {
                    let message = batch.next().unwrap();
                    lane.note_handled(TWO, &mut batch);
                    if !message.takes_room() {
                        batch.note_apart();
                    }
                }
                lane.flush(TWO, &mut batch);
                let left = order[handled..].matches('m').count();
                assert_eq!(fits(&lane), 2 - left, "{handled} of {order:?}");
            }
        }
    }

    fn push(lane: &MessageLane<Message>, messages: usize) {
        for _ in 0..messages {
            let pushed = lane.push(UNBOUNDED, &mut Some(Box::default()));
            assert_eq!(pushed, Pushed::Queued);
        }
    }

    fn handle(lane: &MessageLane<Message>, batch: &mut Batch<Message>, messages: usize) {
        for _ in 0..messages {
            batch.next().unwrap();
            lane.note_handled(UNBOUNDED, batch);
        }
    }

    #[test]
    fn r82_a_mailbox_gives_back_what_a_burst_needed() {
        const KEPT: usize = Batch::<Message>::KEPT;
        const MANY: usize = 100_000;
        let (lane, mut batch) = (MessageLane::new(), Batch::new());
        push(&lane, MANY);
        assert!(lane.take(UNBOUNDED, &mut batch));
        // Another burst comes meanwhile, which is none for what the last one left.
        push(&lane, MANY);
        for _ in 0..MANY / 100 {
            handle(&lane, &mut batch, 100);
            let most = ((batch.messages.len() + UNBOUNDED.chunk()) * 4).max(KEPT);
            assert!(batch.messages.capacity() <= most, "in step");
        }
        assert!(lane.take(UNBOUNDED, &mut batch));
        assert!(lock(&lane.queue).messages.capacity() <= KEPT);
        handle(&lane, &mut batch, MANY);
        lane.flush(UNBOUNDED, &mut batch);
        assert!(batch.messages.capacity() <= KEPT);
        assert!(!lane.take(UNBOUNDED, &mut batch));
    }

    #[test]
    fn a_mailbox_that_is_often_filled_keeps_its_memory() {
        let (lane, mut batch) = (MessageLane::new(), Batch::new());
        for _ in 0..2 {
            push(&lane, 1024);
            assert!(lane.take(UNBOUNDED, &mut batch));
            handle(&lane, &mut batch, 1024);
            lane.flush(UNBOUNDED, &mut batch);
        }
        let kept = batch.messages.capacity() + lock(&lane.queue).messages.capacity();
        assert!(kept >= 2048);
    }

    /// A handle may keep a dead server's mailbox.
    #[test]
    fn a_mailbox_that_is_closed_keeps_nothing() {
        let lane = MessageLane::new();
        push(&lane, 1000);
        lane.close();
        lane.drop_unread();
        assert_eq!(lock(&lane.queue).messages.capacity(), 0);
    }
}
