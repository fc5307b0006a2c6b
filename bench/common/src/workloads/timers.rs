//! Casts that are sent later: a million timers of one server.

use std::time::{Duration, Instant};

use super::memory::resident_bytes;
use crate::system::{Later, Mailbox};

/// What a timer costs, of so many.
pub(super) struct Timers {
    pub(super) set: f64,
    pub(super) cancel: f64,
    pub(super) bytes: f64,
}

/// `n` timers are set, in no order of their times, all of them beyond the run; and cancelled.
pub(super) async fn set_and_cancel<S: Later>(n: u64) -> Timers {
    let server = S::start(Mailbox::Default).await;
    let client = S::client(&server);
    // The first pays for what all share.
    S::cancel_all(S::set_all(&client, vec![HOUR]).await).await;
    let times = (0..n)
        .map(|at| HOUR + Duration::from_millis(at * 7_919 % n))
        .collect();
    let before = resident_bytes();
    let begin = Instant::now();
    let timers = S::set_all(&client, times).await;
    let set = begin.elapsed();
    let after = resident_bytes();
    let begin = Instant::now();
    S::cancel_all(timers).await;
    let cancel = begin.elapsed();
    drop(server);
    let each = |duration: Duration| duration.as_nanos() as f64 / n as f64;
    Timers {
        set: each(set),
        cancel: each(cancel),
        bytes: after.saturating_sub(before) as f64 / n as f64,
    }
}

const HOUR: Duration = Duration::from_secs(3_600);
