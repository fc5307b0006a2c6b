//! The message that is, or was last, handled: for the crash report.

use std::fmt;

use crate::gen_server::Described;
use crate::text::text;

#[derive(Default)]
pub(super) struct LastMessage {
    /// What sort of message it was, in the words of the report. Empty: there was none.
    kind: &'static str,
    name: &'static str,
    /// With its arguments, where the server asked for that.
    text: Option<Box<str>>,
}

impl LastMessage {
    /// Notes a message by its name.
    #[inline(always)]
    pub(super) const fn set(&mut self, kind: &'static str, name: &'static str) {
        self.kind = kind;
        self.name = name;
    }

    /// Notes one of the system. The arguments of the message before it may be there.
    pub(super) fn set_system(&mut self, kind: &'static str, name: &'static str) {
        self.set(kind, name);
        self.text = None;
    }

    /// Notes a message with its arguments.
    pub(super) fn set_described(&mut self, kind: &'static str, described: &Described<'_>) {
        self.kind = kind;
        self.text = Some(text(format_args!("{described}")).into_boxed_str());
    }

    pub(super) fn is_call(&self) -> bool {
        self.kind == "call"
    }

    /// `None`: there was none.
    pub(super) fn shown(&self) -> Option<String> {
        (!self.kind.is_empty()).then(|| self.to_string())
    }
}

impl fmt::Display for LastMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => write!(f, "{} {text}", self.kind),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}
