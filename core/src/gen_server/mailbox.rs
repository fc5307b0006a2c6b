//! The mailbox: the lane of messages. Swapped out whole by the server, bounded by a count, closed for good at death.

use std::collections::VecDeque;
use std::task::Waker;

use super::GenServer;
use crate::exit_reason::ExitReason;
use crate::guard::{discard, lock};
use crate::pid::Pid;
use crate::planted::planted;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What waits in a mailbox.
pub(crate) enum Message<S: GenServer> {
    Call(S::Call),
    Cast(S::Cast),
    Info(S::Info),
    /// The exit of another process, for a server that traps exits.
    Exit {
        from: Pid,
        reason: ExitReason,
    },
    /// Terminate, after everything that was queued before.
    Stop(ExitReason),
}

/// Why a message was not taken. It is handed back.
pub(crate) enum Refused<M> {
    Full(M),
    Closed(M),
}

pub(crate) struct Mailbox<S: GenServer> {
    queue: Mutex<Queue<S>>,
    /// Messages the server has swapped out and not yet handled: they count against the bound.
    taken: AtomicUsize,
    /// Senders wait for room; or, in an unbounded mailbox, should yield now and then.
    crowded: AtomicBool,
}

/// From how many messages on an unbounded mailbox counts as flooded.
const FLOOD: usize = 1024;

struct Queue<S: GenServer> {
    messages: VecDeque<Message<S>>,
    closed: bool,
    senders: Vec<Waker>,
}

impl<S: GenServer> Mailbox<S> {
    pub(crate) const fn new() -> Self {
        Self {
            queue: Mutex::new(Queue {
                messages: VecDeque::new(),
                closed: false,
                senders: Vec::new(),
            }),
            taken: AtomicUsize::new(0),
            crowded: AtomicBool::new(false),
        }
    }

    /// Queues a message of a user. Full: `waker`, if given, is woken when there is room.
    #[inline]
    pub(crate) fn push(
        &self,
        message: Message<S>,
        waker: Option<&Waker>,
    ) -> Result<(), Refused<Message<S>>> {
        let mut queue = lock(&self.queue);
        if queue.closed && !planted(105) {
            return Err(Refused::Closed(message));
        }
        if let super::Mailbox::Bounded(capacity) = S::OPTIONS.mailbox
            && queue.messages.len() + self.taken.load(Ordering::Relaxed) >= capacity
            && !planted(13)
        {
            if let Some(waker) = waker {
                queue.senders.push(waker.clone());
                self.crowded.store(true, Ordering::Relaxed);
            }
            return Err(Refused::Full(message));
        }
        queue.messages.push_back(message);
        if matches!(S::OPTIONS.mailbox, super::Mailbox::Unbounded) && queue.messages.len() == FLOOD
        {
            self.crowded.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Whether an unbounded mailbox has more than it should.
    #[inline]
    pub(crate) fn is_flooded(&self) -> bool {
        matches!(S::OPTIONS.mailbox, super::Mailbox::Unbounded)
            && self.crowded.load(Ordering::Relaxed)
    }

    /// Queues a message of the system: never bounded. `false`: the mailbox is closed.
    pub(crate) fn push_system(&self, message: Message<S>) -> bool {
        let mut queue = lock(&self.queue);
        if queue.closed {
            return false;
        }
        queue.messages.push_back(message);
        true
    }

    /// Swaps the queue for the (empty) batch. `false`: there was nothing.
    #[inline]
    pub(crate) fn take(&self, batch: &mut Batch<S>) -> bool {
        let mut queue = lock(&self.queue);
        if queue.messages.is_empty() {
            if planted(20) {
                return false;
            }
            // A sender that found the mailbox full while the last message was taken out may have missed its wake-up.
            let senders = std::mem::take(&mut queue.senders);
            drop(queue);
            for sender in senders {
                sender.wake();
            }
            return false;
        }
        std::mem::swap(&mut queue.messages, &mut batch.0);
        if matches!(S::OPTIONS.mailbox, super::Mailbox::Unbounded) {
            self.crowded.store(false, Ordering::Relaxed);
        }
        // A burst must not hold its memory for ever.
        const KEEP: usize = 4096;
        if queue.messages.capacity() > KEEP {
            queue.messages = VecDeque::new();
        }
        self.taken.store(batch.0.len(), Ordering::Relaxed);
        true
    }

    /// A message of the batch is about to be handled, `left` remain. Lets waiting senders in when half of them are done:
    /// waking one sender per message would cost a task switch each.
    #[inline]
    pub(crate) fn taken(&self, left: usize) {
        self.taken.store(left, Ordering::Relaxed);
        if let super::Mailbox::Bounded(capacity) = S::OPTIONS.mailbox
            && left <= capacity / 2
            && self.is_crowded()
        {
            self.admit();
        }
    }

    /// Wakes the senders that wait for room.
    #[cold]
    pub(crate) fn admit(&self) {
        if planted(20) {
            return;
        }
        let senders = {
            let mut queue = lock(&self.queue);
            if !queue.closed
                && let super::Mailbox::Bounded(capacity) = S::OPTIONS.mailbox
                && queue.messages.len() + self.taken.load(Ordering::Relaxed) >= capacity
            {
                return;
            }
            self.crowded.store(false, Ordering::Relaxed);
            std::mem::take(&mut queue.senders)
        };
        for sender in senders {
            sender.wake();
        }
    }

    #[inline]
    pub(crate) fn is_crowded(&self) -> bool {
        matches!(S::OPTIONS.mailbox, super::Mailbox::Bounded(_))
            && self.crowded.load(Ordering::Relaxed)
    }

    /// Closes the mailbox for good. Nothing can be pushed after it, so no caller is left behind in the queue.
    pub(crate) fn close(&self) -> Batch<S> {
        let (messages, senders) = {
            let mut queue = lock(&self.queue);
            queue.closed = true;
            if planted(3) {
                return Batch::new();
            }
            (
                std::mem::take(&mut queue.messages),
                std::mem::take(&mut queue.senders),
            )
        };
        for sender in senders {
            sender.wake();
        }
        Batch(messages)
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.queue).messages.len() + self.taken.load(Ordering::Relaxed)
    }
}

/// Messages that were swapped out. Dropping it drops each message guarded: one destructor that panics must not keep the
/// others from being dropped, nor two of them abort the program.
pub(crate) struct Batch<S: GenServer>(VecDeque<Message<S>>);

impl<S: GenServer> Batch<S> {
    pub(crate) const fn new() -> Self {
        Self(VecDeque::new())
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Option<Message<S>> {
        self.0.pop_front()
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<S: GenServer> Drop for Batch<S> {
    fn drop(&mut self) {
        while let Some(message) = self.0.pop_front() {
            discard(message);
        }
    }
}
