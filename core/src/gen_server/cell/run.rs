//! Running a server: signals first, then the handler that waits, then messages, a bounded number of turns.

use super::handling::Blocks;
use super::state::{Next, Wake};
use super::turns::{More, Turns};
use super::{AnyCell, Cause, Turn};
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::Header;
use crate::process::caller::Caller;
use crate::reply::abandoned;

/// The right to run a server ([`Entered`](super::enter::Entered)), where the server's type does not matter.
#[must_use = "a server that is entered and not left runs no more"]
pub(super) struct Running<'a>(&'a AnyCell);

impl<'a> Running<'a> {
    /// The right of the task that starts this server, from its first moment on, until `init` is through.
    pub(super) const fn by_start(cell: &'a AnyCell) -> Self {
        Self(cell)
    }

    /// The right of a runner that has just entered.
    pub(super) const fn by_entering(cell: &'a AnyCell) -> Self {
        Self(cell)
    }

    #[inline(always)]
    pub(super) const fn cell(&self) -> &'a AnyCell {
        self.0
    }
}

/// What a runner ends with that does not leave.
enum End {
    /// The server has ended, `terminate` included.
    Exited(ExitReason),
    /// Another thread runs it from here on.
    Blocks(Box<dyn Blocks>),
}

impl AnyCell {
    /// The right to run the server, if nobody has it.
    pub(super) fn enter_anyway(&self) -> Option<Running<'_>> {
        self.state.enter_anyway().then_some(Running(self))
    }

    /// The right to run the server, with the messages taken up.
    pub(super) fn try_enter_for_mail(&self) -> Option<Running<'_>> {
        self.state.try_enter_for_mail().then_some(Running(self))
    }

    /// The right to run the server, for a parent that ends it.
    pub(super) fn try_enter_for_parent(&self) -> Option<Running<'_>> {
        self.state.try_enter_for_parent().then_some(Running(self))
    }

    /// The server's task has its turn, which begins with so many messages at the most.
    pub(super) fn run_task(&self, first: u32) -> Wake {
        assert!(!planted(Bug::ServerTaskPanics), "a bug");
        if let Some(running) = self.try_enter_for_mail() {
            let turn = self.body.handle_messages(self, first);
            running.go_on(Turns::TASK, turn)
        } else if let Some(running) = self.enter_anyway() {
            running.run(Turns::TASK)
        } else {
            Wake::No
        }
    }

    /// Sees to signals, unless somebody runs the server who will.
    pub(super) fn settle(&self) -> Wake {
        match self.enter_anyway() {
            Some(running) => running.run(Turns::SIGNALS),
            None => Wake::No,
        }
    }
}

