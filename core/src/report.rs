//! Reports of crashes and of what supervisors do about them, as `tracing` events with the fields of OTP's reports.
//!
//! A report is made when the state is safe, and nothing user code does in it can hurt: `Debug` and `Display` that panic
//! or fail are contained, long texts cut, control characters escaped.
//!
//! Texts are lazy, and the events ask for them: where nobody listens nothing is formatted. Asking first whether somebody
//! does would miss those who listen through the `log` crate.

use std::cell::LazyCell;
use std::fmt::{self, Debug, Display, Write as _};

use tracing::Span;

use crate::child_spec::ChildSpec;
use crate::exit_reason::ExitReason;
use crate::guard::catch;
use crate::pid::Pid;
use crate::process::Header;

/// The longest text of one field, in bytes.
const LONGEST: usize = 1024;

/// The span that a server's own code runs in, whoever runs it. `None`: nobody wants it.
pub(crate) fn server_span(header: &Header, server: &'static str) -> Option<Box<Span>> {
    let span = tracing::info_span!(
        target: "suptree::gen_server",
        parent: None,
        "server",
        pid = %header.pid,
        name = header.name().map(tracing::field::display),
        server,
    );
    (!span.is_disabled()).then(|| Box::new(span))
}

/// Runs a server's code in its span, if it has one.
#[inline(always)]
pub(crate) fn in_span<R>(span: Option<&Span>, run: impl FnOnce() -> R) -> R {
    match span {
        None => run(),
        Some(span) => entered(span, run),
    }
}

#[cold]
#[inline(never)]
fn entered<R>(span: &Span, run: impl FnOnce() -> R) -> R {
    let _entered = span.enter();
    run()
}

/// A value's `Debug` text, fit for a report; `None` when there is no value.
pub(crate) fn debug<'a>(value: impl FnOnce() -> Option<&'a dyn Debug>) -> Option<String> {
    match catch(|| value().map(|value| text(format_args!("{value:?}")))) {
        Ok(text) => text,
        Err(_) => Some("<Debug panicked>".to_owned()),
    }
}

/// Formats foreign values: escaped, cut, and with a panic contained.
pub(crate) fn text(value: fmt::Arguments<'_>) -> String {
    let mut clean = Clean::default();
    match catch(|| clean.write_fmt(value)) {
        Ok(_) => {}
        Err(_) => clean.0.push_str("<Debug panicked>"),
    }
    clean.0
}

/// Takes what fits, without control characters: one report stays one record.
#[derive(Default)]
struct Clean(String);

impl fmt::Write for Clean {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for char in text.chars() {
            if self.0.len() >= LONGEST {
                if !self.0.ends_with('…') {
                    self.0.push('…');
                }
                return Err(fmt::Error);
            }
            if char.is_control() {
                self.0.extend(char.escape_default());
            } else {
                self.0.push(char);
            }
        }
        Ok(())
    }
}

/// A server ended abnormally.
#[cold]
pub(crate) fn server_terminated(
    header: &Header,
    server: &'static str,
    reason: &ExitReason,
    last: impl FnOnce() -> Option<String>,
    state: impl FnOnce() -> Option<String>,
) {
    let _contained = catch(|| {
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

/// A message nobody has a handler for.
#[cold]
pub(crate) fn unexpected_message(header: &Header, server: &'static str, message: &str) {
    let _contained = catch(|| {
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

/// What a supervisor reports: OTP's contexts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// A child ended, abnormally or though it is permanent.
    ChildTerminated,
    /// A child did not start.
    StartError,
    /// A child ended otherwise than asked when it was shut down.
    ShutdownError,
    /// The restart intensity was reached: the supervisor gives up.
    Shutdown,
    /// A child does not end, whatever is done: it is left behind.
    Zombie,
}

/// A supervisor reports about a child.
#[cold]
pub(crate) fn supervisor(
    header: &Header,
    event: Event,
    child: &ChildSpec,
    pid: Option<Pid>,
    reason: &dyn Display,
) {
    let _contained = catch(|| {
        let supervisor = LazyCell::new(|| header.label());
        let reason = LazyCell::new(|| text(format_args!("{reason}")));
        let id = LazyCell::new(|| text(format_args!("{}", child.id())));
        let pid = LazyCell::new(|| pid.map_or_else(|| "none".to_owned(), |pid| pid.to_string()));
        let (context, did) = match event {
            Event::ChildTerminated => ("child_terminated", "terminated"),
            Event::StartError => ("start_error", "failed to start"),
            Event::ShutdownError => ("shutdown_error", "shut down abnormally"),
            Event::Shutdown => ("shutdown", "caused shutdown"),
            Event::Zombie => ("zombie", "does not end and is left behind"),
        };
        tracing::error!(
            target: "suptree::supervisor",
            parent: None,
            supervisor = %*supervisor,
            context,
            reason = %*reason,
            child = %*id,
            pid = %*pid,
            restart = ?child.restart_type(),
            shutdown = ?child.shutdown_type(),
            r#type = ?child.child_type(),
            "Child {} of Supervisor {} {did}\n** (EXIT) {}\nPid: {}",
            *id,
            *supervisor,
            *reason,
            *pid,
        );
    });
}

/// A supervisor started a child.
pub(crate) fn progress(header: &Header, child: &ChildSpec, pid: Pid) {
    let _contained = catch(|| {
        let supervisor = LazyCell::new(|| header.label());
        let id = LazyCell::new(|| text(format_args!("{}", child.id())));
        tracing::info!(
            target: "suptree::supervisor",
            parent: None,
            supervisor = %*supervisor,
            context = "progress",
            child = %*id,
            pid = %pid,
            restart = ?child.restart_type(),
            shutdown = ?child.shutdown_type(),
            r#type = ?child.child_type(),
            "Child {} of Supervisor {} started",
            *id,
            *supervisor,
        );
    });
}
