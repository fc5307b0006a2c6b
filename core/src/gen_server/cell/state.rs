//! The word: the state of a cell in one atomic, so that "idle, nothing queued, no signal, alive" is one comparison.
//!
//! Whoever sets `RUN` owns the inside of the cell until they clear it. Everybody else only sets bits. Whoever sets a bit
//! that asks for work, and finds nobody who will see it, has to schedule the server's task.

use crate::planted::{Bug, planted};
use crate::sync::atomic::{AtomicU32, Ordering};

/// Somebody is inside the cell.
pub(crate) const RUN: u32 = 1;
/// There may be messages: in the mailbox, or in the batch the driver took.
pub(crate) const WORK: u32 = 1 << 1;
/// There are signals in the control lane.
pub(crate) const SIGNAL: u32 = 1 << 2;
/// A handler waits at an `.await`: the state is with the driver.
pub(crate) const BUSY: u32 = 1 << 3;
/// What that handler waits for has happened.
pub(crate) const WOKEN: u32 = 1 << 4;
/// The death is announced; what is left is to drop the inside.
pub(crate) const DEAD: u32 = 1 << 5;
/// Handlers take too long, or must not, run in place.
pub(crate) const QUEUE: u32 = 1 << 6;
/// `init` runs; its future owns the inside.
pub(crate) const START: u32 = 1 << 7;
/// The server's task was spawned.
pub(crate) const TASK: u32 = 1 << 8;
/// The server's code runs in a span: no caller answers its own call by itself, without the server loop.
pub(crate) const SPAN: u32 = 1 << 9;

/// Bits that do not say anything about work.
const STANDING: u32 = QUEUE | TASK | SPAN;

pub(crate) struct Word(AtomicU32);

impl Word {
    pub(crate) const fn new(bits: u32) -> Self {
        Self(AtomicU32::new(bits))
    }

    #[inline]
    pub(crate) fn load(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }

    /// Sets bits; returns the word before.
    #[inline]
    pub(crate) fn set(&self, bits: u32) -> u32 {
        self.0.fetch_or(bits, Ordering::AcqRel)
    }

    /// Clears bits; returns the word before.
    #[inline]
    pub(crate) fn clear(&self, bits: u32) -> u32 {
        self.0.fetch_and(!bits, Ordering::AcqRel)
    }

    /// Replaces `seen` by `next` if nobody changed the word.
    ///
    /// # Errors
    ///
    /// The word as it is.
    #[inline]
    pub(crate) fn swap(&self, seen: u32, next: u32) -> Result<u32, u32> {
        self.0
            .compare_exchange(seen, next, Ordering::AcqRel, Ordering::Acquire)
    }

    /// Gets inside, whatever there is to do. `false`: somebody is inside.
    pub(crate) fn acquire(&self) -> bool {
        if planted(Bug::EnterLooksThenSets) {
            let before = self.load();
            self.set(RUN);
            return before & RUN == 0;
        }
        self.0.fetch_or(RUN, Ordering::AcqRel) & RUN == 0
    }
}

/// Alive, nobody inside, nothing to do, and callers may come in.
#[inline]
pub(crate) const fn is_idle(word: u32) -> bool {
    word & !TASK == 0
}

/// Alive, nobody inside, only messages to handle, and callers may come in.
#[inline]
pub(crate) const fn is_backlog(word: u32) -> bool {
    word & !TASK == WORK
}

/// Alive, nobody inside, only messages to handle, whether callers may come in or not.
#[inline]
pub(crate) const fn has_only_messages(word: u32) -> bool {
    word & !(STANDING | WOKEN) == WORK
}

/// The word of somebody who comes in to see to the messages.
#[inline]
pub(crate) const fn taken_up(word: u32) -> u32 {
    (word | RUN) & !(WORK | WOKEN)
}

/// Only another caller is inside: it will be out soon.
#[inline]
pub(crate) const fn is_occupied(word: u32) -> bool {
    word & !(TASK | WORK) == RUN
}

/// Whether nothing came up while somebody was inside.
#[inline]
pub(crate) const fn is_undisturbed(word: u32) -> bool {
    word & !STANDING == RUN
}

/// Whether whoever is inside has something to do.
#[inline]
pub(crate) const fn is_ready(word: u32) -> bool {
    if word & (SIGNAL | DEAD) != 0 {
        return true;
    }
    if word & BUSY != 0 {
        word & WOKEN != 0
    } else {
        word & (WORK | WOKEN) != 0
    }
}

/// Whether a sender who just set `WORK` on this word has to schedule the task: nobody else will look.
#[inline]
pub(crate) const fn wants_schedule(before: u32) -> bool {
    before & !STANDING == 0
}
