//! The report of something that holds its worker.

use std::time::Duration;

use crate::default_handler;
use crate::process::{InHand, Process};
use crate::trace::emit;

/// What the process has in hand has held its worker for so long.
#[cold]
pub(super) fn worker_is_held(process: &dyn Process, held: Duration) {
    let Some(InHand {
        callback,
        handler,
        place,
    }) = process.named_in_hand()
    else {
        return;
    };
    let (header, server) = (process.header(), process.type_name());
    emit(|| {
        let label = header.label();
        let place = place.map_or_else(|| "unknown".to_owned(), ToString::to_string);
        tracing::warn!(
            target: "suptree::watchdog",
            parent: None,
            process = %label,
            pid = %header.pid,
            server,
            callback,
            handler,
            place,
            held = ?held,
            "a worker is held",
        );
        if default_handler::is_wanted() {
            default_handler::print(format_args!(
                "{label} ({server}) has held its worker for {held:?}: {callback} {handler}, at {place}"
            ));
        }
    });
}
