//! The state of a cell in one atomic, so that "alive, idle, nothing queued, no signal" is one comparison.
//!
//! Three rules carry everything:
//!
//! 1. What sets `RUNNING` is the server's *runner*, its task or a caller: it alone runs the server, until it clears the bit
//!    ([`State::try_enter`] and its like). Everybody else only sets bits.
//! 2. `RUNNING` is cleared by a compare-exchange from a state that asks for nothing ([`State::try_leave`]): a bit that was
//!    set meanwhile makes it fail, and is seen to first. Or the task is woken after it ([`State::leave_to_task`]).
//! 3. A bit that asks for work, set where nobody is running who will see it, wakes the task ([`Wake`]).
//!
//! No other file of the crate knows a bit.

use std::fmt;

use crate::planted::{Bug, planted};
use crate::process::status::Status;
use crate::sync::atomic::{AtomicU32, Ordering};

/// Somebody runs the server: its task, or a caller.
const RUNNING: u32 = 1;
/// There may be messages: in the mailbox, or in the batch that was taken out of it.
const MAIL: u32 = 1 << 1;
/// There are signals in the control lane.
const SIGNAL: u32 = 1 << 2;
/// A handler waits at an `.await`, and has the server's state.
const AWAITING: u32 = 1 << 3;
/// What that handler waits for has happened.
const WOKEN: u32 = 1 << 4;
/// Dead for everybody who asks; its runner drops the contents.
const DEAD: u32 = 1 << 5;
/// Callers stay out: handlers take too long, or must not run in place.
const NO_INLINE: u32 = 1 << 6;
/// `init` runs; its future owns the contents.
const STARTING: u32 = 1 << 7;
/// The server's task was spawned.
const SPAWNED: u32 = 1 << 8;
/// The server's callbacks run in spans: no caller runs a handler without the server loop, which enters it.
const TRACED: u32 = 1 << 9;
/// Dead, and the contents are dropped: there is nothing left to do, ever.
const BURIED: u32 = 1 << 10;

/// The server may have belongings: timers, streams, a limit to its wait for a message, requests of `sys`. They end with it.
const BELONGINGS: u32 = 1 << 11;
/// There are requests of `sys` that come next, before messages.
const SYSTEM: u32 = 1 << 12;
/// Messages wait until the server resumes.
const SUSPENDED: u32 = 1 << 13;

/// Somebody watches the server by `sys`: it handles one message a turn, and callers stay out.
const WATCHED: u32 = 1 << 14;

/// Bits that say nothing about work.
const STANDING: u32 = NO_INLINE | SPAWNED | TRACED | BELONGINGS | WATCHED;

/// The state of a cell.
pub(super) struct State(AtomicU32);

/// The state at one moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Snapshot(u32);

/// Whether the server's task has to be woken: nobody else will see what was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "what was noted may be seen by nobody but the task"]
pub(crate) enum Wake {
    No,
    Task,
    /// Once others have had their turn.
    TaskAfterOthers,
}

/// How a caller would run the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The handler alone, without the server loop.
    Plain,
    /// With the server loop around it, which enters the span of the message.
    WithSpan,
}

/// Why a caller stays out for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// Another caller runs the server, and leaves it soon.
    Occupied,
    /// Anything else: the message has to be queued, or the server is dead.
    Closed,
}

/// What there is to do for the runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The server is dead: its contents are to be dropped.
    Bury,
    /// Signals come first.
    Signals,
    /// The handler that waited goes on.
    Resume,
    /// Requests of `sys`.
    System,
    /// Messages.
    Messages,
    /// Nothing.
    Leave,
}

impl Wake {
    #[inline]
    const fn if_needed(needed: bool) -> Self {
        if needed { Self::Task } else { Self::No }
    }
}

impl Entry {
    /// The bits that do not matter to this way of entering.
    #[inline]
    const fn ignored(self) -> u32 {
        match self {
            Self::Plain => SPAWNED | BELONGINGS,
            Self::WithSpan => SPAWNED | BELONGINGS | TRACED,
        }
    }
}

