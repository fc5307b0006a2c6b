//! Running a server: signals first, then the handler that waits, then messages, a bounded number of turns.

use super::enter::{Running, Turns};
use super::state::{Next, Wake};
use super::{AnyCell, Turn};
use crate::exit_reason::ExitReason;
use crate::reply::abandoned;

impl AnyCell {
    /// The server's task has its turn.
    pub(super) fn run_task(&self) {
        let wake = if let Some(running) = self.try_enter_for_mail() {
            let turn = self.body.handle_messages(self);
            running.go_on(Turns::TASK, turn)
        } else if let Some(running) = self.enter_anyway() {
            running.run(Turns::TASK)
        } else {
            return;
        };
        self.obey_in_task(wake);
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
    pub(super) fn run(self, Turns(mut turns): Turns) -> Wake {
        let cell = self.cell();
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
                    Some(reason) => return self.exits(&reason, false),
                    None => continue,
                },
                Next::DropContents => {
                    cell.drop_contents();
                    cell.state.leave_dead();
                    cell.end_task();
                    abandoned::notify(cell.pid());
                    return Wake::No;
                }
                Next::Resume | Next::Messages if turns == 0 => {
                    let wake = cell.state.leave_to_task();
                    abandoned::notify(cell.pid());
                    return wake;
                }
                Next::Resume => {
                    cell.state.begin_resume();
                    cell.body.resume(cell)
                }
                Next::Messages => {
                    cell.state.begin_messages();
                    cell.body.handle_messages(cell)
                }
            };
            turns -= 1;
            if let Some(reason) = cell.interpret(turn, next == Next::Resume) {
                return self.exits(&reason, true);
            }
        }
    }

    /// Like [`run`](Self::run), for one who has had a turn with messages already.
    pub(super) fn go_on(self, Turns(turns): Turns, turn: Turn) -> Wake {
        match self.cell().interpret(turn, false) {
            None => self.run(Turns(turns - 1)),
            Some(reason) => self.exits(&reason, true),
        }
    }

    #[cold]
    fn exits(self, reason: &ExitReason, by_itself: bool) -> Wake {
        let pid = self.cell().pid();
        self.exit(reason, by_itself);
        abandoned::notify(pid);
        Wake::No
    }

    /// The server has to end for `reason`, in order: `terminate` first.
    pub(super) fn terminate(self, reason: ExitReason) -> Wake {
        let cell = self.cell();
        cell.body.terminate_next(cell.pid(), reason);
        cell.state.keep_mail();
        self.run(Turns::CALLER)
    }
}

impl AnyCell {
    /// Notes what a turn ended with. `Some`: the server has ended for this reason, `terminate` included.
    #[inline]
    fn interpret(&self, turn: Turn, resumed: bool) -> Option<ExitReason> {
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
            }
            Turn::Exited(reason) => return Some(reason),
        }
        None
    }
}
