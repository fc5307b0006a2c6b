//! Signals: how they get into the control lane, and what each does.

use super::lane::Request;
use super::message::System;
use super::state::Wake;
use super::{AnyCell, Cause, Cell};
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::event::Event;
use crate::guard::{Waiter, WakerSlot};
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::process::{News, Signal, deferred, line};
use crate::sync::{Arc, lock};

impl AnyCell {
    /// Puts a signal into the lane. It never waits behind a message, and never blocks.
    fn push_signal(&self, signal: Signal) -> Wake {
        let starter = {
            let mut control = lock(&self.control);
            let control = control.get_or_insert_default();
            control.signals.push(signal);
            control.starter.take()
        };
        let wake = if planted(Bug::SignalNotedBeforePush) {
            Wake::No
        } else {
            self.state.note_signal()
        };
        line::wake(starter);
        wake
    }

    /// Reads the lane. `Some`: the server dies of it.
    pub(super) fn take_signals(&self) -> Option<ExitReason> {
        self.state.take_signals();
        let signals = lock(&self.control)
            .as_mut()
            .map(|control| std::mem::take(&mut control.signals))
            .unwrap_or_default();
        signals.into_iter().find_map(|signal| self.weigh(signal))
    }

    /// What a signal does. `Some`: the server dies of it.
    pub(super) fn weigh(&self, signal: Signal) -> Option<ExitReason> {
        let (from, reason) = match signal {
            Signal::Kill => return Some(ExitReason::Killed),
            Signal::Exit { from, reason, .. } => (from, reason),
            Signal::Leave {
                parent,
                reason,
                asker,
            } => {
                if asker == self.pid() && (self.header.traps_exit() || self.body.options().graceful)
                {
                    self.interrupt(reason);
                    return None;
                }
                (Some(parent), reason)
            }
        };
        let own = self.pid();
        let parent = from.is_some() && from == self.header.parent;
        let traps = self.header.traps_exit();
        if traps && !parent {
            let from = from.unwrap_or_else(|| Pid::outside(own.node()));
            self.queue_system(System::Event(Event::Exit { from, reason }));
            return None;
        }
        if traps || (parent && self.body.options().graceful && !reason.is_normal()) {
            // Its runner, who asks this, sees to it.
            let _running = self.push_request(Request::Stop(reason));
            return None;
        }
        (!reason.is_normal() || from == Some(own)).then_some(reason)
    }

    /// The handler that waits, for this very end, is dropped at its `.await`; the server terminates next.
    fn interrupt(&self, reason: ExitReason) {
        self.body.terminate_next(self, reason, Cause::Itself);
        self.state.note_interrupt();
    }

    /// Something has happened that is a message of the server's.
    pub(super) fn hear(self: &Arc<Self>, news: News) {
        let wake = match news {
            News::Down(monitor, reason) => {
                let queued = self.body.push_system(System::Down(monitor, reason));
                if queued {
                    self.state.note_mail()
                } else {
                    Wake::No
                }
            }
            News::Alarm(now) => self.ring(now),
        };
        if wake == Wake::Task {
            self.wake_or_spawn();
        }
    }

    pub(super) fn queue_system(&self, message: System) {
        if self.body.push_system(message) {
            self.state.keep_mail();
        }
    }

    /// Whether a signal waits: it takes effect before the next message is looked at, and before `terminate`.
    #[inline(always)]
    pub(super) fn is_signalled(&self) -> bool {
        self.state.snapshot().has_signal() && !planted(Bug::SignalsWaitForMessages)
    }

    /// Lets what runs `init` hear of signals.
    pub(super) fn set_starter(&self, starter: &mut Waiter<'_>) {
        let mut control = lock(&self.control);
        control.get_or_insert_default().starter.register(starter);
    }

    /// Has what runs `init` poll it once more.
    #[cold]
    pub(super) fn wake_starter(&self) {
        let starter = lock(&self.control)
            .as_mut()
            .map_or_else(WakerSlot::new, |control| control.starter.take());
        line::wake(starter);
    }

    /// Nobody runs `init` any more.
    pub(super) fn forget_starter(&self) {
        let left = lock(&self.control)
            .as_mut()
            .map_or_else(WakerSlot::new, |control| control.starter.take());
        drop(left);
    }

    /// `Some`: the server has to die before its `init` is through.
    #[inline]
    pub(super) fn heed_signals(&self) -> Option<ExitReason> {
        let seen = self.state.snapshot();
        if seen.is_dead() {
            let reason = self.header.exit_reason().cloned();
            return Some(reason.unwrap_or(ExitReason::Killed));
        }
        if seen.has_signal() {
            return self.take_signals();
        }
        None
    }
}

impl<S: GenServer> Cell<S> {
    pub(super) fn send_signal(self: Arc<Self>, signal: Signal) {
        #[cfg(suptree_planted_bugs)]
        if planted(Bug::SignalNotedBeforePush) && self.state.note_signal() == Wake::Task {
            deferred::defer(Arc::clone(&self) as _);
        }
        if self.any().push_signal(signal) == Wake::Task {
            deferred::defer(self);
        }
    }

    /// Asks the server to stop after what is queued.
    pub(in crate::gen_server) fn request_stop(self: &Arc<Self>, reason: ExitReason) {
        if let Some(wake) = self.any().push_request(Request::Stop(reason)) {
            self.obey(wake);
        }
    }
}
