//! Messages are taken up: what was queued of an event may have come to nothing meanwhile.

use super::AnyCell;
use super::message::{Mail, System};
use crate::exit_reason::ExitReason;
use crate::gen_server::asked::Asked;
use crate::gen_server::event::Event;
use crate::gen_server::large::{ByValue, Carry};
use crate::gen_server::{Context, GenServer, dispatch, report};
use crate::process::monitoring;
use crate::trace::GuardedSpan;

impl System {
    /// It is about to be handled, if it still holds. Gives the span of its handling, if anybody wants it.
    #[cold]
    #[inline(never)]
    fn take_up(&mut self, cell: &AnyCell) -> Option<Box<GuardedSpan>> {
        self.settle(cell);
        cell.hibernate_again(self.is_event());
        match self {
            Self::Event(event) => {
                report::span(&cell.header, cell.body.type_name(), event.callback())
            }
            Self::Nothing => {
                cell.excuse();
                None
            }
            Self::Down(..) | Self::Timeout(_) | Self::Look(_) | Self::Request(_) => None,
        }
    }

    /// It comes next: finds out whether it still holds.
    pub(super) fn settle(&mut self, cell: &AnyCell) {
        if let Self::Down(monitor, reason) = self {
            let reason = std::mem::replace(reason, ExitReason::Normal);
            let down = monitoring::take_down(&cell.header, *monitor, reason);
            *self = down.map_or(Self::Nothing, |down| Self::Event(Event::Down(down)));
        }
        if let Self::Timeout(number) = self {
            *self = if cell.take_timeout(*number) {
                Self::Event(Event::Timeout)
            } else {
                Self::Nothing
            };
        }
    }

    /// Handles it, where its handler does not wait.
    #[cold]
    #[inline(never)]
    #[allow(clippy::boxed_local, reason = "it is moved as a pointer")]
    pub(super) fn handle_now<S: GenServer>(
        mut self: Box<Self>,
        cell: &AnyCell,
        state: &mut S,
        cx: &mut Context<S>,
    ) -> Result<(), ExitReason> {
        if const { !S::HEARS.anything() || S::WAITS } {
            return self.take_up_unheard(cell, &mut cx.asked);
        }
        let span = self.take_up(cell);
        match *self {
            Self::Event(event) => {
                let _entered = span.as_deref().map(GuardedSpan::enter);
                dispatch::now(state.handle_event::<ByValue>(event, cx))
            }
            unheard => unheard.handle_unheard(cell, &mut cx.asked),
        }
    }

    /// The same, where nothing is heard of by a handler that does not wait.
    #[allow(clippy::boxed_local, reason = "it is moved as a pointer")]
    fn take_up_unheard(
        mut self: Box<Self>,
        cell: &AnyCell,
        asked: &mut Option<Box<Asked>>,
    ) -> Result<(), ExitReason> {
        let _span = self.take_up(cell);
        self.handle_unheard(cell, asked)
    }

    /// It is taken up, and there is no handler for it.
    fn handle_unheard(
        self,
        cell: &AnyCell,
        asked: &mut Option<Box<Asked>>,
    ) -> Result<(), ExitReason> {
        match self {
            Self::Look(source) => {
                // What it has is a message, and comes next.
                cell.excuse();
                source.look(asked)
            }
            Self::Event(event) => {
                event.report(&cell.header, cell.body.type_name());
                Ok(())
            }
            // A request was met.
            Self::Request(_) | Self::Down(..) | Self::Timeout(_) | Self::Nothing => Ok(()),
        }
    }
}

impl<S: GenServer> Mail<S> {
    /// It is about to be handled by a handler that may wait: it is taken up, and gives the span of its handling, if anybody wants it.
    #[cold]
    #[inline(never)]
    pub(super) fn take_span<C: Carry>(
        mail: C::Message<Self>,
        cell: &AnyCell,
    ) -> (C::Message<Self>, Option<Box<GuardedSpan>>) {
        match C::unpack(mail) {
            Self::Noted(noted) => {
                let (message, note) = noted.into_parts();
                (C::hold(Self::Message(message)), note.open())
            }
            Self::System(mut system) => {
                let span = system.take_up(cell);
                (C::hold(Self::System(system)), span)
            }
            Self::Message(message) => (C::hold(Self::Message(message)), None),
        }
    }

    /// Handles it, where its handler does not wait.
    pub(super) fn handle_now(
        self,
        cell: &AnyCell,
        state: &mut S,
        cx: &mut Context<S>,
    ) -> Result<(), ExitReason> {
        let (message, span) = match self {
            Self::Message(message) => (message, None),
            Self::Noted(noted) => {
                let (message, note) = noted.into_parts();
                (message, note.open())
            }
            Self::System(system) => return system.handle_now(cell, state, cx),
        };
        let _entered = span.as_deref().map(GuardedSpan::enter);
        state.handle_message_now(message, cx)
    }
}
