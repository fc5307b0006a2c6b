//! The reply slots a thread keeps for its next calls: a call allocates none but the first of its kind.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::sync::Arc;

use crate::reply::ReplyTo;
use crate::reply::slot::{Dropped, Opened, Slot, abandon};

/// As many calls of one thread as may wait at once without an allocation each.
const MOST: usize = 64;

struct Slots {
    /// The one that was kept last: nearly always the one that is wanted next.
    last: Option<Kept>,
    kept: Vec<Kept>,
}

struct Kept {
    slot: Arc<dyn Any + Send + Sync>,
    generation: u64,
}

crate::sync::thread_local! {
    static SLOTS: RefCell<Slots> = const { RefCell::new(Slots { last: None, kept: Vec::new() }) };
}

impl Slots {
    #[inline]
    fn take<R: Send + 'static>(&mut self) -> Option<(Arc<Slot<R>>, u64)> {
        let other = match self.last.take() {
            Some(Kept { slot, generation }) => match slot.downcast() {
                Ok(slot) => return Some((slot, generation)),
                Err(slot) => Some(Kept { slot, generation }),
            },
            None => None,
        };
        let found = self.take_slowly(other, TypeId::of::<Slot<R>>())?;
        Some((found.slot.downcast().ok()?, found.generation))
    }

    /// `other`: what was kept last, of another type. It stays where it is if there is no room among the others: not
    /// everybody who takes a slot brings it back, requests to supervisors do not.
    #[cold]
    #[inline(never)]
    fn take_slowly(&mut self, other: Option<Kept>, wanted: TypeId) -> Option<Kept> {
        let is = |kept: &Kept| (*kept.slot).type_id() == wanted;
        let at = self.kept.iter().rposition(is);
        let found = at.map(|at| self.kept.swap_remove(at));
        if self.kept.len() < MOST {
            self.kept.extend(other);
        } else {
            self.last = other;
        }
        found
    }

    /// Keeps it, unless there is something to do first.
    #[inline]
    fn keep(&mut self, kept: Kept) -> Option<Kept> {
        if self.last.is_none() {
            self.last = Some(kept);
            return None;
        }
        Some(kept)
    }

    /// Returns what has to be dropped outside the borrow.
    #[cold]
    #[inline(never)]
    fn keep_slowly(&mut self, kept: Kept) -> Option<Kept> {
        let before = self.last.replace(kept)?;
        if self.kept.len() < MOST {
            self.kept.push(before);
            return None;
        }
        Some(before)
    }
}

/// A slot for a new call, and the handle its reply goes to.
#[inline]
pub(crate) fn open<R: Send + 'static>() -> (Opened<R>, ReplyTo<R>) {
    let kept = SLOTS.try_with(|slots| slots.borrow_mut().take());
    let (slot, generation) = match kept {
        Ok(Some(kept)) => kept,
        _ => (Slot::new(dropped), 0),
    };
    let reply = ReplyTo::new(Arc::clone(&slot), generation);
    (Opened::new(slot, generation), reply)
}

/// A handle of a slot is dropped.
#[cold]
fn dropped<R: Send + 'static>(handle: Dropped<R>) {
    match handle {
        Dropped::Unanswered(slot, generation) => abandon(slot, generation),
        Dropped::Unheard(opened) => close(opened),
    }
}

/// Ends a call, and keeps its slot.
#[inline]
pub(crate) fn close<R: Send + 'static>(mut opened: Opened<R>) {
    opened.close();
    let Opened {
        slot, generation, ..
    } = opened;
    keep(Kept { slot, generation });
}

#[inline]
fn keep(kept: Kept) {
    let Ok(Some(kept)) = SLOTS.try_with(|slots| slots.borrow_mut().keep(kept)) else {
        return;
    };
    let old = SLOTS.try_with(|slots| slots.borrow_mut().keep_slowly(kept));
    drop(old);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many slots are kept on this thread.
    fn kept() -> usize {
        SLOTS.with(|slots| {
            let slots = slots.borrow();
            slots.kept.len() + usize::from(slots.last.is_some())
        })
    }

    #[test]
    fn r120_slots_that_are_not_brought_back_leave_no_others_behind() {
        for _ in 0..10_000 {
            drop(open::<u32>());
            close(open::<u64>().0);
        }
        assert_eq!(kept(), 1);
        for _ in 0..10_000 {
            drop(open::<u32>());
            let many = [(); 3 * MOST].map(|()| open::<u64>().0);
            many.into_iter().for_each(close);
        }
        assert!(kept() <= MOST + 1, "{}", kept());
    }

    #[test]
    fn slots_of_calls_that_waited_at_once_are_used_again() {
        let opened = || [(); MOST].map(|()| open::<u32>().0);
        let of = |opened: &[Opened<u32>; MOST]| {
            let mut slots = opened.each_ref().map(|opened| Arc::as_ptr(&opened.slot));
            slots.sort_unstable();
            slots
        };
        let first = opened();
        let before = of(&first);
        first.into_iter().for_each(close);
        let second = opened();
        assert_eq!(of(&second), before);
    }
}
