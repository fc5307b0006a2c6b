//! The mailbox: the lane of messages. Swapped out whole by the server, bounded by a count, closed for good at death.

use std::collections::VecDeque;
use std::task::Waker;

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Mutex, lock};

/// What waits in a mailbox.
pub(crate) enum Message<S: GenServer> {
    Call(S::Call),
    Cast(S::Cast),
    Info(S::Info),
    /// Boxed, because it is rare and would make every message larger.
    System(Box<System>),
}

/// A message of the system.
pub(crate) enum System {
    /// The exit of another process, for a server that traps exits.
    Exit { from: Pid, reason: ExitReason },
    /// Terminate, after everything that was queued before.
    Stop(ExitReason),
}

/// What became of a message that was to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    Queued,
    /// Not taken: there is no room.
    Full,
    /// Not taken: the server is dead.
    Closed,
}

pub(crate) struct Mailbox<S: GenServer> {
    queue: Mutex<Queue<S>>,
    /// Senders wait for room; or, in an unbounded mailbox, should yield now and then.
    crowded: AtomicBool,
}

/// From how many messages on an unbounded mailbox counts as flooded.
const FLOOD: usize = 1024;

struct Queue<S: GenServer> {
    messages: VecDeque<Message<S>>,
    /// Messages the server has swapped out and not yet handled, as far as it has said: they count against the bound.
    taken: usize,
    closed: bool,
    /// Boxed, because it is rare.
    senders: Option<Box<Senders>>,
}

/// Who waits for room.
#[derive(Default)]
struct Senders(Vec<Waker>);

impl Senders {
    /// There is room.
    fn let_in(senders: Option<Box<Self>>) {
        if !planted(Bug::SendersNotWoken) {
            Self::wake(senders);
        }
    }

    fn wake(senders: Option<Box<Self>>) {
        if let Some(senders) = senders {
            for sender in senders.0 {
                sender.wake();
            }
        }
    }
}

impl<S: GenServer> Queue<S> {
    fn has_room(&self) -> bool {
        match S::OPTIONS.mailbox {
            crate::gen_server::Mailbox::Bounded(capacity) => {
                self.messages.len() + self.taken < capacity
            }
            crate::gen_server::Mailbox::Unbounded => true,
        }
    }
}

impl<S: GenServer> Mailbox<S> {
    /// How many messages the server handles before it says so. A sender may find the mailbox full with less than this
    /// missing; saying it for each message would cost more than handling it.
    const CHUNK: usize = match S::OPTIONS.mailbox {
        crate::gen_server::Mailbox::Bounded(capacity) if capacity < 16 => 1,
        crate::gen_server::Mailbox::Bounded(capacity) if capacity < 1024 => capacity / 8,
        _ => 128,
    };

    pub(crate) const fn new() -> Self {
        Self {
            queue: Mutex::new(Queue {
                messages: VecDeque::new(),
                taken: 0,
                closed: false,
                senders: None,
            }),
            crowded: AtomicBool::new(false),
        }
    }

    /// Takes a message of a user out of `message` and queues it. Full: `waker`, if given, is woken when there is room.
    #[inline(always)]
    pub(crate) fn push(&self, message: &mut Option<Message<S>>, waker: Option<&Waker>) -> Pushed {
        let mut queue = lock(&self.queue);
        if queue.closed && !planted(Bug::ClosedMailboxAccepts) {
            return Pushed::Closed;
        }
        if !queue.has_room() && !planted(Bug::MailboxBoundIgnored) {
            if planted(Bug::SenderWakerAfterLook) {
                drop(queue);
                queue = lock(&self.queue);
            }
            if let Some(waker) = waker {
                self.wait(&mut queue, waker);
            }
            return Pushed::Full;
        }
        if let Some(message) = message.take() {
            queue.messages.push_back(message);
        }
        if matches!(S::OPTIONS.mailbox, crate::gen_server::Mailbox::Unbounded)
            && queue.messages.len() == FLOOD
        {
            self.crowded.store(true, Ordering::Relaxed);
        }
        Pushed::Queued
    }

    #[cold]
    #[inline(never)]
    fn wait(&self, queue: &mut Queue<S>, waker: &Waker) {
        let senders = queue.senders.get_or_insert_default();
        senders.0.push(waker.clone());
        self.crowded.store(true, Ordering::Relaxed);
    }

    /// Whether an unbounded mailbox has more than it should.
    #[inline]
    pub(crate) fn is_flooded(&self) -> bool {
        matches!(S::OPTIONS.mailbox, crate::gen_server::Mailbox::Unbounded)
            && self.crowded.load(Ordering::Relaxed)
    }

