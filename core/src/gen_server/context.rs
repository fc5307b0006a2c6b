//! `Context`: what a handler can say to its server besides its result.

use std::fmt;
use std::sync::Arc;

use super::cell::Cell;
use super::{GenServer, ReplyTo, ServerRef};
use crate::exit_reason::ExitReason;
use crate::pid::Pid;

/// The optional second argument of a handler: the server it runs in.
///
/// It belongs to the server, whichever task runs the handler.
pub struct Context<S: GenServer> {
    cell: Arc<Cell<S>>,
    stop: Option<ExitReason>,
    held: Vec<Box<dyn FnOnce() + Send>>,
}

impl<S: GenServer> Context<S> {
    pub(super) const fn new(cell: Arc<Cell<S>>) -> Self {
        Self {
            cell,
            stop: None,
            held: Vec::new(),
        }
    }

    /// The pid of this server.
    #[must_use]
    pub fn pid(&self) -> Pid {
        self.cell.pid()
    }

    /// The process that started this server, when a process did.
    #[must_use]
    pub fn parent(&self) -> Option<Pid> {
        self.cell.header().parent
    }

    /// A reference to this server, to give away. Calling it from its own handler fails with
    /// [`CallError::CallingSelf`](crate::CallError::CallingSelf).
    #[must_use]
    pub fn server(&self) -> ServerRef<S> {
        ServerRef::to(Arc::clone(&self.cell))
    }

    /// Stops the server once this handler is done: `terminate` runs, then it ends with `reason`. OTP's `{stop, Reason, ..}`.
    ///
    /// A reply that the handler gives is sent after `terminate`, as in OTP. The last reason given counts.
    pub fn stop(&mut self, reason: ExitReason) {
        self.stop = Some(reason);
    }

    /// Whether exits of other processes arrive as messages from now on: Erlang's `process_flag(trap_exit, ..)`.
    pub fn trap_exit(&mut self, trap: bool) {
        self.cell.header().set_trap_exit(trap);
    }

    /// Sends a reply; after `terminate`, if the handler asked to stop.
    ///
    /// A server that its supervisor has let go, because a poll of it did not return in time, replies no more: its caller
    /// was told of the death.
    pub fn reply<R: Send + 'static>(&mut self, to: ReplyTo<R>, reply: R) {
        if self.cell.is_dead() {
            drop(to);
        } else if self.stop.is_some() {
            self.held.push(Box::new(move || to.send(reply)));
        } else {
            to.send(reply);
        }
    }

    #[inline]
    pub(super) const fn is_stopping(&self) -> bool {
        self.stop.is_some()
    }

    #[inline]
    pub(super) const fn take_stop(&mut self) -> Option<ExitReason> {
        self.stop.take()
    }

    pub(super) fn send_held_replies(&mut self) {
        for send in self.held.drain(..) {
            send();
        }
    }

    pub(crate) fn cell(&self) -> &crate::process::Header {
        self.cell.header()
    }
}

impl<S: GenServer> fmt::Debug for Context<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
