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
