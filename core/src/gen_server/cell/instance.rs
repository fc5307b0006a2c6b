//! One incarnation of a server: its state and what goes along with it to a handler.

use super::last_message::LastMessage;
use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::report::{self, Callback};
use crate::gen_server::{Context, FormatStatus, GenServer};
use crate::guard::Guarded;
use crate::text;
use crate::trace::GuardedSpan;

/// One incarnation of a server: its state, its context, and its last message.
pub(crate) struct Instance<S: GenServer> {
    pub(super) state: Guarded<S>,
    pub(super) cx: Context<S>,
    pub(super) last: LastMessage,
}

/// An instance that a cell keeps, behind a type that is `Send` whatever the server is. A client would otherwise be `Send` where its
/// server's state is, which the compiler finds out by going through the state, and through the clients in there: a chain of ten servers
/// is deeper than it looks, where servers hold each other's clients it goes each way there is, and a state that is not `Send` would be
/// told of wherever a client is used.
pub(super) struct Kept<S: GenServer>(Box<dyn Keep<S>>);

trait Keep<S: GenServer>: Send {
    fn get(&self) -> &Instance<S>;
    fn get_mut(&mut self) -> &mut Instance<S>;
    fn take(self: Box<Self>) -> Box<Instance<S>>;
}

impl<S: GenServer> Keep<S> for Instance<S> {
    fn get(&self) -> &Self {
        self
    }

    fn get_mut(&mut self) -> &mut Self {
        self
    }

    fn take(self: Box<Self>) -> Box<Self> {
        self
    }
}

impl<S: GenServer> Kept<S> {
    #[inline(always)]
    pub(super) fn new(instance: Box<Instance<S>>) -> Self {
        Self(instance)
    }

    #[inline(always)]
    pub(super) fn get(&self) -> &Instance<S> {
        self.0.get()
    }

    #[inline(always)]
    pub(super) fn get_mut(&mut self) -> &mut Instance<S> {
        self.0.get_mut()
    }

    #[inline(always)]
    pub(super) fn take(self) -> Box<Instance<S>> {
        self.0.take()
    }
}

impl<S: GenServer> Instance<S> {
    /// What is shown of it, with this message.
    pub(super) fn shown(&self, message: Option<String>) -> FormatStatus {
        let state = self.state.get();
        let shown = text::debug(&|| state.debug_state());
        FormatStatus::by(shown, message, &mut |status| state.format_status(status))
    }

    /// Terminates, where that does not wait. `Some`: it is done, and this is the reason the server ends with. `None`: the
    /// span is for the `terminate` that waits.
    pub(super) fn try_terminate(
        &mut self,
        reason: &ExitReason,
        span: &mut Option<Box<GuardedSpan>>,
    ) -> Option<ExitReason> {
        if span.is_none() {
            let name = std::any::type_name::<S>();
            *span = report::span(self.cx.header(), name, Callback::Terminate);
        }
        let Self { state, cx, .. } = self;
        let mut done = false;
        let mut run = || done = state.get_mut().try_terminate(reason, cx);
        let terminated = match span {
            None => catch_dyn(&mut run),
            Some(span) => span.catch(&mut run),
        };
        let ended = match terminated {
            Ok(()) if done => reason.clone(),
            Ok(()) => return None,
            // OTP: a `terminate` that fails is the reason then.
            Err(panic) => panic,
        };
        if span.is_some() {
            *span = None;
        }
        cx.send_held_replies();
        Some(ended)
    }
}
