//! What servers report, as `tracing` events with the fields of OTP's reports; and the spans that their callbacks run in.
//!
//! A report is made when the state is safe, and nothing user code does in it can hurt: `Debug` and `Display` that panic
//! or fail are contained, long texts cut, control characters escaped.
//!
//! Each fact is a field, and said once: a subscriber shows the fields behind the text of the event.
//!
//! Texts are lazy, and the events ask for them: where nobody listens nothing is formatted. Asking first whether somebody
//! does would miss those who listen through the `log` crate.

use std::cell::LazyCell;

use tracing::{Level, Span};

use crate::default_handler;
use crate::exit_reason::ExitReason;
use crate::gen_server::format_status::Shown;
use crate::gen_server::sys::event::Event;
use crate::process::Header;
use crate::process::monitor::Down;
use crate::process::pid::Pid;
use crate::text::{self, text};
use crate::trace::{GuardedSpan, emit};

/// A callback of a server's, as a span stands for it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callback {
    Init,
    /// With the name of the handler.
    Call(&'static str),
    Cast(&'static str),
    Info(&'static str),
    Continue(&'static str),
    Exit,
    Down,
    Timeout,
    Hibernate,
    Terminate,
}

/// The span of one run of a callback, in whichever task it is. It has no parent: a server lives longer than what it does it for.
/// It follows from the span in which this is called: the sender's. `None`: nobody wants it. With the feature `metrics`, what is measured of
/// a message goes with it.
#[inline(always)]
pub(crate) fn span(
    header: &Header,
    server: &'static str,
    callback: Callback,
) -> Option<Box<GuardedSpan>> {
    #[cfg(feature = "metrics")]
    if !matches!(
        callback,
        Callback::Init | Callback::Hibernate | Callback::Terminate
    ) {
        let span = spanned(header, server, callback);
        return Some(GuardedSpan::measured(span, header.meters(server).message()));
    }
    spanned(header, server, callback)
}

#[inline(always)]
fn spanned(header: &Header, server: &'static str, callback: Callback) -> Option<Box<GuardedSpan>> {
    if GuardedSpan::may_be_wanted(Level::INFO) {
        make_span(header, server, callback)
    } else {
        None
    }
}

#[cold]
#[inline(never)]
fn make_span(
    header: &Header,
    server: &'static str,
    callback: Callback,
) -> Option<Box<GuardedSpan>> {
    macro_rules! span {
        ($callback:literal $(, $field:ident)?) => {
            tracing::info_span!(
                target: "suptree::gen_server",
                parent: None,
                $callback,
                pid = %header.pid,
                name = header.name().map(|name| text(format_args!("{name}"))),
                server,
                $($field,)?
            )
        };
    }
    GuardedSpan::new(|| {
        let span = match callback {
            Callback::Init => span!("init"),
            Callback::Call(handler) => span!("handle_call", handler),
            Callback::Cast(handler) => span!("handle_cast", handler),
            Callback::Info(handler) => span!("handle_info", handler),
            Callback::Continue(handler) => span!("handle_continue", handler),
            Callback::Exit => span!("handle_exit"),
            Callback::Down => span!("handle_down"),
            Callback::Timeout => span!("handle_timeout"),
            Callback::Hibernate => span!("hibernate"),
            Callback::Terminate => span!("terminate"),
        };
        if !span.is_disabled() {
            span.follows_from(Span::current());
        }
        span
    })
}

/// A server ended abnormally.
#[cold]
pub(crate) fn server_terminated(
    header: &Header,
    server: &'static str,
    reason: &ExitReason,
    shown: &dyn Fn() -> Shown,
    log: &[Event],
) {
    emit(|| {
        let process = LazyCell::new(|| header.label());
        let reason = LazyCell::new(|| text(format_args!("{reason}")));
        let shown = LazyCell::new(shown);
        let last = LazyCell::new(|| shown.status.message.as_deref().unwrap_or("none"));
        let state = LazyCell::new(|| {
            let state = shown.status.state.as_deref();
            state.unwrap_or("not shown: no Debug")
        });
        tracing::error!(
            target: "suptree::gen_server",
            parent: None,
            process = %*process,
            pid = %header.pid,
            server = %text::name(format_args!("{server}")),
            reason = %*reason,
            last_message = %*last,
            state = %*state,
            client = shown.client.map(tracing::field::display),
            log = shown_log(log).map(tracing::field::display),
            "GenServer terminating",
        );
        if default_handler::is_wanted() {
            header.course.note_printed();
            default_handler::print(format_args!(
                "GenServer {} ({server}) terminating: {}; last message: {}",
                *process, *reason, *last
            ));
        }
    });
}

/// The last events of a server that keeps them, the last of all at the end.
fn shown_log(log: &[Event]) -> Option<String> {
    let (last, before) = log.split_last()?;
    let mut shown = text::name(format_args!("{last}"));
    for event in before.iter().rev() {
        let longer = text(format_args!("{event}; {shown}"));
        if longer.len() > text::LONGEST_NAME {
            break;
        }
        shown = longer;
    }
    Some(shown)
}

/// A server that is traced does something.
#[cold]
pub(crate) fn traced(header: &Header, event: &Event) {
    emit(|| {
        let process = LazyCell::new(|| header.label());
        tracing::info!(
            target: "suptree::sys",
            parent: None,
            process = %*process,
            pid = %header.pid,
            "{event}",
        );
        if default_handler::is_wanted() {
            default_handler::print(format_args!("*DBG* {} {event}", *process));
        }
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

/// The end of a process that was monitored, and that nobody has a handler for.
#[cold]
pub(crate) fn unexpected_down(header: &Header, server: &'static str, down: &Down) {
    let what = match &down.name {
        Some(name) => format!("{}, by the name {}", down.pid, text(format_args!("{name}"))),
        None => down.pid.to_string(),
    };
    let reason = text(format_args!("{}", down.reason));
    unexpected_message(header, server, &format!("the end of {what}: {reason}"));
}

/// A timeout that nobody has a handler for.
#[cold]
pub(crate) fn unexpected_timeout(header: &Header, server: &'static str) {
    unexpected_message(header, server, "a timeout");
}

/// A full mailbox has dropped its oldest message, of which this is the last.
#[cold]
pub(crate) fn messages_dropped(header: &Header, server: &'static str, message: &str, dropped: u64) {
    emit(|| {
        let process = LazyCell::new(|| header.label());
        tracing::warn!(
            target: "suptree::gen_server",
            parent: None,
            process = %*process,
            pid = %header.pid,
            server,
            message_dropped = message,
            dropped,
            "GenServer drops messages: its mailbox is full",
        );
    });
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
            received = %text(format_args!("{message}")),
            "GenServer received an unexpected message",
        );
    });
}
