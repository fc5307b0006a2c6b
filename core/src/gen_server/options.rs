//! How a server is run and supervised: the options behind `#[genserver(..)]`.

use std::time::Duration;

use crate::child::{Restart, Shutdown};

/// Options of a server type: the [`GenServer::OPTIONS`](crate::GenServer::OPTIONS) of one that is written by hand. With
/// `#[genserver(..)]` they are options of the macro.
///
/// ```
/// use std::time::Duration;
/// use suptree::prelude::*;
/// use suptree::{ChildSpec, Full, Inline, Mailbox, NoMessage, ServerOptions};
///
/// struct Worker;
///
/// impl GenServer for Worker {
/// #     type Args = ();
/// #     type Call = NoMessage;
/// #     type Cast = NoMessage;
/// #     type Info = NoMessage;
/// #     type Client = ServerRef<Self>;
/// #     async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> { Ok(Self) }
///     const OPTIONS: ServerOptions = ServerOptions::new()
///         .restart(Restart::Transient)
///         .shutdown(Shutdown::Timeout(Duration::from_secs(10)))
///         .trap_exit(true)
///         .graceful(true)
///         .mailbox(Mailbox::Bounded(10_000))
///         .full(Full::Reject)
///         .inline(Inline::Never)
///         .inline_casts(false)
///         .last_message(true)
///         .deadlines(true)
///         .idle(Duration::from_secs(30));
///     // ..
/// }
///
/// assert_eq!(ChildSpec::new::<Worker>("worker", || ()).restart_type(), Restart::Transient);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "options do nothing unless they are a server's `OPTIONS`"]
pub struct ServerOptions {
    pub(crate) restart: Restart,
    pub(crate) shutdown: Shutdown,
    pub(crate) trap_exit: bool,
    pub(crate) graceful: bool,
    pub(crate) mailbox: Mailbox,
    pub(crate) full: Full,
    pub(crate) inline: Inline,
    pub(crate) inline_casts: bool,
    pub(crate) last_message: bool,
    pub(crate) deadlines: bool,
    pub(crate) idle: Option<Duration>,
}

/// How many messages a mailbox holds; see [`ServerOptions::mailbox`].
///
/// Signals, stops and exits of others are never bounded, and take no room: control does not wait behind messages, nor they behind it.
/// Items of streams that the server is [attached](crate::Context::attach) to take none, either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mailbox {
    /// At most this many messages wait, and then their senders do. The default, with 1,024. Zero counts as one.
    Bounded(usize),
    /// As in OTP: senders never wait, and memory is the bound.
    Unbounded,
}

/// What becomes of a message for which there is no room in the mailbox; see [`ServerOptions::full`].
///
/// Signals, stops and exits of others are never refused or dropped, whatever is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Full {
    /// Its sender waits for room, in line, at most as long as a call would. The default.
    Wait,
    /// It is refused at once: a call gives [`CallError::Full`](crate::CallError::Full), a cast
    /// [`CastError::Full`](crate::CastError::Full), and both their arguments back if these were to be kept.
    Reject,
    /// It gets in, and the oldest message that waits is dropped: the caller of a call that is dropped gets
    /// [`CallError::Dropped`](crate::CallError::Dropped). How many were is counted
    /// ([`ProcessInfo::dropped`](crate::ProcessInfo::dropped)), and reported by a warning for the first, the second, the fourth, and so on.
    /// What is dropped is dropped by the sender. Messages are taken out of such a mailbox one by one, which costs a lock each.
    DropOldest,
}

/// Whether a caller that finds the server idle runs the handler itself, in place; see [`ServerOptions::inline`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Inline {
    /// While handlers are short: less than about 5 µs, as samples of their time tell. The default.
    Auto,
    /// Every message goes through the queue and the server's own task.
    Never,
    /// However long the handlers take.
    Always,
}

impl ServerOptions {
    /// The defaults: permanent, 5 s to shut down, a mailbox of 1,024, handlers run in place where they are short.
    pub const fn new() -> Self {
        Self {
            restart: Restart::Permanent,
            shutdown: Shutdown::Timeout(Duration::from_secs(5)),
            trap_exit: false,
            graceful: false,
            mailbox: Mailbox::Bounded(1024),
            full: Full::Wait,
            inline: Inline::Auto,
            inline_casts: false,
            last_message: false,
            deadlines: false,
            idle: None,
        }
    }

    /// When a supervisor restarts it. [`Restart::Permanent`] unless set.
    pub const fn restart(mut self, restart: Restart) -> Self {
        self.restart = restart;
        self
    }

    /// How long a supervisor waits for it to stop. 5 s unless set.
    pub const fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = shutdown;
        self
    }

    /// Whether exits of other processes arrive as messages, at [`GenServer::handle_exit`](crate::GenServer::handle_exit).
    /// Off unless set: any but `Normal` ends the server.
    pub const fn trap_exit(mut self, trap: bool) -> Self {
        self.trap_exit = trap;
        self
    }

    /// Whether its parent's shutdown lets it finish its messages and run [`terminate`](crate::GenServer::terminate), as if it
    /// trapped exits. Off unless set: the shutdown ends it at once. `#[genserver]` sets it for a `#[terminate]` handler.
    pub const fn graceful(mut self, graceful: bool) -> Self {
        self.graceful = graceful;
        self
    }

    /// How many messages its mailbox holds. 1,024 unless set.
    pub const fn mailbox(mut self, mailbox: Mailbox) -> Self {
        self.mailbox = match mailbox {
            Mailbox::Bounded(0) => Mailbox::Bounded(1),
            mailbox => mailbox,
        };
        self
    }

    /// What becomes of a message for which there is no room in the mailbox. [`Full::Wait`] unless set.
    pub const fn full(mut self, full: Full) -> Self {
        self.full = full;
        self
    }

    /// Whether callers run handlers in place. [`Inline::Auto`] unless set.
    pub const fn inline(mut self, inline: Inline) -> Self {
        self.inline = inline;
        self
    }

    /// Whether casts run in place, too. Off unless set: it makes the sender wait for the handler.
    pub const fn inline_casts(mut self, inline: bool) -> Self {
        self.inline_casts = inline;
        self
    }

    /// Whether crash reports show the arguments of the last message. Off unless set: each message is formatted before it
    /// is handled, which costs more than handling it.
    pub const fn last_message(mut self, keep: bool) -> Self {
        self.last_message = keep;
        self
    }

    /// Whether callers' deadlines travel with their calls. Off unless set: it costs each call a look at the clock, and each that is
    /// queued an allocation.
    ///
    /// With it, a call whose caller has given up before its turn comes is not handled, but dropped: one that has timed out, or whose
    /// future was dropped. And [`Context::deadline`](crate::Context::deadline) says in a handler how long its caller waits.
    pub const fn deadlines(mut self, on: bool) -> Self {
        self.deadlines = on;
        self
    }

    /// How long it waits for a message, after each: when none has come by then, [`handle_timeout`](crate::GenServer::handle_timeout) runs, once, until
    /// the next one has come. Without limit unless set.
    ///
    /// The time begins when `init` is done, and anew with the end of each handler; what a handler says by
    /// [`Context::timeout`](crate::Context::timeout) takes its place until the next message. Such a server looks at the clock after each message.
    pub const fn idle(mut self, time: Duration) -> Self {
        self.idle = Some(time);
        self
    }
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self::new()
    }
}
