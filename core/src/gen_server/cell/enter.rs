//! Coming into a cell, going out, and asking its task to.

use crate::gen_server::GenServer;
use crate::gen_server::cell::run::Stay;
use crate::gen_server::cell::state::{self, RUN, SPAN, TASK, WORK};
use crate::gen_server::cell::{Cell, ServerTask};
use crate::planted::{Bug, planted};
use crate::reply::abandoned;
use crate::sync::Arc;

/// How often a caller looks again while another one is inside.
const LOOKS: u32 = 8;
/// How long it pauses between two looks at the most. Each look takes the word away from the one who is inside.
const LONGEST_PAUSE: u32 = 32;

impl<S: GenServer> Cell<S> {
    /// Comes in if the cell is idle. Helps with a backlog, and waits a moment for a caller who is inside. `false`: the
    /// message has to be queued, or the server is dead.
    #[inline]
    pub(in crate::gen_server) fn come_in(self: &Arc<Self>) -> bool {
        let seen = self.word.load();
        if state::is_idle(seen) && self.word.swap(seen, seen | RUN).is_ok() {
            return true;
        }
        self.come_in_slow(0)
    }

    /// As [`come_in`](Self::come_in), for whoever runs the server's code in its span, if it has one.
    #[inline]
    pub(in crate::gen_server) fn come_in_with_span(self: &Arc<Self>) -> bool {
        let seen = self.word.load();
        if state::is_idle(seen) && self.word.swap(seen, seen | RUN).is_ok() {
            return true;
        }
        self.come_in_slow(SPAN)
    }

    #[cold]
    #[inline(never)]
    fn come_in_slow(self: &Arc<Self>, ignored: u32) -> bool {
        let mut looks = 0;
        let mut pause = 1;
        let mut helped = false;
        let mut seen = self.word.load();
        loop {
            if state::is_idle(seen & !ignored) {
                match self.word.swap(seen, seen | RUN) {
                    Ok(_) => return true,
                    Err(now) => seen = now,
                }
            } else if state::is_backlog(seen & !ignored) && !helped {
                match self.word.swap(seen, seen | RUN) {
                    Ok(_) => {
                        helped = true;
                        self.run(Stay::CALLER);
                        seen = self.word.load();
                    }
                    Err(now) => seen = now,
                }
            } else if state::is_occupied(seen & !ignored) && looks < LOOKS {
                looks += 1;
                for _ in 0..pause {
                    crate::sync::spin_loop();
                }
                pause = LONGEST_PAUSE.min(pause * 2);
                seen = self.word.load();
            } else {
                return false;
            }
        }
    }

    /// Goes out, or first sees to what came up meanwhile.
    #[inline]
    pub(super) fn go_out(self: &Arc<Self>) {
        let seen = self.word.load();
        if planted(Bug::LeaveIgnoresNews) && state::is_undisturbed(seen) {
            self.word.clear(RUN);
        } else if state::is_undisturbed(seen) && self.word.swap(seen, seen & !RUN).is_ok() {
            abandoned::notify(self.pid());
        } else {
            self.run(Stay::CALLER);
        }
    }

    /// Somebody queued a message: makes sure that it is looked at.
    ///
    /// The bit may be set already, and then nothing has to be done: whoever clears it looks into the mailbox after that,
    /// and finds the message, which went in before the word was looked at here.
    #[inline]
    pub(in crate::gen_server) fn notify(self: &Arc<Self>) {
        if self.word.load() & WORK == 0 && state::wants_schedule(self.word.set(WORK)) {
            self.wake_task();
        }
    }

    /// The server's task has its turn.
    pub(super) fn run_task(self: &Arc<Self>) {
        let seen = self.word.load();
        if state::has_only_messages(seen) && self.word.swap(seen, state::taken_up(seen)).is_ok() {
            self.run_messages();
        } else if self.word.acquire() {
            self.run(Stay::TASK);
        }
    }

    /// Wakes the server's task; spawns it the first time.
    pub(super) fn wake_task(self: &Arc<Self>) {
        match self.task.get() {
            Some(waker) => waker.wake_by_ref(),
            None => {
                if self.word.set(TASK) & TASK == 0 {
                    self.header.node.runtime.spawn(ServerTask(Arc::clone(self)));
                }
            }
        }
    }
}
