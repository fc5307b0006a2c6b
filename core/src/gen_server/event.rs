//! What happens to a server besides its messages, and has handlers of its own.

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::report::{self, Callback};
use crate::process::Header;
use crate::process::monitor::Down;
use crate::process::pid::Pid;

/// Something that has happened to a server.
#[doc(hidden)]
#[derive(Debug)]
pub enum Event {
    /// The exit of another process, for a server that traps exits.
    Exit { from: Pid, reason: ExitReason },
    /// The end of a process that it monitors.
    Down(Down),
    /// Nothing has come for a while.
    Timeout,
}

/// Which events a server may have handlers for. What is reported and dropped anyway is not compiled for each server.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Hears {
    pub(crate) exit: bool,
    pub(crate) down: bool,
    pub(crate) timeout: bool,
}

impl Hears {
    /// A server by hand may have any.
    pub const ALL: Self = Self {
        exit: true,
        down: true,
        timeout: true,
    };
    /// None.
    pub const NOTHING: Self = Self {
        exit: false,
        down: false,
        timeout: false,
    };

    /// `handle_exit`.
    #[must_use]
    pub const fn exit(mut self) -> Self {
        self.exit = true;
        self
    }

    /// `handle_down`.
    #[must_use]
    pub const fn down(mut self) -> Self {
        self.down = true;
        self
    }

    /// `handle_timeout`.
    #[must_use]
    pub const fn timeout(mut self) -> Self {
        self.timeout = true;
        self
    }

    pub(crate) const fn anything(self) -> bool {
        self.exit || self.down || self.timeout
    }
}

/// Whether there may be a handler of an event that waits.
pub(super) const fn may_wait<S: GenServer>() -> bool {
    S::WAITS && S::HEARS.anything()
}

impl Event {
    pub(crate) const fn callback(&self) -> Callback {
        match self {
            Self::Exit { .. } => Callback::Exit,
            Self::Down(_) => Callback::Down,
            Self::Timeout => Callback::Timeout,
        }
    }

    /// Nobody has a handler for it.
    #[cold]
    pub(crate) fn report(&self, header: &Header, server: &'static str) {
        match self {
            Self::Exit { from, reason } => report::unexpected_exit(header, server, *from, reason),
            Self::Down(down) => report::unexpected_down(header, server, down),
            Self::Timeout => report::unexpected_timeout(header, server),
        }
    }
}
