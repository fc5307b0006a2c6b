//! The cell: a server's state, mailbox and control lane, and its life as a process.
//!
//! There is no task to begin with: a caller who finds the cell idle enters it and runs the handler. The task is spawned
//! when something is queued for the first time.
//!
//! A cell has a **shell** and a **body**. The shell does not know the server's type: what it does is compiled once. The
//! body knows it, and only connects types. [`AnyCell`] is a cell whose body is known by [`AnyBody`] alone.

// Who runs the server.
pub(crate) mod state;
pub(crate) mod enter;
// What a cell holds.
pub(crate) mod core;
pub(crate) mod instance;
pub(crate) mod message;
mod taken_up;
pub(crate) mod mailbox;
mod batch;
mod bound;
mod gate;
mod overflow;
pub(crate) mod senders;
mod doing;
mod in_hand;
pub(crate) mod last_message;
mod ticking;
mod schedule;
mod idle;
pub(crate) mod watch;
pub(crate) mod lane;
mod control;
pub(crate) mod source;
pub(crate) mod handling;
// What the runner does.
pub(crate) mod init;
pub(crate) mod run;
pub(crate) mod turns;
pub(crate) mod turn;
mod messages;
pub(crate) mod continues;
pub(crate) mod job;
mod blocking;
pub(crate) mod inline;
pub(crate) mod begun;
pub(crate) mod tempo;
// What is sent later, or not at all.
mod timers;
mod timeouts;
pub(crate) mod later;
pub(crate) mod ticks;
pub(crate) mod hibernate;
// What is asked by `sys`.
mod system;
pub(crate) mod served;
mod look;
// Tests of handlers.
pub(crate) mod alone;
// What it is attached to.
pub(crate) mod sources;
// The life of the process.
mod belongings;
pub(crate) mod signals;
pub(crate) mod task;
pub(crate) mod stop;
pub(crate) mod exit;

use std::any::Any;
use std::task::{Context as TaskContext, Waker};

use self::bound::Bound;
use self::control::Control;
use self::core::Core;
use self::doing::Doing;
use self::handling::Blocks;
use self::mailbox::{MessageLane, Pushed};
use self::message::{Mail, System};
use self::senders::Ticket;
use self::state::State;
use super::format_status::Shown;
use super::handler::Handler;
use super::{Full, GenServer, Inline, ServerOptions};
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::caller::Caller;
use crate::process::pid::Pid;
use crate::process::status::ProcessStatus;
use crate::process::{Header, InHand, News, Process, Signal, cycle};
use crate::rt::Instant;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Mutex, OnceLock};

/// A cell: its shell, around a body.
pub(crate) struct Shell<B: ?Sized> {
    header: Header,
    state: State,
    handled: AtomicU64,
    doing: Doing,
    /// Boxed while there is something in it, which is rare.
    control: Mutex<Option<Box<Control>>>,
    task: OnceLock<Waker>,
    body: B,
}

/// The cell of a server of type `S`.
pub(crate) type Cell<S> = Shell<Body<S>>;

/// The cell of any server.
pub(crate) type AnyCell = Shell<dyn AnyBody>;

/// What of a cell depends on the server's type.
pub(crate) struct Body<S: GenServer> {
    mailbox: MessageLane<Mail<S>>,
    /// Locked by the runner alone, so never contended.
    core: Mutex<Core<S>>,
}

/// What a turn ended with.
pub(crate) enum Turn {
    /// It is done. Anyone who queued something meanwhile has said so in the state.
    Idle,
    /// There is more, but others may want their turn.
    More,
    /// A handler waits. `more`: messages may be left behind it.
    Waits { more: bool },
    /// The server has ended, `terminate` included.
    Exited(ExitReason),
    /// A handler blocks: this is to have the right to run the server, in a thread for such.
    Blocks(Box<dyn Blocks>),
}

