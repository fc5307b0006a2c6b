//! What the workers of a runtime have done, as far as its scheduler tells.

use std::time::Duration;

use super::Runtime;

/// What the workers had done up to a moment: each that is awake, by how often it has parked and for how long it has worked. The
/// scheduler counts between its tasks, so both stand still while a task is polled.
#[derive(Debug, Default)]
pub(crate) struct WorkerBeats(Vec<Option<(u64, Duration)>>);

impl Runtime {
    pub(crate) fn worker_beats(&self) -> WorkerBeats {
        match self {
            Self::Tokio(handle) => WorkerBeats::of(&handle.metrics()),
            #[cfg(feature = "sim")]
            Self::Sim(_) => WorkerBeats::default(),
            #[cfg(suptree_shuttle)]
            Self::Checked(_) => WorkerBeats::default(),
        }
    }
}

impl WorkerBeats {
    #[cfg(target_has_atomic = "64")]
    fn of(metrics: &tokio::runtime::RuntimeMetrics) -> Self {
        let beat = |worker| {
            let parks = metrics.worker_park_unpark_count(worker);
            let awake = parks.is_multiple_of(2);
            awake.then(|| (parks, metrics.worker_total_busy_duration(worker)))
        };
        Self((0..metrics.num_workers()).map(beat).collect())
    }

    /// Nothing is counted here: any of them may be stuck.
    #[cfg(not(target_has_atomic = "64"))]
    fn of(_metrics: &tokio::runtime::RuntimeMetrics) -> Self {
        Self(vec![Some((0, Duration::ZERO))])
    }

    /// Whether one of them may have been in one poll all the time.
    pub(crate) fn is_stuck_since(&self, before: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&before.0);
        pairs.any(|(now, before)| now.is_some() && now == before)
    }
}
