//! The reply slots a thread keeps for its next calls: a call allocates none but the first of its kind.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::sync::Arc;

use crate::reply::ReplyTo;
use crate::reply::slot::{Opened, Slot};

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
        let Kept { slot, generation } = self.last.take()?;
        match slot.downcast() {
            Ok(slot) => Some((slot, generation)),
            Err(slot) => {
                let last = Kept { slot, generation };
                let found = self.take_slowly(last, TypeId::of::<Slot<R>>())?;
                Some((found.slot.downcast().ok()?, found.generation))
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn take_slowly(&mut self, last: Kept, wanted: TypeId) -> Option<Kept> {
        let is = |kept: &Kept| (*kept.slot).type_id() == wanted;
        let at = self.kept.iter().rposition(is);
        let found = at.map(|at| self.kept.swap_remove(at));
        self.kept.push(last);
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
        _ => (Slot::new(), 0),
    };
    let reply = ReplyTo::new(Arc::clone(&slot), generation);
    (Opened::new(slot, generation), reply)
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
