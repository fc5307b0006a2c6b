//! The reply slots a thread keeps for its next calls: a call allocates none but the first of its kind.

use std::any::Any;
use std::cell::RefCell;
use std::sync::Arc;

use super::ReplyTo;
use super::slot::{Opened, Slot};

/// As many calls of one thread as may wait at once without an allocation each.
const MOST: usize = 64;

/// Slots of one node only: a slot may stand on the list of its node's waiting callers.
struct Slots {
    node: u32,
    kept: Vec<Kept>,
}

struct Kept {
    slot: Arc<dyn Any + Send + Sync>,
    turn: u64,
}

thread_local! {
    static SLOTS: RefCell<Slots> = const { RefCell::new(Slots { node: 0, kept: Vec::new() }) };
}

impl Slots {
    /// The one that was kept last is nearly always of the right type.
    #[inline]
    fn take<R: Send + 'static>(&mut self, node: u32) -> Option<(Arc<Slot<R>>, u64)> {
        if self.node != node {
            return None;
        }
        let at = self
            .kept
            .iter()
            .rposition(|kept| kept.slot.is::<Slot<R>>())?;
        let Kept { slot, turn } = self.kept.swap_remove(at);
        Some((slot.downcast().ok()?, turn))
    }

    /// Returns what has to be dropped outside of the borrow.
    #[inline]
    fn keep(&mut self, node: u32, kept: Kept) -> Vec<Kept> {
        let mut old = Vec::new();
        if self.node != node {
            self.node = node;
            old = std::mem::take(&mut self.kept);
        }
        if self.kept.len() < MOST {
            self.kept.push(kept);
        } else {
            old.push(kept);
        }
        old
    }
}

/// A slot for a new call to a process of `node`, and the handle its reply goes to.
#[inline]
pub(crate) fn open<R: Send + 'static>(node: u32) -> (Opened<R>, ReplyTo<R>) {
    let kept = SLOTS
        .try_with(|slots| slots.borrow_mut().take(node))
        .ok()
        .flatten();
    let (slot, turn) = kept.unwrap_or_else(|| (Arc::new(Slot::new()), 0));
    let reply = ReplyTo::new(Arc::clone(&slot), turn);
    (Opened::new(slot, turn), reply)
}

/// Ends a call's turn, and keeps its slot.
#[inline]
pub(crate) fn close<R: Send + 'static>(node: u32, mut opened: Opened<R>) {
    opened.close();
    let Opened { slot, turn, .. } = opened;
    let kept = Kept { slot, turn };
    let old = SLOTS.try_with(|slots| slots.borrow_mut().keep(node, kept));
    drop(old);
}
