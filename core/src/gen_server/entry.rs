//! Coming into a cell, going out, and asking its task to.

use std::task::Waker;

use super::GenServer;
use super::cell::{Cell, ServerTask};
use super::inside::Stay;
use super::mailbox::{Message, Refused};
use super::word::{self, RUN, TASK, WORK};
use crate::planted::planted;
use crate::settle;
use crate::sync::Arc;

/// How often a caller looks again while another one is inside.
const SPINS: u32 = 40;

impl<S: GenServer> Cell<S> {
    /// Comes in if the cell is idle, setting `extra` bits on the way. Helps with a backlog, and waits a moment for a
    /// caller who is inside. `false`: the message has to be queued, or the server is dead.
    #[inline]
    pub(super) fn come_in(self: &Arc<Self>, extra: u32) -> bool {
        let seen = self.word.load();
        if word::is_idle(seen) && self.word.swap(seen, seen | RUN | extra).is_ok() {
            return true;
        }
        self.come_in_slow(extra)
    }

    #[cold]
    fn come_in_slow(self: &Arc<Self>, extra: u32) -> bool {
        let mut spins = 0;
        let mut helped = false;
        let mut seen = self.word.load();
        loop {
            if word::is_idle(seen) {
                match self.word.swap(seen, seen | RUN | extra) {
                    Ok(_) => return true,
                    Err(now) => seen = now,
                }
            } else if word::is_backlog(seen) && !helped {
                match self.word.swap(seen, seen | RUN) {
                    Ok(_) => {
                        helped = true;
                        self.run(Stay::CALLER);
                        seen = self.word.load();
                    }
                    Err(now) => seen = now,
                }
            } else if word::is_occupied(seen) && spins < SPINS {
                spins += 1;
                crate::sync::spin_loop();
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
        if planted(103) && !word::is_ready(seen) {
            self.word.clear(RUN);
        } else if word::is_ready(seen) || self.word.swap(seen, seen & !RUN).is_err() {
            self.run(Stay::CALLER);
        } else {
            settle::tell_forsaken();
        }
    }

    /// Somebody queued a message: makes sure that it is looked at.
    #[inline]
    pub(super) fn notify(self: &Arc<Self>) {
        if word::wants_schedule(self.word.set(WORK)) {
            self.wake_task();
        }
    }

    /// Queues a message, or leaves `waker` to be woken when there is room.
    #[inline]
    pub(super) fn push_or_wait(
        self: &Arc<Self>,
        message: Message<S>,
        waker: &Waker,
    ) -> Result<(), Refused<Message<S>>> {
        match self.mailbox.push(message, Some(waker)) {
            // The server may have made room, and looked for senders, just before this one was there. It either looks
            // again for this, or has said what is left before: then there is room at the second try.
            Err(Refused::Full(message)) if !planted(104) => {
                self.notify();
                self.mailbox.push(message, Some(waker))
            }
            pushed => pushed,
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
