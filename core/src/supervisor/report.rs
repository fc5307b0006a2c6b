//! What supervisors report, as `tracing` events with the fields of OTP's reports.
//!
//! A report is made when the state is safe, and nothing user code does in it can hurt: `Debug` and `Display` that panic
//! or fail are contained, long texts cut, control characters escaped.
//!
//! Each fact is a field, and said once: a subscriber shows the fields behind the text of the event.
//!
//! Texts are lazy, and the events ask for them: where nobody listens nothing is formatted. Asking first whether somebody
//! does would miss those who listen through the `log` crate.

use std::cell::LazyCell;
use std::fmt::Display;
use std::time::Duration;

use crate::default_handler;
use crate::exit_reason::ExitReason;
use crate::process::Header;
use crate::process::pid::Pid;
use crate::supervisor::child_spec::ChildSpec;
use crate::text::text;
use crate::trace::emit;

/// What a supervisor reports: OTP's contexts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ReportContext {
    /// A child ended, abnormally or though it is permanent.
    ChildTerminated {
        /// It has not printed a line of its own, and has ended abnormally.
        prints: bool,
    },
    /// A child did not start.
    StartError,
    /// A child ended otherwise than asked when it was shut down.
    ShutdownError,
    /// A child does not end, whatever is done: it is left behind.
    Zombie,
}

/// A supervisor reports about a child.
#[cold]
pub(crate) fn supervisor(
    header: &Header,
    context: ReportContext,
    child: &ChildSpec,
    pid: Option<Pid>,
    reason: &dyn Display,
) {
    emit(|| {
        let supervisor = LazyCell::new(|| header.label());
        let reason = LazyCell::new(|| text(format_args!("{reason}")));
        let id = LazyCell::new(|| text(format_args!("{}", child.id())));
        let pid = LazyCell::new(|| pid.map_or_else(|| "none".to_owned(), |pid| pid.to_string()));
        let prints = !matches!(context, ReportContext::ChildTerminated { prints: false });
        let (context, did) = match context {
            ReportContext::ChildTerminated { .. } => ("child_terminated", "terminated"),
            ReportContext::StartError => ("start_error", "failed to start"),
            ReportContext::ShutdownError => ("shutdown_error", "shut down abnormally"),
            ReportContext::Zombie => ("zombie", "does not end and is left behind"),
        };
        tracing::error!(
            target: "suptree::supervisor",
            parent: None,
            supervisor = %*supervisor,
            context,
            reason = %*reason,
            child = %*id,
            pid = %*pid,
            start = child.type_name(),
            restart = ?child.restart_type(),
            significant = child.is_significant(),
            shutdown = ?child.shutdown_type(),
            r#type = ?child.child_type(),
            "Child {did}",
        );
        if prints && default_handler::is_wanted() {
            default_handler::print(format_args!(
                "child {} ({}, {}) of {} {did}: {}",
                *id,
                *pid,
                child.type_name(),
                *supervisor,
                *reason
            ));
        }
    });
}

/// A supervisor has reached its restart intensity, and gives up: with how it came to it, and where it stands in its tree.
#[cold]
pub(crate) fn gave_up(
    header: &Header,
    child: &ChildSpec,
    (max_restarts, window): (u32, Duration),
    restarts: &dyn Display,
    path: &dyn Display,
) {
    emit(|| {
        let supervisor = LazyCell::new(|| header.label());
        let id = LazyCell::new(|| text(format_args!("{}", child.id())));
        let restarts = LazyCell::new(|| text(format_args!("{restarts}")));
        let path = LazyCell::new(|| text(format_args!("{path}")));
        tracing::error!(
            target: "suptree::supervisor",
            parent: None,
            supervisor = %*supervisor,
            path = %*path,
            context = "shutdown",
            reason = "reached_max_restart_intensity",
            max_restarts,
            max_seconds = window.as_secs(),
            restarts = %*restarts,
            child = %*id,
            pid = "none",
            start = child.type_name(),
            restart = ?child.restart_type(),
            significant = child.is_significant(),
            shutdown = ?child.shutdown_type(),
            r#type = ?child.child_type(),
            "Child caused shutdown",
        );
        if default_handler::is_wanted() {
            default_handler::print(format_args!(
                "supervisor {} gives up on child {} ({}): {}",
                *path,
                *id,
                child.type_name(),
                *restarts
            ));
        }
    });
}

/// A supervisor ends of a bug of the crate's own.
#[cold]
pub(crate) fn crashed(header: &Header, reason: &ExitReason) {
    emit(|| {
        let supervisor = LazyCell::new(|| header.label());
        let reason = LazyCell::new(|| text(format_args!("{reason}")));
        tracing::error!(
            target: "suptree::supervisor",
            parent: None,
            supervisor = %*supervisor,
            context = "crashed",
            reason = %*reason,
            "Supervisor terminating",
        );
        if default_handler::is_wanted() {
            default_handler::print(format_args!(
                "supervisor {} terminating: {}",
                *supervisor, *reason
            ));
        }
    });
}

/// A supervisor started a child.
pub(crate) fn progress(header: &Header, child: &ChildSpec, pid: Pid) {
    emit(|| {
        let supervisor = LazyCell::new(|| header.label());
        let id = LazyCell::new(|| text(format_args!("{}", child.id())));
        tracing::info!(
            target: "suptree::supervisor",
            parent: None,
            supervisor = %*supervisor,
            context = "progress",
            child = %*id,
            pid = %pid,
            start = child.type_name(),
            restart = ?child.restart_type(),
            significant = child.is_significant(),
            shutdown = ?child.shutdown_type(),
            r#type = ?child.child_type(),
            "Child started",
        );
    });
}

/// A process does not end, whatever is done: it is left behind, in the name of its supervisor.
#[cold]
pub(crate) fn left_behind(header: &Header, child: &dyn Display, reason: &str) {
    emit(|| {
        let supervisor = LazyCell::new(|| {
            let parent = header.parent;
            parent.map_or_else(
                || "none".to_owned(),
                |parent| {
                    let parent = header.node.process(parent);
                    parent.map_or_else(String::new, |parent| parent.header().label())
                },
            )
        });
        let child = LazyCell::new(|| text(format_args!("{child}")));
        tracing::error!(
            target: "suptree::supervisor",
            parent: None,
            supervisor = %*supervisor,
            context = "zombie",
            reason,
            child = %*child,
            pid = %header.pid,
            "Child {} of Supervisor {} does not end and is left behind\n** (EXIT) {reason}\nPid: {}",
            *child,
            *supervisor,
            header.pid,
        );
        if default_handler::is_wanted() {
            default_handler::print(format_args!(
                "child {} ({}) of {} does not end and is left behind: {reason}",
                *child, header.pid, *supervisor
            ));
        }
    });
}
