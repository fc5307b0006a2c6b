//! Children that are dead, and whose exits do not come: what they hold is dropped first, and a destructor may block.
//!
//! The supervisor is not told of a death before that. So somebody looks, a moment after the first of several deaths, whether the exits
//! have come; the rest is done by the supervisor itself (`driver/let_go.rs`).

use std::time::Duration;

use crate::rt;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::Arc;

/// When an exit is late.
const LATE: Duration = Duration::from_millis(10);

/// Looks after the exits that are on their way, once.
pub(super) fn watch(supervisor: &Arc<SupervisorProcess>) {
    // No task of the checker's: it would be another one for each death, and no time passes.
    if cfg!(suptree_shuttle) {
        return;
    }
    let runtime = supervisor.header().node.runtime.clone();
    let watched = Arc::downgrade(supervisor);
    let there = runtime.clone();
    runtime.spawn(async move {
        there.sleep_until(rt::deadline(LATE)).await;
        if let Some(supervisor) = watched.upgrade() {
            supervisor.look_for_late();
        }
    });
    // The thread may be the one that is about to be blocked.
    rt::leave_next_turn();
}
