//! The lane of requests of `sys`, and of stops: numbered, so that a message in the mailbox can say whose turn it is.
//!
//! A request stands here, and its number in the mailbox, so that it comes after what was sent before it. While a server is suspended its
//! mailbox is not looked at, and requests come as they are.

use std::any::Any;
use std::collections::VecDeque;

use super::watch::Watch;
use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::process::Header;
use crate::process::status::ProcessStatus;

/// What a server is asked that is no message.
pub(in crate::gen_server) enum Request {
    /// To stop, in order.
    Stop(ExitReason),
    /// Something of `sys`. It guards the user code in it by itself.
    Ask(Ask),
}

pub(in crate::gen_server) type Ask = Box<dyn FnOnce(&mut Served<'_>) + Send>;

/// A server, as a request of `sys` is given it: between two messages.
pub(in crate::gen_server) struct Served<'a> {
    /// The body of its cell.
    pub(super) body: &'a dyn Any,
    pub(in crate::gen_server) header: &'a Header,
    pub(in crate::gen_server) info: ProcessStatus,
    /// Whether messages wait until it resumes. The request may change it.
    pub(in crate::gen_server) suspended: bool,
    /// Who watches it. The request may change it.
    pub(in crate::gen_server) watch: Option<Box<Watch>>,
}

/// What was asked, in order.
#[derive(Default)]
pub(super) struct Lane {
    requests: VecDeque<(u64, Request)>,
    last: u64,
    /// Requests up to this number were met in the mailbox.
    met: u64,
    /// The server is about to terminate: nothing more is served.
    pub(super) closed: bool,
    /// Who watches the server; taken out while it is told something.
    pub(super) watch: Option<Box<Watch>>,
}

impl Lane {
    /// Adds a request; returns its number.
    pub(super) fn push(&mut self, request: Request) -> u64 {
        self.last += 1;
        self.requests.push_back((self.last, request));
        self.last
    }

    /// The mailbox has come to this number. Whether there is something to serve.
    pub(super) fn meet(&mut self, number: u64) -> bool {
        self.met = self.met.max(number);
        self.has_next(false)
    }

    /// Whether there is a request whose turn it is. `suspended`: it is that of each.
    pub(super) fn has_next(&self, suspended: bool) -> bool {
        let first = self.requests.front();
        !self.closed && first.is_some_and(|(number, _)| suspended || *number <= self.met)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.watch.is_none()
    }

    /// The server is dead: what is left is dropped.
    pub(super) fn end(self) {
        discard(self.watch);
        for (_, request) in self.requests {
            discard(request);
        }
    }

    pub(super) fn next(&mut self, suspended: bool) -> Option<Request> {
        if !self.has_next(suspended) {
            return None;
        }
        let (_, request) = self.requests.pop_front()?;
        if self.requests.is_empty() {
            // What a burst needed is given back.
            self.requests = VecDeque::new();
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop() -> Request {
        Request::Stop(ExitReason::Normal)
    }

    #[test]
    fn sys_03_a_request_has_its_turn_when_its_number_is_met_or_the_server_is_suspended() {
        let mut lane = Lane::default();
        let numbers = [lane.push(stop()), lane.push(stop()), lane.push(stop())];
        assert!(lane.next(false).is_none());
        assert!(lane.meet(numbers[1]));
        assert!(lane.next(false).is_some() && lane.next(false).is_some());
        assert!(lane.next(false).is_none());
        assert!(lane.next(true).is_some());
        // Met later in the mailbox, it is gone.
        assert!(!lane.meet(numbers[2]));
        assert!(lane.next(true).is_none());
        assert_eq!(lane.requests.capacity(), 0);
    }
}
