//! The line of senders who wait for room in a mailbox: first come, first served.
//!
//! Room that becomes free is *promised* to those who came first, and they are woken. Until they come for it, it counts as
//! taken, so nobody who comes later gets in before them. A sender who gives up goes out of the line; what was promised to it
//! goes to the next. So the line is as long as there are futures that wait, however often they are polled.

use std::collections::BTreeMap;

use crate::guard::{Waiter, WakerSlot};
use crate::planted::{Bug, planted};

/// A sender's place in the line. Whoever has one gives it back: by coming in, or by leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// The line, while there is anybody in it, or promised room.
#[derive(Debug, Default)]
pub(super) struct Senders {
    /// The number of the next ticket.
    next: u64,
    /// Those who wait. A ticket that is not here has room promised to it.
    waiting: BTreeMap<Ticket, WakerSlot>,
    promised: usize,
}

/// Where a sender with a ticket stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum InTurn {
    /// It was promised room, which it takes with this.
    Now,
    /// It waits on.
    Later,
}

impl Senders {
    /// Room that is promised and not yet taken.
    #[inline]
    pub(super) const fn promised(&self) -> usize {
        self.promised
    }

    /// Whether anybody waits who was not promised room.
    #[inline]
    pub(super) fn is_waited_for(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether nothing is left to be remembered.
    pub(super) fn is_over(&self) -> bool {
        self.promised == 0 && self.waiting.is_empty()
    }

    /// To the end of the line.
    pub(super) fn queue_up(&mut self, waiter: &mut Waiter<'_>) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.waiting.entry(ticket).or_default().register(waiter);
        ticket
    }

    /// A sender looks again. If it waits on, its waker takes the place of the one before.
    pub(super) fn look(&mut self, ticket: Ticket, waiter: &mut Waiter<'_>) -> InTurn {
        match self.waiting.get_mut(&ticket) {
            Some(slot) => {
                slot.register(waiter);
                InTurn::Later
            }
            None => {
                self.promised -= 1;
                InTurn::Now
            }
        }
    }

    /// Promises so much room to those who came first. Their wakers are to be woken.
    pub(super) fn promise(&mut self, room: usize) -> Vec<WakerSlot> {
        let mut woken = Vec::with_capacity(room.min(self.waiting.len()));
        while woken.len() < room
            && let Some((_, waker)) = self.pop()
        {
            woken.push(waker);
        }
        self.promised += woken.len();
        woken
    }

    fn pop(&mut self) -> Option<(Ticket, WakerSlot)> {
        if planted(Bug::LineWithoutOrder) {
            return self.waiting.pop_last();
        }
        self.waiting.pop_first()
    }

    /// A sender gives up. `None`: it gives back room that was promised to it.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Option<WakerSlot> {
        let waker = self.waiting.remove(&ticket);
        if waker.is_none() && !planted(Bug::PromiseNotPassedOn) {
            self.promised -= 1;
        }
        waker
    }

    /// The mailbox is closed: everybody who waits is to be told.
    pub(super) fn into_wakers(self) -> Vec<WakerSlot> {
        self.waiting.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn line(senders: usize) -> (Senders, Vec<Ticket>) {
        let mut line = Senders::default();
        let mut queue_up = |_| line.queue_up(&mut Waiter::new(Waker::noop()));
        let tickets = (0..senders).map(&mut queue_up).collect();
        (line, tickets)
    }

    fn look(line: &mut Senders, ticket: Ticket) -> InTurn {
        line.look(ticket, &mut Waiter::new(Waker::noop()))
    }

    #[test]
    fn room_is_promised_in_the_order_of_coming() {
        use InTurn::{Later, Now};

        let (mut line, tickets) = line(5);
        assert_eq!(line.promise(2).len(), 2);
        let turns: Vec<_> = tickets
            .iter()
            .map(|ticket| look(&mut line, *ticket))
            .collect();
        assert_eq!(turns, [Now, Now, Later, Later, Later]);
        assert_eq!(line.promised(), 0);
        assert_eq!(line.promise(10).len(), 3);
        assert_eq!(line.promised(), 3);
        assert!(!line.is_waited_for());
    }

    #[test]
    fn a_sender_that_gives_up_is_forgotten_and_gives_back_what_it_was_promised() {
        let (mut line, tickets) = line(3);
        assert_eq!(line.promise(1).len(), 1);
        assert!(line.leave(tickets[1]).is_some());
        assert_eq!(line.promised(), 1);
        assert!(line.leave(tickets[0]).is_none());
        assert_eq!(line.promised(), 0);
        assert!(line.leave(tickets[2]).is_some());
        assert!(line.is_over());
    }

    #[test]
    fn a_sender_that_looks_again_stands_in_the_line_once() {
        let (mut line, tickets) = line(1);
        for _ in 0..100 {
            assert_eq!(look(&mut line, tickets[0]), InTurn::Later);
        }
        assert_eq!(line.into_wakers().len(), 1);
    }
}