impl Running<'_> {
    /// Works until there is nothing left to do, or it is somebody else's turn; then leaves.
    pub(super) fn run(self, mut turns: Turns) -> Wake {
        let cell = self.cell();
        let signals_only = turns.are_over();
        loop {
            let seen = cell.state.snapshot();
            let next = seen.next();
            let turn = match next {
                Next::Leave => {
                    if cell.state.try_leave(seen) {
                        abandoned::notify(cell.pid());
                        return Wake::No;
                    }
                    continue;
                }
                Next::Signals => match cell.take_signals() {
                    Some(reason) if signals_only => {
                        return self.exit_by_stranger(&reason, Header::announce).1;
                    }
                    Some(reason) => return self.exits(&reason, false),
                    // What a stranger sees to runs no user code.
                    None if signals_only && cell.is_to_hibernate() => {
                        let _anyway = cell.state.note_signal();
                        return self.leave_to_task();
                    }
                    None if signals_only => continue,
                    None => {
                        cell.hibernate();
                        continue;
                    }
                },
                Next::Bury if signals_only => return cell.state.leave_to_task(),
                Next::Bury => {
                    self.bury();
                    return Wake::No;
                }
                Next::System | Next::Resume | Next::Messages => {
                    let most = match turns.begin(next) {
                        More::Messages(most) => most,
                        More::No(slow) => {
                            if let Some(start) = slow {
                                cell.body.note_slow(cell, start);
                            }
                            return self.leave_to_task();
                        }
                        More::AfterOthers => {
                            let _later = self.leave_to_task();
                            return Wake::TaskAfterOthers;
                        }
                    };
                    if next == Next::Resume {
                        // First: whoever looks finds it woken, or not waiting.
                        cell.header.end_wait();
                        cell.state.begin_resume();
                        cell.doing.go_on();
                        cell.body.resume(cell)
                    } else if next == Next::System {
                        if let Some(reason) = cell.serve(most) {
                            cell.body.terminate_next(cell, reason, Cause::Request);
                            cell.state.keep_mail();
                        }
                        continue;
                    } else if seen.is_watched() {
                        cell.state.begin_messages();
                        cell.tell_before();
                        cell.body.handle_messages(cell, 1)
                    } else {
                        cell.state.begin_messages();
                        cell.body.handle_messages(cell, most)
                    }
                }
            };
            if seen.is_watched() {
                cell.tell_after(&turn);
            }
            if let Some(end) = cell.interpret(turn, next == Next::Resume) {
                return self.ends(end);
            }
        }
    }

    /// Like [`run`](Self::run), for a runner that has had a turn with messages already.
    #[inline(always)]
    pub(super) fn go_on(self, turns: Turns, turn: Turn) -> Wake {
        if matches!(turn, Turn::Idle) {
            // Nearly always.
            return self.leave_or_run(turns.after_one());
        }
        match self.cell().interpret(turn, false) {
            None if self.try_leave() => Wake::No,
            None => self.run(turns.after_one()),
            Some(end) => self.ends(end),
        }
    }

    /// Like [`run`](Self::run), for a runner that has nearly always nothing more to do.
    #[inline(always)]
    pub(super) fn leave_or_run(self, turns: Turns) -> Wake {
        if self.try_leave() {
            Wake::No
        } else {
            self.run(turns)
        }
    }

    pub(super) fn leave_to_task(&self) -> Wake {
        let cell = self.cell();
        let wake = cell.state.leave_to_task();
        abandoned::notify(cell.pid());
        wake
    }

    #[inline(always)]
    fn try_leave(&self) -> bool {
        let cell = self.cell();
        let seen = cell.state.snapshot();
        let left = seen.next() == Next::Leave && cell.state.try_leave(seen);
        if left {
            abandoned::notify(cell.pid());
        }
        left
    }

    #[cold]
    fn ends(self, end: End) -> Wake {
        match end {
            End::Exited(reason) => self.exits(&reason, true),
            End::Blocks(work) => self.hand_on(work),
        }
    }

    #[cold]
    fn exits(self, reason: &ExitReason, by_itself: bool) -> Wake {
        let pid = self.cell().pid();
        self.exit(reason, by_itself);
        abandoned::notify(pid);
        Wake::No
    }

    /// Hands the server on to a thread that may block.
    #[cold]
    fn hand_on(self, work: Box<dyn Blocks>) -> Wake {
        let cell = self.cell();
        cell.doing.leave();
        abandoned::notify(cell.pid());
        let runtime = cell.header().node.runtime.clone();
        runtime.spawn_blocking(move || work.run());
        Wake::No
    }

    /// The thread is done. What there is to do is the task's; but a server that was let go meanwhile is dropped here.
    pub(super) fn leave_blocked(self) -> Wake {
        let cell = self.cell();
        cell.state.keep_mail();
        let seen = cell.state.snapshot();
        if seen.is_watched() {
            cell.tell_after(&Turn::Idle);
        }
        if seen.next() == Next::Bury {
            self.bury();
            return Wake::No;
        }
        self.leave_to_task()
    }

    /// The server has to end for `reason`, in order: `terminate` first. For a caller who has run it.
    pub(super) fn terminate(self, reason: ExitReason) -> Wake {
        let cell = self.cell();
        let cause = Cause::Call(Caller::here());
        cell.body.terminate_next(cell, reason, cause);
        cell.state.keep_mail();
        self.run(Turns::CALLER)
    }
}

impl AnyCell {
    /// Notes what a turn ended with. `Some`: the runner does not go on.
    #[inline(always)]
    fn interpret(&self, turn: Turn, resumed: bool) -> Option<End> {
        let waits = matches!(turn, Turn::Waits { .. });
        if resumed && !waits {
            self.state.end_await();
        }
        match turn {
            Turn::Idle => {}
            Turn::More => self.state.keep_mail(),
            Turn::Waits { more } => {
                if more || !resumed {
                    self.state.begin_await(more);
                }
                self.note_wait();
            }
            Turn::Exited(reason) => return Some(End::Exited(reason)),
            Turn::Blocks(work) => return Some(End::Blocks(work)),
        }
        None
    }
}
