//! The gate of a mailbox: whether a message gets in, who waits, and who is let in. It does not depend on the messages.

use super::bound::{Bound, Fill};
use super::senders::{InTurn, Senders, Ticket};
use crate::guard::{Waiter, WakerSlot};
use crate::planted::{Bug, planted};
use crate::sync::atomic::{AtomicBool, Ordering};

/// What of a mailbox does not depend on its messages. It is locked together with them.
pub(super) struct Gate {
    /// Messages the server has swapped out and not yet handled, as far as it has said. [`SHUT`](Bound::SHUT): there is more to
    /// be asked, as senders wait for room, or the mailbox is closed. So a message that finds room looks at one number.
    in_flight: usize,
    closed: bool,
    /// So many messages at the front may not be dropped, as far as is known: in a mailbox that drops its oldest.
    pub(super) kept: u32,
    /// Boxed, because it is rare.
    line: Option<Box<Line>>,
}

/// Those who wait for room; and what the gate does not say meanwhile.
pub(super) struct Line {
    senders: Senders,
    in_flight: usize,
}

impl Line {
    /// Everybody in it is to be told that the mailbox is closed.
    pub(super) fn into_wakers(self) -> Vec<WakerSlot> {
        self.senders.into_wakers()
    }
}

/// Why a message does not get in at once.
pub(super) enum Shut {
    Full,
    Closed,
}

impl Gate {
    pub(super) const fn new() -> Self {
        Self {
            in_flight: 0,
            closed: false,
            kept: 0,
            line: None,
        }
    }

    #[inline(always)]
    pub(super) const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether senders wait, or were promised room; or the mailbox is closed.
    #[inline(always)]
    pub(super) const fn is_shut(&self) -> bool {
        self.in_flight == Bound::SHUT
    }

    /// What is in flight, as far as it was said.
    pub(super) fn in_flight(&self) -> usize {
        match &self.line {
            Some(line) => line.in_flight,
            None if self.is_shut() => 0,
            None => self.in_flight,
        }
    }

    /// How full the mailbox is, room that is promised included.
    fn fill(&self, queued: usize) -> Fill {
        Fill {
            queued,
            in_flight: self.in_flight(),
            promised: self.line.as_ref().map_or(0, |line| line.senders.promised()),
        }
    }

    /// Says how much is in flight.
    #[inline(always)]
    pub(super) fn set_in_flight(&mut self, in_flight: usize) {
        if self.is_shut() {
            self.set_behind_the_line(in_flight);
        } else {
            self.in_flight = in_flight;
        }
    }

    #[cold]
    #[inline(never)]
    fn set_behind_the_line(&mut self, in_flight: usize) {
        if let Some(line) = &mut self.line {
            line.in_flight = in_flight;
        }
    }

    /// Whether the message of a newcomer gets in. Nobody gets in before those who wait already. `apart` of what is queued take no
    /// room: they are not asked for where there is room for all.
    #[inline(always)]
    pub(super) fn admits(&self, bound: Bound, queued: usize, apart: usize) -> Result<(), Shut> {
        if bound.has_room_beside(queued, self.in_flight) {
            Ok(())
        } else {
            self.look_closer(bound, queued - apart)
        }
    }

    #[cold]
    #[inline(never)]
    fn look_closer(&self, bound: Bound, queued: usize) -> Result<(), Shut> {
        if self.closed && !planted(Bug::ClosedMailboxAccepts) {
            return Err(Shut::Closed);
        }
        let mut fill = self.fill(queued);
        let mut waited_for = self
            .line
            .as_ref()
            .is_some_and(|line| line.senders.is_waited_for());
        if planted(Bug::NewcomerBarges) {
            fill.promised = 0;
            waited_for = false;
        }
        if !waited_for && bound.has_room(fill) || planted(Bug::MailboxBoundIgnored) {
            Ok(())
        } else {
            Err(Shut::Full)
        }
    }

    /// Whether it is the turn of a sender who waits if it has to: then it has a ticket.
    #[cold]
    #[inline(never)]
    pub(super) fn admits_in_turn(
        &mut self,
        bound: Bound,
        queued: usize,
        ticket: &mut Option<Ticket>,
        waiter: &mut Waiter<'_>,
        crowded: &AtomicBool,
    ) -> Result<(), Shut> {
        if self.closed {
            *ticket = None;
            return Err(Shut::Closed);
        }
        if let (Some(own), Some(line)) = (*ticket, &mut self.line) {
            if line.senders.look(own, waiter) == InTurn::Later {
                return Err(Shut::Full);
            }
            *ticket = None;
            self.forget_line();
            return Ok(());
        }
        if self.look_closer(bound, queued).is_ok() && !planted(Bug::SenderWakerAfterLook) {
            return Ok(());
        }
        let in_flight = self.in_flight();
        let line = self.line.get_or_insert_with(|| {
            Box::new(Line {
                senders: Senders::default(),
                in_flight,
            })
        });
        *ticket = Some(line.senders.queue_up(waiter));
        self.in_flight = Bound::SHUT;
        crowded.store(true, Ordering::Relaxed);
        Err(Shut::Full)
    }

