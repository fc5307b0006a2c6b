//! `Context`: what a handler can say to its server besides its result.

use std::fmt;
use std::sync::Arc;

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::cell::Cell;
use crate::process::Header;
use crate::process::pid::Pid;
use crate::reply::ReplyTo;

/// The optional second argument of a handler: the server it runs in.
///
/// It belongs to the server, whichever task runs the handler.
pub struct Context<S: GenServer> {
    cell: Arc<Cell<S>>,
    /// Boxed, because few servers stop, and none often.
    stopping: Option<Box<Stopping>>,
}

/// A handler asked to stop.
#[derive(Default)]
struct Stopping {
    /// Until the server has taken it up.
    reason: Option<ExitReason>,
    /// Replies that are sent after `terminate`.
    held: Vec<Box<dyn FnOnce() + Send>>,
}

impl Stopping {
    fn send_held(self) {
        for send in self.held {
            send();
        }
    }
}

impl<S: GenServer> Context<S> {
    pub(super) const fn new(cell: Arc<Cell<S>>) -> Self {
        Self {
            cell,
            stopping: None,
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

    /// Stops the server once this handler is done: `terminate` runs, then it ends with `reason`. OTP's `{stop, Reason, ..}`.
    ///
    /// A reply that the handler gives is sent after `terminate`, as in OTP. The last reason given counts.
    pub fn stop(&mut self, reason: ExitReason) {
        self.stopping.get_or_insert_default().reason = Some(reason);
    }

    /// Whether exits of other processes arrive as messages from now on: Erlang's `process_flag(trap_exit, ..)`.
    pub fn trap_exit(&mut self, trap: bool) {
        self.cell.header().set_trap_exit(trap);
    }

    /// Sends a reply; after `terminate`, if the handler asked to stop.
    ///
    /// A server that its supervisor has let go, because a poll of it did not return in time, replies no more: its caller
    /// was told of the death.
    #[inline]
    pub fn reply<R: Send + 'static>(&mut self, to: ReplyTo<R>, reply: R) {
        if self.stopping.is_none() && !self.cell.is_dead() {
            to.send(reply);
        } else {
            self.reply_later(Box::new(move || to.send(reply)));
        }
    }

    /// A handler asked to stop once, or the server is dead.
    #[cold]
    fn reply_later(&mut self, send: Box<dyn FnOnce() + Send>) {
        if self.cell.is_dead() {
            return;
        }
        match &mut self.stopping {
            Some(stopping) if stopping.reason.is_some() => stopping.held.push(send),
            _ => send(),
        }
    }

    #[inline]
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping
            .as_ref()
            .is_some_and(|stopping| stopping.reason.is_some())
    }

    #[inline]
    pub(super) fn take_stop(&mut self) -> Option<ExitReason> {
        self.stopping
            .as_mut()
            .and_then(|stopping| stopping.reason.take())
    }

    pub(super) fn send_held_replies(&mut self) {
        if let Some(stopping) = self.stopping.take() {
            stopping.send_held();
        }
    }

    pub(crate) fn header(&self) -> &Header {
        self.cell.header()
    }

    pub(in crate::gen_server) const fn cell(&self) -> &Arc<Cell<S>> {
        &self.cell
    }
}

impl<S: GenServer> fmt::Debug for Context<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