    /// Queues a message of the system: never bounded. `false`: the mailbox is closed.
    pub(crate) fn push_system(&self, message: System) -> bool {
        let mut queue = lock(&self.queue);
        if queue.closed {
            return false;
        }
        queue.messages.push_back(Message::System(Box::new(message)));
        true
    }

    /// Swaps the queue for the (empty) batch. `false`: there was nothing.
    #[inline]
    pub(crate) fn take(&self, batch: &mut Batch<S>) -> bool {
        let mut queue = lock(&self.queue);
        if queue.messages.is_empty() {
            queue.taken = 0;
            batch.said = 0;
            // A sender that found the mailbox full while the last message was taken out may have missed its wake-up.
            if queue.senders.is_some() {
                self.crowded.store(false, Ordering::Relaxed);
                let senders = queue.senders.take();
                drop(queue);
                Senders::let_in(senders);
            }
            return false;
        }
        std::mem::swap(&mut queue.messages, &mut batch.messages);
        if matches!(S::OPTIONS.mailbox, crate::gen_server::Mailbox::Unbounded) {
            self.crowded.store(false, Ordering::Relaxed);
        }
        // A burst must not hold its memory for ever.
        const KEEP: usize = 4096;
        if queue.messages.capacity() > KEEP {
            queue.messages = VecDeque::new();
        }
        // The first of them is about to be handled.
        batch.said = batch.messages.len() - 1;
        queue.taken = batch.said;
        true
    }

    /// A message of the batch is about to be handled. Tells the senders now and then.
    #[inline]
    pub(crate) fn progress(&self, batch: &mut Batch<S>) {
        if batch.said >= batch.messages.len() + Self::CHUNK {
            self.say(batch);
        }
    }

    /// Says how much of the batch is left. Lets waiting senders in when half of the room is free: waking one sender per
    /// message would cost a task switch each.
    #[cold]
    #[inline(never)]
    pub(crate) fn say(&self, batch: &mut Batch<S>) {
        let left = batch.messages.len();
        batch.said = left;
        let senders = {
            let mut queue = lock(&self.queue);
            queue.taken = left;
            let crate::gen_server::Mailbox::Bounded(capacity) = S::OPTIONS.mailbox else {
                return;
            };
            if queue.senders.is_none() || left > capacity / 2 || !queue.has_room() {
                return;
            }
            self.crowded.store(false, Ordering::Relaxed);
            queue.senders.take()
        };
        Senders::let_in(senders);
    }

    /// A handler is about to wait, or the batch is done: says how much is left, and lets senders in if there is any room.
    #[inline]
    pub(crate) fn pause(&self, batch: &mut Batch<S>) {
        if batch.said != batch.messages.len() || self.is_crowded() {
            self.say(batch);
        }
        if self.is_crowded() {
            self.admit();
        }
    }

    /// Wakes the senders that wait, if there is any room.
    #[cold]
    #[inline(never)]
    fn admit(&self) {
        let senders = {
            let mut queue = lock(&self.queue);
            if !queue.closed && !queue.has_room() {
                return;
            }
            self.crowded.store(false, Ordering::Relaxed);
            queue.senders.take()
        };
        Senders::let_in(senders);
    }

    #[inline]
    fn is_crowded(&self) -> bool {
        matches!(S::OPTIONS.mailbox, crate::gen_server::Mailbox::Bounded(_))
            && self.crowded.load(Ordering::Relaxed)
    }

    /// Closes the mailbox for good. Nothing can be pushed after it, so no caller is left behind in the queue.
    pub(crate) fn close(&self) -> Batch<S> {
        let (messages, senders) = {
            let mut queue = lock(&self.queue);
            queue.closed = true;
            if planted(Bug::ClosedQueueNotDrained) {
                return Batch::new();
            }
            (std::mem::take(&mut queue.messages), queue.senders.take())
        };
        Senders::wake(senders);
        Batch { messages, said: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        let queue = lock(&self.queue);
        queue.messages.len() + queue.taken
    }
}

/// Messages that were swapped out. Dropping it drops each message guarded: one destructor that panics must not keep the
/// others from being dropped, nor two of them abort the program.
pub(crate) struct Batch<S: GenServer> {
    messages: VecDeque<Message<S>>,
    /// How many are left, as far as the senders know.
    said: usize,
}

impl<S: GenServer> Batch<S> {
    pub(crate) const fn new() -> Self {
        Self {
            messages: VecDeque::new(),
            said: 0,
        }
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Option<Message<S>> {
        self.messages.pop_front()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }
}

impl<S: GenServer> Drop for Batch<S> {
    fn drop(&mut self) {
        while let Some(message) = self.messages.pop_front() {
            discard(message);
        }
    }
}
