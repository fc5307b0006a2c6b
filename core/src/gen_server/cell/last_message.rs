//! The message that is, or was last, handled: for the crash report. Which one it is, [`Doing`](super::doing::Doing) knows.

use crate::gen_server::Described;
use crate::gen_server::handler::{Handler, HandlerCode};
use crate::text::text;

/// What of it is shown besides its handler.
#[derive(Default)]
pub(super) struct LastMessage {
    /// With its arguments, where the server asked for that.
    text: Option<Box<str>>,
}

impl LastMessage {
    /// Notes one of the system. The arguments of the message before it may be there.
    pub(super) fn forget(&mut self) {
        self.text = None;
    }

    /// Notes a message with its arguments.
    pub(super) fn describe(&mut self, described: &Described<'_>) {
        self.text = Some(text(format_args!("{described}")).into_boxed_str());
    }

    /// `None`: there was none.
    pub(super) fn shown(&self, last: Option<HandlerCode>, handlers: &[Handler]) -> Option<String> {
        let (kind, handler) = last?.of(handlers);
        let text = self.text.as_deref().unwrap_or(handler.name);
        Some(format!("{kind} {text}"))
    }
}