    /// Promises the room there is to those who wait. Their wakers are to be woken.
    #[cold]
    #[inline(never)]
    pub(super) fn promise(
        &mut self,
        bound: Bound,
        queued: usize,
        crowded: &AtomicBool,
    ) -> Vec<WakerSlot> {
        let room = bound.room(self.fill(queued));
        let Some(line) = &mut self.line else {
            return Vec::new();
        };
        let woken = line.senders.promise(room);
        if !line.senders.is_waited_for() {
            crowded.store(false, Ordering::Relaxed);
        }
        woken
    }

    /// Says how much is in flight, and promises the room there is if it is time to let senders in.
    #[cold]
    #[inline(never)]
    pub(super) fn publish(
        &mut self,
        bound: Bound,
        queued: usize,
        in_flight: usize,
        crowded: &AtomicBool,
    ) -> Vec<WakerSlot> {
        self.set_in_flight(in_flight);
        if self.line.is_some() && bound.lets_in(self.fill(queued)) {
            self.promise(bound, queued, crowded)
        } else {
            Vec::new()
        }
    }

    /// A sender gives up: its own waker, which is to be dropped, and those of others, who are to be woken.
    #[cold]
    #[inline(never)]
    pub(super) fn leave(
        &mut self,
        bound: Bound,
        queued: usize,
        ticket: Ticket,
        crowded: &AtomicBool,
    ) -> (Option<WakerSlot>, Vec<WakerSlot>) {
        // A mailbox that is closed has no line any more.
        let Some(line) = &mut self.line else {
            return (None, Vec::new());
        };
        let own = line.senders.leave(ticket);
        if !line.senders.is_waited_for() {
            crowded.store(false, Ordering::Relaxed);
        }
        // What was promised to it goes to the next.
        let next = if own.is_none() {
            self.promise(bound, queued, crowded)
        } else {
            Vec::new()
        };
        self.forget_line();
        (own, next)
    }

    /// A line with nobody in it is nothing to remember.
    fn forget_line(&mut self) {
        if let Some(line) = self.line.take_if(|line| line.senders.is_over()) {
            self.in_flight = line.in_flight;
        }
    }

    /// Closes it for good. Those who wait are to be told.
    pub(super) const fn close(&mut self) -> Option<Box<Line>> {
        self.closed = true;
        self.in_flight = Bound::SHUT;
        self.line.take()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use crate::gen_server::options::Mailbox;

    const TWO: Bound = Bound::new(Mailbox::Bounded(2));

    fn comes(gate: &mut Gate, queued: usize, ticket: &mut Option<Ticket>) -> bool {
        let mut waiter = Waiter::new(Waker::noop());
        let crowded = AtomicBool::new(false);
        gate.admits_in_turn(TWO, queued, ticket, &mut waiter, &crowded)
            .is_ok()
    }

    #[test]
    fn nobody_gets_in_before_those_who_wait() {
        let (mut gate, crowded) = (Gate::new(), AtomicBool::new(false));
        gate.set_in_flight(1);
        let (mut first, mut second) = (None, None);
        assert!(gate.admits(TWO, 0, 0).is_ok());
        assert!(gate.admits(TWO, 1, 0).is_err());
        assert!(!comes(&mut gate, 1, &mut first));
        assert!(!comes(&mut gate, 1, &mut second));
        // One message is gone, and nobody has been let in yet.
        assert!(gate.admits(TWO, 0, 0).is_err());
        assert_eq!(gate.promise(TWO, 0, &crowded).len(), 1);
        assert!(gate.admits(TWO, 0, 0).is_err());
        assert!(!comes(&mut gate, 0, &mut second));
        assert!(comes(&mut gate, 0, &mut first) && first.is_none());
        // It is queued, and the one in flight is done.
        assert_eq!(gate.publish(TWO, 1, 0, &crowded).len(), 1);
        assert!(gate.admits(TWO, 1, 0).is_err());
        assert!(comes(&mut gate, 1, &mut second));
        // The line is over.
        assert!(!gate.is_shut());
        assert_eq!(gate.in_flight(), 0);
        assert!(gate.admits(TWO, 1, 0).is_ok());
    }

    #[test]
    fn what_is_in_flight_is_remembered_while_there_is_a_line() {
        let (mut gate, crowded) = (Gate::new(), AtomicBool::new(false));
        gate.set_in_flight(2);
        let mut ticket = None;
        assert!(!comes(&mut gate, 0, &mut ticket));
        assert_eq!(gate.in_flight(), 2);
        gate.set_in_flight(1);
        assert_eq!(gate.in_flight(), 1);
        assert!(gate.admits(TWO, 0, 0).is_err(), "somebody waits for it");
        let (own, next) = gate.leave(TWO, 0, ticket.unwrap(), &crowded);
        assert!(own.is_some() && next.is_empty());
        assert_eq!(gate.in_flight(), 1);
        assert!(gate.admits(TWO, 0, 0).is_ok());
    }

    #[test]
    fn a_closed_gate_stays_closed() {
        let mut gate = Gate::new();
        gate.set_in_flight(2);
        let mut ticket = None;
        assert!(!comes(&mut gate, 0, &mut ticket));
        let told = gate.close().map(|line| line.into_wakers().len());
        assert_eq!(told, Some(1));
        gate.set_in_flight(0);
        for bound in [TWO, Bound::new(Mailbox::Unbounded)] {
            assert!(matches!(gate.admits(bound, 0, 0), Err(Shut::Closed)));
        }
        assert!(!comes(&mut gate, 0, &mut ticket) && ticket.is_none());
        assert!(gate.is_closed());
    }
}
