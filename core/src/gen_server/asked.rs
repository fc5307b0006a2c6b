//! What a handler has asked of its server besides its result: to stop, to continue with something, or to be told when nothing comes.

use std::any::Any;
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::process::Header;

/// What was asked, until the server takes it up when the handler is done.
#[derive(Default)]
pub(super) struct Asked {
    /// To stop, for this reason.
    stop: Option<ExitReason>,
    /// Replies that are sent after `terminate`.
    held: Vec<Box<dyn FnOnce() + Send>>,
    /// To continue with these messages, in this order.
    next: Vec<Box<dyn Continue>>,
    /// To wait so long for a message.
    wait: Option<Duration>,
    /// The same, where no handler says otherwise. What asks for it stays.
    idle: Option<Duration>,
    /// To hibernate.
    hibernate: Option<Hibernate>,
    /// How many replies were sent, where the server is watched.
    replies: Option<u32>,
}

/// Has the server with this header give back what it does not need. It is called by who runs it. An `Err`: the server has to end.
pub(super) type Hibernate = fn(&Header) -> Result<(), ExitReason>;

/// A message that the server continues with, whatever the server's type.
pub(super) trait Continue: Send {
    /// Puts it in front of the server's batch of messages.
    fn put_first(self: Box<Self>, batch: &mut dyn Any, server: &Header);
}

impl Asked {
    /// Of a server that asks for this after each message.
    pub(super) fn always(idle: Duration) -> Box<Self> {
        Box::new(Self {
            idle: Some(idle),
            ..Self::default()
        })
    }

    pub(super) fn wait(&mut self, time: Duration) {
        self.wait = Some(time);
    }

    /// How long to wait for a message; and whether that is what is asked for after each.
    pub(super) fn take_wait(&mut self) -> Option<(Duration, bool)> {
        match self.wait.take() {
            Some(time) => Some((time, false)),
            None => self.idle.map(|time| (time, true)),
        }
    }

    pub(super) fn hibernate(&mut self, hibernate: Hibernate) {
        self.hibernate = Some(hibernate);
    }

    pub(super) fn take_hibernate(&mut self) -> Option<Hibernate> {
        self.hibernate.take()
    }

    /// Whether there are replies, or messages, which may hold something of a user's.
    pub(super) const fn holds_something(&self) -> bool {
        !self.held.is_empty() || !self.next.is_empty() || self.stop.is_some()
    }

    /// How long to wait for a message, where a handler has said so.
    pub(super) const fn waits(&self) -> Option<Duration> {
        self.wait
    }

    pub(super) const fn hibernates(&self) -> bool {
        self.hibernate.is_some()
    }

    /// Whether it is asked for after each message.
    pub(super) const fn stays(&self) -> bool {
        self.idle.is_some()
    }

    pub(super) fn stop(&mut self, reason: ExitReason) {
        self.stop = Some(reason);
    }

    pub(super) fn take_stop(&mut self) -> Option<ExitReason> {
        self.stop.take()
    }

    /// The replies are counted that a handler sends.
    pub(super) fn watch(&mut self) {
        self.replies = Some(0);
    }

    /// How many there were. `None`: they are not counted.
    pub(super) fn take_replies(&mut self) -> Option<u32> {
        self.replies.take()
    }

    /// Sends a reply; after `terminate`, if the server is to stop.
    pub(super) fn send_in_order(&mut self, send: Box<dyn FnOnce() + Send>) {
        self.replies = self.replies.map(|replies| replies + 1);
        if self.stop.is_some() {
            self.held.push(send);
        } else {
            send();
        }
    }

    pub(super) fn send_held(self) {
        for send in self.held {
            send();
        }
    }

    pub(super) fn continue_with(&mut self, message: Box<dyn Continue>) {
        self.next.push(message);
    }

    /// What to continue with.
    pub(super) fn take_continues(&mut self) -> Vec<Box<dyn Continue>> {
        std::mem::take(&mut self.next)
    }
}
