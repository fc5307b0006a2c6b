//! What a handler has asked of its server besides its result: to stop, or to continue with something.

use std::any::Any;

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
    /// How many replies were sent, where the server is watched.
    replies: Option<u32>,
}

/// A message that the server continues with, whatever the server's type.
pub(super) trait Continue: Send {
    /// Puts it in front of the server's batch of messages.
    fn put_first(self: Box<Self>, batch: &mut dyn Any, server: &Header);
}

impl Asked {
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
