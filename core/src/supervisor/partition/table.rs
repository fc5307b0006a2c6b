//! `Table`: the handles of the partitions, and how many of them keys are divided between. It outlives the supervisor's restarts, so
//! that a handle follows its partition.

use std::any::Any;
use std::ops::Deref;

use crate::planted::{Bug, planted};
use crate::supervisor::child_spec::startable::Child;
use crate::supervisor::kept_handle::KeptHandle;
use crate::sync::{Arc, PoisonError, RwLock};

pub(super) struct Table<C: Child>(RwLock<Divided<C>>);

/// The partitions at one moment: a list of the handles that keys lead to.
pub(super) struct Divided<C: Child> {
    /// Those of all that the supervisor has started with.
    handles: Arc<[KeptHandle<C>]>,
    /// Between so many of them keys are divided.
    between: usize,
}

impl<C: Child> Deref for Divided<C> {
    type Target = [KeptHandle<C>];

    fn deref(&self) -> &[KeptHandle<C>] {
        &self.handles[..self.between]
    }
}

/// A table of partitions, whatever their type, as their supervisor has it.
pub(in crate::supervisor) trait AnyTable: Send + Sync {
    /// Between how many partitions keys are divided.
    fn between(&self) -> usize;

    /// How many partitions there may be.
    fn most(&self) -> usize;

    /// Keys are divided between so many from now on; there are at least as many.
    fn divide(&self, between: usize);

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<C: Child> Table<C> {
    /// Without a partition.
    pub(super) fn new() -> Self {
        Self(RwLock::new(Divided {
            handles: Arc::from([]),
            between: 0,
        }))
    }

    pub(super) fn get(&self) -> Divided<C> {
        let divided = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Divided {
            handles: Arc::clone(&divided.handles),
            between: divided.between,
        }
    }

    /// A supervisor starts with so many partitions. Those that there were keep their handles.
    pub(super) fn begin(&self, partitions: usize) -> Arc<[KeptHandle<C>]> {
        let before = if planted(Bug::PartitionsForgotten) {
            Arc::from([])
        } else {
            self.get().handles
        };
        let handles = if before.len() == partitions {
            before
        } else {
            // Handles are a user's: made and dropped outside of the lock.
            let kept = before.iter().take(partitions).cloned();
            let mut handles: Vec<_> = kept.collect();
            handles.resize_with(partitions, KeptHandle::vacant);
            handles.into()
        };
        let begun = Divided {
            handles: Arc::clone(&handles),
            between: partitions,
        };
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let replaced = std::mem::replace(&mut *table, begun);
        drop(table);
        drop(replaced);
        handles
    }
}

impl<C: Child> AnyTable for Table<C> {
    fn between(&self) -> usize {
        self.get().between
    }

    fn most(&self) -> usize {
        self.get().handles.len()
    }

    fn divide(&self, between: usize) {
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        table.between = between.min(table.handles.len());
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
