//! What servers report, as `tracing` events with the fields of OTP's reports; and the span their code runs in.
//!
//! A report is made when the state is safe, and nothing user code does in it can hurt: `Debug` and `Display` that panic
//! or fail are contained, long texts cut, control characters escaped.
//!
//! Texts are lazy, and the events ask for them: where nobody listens nothing is formatted. Asking first whether somebody
//! does would miss those who listen through the `log` crate.

use std::cell::LazyCell;

use crate::exit_reason::ExitReason;
use crate::process::Header;
use crate::process::pid::Pid;
use crate::text::text;
use crate::trace::{GuardedSpan, emit};

/// The span that a server's own code runs in, in whichever task. `None`: nobody wants it.
pub(crate) fn server_span(header: &Header, server: &'static str) -> Option<Box<GuardedSpan>> {
    GuardedSpan::new(|| {
        tracing::info_span!(
            target: "suptree::gen_server",
            parent: None,
            "server",
            pid = %header.pid,
            name = header.name().map(|name| text(format_args!("{name}"))),
            server,
        )
    })
}

/// A server ended abnormally.
#[cold]
pub(crate) fn server_terminated(
    header: &Header,
    server: &'static str,
    reason: &ExitReason,
    last: &dyn Fn() -> Option<String>,
    state: &dyn Fn() -> Option<String>,
) {
    emit(|| {
        let process = LazyCell::new(|| header.label());
        let reason = LazyCell::new(|| text(format_args!("{reason}")));
        let last = LazyCell::new(|| last().unwrap_or_else(|| "none".to_owned()));
        let state = LazyCell::new(|| state().unwrap_or_else(|| "not shown: no Debug".to_owned()));
        tracing::error!(
            target: "suptree::gen_server",
            parent: None,
            process = %*process,
            pid = %header.pid,
            server,
            reason = %*reason,
            last_message = %*last,
            state = %*state,
            "GenServer {} terminating\n** (EXIT) {}\nLast message: {}\nState: {}",
            *process,
            *reason,
            *last,
            *state,
        );
    });
}

/// The exit of another process that nobody has a handler for.
#[cold]
pub(crate) fn unexpected_exit(
    header: &Header,
    server: &'static str,
    from: Pid,
    reason: &ExitReason,
) {
    unexpected_message(header, server, &format!("exit of {from}: {reason}"));
}

/// A message nobody has a handler for.
#[cold]
pub(crate) fn unexpected_message(header: &Header, server: &'static str, message: &str) {
    emit(|| {
        let process = LazyCell::new(|| header.label());
        tracing::error!(
            target: "suptree::gen_server",
            parent: None,
            process = %*process,
            pid = %header.pid,
            server,
            message = %text(format_args!("{message}")),
            "GenServer {} received an unexpected message: {message}",
            *process,
        );
    });
}
