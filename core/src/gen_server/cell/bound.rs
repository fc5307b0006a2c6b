//! The bound of a mailbox, and when senders that wait are let in: pure counting.
//!
//! The server swaps the whole queue out, and says now and then how much of it is left *in flight*. What is queued, what
//! is in flight, as far as it was said, and what is promised to senders who wait, counts against the bound.
//!
//! Why no sender is left behind: a sender waits only if there was no room, or others wait already, of whom the first found
//! none. So at least `capacity` messages were queued, in flight or promised. A promise is kept or goes to the next, at once;
//! messages are handled one after the other, and the server says so when a handler waits, when a chunk is done, when the
//! batch is done, and when the queue is empty, or nothing in it counts. The last of these finds room, and promises it to those who wait.
//!
//! What is the system's own does not count: exits, ends, timeouts, requests, and looks at streams, of which a server that is
//! attached to many has one queued for each at any time.

use crate::gen_server::options::Mailbox as Capacity;

/// The bound of a server's mailbox: a constant of its type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound(Option<usize>);

/// How full a mailbox is, in messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fill {
    pub(super) queued: usize,
    /// Swapped out by the server and not yet handled, as far as it has said.
    pub(super) in_flight: usize,
    /// Room that senders who waited were promised, and have not yet taken.
    pub(super) promised: usize,
}

impl Fill {
    #[inline(always)]
    const fn sum(self) -> usize {
        self.queued + self.in_flight + self.promised
    }
}

impl Bound {
    /// So much in flight: a gate that is shut. More than any mailbox has room for.
    pub(super) const SHUT: usize = usize::MAX / 2;

    /// From how many messages on an unbounded mailbox counts as flooded: its senders yield now and then.
    const FLOOD: usize = 1024;

    pub(super) const fn new(capacity: Capacity) -> Self {
        match capacity {
            // None has room for more than counts up to `SHUT`.
            Capacity::Bounded(capacity) if capacity > Self::SHUT / 2 => Self(Some(Self::SHUT / 2)),
            Capacity::Bounded(capacity) => Self(Some(capacity)),
            Capacity::Unbounded => Self(None),
        }
    }

    /// Whether there is room, where nothing but what is queued and in flight counts; none at a gate that is shut.
    #[inline(always)]
    pub(super) const fn has_room_beside(self, queued: usize, in_flight: usize) -> bool {
        match self.0 {
            Some(capacity) => queued + in_flight < capacity,
            None => in_flight != Self::SHUT,
        }
    }

    #[inline(always)]
    pub(super) const fn is_bounded(self) -> bool {
        self.0.is_some()
    }

    #[inline(always)]
    pub(super) const fn has_room(self, fill: Fill) -> bool {
        match self.0 {
            Some(capacity) => fill.sum() < capacity,
            None => true,
        }
    }

    /// For how many messages there is room.
    pub(super) const fn room(self, fill: Fill) -> usize {
        match self.0 {
            Some(capacity) => capacity.saturating_sub(fill.sum()),
            None => usize::MAX,
        }
    }

    /// Whether senders that wait are let in: when half of the room is free, since waking one for each message would cost a
    /// task switch each.
    pub(super) const fn lets_in(self, fill: Fill) -> bool {
        match self.0 {
            Some(capacity) => fill.in_flight <= capacity / 2 && self.has_room(fill),
            None => false,
        }
    }

    /// How many messages the server handles before it says so. A sender may find the mailbox full with less than this
    /// missing; saying it for each message would cost more than handling it.
    #[inline(always)]
    pub(super) const fn chunk(self) -> usize {
        match self.0 {
            Some(0..16) => 1,
            Some(capacity @ 16..1024) => capacity / 8,
            _ => 128,
        }
    }

    /// Whether an unbounded mailbox begins to be flooded with so many messages.
    #[inline(always)]
    pub(super) const fn floods(self, queued: usize) -> bool {
        self.0.is_none() && queued == Self::FLOOD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNBOUNDED: Bound = Bound::new(Capacity::Unbounded);

    fn bounded(capacity: usize) -> Bound {
        Bound::new(Capacity::Bounded(capacity))
    }

    fn fill(queued: usize, in_flight: usize) -> Fill {
        Fill {
            queued,
            in_flight,
            promised: 0,
        }
    }

    #[test]
    fn what_is_queued_in_flight_and_promised_counts() {
        for (capacity, promised) in (1..20).zip((0..5).cycle()) {
            for in_flight in 0..20 {
                for queued in 0..20 {
                    let fill = Fill {
                        promised,
                        ..fill(queued, in_flight)
                    };
                    let taken = queued + in_flight + promised;
                    assert_eq!(bounded(capacity).has_room(fill), taken < capacity);
                    assert_eq!(bounded(capacity).room(fill), capacity.max(taken) - taken);
                }
            }
        }
    }

    #[test]
    fn an_unbounded_mailbox_has_room_always_and_lets_nobody_in_because_nobody_waits() {
        assert!(UNBOUNDED.has_room(fill(1 << 40, 1 << 40)));
        assert!(!UNBOUNDED.is_bounded());
        assert!(!UNBOUNDED.lets_in(fill(0, 0)));
    }

    #[test]
    fn senders_are_let_in_when_half_of_the_room_is_free() {
        assert!(bounded(8).lets_in(fill(3, 4)));
        assert!(!bounded(8).lets_in(fill(4, 4)));
        assert!(!bounded(8).lets_in(fill(0, 5)));
        assert!(bounded(1).lets_in(fill(0, 0)));
        assert!(!bounded(1).lets_in(fill(0, 1)));
    }

    /// Handling a full mailbox down to nothing, said in chunks, lets the senders in on the way, or at the last message.
    #[test]
    fn every_sender_that_waits_is_let_in_before_the_mailbox_is_empty() {
        for capacity in 1..3000 {
            let bound = bounded(capacity);
            let mut published = capacity - 1;
            let mut let_in = false;
            for left in (0..capacity).rev() {
                if published >= left + bound.chunk() {
                    published = left;
                    let_in |= bound.lets_in(fill(0, left));
                }
            }
            // The batch is done.
            assert!(let_in || bound.lets_in(fill(0, 0)), "{capacity}");
            assert!(bound.has_room(fill(0, 0)), "{capacity}");
        }
    }

    #[test]
    fn a_chunk_is_an_eighth_of_the_bound_but_for_the_smallest_and_the_largest() {
        let chunks =
            [1, 15, 16, 100, 1023, 1024, 100_000].map(|capacity| bounded(capacity).chunk());
        assert_eq!(chunks, [1, 1, 2, 12, 127, 128, 128]);
        assert_eq!(UNBOUNDED.chunk(), 128);
    }

    #[test]
    fn a_flood_begins_once_and_in_an_unbounded_mailbox_only() {
        assert_eq!(
            (0..5000).filter(|queued| UNBOUNDED.floods(*queued)).count(),
            1
        );
        assert!(!(0..5000).any(|queued| bounded(2000).floods(queued)));
    }
}
