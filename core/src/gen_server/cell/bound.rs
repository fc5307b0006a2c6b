//! The bound of a mailbox, and when senders that wait are let in: pure counting.
//!
//! The server swaps the whole queue out, and says now and then how much of it is left *in flight*. What is queued and what
//! is in flight, as far as it was said, counts against the bound.
//!
//! Why no sender is left behind: a sender waits only if there was no room, so at least `capacity` messages were queued or in
//! flight. They are handled one after the other, and the server says so when a handler waits, when a chunk is done, when
//! the batch is done, and when the queue is empty. The last of these finds room, and lets in whoever waits.

use crate::gen_server::options::Mailbox as Capacity;

#[derive(Debug)]
pub(super) struct Bound {
    /// `usize::MAX`: none.
    capacity: usize,
    /// Messages the server has swapped out and not yet handled, as far as it has said.
    in_flight: usize,
}

impl Bound {
    /// From how many messages on an unbounded mailbox counts as flooded: its senders yield now and then.
    const FLOOD: usize = 1024;

    pub(super) const fn new(capacity: Capacity) -> Self {
        let capacity = match capacity {
            Capacity::Bounded(capacity) => capacity,
            Capacity::Unbounded => usize::MAX,
        };
        Self {
            capacity,
            in_flight: 0,
        }
    }

    pub(super) const fn is_bounded(&self) -> bool {
        self.capacity != usize::MAX
    }

    #[inline]
    pub(super) const fn has_room(&self, queued: usize) -> bool {
        queued + self.in_flight < self.capacity
    }

    /// How many messages are in flight.
    #[inline]
    pub(super) const fn publish(&mut self, in_flight: usize) {
        self.in_flight = in_flight;
    }

    #[inline]
    pub(super) const fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Whether senders that wait are let in: when half of the room is free, since waking one for each message would cost a
    /// task switch each.
    pub(super) const fn lets_in(&self, queued: usize) -> bool {
        self.is_bounded() && self.in_flight <= self.capacity / 2 && self.has_room(queued)
    }

    /// How many messages the server handles before it says so. A sender may find the mailbox full with less than this
    /// missing; saying it for each message would cost more than handling it.
    #[inline]
    pub(super) const fn chunk(&self) -> usize {
        match self.capacity {
            0..16 => 1,
            16..1024 => self.capacity / 8,
            _ => 128,
        }
    }

    /// Whether an unbounded mailbox begins to be flooded with this message.
    #[inline]
    pub(super) const fn floods(queued: usize) -> bool {
        queued == Self::FLOOD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(capacity: usize, in_flight: usize) -> Bound {
        let mut bound = Bound::new(Capacity::Bounded(capacity));
        bound.publish(in_flight);
        bound
    }

    #[test]
    fn what_is_queued_and_what_is_in_flight_counts() {
        for capacity in 1..20 {
            for in_flight in 0..20 {
                for queued in 0..20 {
                    let room = bound(capacity, in_flight).has_room(queued);
                    assert_eq!(room, queued + in_flight < capacity);
                }
            }
        }
    }

    #[test]
    fn an_unbounded_mailbox_has_room_always_and_lets_nobody_in_because_nobody_waits() {
        let mut bound = Bound::new(Capacity::Unbounded);
        bound.publish(1 << 40);
        assert!(bound.has_room(1 << 40));
        assert!(!bound.is_bounded());
        assert!(!bound.lets_in(0));
    }

    #[test]
    fn senders_are_let_in_when_half_of_the_room_is_free() {
        assert!(bound(8, 4).lets_in(3));
        assert!(!bound(8, 4).lets_in(4));
        assert!(!bound(8, 5).lets_in(0));
        assert!(bound(1, 0).lets_in(0));
        assert!(!bound(1, 1).lets_in(0));
    }

    /// Handling a full mailbox down to nothing, said in chunks, lets the senders in on the way, or at the last message.
    #[test]
    fn whoever_waits_is_let_in_before_the_mailbox_is_empty() {
        for capacity in 1..3000 {
            let mut bound = Bound::new(Capacity::Bounded(capacity));
            let mut published = capacity - 1;
            bound.publish(published);
            let mut let_in = false;
            for left in (0..capacity).rev() {
                if published >= left + bound.chunk() {
                    published = left;
                    bound.publish(left);
                    let_in |= bound.lets_in(0);
                }
            }
            // The batch is done.
            bound.publish(0);
            assert!(let_in || bound.lets_in(0), "{capacity}");
            assert!(bound.has_room(0), "{capacity}");
        }
    }

    #[test]
    fn a_chunk_is_an_eighth_of_the_bound_but_for_the_smallest_and_the_largest() {
        let chunks =
            [1, 15, 16, 100, 1023, 1024, 100_000].map(|capacity| bound(capacity, 0).chunk());
        assert_eq!(chunks, [1, 1, 2, 12, 127, 128, 128]);
        assert_eq!(Bound::new(Capacity::Unbounded).chunk(), 128);
    }

    #[test]
    fn the_flood_begins_once() {
        assert_eq!((0..5000).filter(|queued| Bound::floods(*queued)).count(), 1);
    }
}
