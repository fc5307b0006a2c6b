//! Stopping a server and waiting for its end: in place if it is idle, as its calls are answered, else by its own task.

use std::future::poll_fn;
use std::task::Poll;

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::cell::Cell;
use crate::process::monitor::monitor;
use crate::process::stop::{self, StopError};
use crate::sync::Arc;

/// Stops a server in order: what is queued is handled, `terminate` runs.
pub(super) async fn stop<S: GenServer>(
    cell: Arc<Cell<S>>,
    reason: ExitReason,
) -> Result<(), StopError> {
    let ends = poll_fn(|cx| Poll::Ready(cell.try_stop(&reason, cx))).await;
    if !ends {
        let ask = || cell.request_stop(reason.clone());
        return stop::stop(cell.pid(), &reason, ask).await;
    }
    if cell.header().exit_reason().is_none() {
        // Its `terminate` waits for something.
        monitor(cell.pid()).await;
    }
    let ended = cell.header().exit_reason().cloned();
    stop::judge(&reason, ended.unwrap_or(ExitReason::NoProc))
}