impl State {
    /// A cell whose `init` is about to run, owned by its start.
    pub(super) const fn starting(inline: bool) -> Self {
        let inline = if inline { 0 } else { NO_INLINE };
        Self(AtomicU32::new(STARTING | RUNNING | inline))
    }

    #[inline]
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot(self.0.load(Ordering::Acquire))
    }

    /// Sets bits; returns the state before.
    #[inline]
    fn set(&self, bits: u32) -> Snapshot {
        Snapshot(self.0.fetch_or(bits, Ordering::AcqRel))
    }

    /// Clears bits; returns the state before.
    #[inline]
    fn clear(&self, bits: u32) -> Snapshot {
        Snapshot(self.0.fetch_and(!bits, Ordering::AcqRel))
    }

    /// Replaces `seen` by `next` if nobody changed the state.
    #[inline]
    fn swap(&self, seen: Snapshot, next: u32) -> bool {
        self.0
            .compare_exchange(seen.0, next, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    // ===== entering: each makes a runner of the caller, or says why not =====

    /// Idle to running.
    #[inline]
    pub(super) fn try_enter(&self, entry: Entry) -> bool {
        let seen = self.snapshot();
        if planted(Bug::SuspendedEntered) && seen.is_suspended() {
            return !seen.is_running() && self.swap(seen, seen.0 | RUNNING);
        }
        seen.0 & !entry.ignored() == 0 && self.swap(seen, seen.0 | RUNNING)
    }

    /// Idle to running (`false`), or a server with a backlog to running (`true`), for a caller that helps it; or why not. `None`:
    /// somebody was faster, look again.
    pub(super) fn try_enter_with_backlog(
        &self,
        entry: Entry,
        helps: bool,
    ) -> Option<Result<bool, Outside>> {
        let seen = self.snapshot();
        let backlog = match seen.0 & !entry.ignored() {
            0 => false,
            MAIL if helps => true,
            rest if rest & !MAIL == RUNNING => return Some(Err(Outside::Occupied)),
            _ => return Some(Err(Outside::Closed)),
        };
        self.swap(seen, seen.0 | RUNNING).then_some(Ok(backlog))
    }

    /// Running, if nobody is, whatever there is to do.
    pub(super) fn enter_anyway(&self) -> bool {
        if planted(Bug::EnterLooksThenSets) {
            let before = self.snapshot();
            self.set(RUNNING);
            return before.0 & RUNNING == 0;
        }
        self.set(RUNNING).0 & RUNNING == 0
    }

    /// Running, and the messages taken up: for the task, where there is nothing but messages.
    #[inline]
    pub(super) fn try_enter_for_mail(&self) -> bool {
        let seen = self.snapshot();
        seen.0 & !((STANDING & !WATCHED) | WOKEN) == MAIL
            && self.swap(seen, (seen.0 | RUNNING) & !(MAIL | WOKEN))
    }

    /// Running, for a parent that ends the server, if it is alive and no signal came before.
    pub(super) fn try_enter_for_parent(&self) -> bool {
        let seen = self.snapshot();
        seen.0 & (RUNNING | SIGNAL | DEAD) == 0 && self.swap(seen, seen.0 | RUNNING)
    }

    // ===== leaving: the contract of each is that the caller runs the server, and does not after it =====

    /// Leaves, if nothing came up while the server ran.
    #[inline]
    pub(super) fn try_leave_undisturbed(&self) -> bool {
        let seen = self.snapshot();
        if seen.0 & !STANDING != RUNNING {
            return false;
        }
        if planted(Bug::LeaveIgnoresNews) {
            self.clear(RUNNING);
            return true;
        }
        self.swap(seen, seen.0 & !RUNNING)
    }

    /// Leaves, if the state is still the one in which there was nothing to do.
    #[inline]
    pub(super) fn try_leave(&self, seen: Snapshot) -> bool {
        self.swap(seen, seen.0 & !RUNNING)
    }

    /// Leaves what there is to do to the task.
    pub(super) fn leave_to_task(&self) -> Wake {
        self.clear(RUNNING);
        Wake::Task
    }

    /// Leaves a server that is dead, and has nothing left to drop.
    pub(super) fn leave_buried(&self) {
        self.set(BURIED);
        self.clear(RUNNING);
    }

    // ===== what is noted by anyone =====

    /// A message was queued.
    ///
    /// `MAIL` may be set already, and then nothing has to be done: it is cleared before the mailbox is looked into, and
    /// the message went in before this look at the state.
    #[inline]
    pub(super) fn note_mail(&self) -> Wake {
        if self.snapshot().0 & MAIL != 0 {
            return Wake::No;
        }
        Wake::if_needed(self.set(MAIL).0 & !STANDING == 0)
    }

    /// A signal was pushed.
    pub(super) fn note_signal(&self) -> Wake {
        Wake::if_needed(self.set(SIGNAL).0 & (RUNNING | DEAD) == 0)
    }

    /// What a handler waits for has happened.
    pub(super) fn note_woken(&self) -> (Wake, Snapshot) {
        let before = self.set(WOKEN);
        let wake = Wake::if_needed(before.0 & (RUNNING | WOKEN | DEAD) == 0);
        (wake, before)
    }

    /// Dead from here on.
    pub(super) fn note_dead(&self) {
        self.set(DEAD);
    }

    /// A request of `sys` comes next.
    pub(super) fn note_system(&self) -> Wake {
        Wake::if_needed(self.set(SYSTEM).0 & (RUNNING | DEAD) == 0)
    }

    /// The server is sent something later, or asked something by `sys`.
    pub(super) fn note_belongings(&self) {
        self.set(BELONGINGS);
    }

    /// The task is about to be spawned. `false`: it was.
    pub(super) fn note_spawned(&self) -> bool {
        self.set(SPAWNED).0 & SPAWNED == 0
    }

    // ===== what the runner notes =====

    /// There is, or may be, something left to handle.
    pub(super) fn keep_mail(&self) {
        self.set(MAIL);
    }

    /// There is something to do that comes before messages, and that a handler which waits gives way to.
    pub(super) fn note_interrupt(&self) {
        let woken = if planted(Bug::NotInterrupted) {
            0
        } else {
            WOKEN
        };
        self.set(MAIL | woken);
    }

    /// The messages are about to be looked at.
    #[inline]
    pub(super) fn take_mail(&self) {
        self.clear(MAIL);
    }

    /// The messages are about to be looked at, and no handler waits.
    pub(super) fn begin_messages(&self) {
        self.clear(MAIL | WOKEN);
    }

    /// The handler that waits is about to go on.
    pub(super) fn begin_resume(&self) {
        self.clear(WOKEN);
    }

    /// The signals are about to be looked at.
    pub(super) fn take_signals(&self) {
        self.clear(SIGNAL);
    }

    /// The requests of `sys` are about to be looked at.
    pub(super) fn take_system(&self) {
        self.clear(SYSTEM);
    }

    /// Whether messages wait from here on. What came up meanwhile is seen by the runner, who says this.
    pub(super) fn set_suspended(&self, suspended: bool) {
        if suspended {
            self.set(SUSPENDED);
        } else {
            self.clear(SUSPENDED);
        }
    }

    /// Whether somebody watches the server from here on.
    pub(super) fn set_watched(&self, watched: bool) {
        if watched {
            self.set(WATCHED);
        } else {
            self.clear(WATCHED);
        }
    }

    /// A handler waits. `mail`: messages may be left behind it.
    pub(super) fn begin_await(&self, mail: bool) {
        self.set(if mail { AWAITING | MAIL } else { AWAITING });
    }

    /// The handler that waited is done.
    pub(super) fn end_await(&self) {
        self.clear(AWAITING);
    }

    /// `init` is through.
    pub(super) fn end_start(&self, traced: bool) {
        if traced {
            self.set(TRACED);
        }
        self.clear(if planted(Bug::MailDuringInitForgotten) {
            STARTING | MAIL
        } else {
            STARTING
        });
    }

    /// Whether callers stay out from here on, because handlers take long.
    pub(super) fn set_slow(&self, slow: bool) {
        if slow {
            self.set(NO_INLINE);
        } else {
            self.clear(NO_INLINE);
        }
    }
}

impl Snapshot {
    #[inline]
    pub(super) const fn is_dead(self) -> bool {
        self.0 & DEAD != 0
    }

    #[inline]
    pub(super) const fn is_running(self) -> bool {
        self.0 & RUNNING != 0
    }

    /// Whether a handler that waits will go on, or the server end.
    pub(super) const fn is_stirred(self) -> bool {
        self.0 & (WOKEN | SIGNAL | DEAD) != 0
    }

    #[inline]
    pub(super) const fn has_signal(self) -> bool {
        self.0 & SIGNAL != 0
    }

    /// Whether there is a message or a signal.
    pub(super) const fn has_news(self) -> bool {
        self.0 & (MAIL | SIGNAL) != 0
    }

    #[inline]
    pub(super) const fn has_mail(self) -> bool {
        self.0 & MAIL != 0
    }

    #[inline]
    pub(super) const fn is_awaiting(self) -> bool {
        self.0 & AWAITING != 0
    }

    #[inline]
    pub(super) const fn keeps_callers_out(self) -> bool {
        self.0 & NO_INLINE != 0
    }

    #[inline]
    pub(super) const fn is_traced(self) -> bool {
        self.0 & TRACED != 0
    }

    /// Whether there may be something that it is sent later.
    #[inline]
    pub(super) const fn may_have_belongings(self) -> bool {
        self.0 & BELONGINGS != 0
    }

    #[inline]
    pub(super) const fn is_suspended(self) -> bool {
        self.0 & SUSPENDED != 0
    }

    #[inline]
    pub(super) const fn is_watched(self) -> bool {
        self.0 & WATCHED != 0
    }

    #[inline]
    pub(super) const fn is_buried(self) -> bool {
        self.0 & BURIED != 0
    }

    /// What the runner does next.
    #[inline]
    pub(super) const fn next(self) -> Next {
        if self.0 & BURIED != 0 {
            Next::Leave
        } else if self.0 & DEAD != 0 {
            Next::Bury
        } else if self.0 & SIGNAL != 0 {
            Next::Signals
        } else if self.0 & (AWAITING | SYSTEM | SUSPENDED) != 0 {
            self.next_before_messages()
        } else if self.0 & (MAIL | WOKEN) != 0 {
            Next::Messages
        } else {
            Next::Leave
        }
    }

    /// What comes before anything queued: `MAIL` stays for after it.
    const fn next_before_messages(self) -> Next {
        if self.0 & AWAITING != 0 {
            if self.0 & WOKEN != 0 {
                Next::Resume
            } else {
                Next::Leave
            }
        } else if self.0 & SYSTEM != 0 {
            Next::System
        } else {
            Next::Leave
        }
    }

    /// What the process table shows.
    pub(super) const fn status(self) -> Status {
        if self.0 & DEAD != 0 {
            Status::Exiting
        } else if self.0 & STARTING != 0 {
            Status::Starting
        } else if self.0 & AWAITING != 0 {
            Status::Waiting
        } else if self.0 & SUSPENDED != 0 {
            Status::Suspended
        } else if self.0 & (RUNNING | MAIL) != 0 {
            Status::Running
        } else {
            Status::Idle
        }
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(u32, &str); 15] = [
            (RUNNING, "RUNNING"),
            (MAIL, "MAIL"),
            (SIGNAL, "SIGNAL"),
            (AWAITING, "AWAITING"),
            (WOKEN, "WOKEN"),
            (DEAD, "DEAD"),
            (NO_INLINE, "NO_INLINE"),
            (STARTING, "STARTING"),
            (SPAWNED, "SPAWNED"),
            (TRACED, "TRACED"),
            (BURIED, "BURIED"),
            (BELONGINGS, "BELONGINGS"),
            (SYSTEM, "SYSTEM"),
            (SUSPENDED, "SUSPENDED"),
            (WATCHED, "WATCHED"),
        ];
        let set = NAMES.iter().filter(|(bit, _)| self.0 & bit != 0);
        f.debug_set().entries(set.map(|(_, name)| name)).finish()
    }
}

#[cfg(test)]
mod tests;
