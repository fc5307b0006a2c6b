//! `Caller`: who waits for a reply, for the report of the server that crashes with the call.

use std::fmt;

use crate::process::current;
use crate::process::node;
use crate::process::pid::Pid;
use crate::text;

/// Who calls: a process, or code outside of every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller(Option<Pid>);

impl Caller {
    /// Whose code runs here.
    pub(crate) fn here() -> Self {
        Self(current::pid())
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(pid) = self.0 else {
            return f.write_str("not a process");
        };
        match node::process(pid).as_ref().map(|process| process.header()) {
            Some(header) => match header.name() {
                Some(name) => f.write_str(&text::name(format_args!("{name} ({pid})"))),
                None => write!(f, "{pid}"),
            },
            None => write!(f, "{pid} (dead)"),
        }
    }
}
