//! What tasks report, as `tracing` events with the fields of Elixir's reports.

use std::cell::LazyCell;

use super::callers::ancestors_of;
use super::process::TaskProcess;
use crate::default_handler;
use crate::exit_reason::ExitReason;
use crate::process::pid::Pid;
use crate::process::{Header, Process as _};
use crate::text::text;
use crate::trace::emit;

/// A task ended abnormally, by itself.
#[cold]
pub(super) fn task_terminated(task: &TaskProcess, reason: &ExitReason) {
    let header = task.header();
    emit(|| {
        let parent = LazyCell::new(|| {
            let parent = task.callers().first().copied().or(header.parent);
            let parent = parent.and_then(|parent| header.node.process(parent));
            parent.map_or_else(|| "none".to_owned(), |parent| parent.header().label())
        });
        let reason = LazyCell::new(|| text(format_args!("{reason}")));
        let callers = LazyCell::new(|| list(task.callers()));
        let ancestors = LazyCell::new(|| list(&ancestors_of(header.pid)));
        tracing::error!(
            target: "suptree::task",
            parent: None,
            process = %header.pid,
            pid = %header.pid,
            started_from = %*parent,
            task = task.type_name(),
            reason = %*reason,
            callers = %*callers,
            ancestors = %*ancestors,
            "Task terminating",
        );
        if default_handler::is_wanted() {
            header.course.note_printed();
            default_handler::print(format_args!(
                "Task {} ({}) terminating: {}",
                header.pid,
                task.type_name(),
                *reason
            ));
        }
    });
}

/// Processes, the nearest first.
fn list(pids: &[Pid]) -> String {
    if pids.is_empty() {
        return "none".to_owned();
    }
    let pids: Vec<_> = pids.iter().map(ToString::to_string).collect();
    pids.join(", ")
}

/// A task was killed by its owner, and its poll does not return: nobody waits for it any more.
#[cold]
pub(super) fn task_left_behind(header: &Header, task: &'static str) {
    emit(|| {
        tracing::error!(
            target: "suptree::task",
            parent: None,
            process = %header.pid,
            pid = %header.pid,
            task,
            "Task does not end, and is left behind: it blocks its thread",
        );
    });
}
