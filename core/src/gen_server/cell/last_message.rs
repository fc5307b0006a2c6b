//! The message that is, or was last, handled: for the crash report.

use std::fmt;

use crate::gen_server::{Described, GenServer};

/// What sort of message it was, in the words of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    None,
    Call,
    Cast,
    Info,
    Exit,
    Request,
}

#[derive(Default)]
pub(super) struct LastMessage {
    name: &'static str,
    /// With its arguments, where the server asked for that.
    text: Option<Box<str>>,
    kind: Kind,
}

impl LastMessage {
    #[inline]
    pub(super) fn set<'a, S: GenServer>(
        &mut self,
        kind: Kind,
        describe: impl FnOnce() -> Described<'a>,
    ) {
        let described = describe();
        self.kind = kind;
        self.name = described.name();
        if S::OPTIONS.last_message {
            self.text = Some(crate::text::text(format_args!("{described}")).into_boxed_str());
        }
    }
}

impl fmt::Display for LastMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::None => return Ok(()),
            Kind::Call => "call",
            Kind::Cast => "cast",
            Kind::Info => "message",
            Kind::Exit => "exit",
            Kind::Request => "request",
        };
        match &self.text {
            Some(text) => write!(f, "{kind} {text}"),
            None => write!(f, "{kind} {}", self.name),
        }
    }
}
