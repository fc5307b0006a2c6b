//! The batch: messages that the server has swapped out of its mailbox, and not yet handled.

use std::collections::VecDeque;

use crate::guard::discard;
use crate::planted::{Bug, planted};

/// Messages that were swapped out.
pub(super) struct Batch<M> {
    pub(super) messages: VecDeque<M>,
    /// How many are left, as far as the senders know.
    pub(super) published: usize,
    /// How many take no room.
    pub(super) apart: usize,
}

impl<M> Batch<M> {
    /// Room for so many messages is kept for the next batch.
    pub(super) const KEPT: usize = {
        const BYTES: usize = 64 * 1024;
        let fit = BYTES / size_of::<M>();
        if fit < 64 { 64 } else { fit }
    };

    pub(super) const fn new() -> Self {
        Self {
            messages: VecDeque::new(),
            published: 0,
            apart: 0,
        }
    }

    /// A message that takes no room is about to be handled.
    #[cold]
    pub(super) fn note_apart(&mut self) {
        self.apart = self.apart.saturating_sub(1);
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<M> {
        self.messages.pop_front()
    }

    /// The one that comes next.
    pub(super) fn first(&mut self) -> Option<&mut M> {
        self.messages.front_mut()
    }

    /// Puts a message in front of all others.
    pub(super) fn put_first(&mut self, message: M) {
        if planted(Bug::ContinueComesLast) {
            return self.messages.push_back(message);
        }
        self.messages.push_front(message);
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Gives back the memory of a burst, most of which is handled. Each time it is a good part of what is held, so it costs
    /// little for each message.
    pub(super) fn shrink(&mut self) {
        let (left, capacity) = (self.messages.len(), self.messages.capacity());
        if capacity <= Self::KEPT || left > capacity / 4 {
            return;
        }
        // Not `shrink_to`, which would be compiled for every server.
        let mut fewer = VecDeque::with_capacity(left * 2);
        while let Some(message) = self.messages.pop_front() {
            fewer.push_back(message);
        }
        self.messages = fewer;
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.messages.capacity()
    }

    /// Gives back what an empty batch holds.
    pub(super) fn give_back(&mut self) {
        self.messages = VecDeque::new();
    }

    /// Takes out what is left, to be dropped. `None`: nothing is.
    pub(super) fn take_unread(&mut self) -> Option<VecDeque<M>> {
        (!self.messages.is_empty()).then(|| std::mem::take(&mut self.messages))
    }
}

/// Drops each message guarded: one destructor that panics must not keep the others from being dropped, nor two of them
/// abort the program.
pub(super) fn drop_each<M>(mut messages: VecDeque<M>) {
    while let Some(message) = messages.pop_front() {
        discard(message);
    }
}
