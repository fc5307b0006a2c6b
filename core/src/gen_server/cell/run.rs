//! Working inside of a cell: signals first, then the handler that waits, then messages, a bounded number of turns.

use std::sync::Arc;

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::mailbox::Message;
use crate::gen_server::cell::state::{self, BUSY, DEAD, RUN, SIGNAL, WOKEN, WORK};
use crate::gen_server::cell::turn::Turn;
use crate::reply::abandoned;
use crate::sync::lock;

/// How long somebody who is inside stays there, in turns.
#[derive(Clone, Copy)]
pub(super) struct Stay(u32);

impl Stay {
    /// The server's own task, before it lets others run.
    pub(super) const TASK: Self = Self(4);
    /// A caller, before it leaves the rest to the task.
    pub(super) const CALLER: Self = Self(1);
    /// Somebody who sees to signals only.
    pub(super) const SIGNALS: Self = Self(0);
}
impl<S: GenServer> Cell<S> {
    /// Works inside until there is nothing left to do, or it is somebody else's turn; then goes out.
    pub(super) fn run(self: &Arc<Self>, stay: Stay) {
        self.work(stay, None);
        abandoned::notify(self.pid());
    }

    /// As [`run`](Self::run), for the server's task, which came in to see to the messages.
    pub(super) fn run_messages(self: &Arc<Self>) {
        let turn = self.turn(|inside| self.handle_messages(inside));
        self.work(Stay::TASK, Some(turn));
        abandoned::notify(self.pid());
    }

    /// As [`run`](Self::run), for a caller, who came in to hand over a call.
    pub(super) fn run_call(self: &Arc<Self>, call: Message<S>) {
        let turn = self.turn(|inside| self.handle_call(inside, call));
        self.work(Stay::CALLER, Some(turn));
        abandoned::notify(self.pid());
    }

    fn work(self: &Arc<Self>, Stay(mut turns): Stay, begun: Option<Turn>) {
        let mut resumes = false;
        let mut begun = begun;
        loop {
            if let Some(turn) = begun.take() {
                turns -= 1;
                if resumes && !matches!(turn, Turn::Waits { .. }) {
                    self.word.clear(BUSY);
                }
                match turn {
                    Turn::Idle => {}
                    Turn::More => {
                        self.word.set(WORK);
                    }
                    Turn::Waits { more: true } => {
                        self.word.set(BUSY | WORK);
                    }
                    Turn::Waits { more: false } => {
                        if !resumes {
                            self.word.set(BUSY);
                        }
                    }
                    Turn::Ended => {
                        let reason = lock(&self.inside).take_parting();
                        self.finish(&reason.unwrap_or(ExitReason::Killed), true);
                        return;
                    }
                }
            }
            let seen = self.word.load();
            if seen & DEAD != 0 {
                self.dispose();
                self.word.clear(RUN);
                self.end_task();
                return;
            }
            if seen & SIGNAL != 0 {
                if let Some(reason) = self.take_signals() {
                    self.finish(&reason, false);
                    return;
                }
                continue;
            }
            if !state::is_ready(seen) {
                if self.word.swap(seen, seen & !RUN).is_ok() {
                    return;
                }
                continue;
            }
            if turns == 0 {
                self.word.clear(RUN);
                self.wake_task();
                return;
            }
            // A handler that waits comes before whatever is queued: `WORK` stays for after it.
            resumes = seen & BUSY != 0;
            begun = Some(if resumes {
                self.word.clear(WOKEN);
                self.turn(|inside| self.resume(inside))
            } else {
                self.word.clear(WORK | WOKEN);
                self.turn(|inside| self.handle_messages(inside))
            });
        }
    }

    /// The server has to end for `reason`, in order: `terminate` first. The one who calls is inside, and goes out.
    pub(super) fn part(self: &Arc<Self>, reason: ExitReason) {
        lock(&self.inside).ends(self.pid(), reason);
        self.word.set(WORK);
        self.run(Stay::CALLER);
    }
}