/// What has a server terminate before anything else.
pub(crate) enum Cause {
    /// A request to stop.
    Request,
    /// The handler of a call that its caller has run.
    Call(Caller),
    /// It is in the way of its own end, or its hook has failed.
    Itself,
}

/// What the shell asks of a body. All but `options`, `type_name` and the mailbox's is asked by the runner.
pub(crate) trait AnyBody: Any + Send + Sync {
    fn options(&self) -> &'static ServerOptions;
    fn type_name(&self) -> &'static str;
    fn handlers(&self) -> &'static [Handler];
    /// Handles messages, up to a number.
    fn handle_messages(&self, cell: &AnyCell, most: u32) -> Turn;
    /// Messages that a caller worked off took too long, from this moment on.
    fn note_slow(&self, cell: &AnyCell, start: Instant);
    /// The handler that waited goes on.
    fn resume(&self, cell: &AnyCell) -> Turn;
    /// Before anything else, the server has to terminate for this reason.
    fn terminate_next(&self, cell: &AnyCell, reason: ExitReason, cause: Cause);
    /// Terminates at once, if that does not wait and no signal comes before it. `Some`: it is done, and the server ends with
    /// this.
    fn try_stop(&self, cell: &AnyCell, reason: &ExitReason) -> Option<ExitReason>;
    /// Queues a message of the system. `false`: the mailbox is closed.
    fn push_system(&self, message: System) -> bool;
    fn mailbox_len(&self) -> usize;
    /// Closes the mailbox for good.
    fn close_mailbox(&self);
    /// Drops what was queued when the mailbox was closed.
    fn drop_unread(&self);
    /// Whether to drop what is queued, and what only the runner touches, runs no code of a user. Asked when the mailbox is
    /// closed, of a server in which no handler waits.
    fn holds_nothing(&self) -> bool;
    /// Drops everything that only the runner touches.
    fn drop_contents(&self);
    /// What is shown of the server: its state, and the message that is, or was last, handled.
    fn shown(&self, cell: &AnyCell) -> Shown;
}

impl<S: GenServer> Body<S> {
    const BOUND: Bound = Bound::new(S::OPTIONS.mailbox);
}

/// What is left of a server that could not be ended in order: stuck in a poll, say, while its runtime went. The checker's
/// cells may outlive the checker, whose locks cannot be used then.
#[cfg(not(suptree_shuttle))]
impl<S: GenServer> Drop for Body<S> {
    fn drop(&mut self) {
        let core = self.core.get_mut();
        if core.instance.is_some() || !core.handlings.is_empty() || self.mailbox.is_left() {
            self.drop_unread();
            self.drop_contents();
        }
    }
}

impl<S: GenServer> Cell<S> {
    /// A cell whose `init` is about to run, owned by its start.
    fn starting(header: Header) -> Arc<Self> {
        header.set_trap_exit(S::OPTIONS.trap_exit);
        Arc::new(Self {
            header,
            state: State::starting(!matches!(S::OPTIONS.inline, Inline::Never)),
            handled: AtomicU64::new(0),
            doing: Doing::default(),
            control: Mutex::new(None),
            task: OnceLock::new(),
            body: Body {
                mailbox: MessageLane::new(),
                core: Mutex::new(Core::new()),
            },
        })
    }

    /// The cell without its type.
    #[inline(always)]
    pub(super) const fn any(&self) -> &AnyCell {
        self
    }

    /// Takes a message of a user out of `message` and queues it, if there is room and nobody waits for it.
    #[inline(always)]
    pub(super) fn push(&self, message: &mut Option<Mail<S>>) -> Pushed {
        if const { matches!(S::OPTIONS.full, Full::DropOldest) } {
            return self.push_over_oldest(message);
        }
        self.body.mailbox.push(Body::<S>::BOUND, message)
    }

