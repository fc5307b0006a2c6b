//! `Nodes`: the nodes of the runtimes that live, found by their numbers and by their runtimes, however many there are.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::rt::RuntimeId;
use crate::sync::Arc;

/// Which node is meant.
#[derive(Clone, Copy)]
pub(super) enum Which {
    /// The one with this number, which the pids of its processes have.
    Numbered(u32),
    /// The one of a runtime, unless it shuts down.
    OfRuntime(RuntimeId),
}

/// The nodes of the runtimes that live.
pub(super) struct Nodes<N> {
    by_number: HashMap<u32, Arc<N>, FixedState>,
    numbers: HashMap<RuntimeId, u32, FixedState>,
}

impl<N> Nodes<N> {
    pub(super) const fn new() -> Self {
        Self {
            by_number: HashMap::with_hasher(FixedState::with_seed(0)),
            numbers: HashMap::with_hasher(FixedState::with_seed(1)),
        }
    }

    pub(super) fn insert(&mut self, number: u32, runtime: RuntimeId, node: Arc<N>) {
        self.numbers.insert(runtime, number);
        self.by_number.insert(number, node);
    }

    /// What is returned is dropped outside the lock.
    pub(super) fn remove(&mut self, runtime: RuntimeId) -> Option<Arc<N>> {
        let number = self.numbers.remove(&runtime)?;
        self.by_number.remove(&number)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<N>> {
        self.by_number.values()
    }

    pub(super) fn find(&self, which: Which) -> Option<&Arc<N>> {
        match which {
            Which::Numbered(node) => self.by_number.get(&node),
            Which::OfRuntime(runtime) => self.by_number.get(self.numbers.get(&runtime)?),
        }
    }
}
