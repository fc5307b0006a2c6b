//! What tasks report, as `tracing` events with the fields of Elixir's reports.

use std::cell::LazyCell;

use crate::default_handler;
use crate::exit_reason::ExitReason;
use crate::process::Header;
use crate::text::text;
use crate::trace::emit;

/// A task ended abnormally, by itself.
#[cold]
pub(super) fn task_terminated(header: &Header, task: &'static str, reason: &ExitReason) {
    emit(|| {
        let parent = LazyCell::new(|| {
            let parent = header.parent.and_then(|parent| header.node.process(parent));
            parent.map_or_else(|| "none".to_owned(), |parent| parent.header().label())
        });
        let reason = LazyCell::new(|| text(format_args!("{reason}")));
        tracing::error!(
            target: "suptree::task",
            parent: None,
            process = %header.pid,
            pid = %header.pid,
            started_from = %*parent,
            task,
            reason = %*reason,
            "Task terminating",
        );
        if default_handler::is_wanted() {
            header.course.note_printed();
            default_handler::print(format_args!(
                "Task {} ({task}) terminating: {}",
                header.pid, *reason
            ));
        }
    });
}