    /// Like [`push`](Self::push), for a sender who waits for its turn if it has to.
    pub(super) fn push_in_turn(
        &self,
        message: &mut Option<Mail<S>>,
        ticket: &mut Option<Ticket>,
        waker: &Waker,
    ) -> Pushed {
        if const { !matches!(S::OPTIONS.full, Full::Wait) } {
            // There is no line.
            return self.push(message);
        }
        let mailbox = &self.body.mailbox;
        mailbox.push_in_turn(Body::<S>::BOUND, message, ticket, waker)
    }

    /// A sender gives up its place in the line for room.
    pub(super) fn leave_line(&self, ticket: Ticket) {
        self.body.mailbox.leave_line(Body::<S>::BOUND, ticket);
    }

    /// Whether a mailbox that never makes its senders wait has more than it should.
    #[inline(always)]
    pub(super) fn is_flooded(&self) -> bool {
        if const { matches!(S::OPTIONS.full, Full::DropOldest) } {
            return self.body.mailbox.overflows();
        }
        self.body.mailbox.is_flooded(Body::<S>::BOUND)
    }
}

impl<B: ?Sized> Shell<B> {
    #[inline(always)]
    pub(crate) const fn header(&self) -> &Header {
        &self.header
    }

    #[inline(always)]
    pub(crate) const fn pid(&self) -> Pid {
        self.header.pid
    }

    /// Whether the server's callbacks run in spans.
    #[inline(always)]
    pub(super) fn is_traced(&self) -> bool {
        self.state.snapshot().is_traced()
    }

    /// The handler that has been polled, or `init`, waits.
    #[inline]
    fn note_wait(&self) {
        if self.header.may_wait() {
            begin_wait(&self.header, self.handled.load(Ordering::Relaxed));
        }
    }

    /// Counts a handled message. Only the runner writes, so this needs no locked instruction.
    #[inline(always)]
    fn count(&self) {
        self.handled
            .store(self.handled.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
}

/// A server waits. It may be the last of a cycle of calls to begin to.
#[cold]
#[inline(never)]
fn begin_wait(header: &Header, handled: u64) {
    if planted(Bug::WaitNotedAfterLook) {
        cycle::look(header.pid);
    }
    if header.begin_wait(handled) && !planted(Bug::WaitNotedAfterLook) {
        cycle::look(header.pid);
    }
}

impl<S: GenServer> Process for Cell<S> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn type_name(&self) -> &'static str {
        self.body.type_name()
    }

    fn signal(self: Arc<Self>, signal: Signal) {
        self.send_signal(signal);
    }

    fn hear(self: Arc<Self>, news: News) {
        AnyCell::hear(&(self as Arc<AnyCell>), news);
    }

    fn end(self: Arc<Self>, signal: Signal) -> Option<ExitReason> {
        self.end_for_parent(signal)
    }

    fn try_stop(self: Arc<Self>, reason: &ExitReason, cx: &mut TaskContext<'_>) -> bool {
        Self::try_stop(&self, reason, cx)
    }

    fn request_stop(self: Arc<Self>, reason: ExitReason) {
        Self::request_stop(&self, reason);
    }

    fn fence(self: Arc<Self>, reason: ExitReason) {
        AnyCell::fence(&(self as Arc<AnyCell>), &reason);
    }

    fn runtime_gone(self: Arc<Self>) {
        self.any().end_with_runtime();
    }

    fn poll_again(self: Arc<Self>) {
        if self.state.snapshot().is_awaiting() {
            std::task::Wake::wake_by_ref(&self);
        } else {
            self.any().wake_starter();
        }
    }

    fn is_server(&self) -> bool {
        true
    }

    fn is_stirred(&self) -> bool {
        self.state.snapshot().is_stirred()
    }

    fn handled(&self) -> u64 {
        self.handled.load(Ordering::Relaxed)
    }

    fn in_hand(&self) -> Option<u64> {
        self.any().number_in_hand()
    }

    fn named_in_hand(&self) -> Option<InHand> {
        self.any().named_in_hand()
    }

    fn snapshot(&self) -> ProcessStatus {
        self.any().info()
    }
}
