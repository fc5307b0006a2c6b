//! `Table`: the handles of the partitions. It outlives the supervisor's restarts, so that a handle follows its partition.

use crate::planted::{Bug, planted};
use crate::supervisor::child_spec::Child;
use crate::sync::{Arc, PoisonError, RwLock};

pub(super) struct Table<C: Child>(RwLock<Arc<[C::Handle]>>);

impl<C: Child> Table<C> {
    /// Without a partition.
    pub(super) fn new() -> Self {
        Self(RwLock::new(Arc::from([])))
    }

    pub(super) fn get(&self) -> Arc<[C::Handle]> {
        let handles = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&handles)
    }

    /// There are so many partitions. Those that there were keep their handles.
    pub(super) fn resize(&self, partitions: usize) -> Arc<[C::Handle]> {
        let before = self.get();
        if before.len() == partitions && !planted(Bug::PartitionsForgotten) {
            return before;
        }
        // Handles are a user's: made, cloned and dropped outside of the lock.
        let kept = if planted(Bug::PartitionsForgotten) {
            0
        } else {
            partitions
        };
        let kept = before.iter().take(kept).cloned();
        let mut handles: Vec<_> = kept.collect();
        handles.resize_with(partitions, C::vacant);
        let handles: Arc<[C::Handle]> = handles.into();
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let replaced = std::mem::replace(&mut *table, Arc::clone(&handles));
        drop(table);
        drop(replaced);
        handles
    }
}
