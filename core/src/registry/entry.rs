//! `Entry`: a process under a key, with a value.

use std::fmt;

use crate::guard::Guarded;
use crate::process::Process;
use crate::process::pid::Pid;
use crate::process::process_ref::ProcessRef;
use crate::registry::key::Key;
use crate::sync::Arc;

/// A process that is registered under a key, and its value: what a [`Registry`](crate::Registry) gives of it.
///
/// Cloning is cheap. It shows what the registry had when it was asked: it keeps the value, and does not follow
/// [`update_value`](crate::Registry::update_value). Dropping it does nothing to the registry.
///
/// ```
/// use suptree::Registry;
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::unique();
/// let worker = Worker::start().await?;
/// registry.register_process(&worker, "worker", 7)?;
/// let entry = registry.lookup("worker").expect("it lives");
/// assert_eq!((*entry.key(), *entry.value(), Some(entry.pid())), ("worker", 7, worker.pid()));
/// assert!(entry.process().is_alive());
/// # Ok(()) }
/// ```
pub struct Entry<K, V>(Arc<Registered<K, V>>);

struct Registered<K, V> {
    id: EntryId,
    process: Arc<dyn Process>,
    key: Arc<Key<K>>,
    value: Guarded<V>,
}

/// Which entry: that of its slot, and its own. Neither is used again in a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EntryId {
    pub(crate) slot: u64,
    pub(crate) number: u64,
}

impl<K, V> Entry<K, V> {
    pub(crate) fn new(
        id: EntryId,
        process: Arc<dyn Process>,
        key: Arc<Key<K>>,
        value: Guarded<V>,
    ) -> Self {
        Self(Arc::new(Registered {
            id,
            process,
            key,
            value,
        }))
    }

    /// The same entry with another value.
    pub(crate) fn with_value(&self, value: Guarded<V>) -> Self {
        let (process, key) = (Arc::clone(&self.0.process), Arc::clone(&self.0.key));
        Self::new(self.0.id, process, key, value)
    }

    pub(crate) fn id(&self) -> EntryId {
        self.0.id
    }

    pub(crate) fn hash_code(&self) -> u64 {
        self.0.key.hash_code()
    }

    pub(crate) fn shared_key(&self) -> &Arc<Key<K>> {
        &self.0.key
    }

    pub(crate) fn holder(&self) -> &Arc<dyn Process> {
        &self.0.process
    }

    /// Whether its process lives: one that is stuck, and was let go, is about to be taken out.
    pub(crate) fn is_alive(&self) -> bool {
        self.0.process.header().exit_reason().is_none()
    }

    /// Whether it is this very entry, with this value.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &K {
        self.0.key.get()
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &V {
        self.0.value.get()
    }

    /// The process that is registered.
    #[must_use]
    pub fn pid(&self) -> Pid {
        self.0.process.header().pid
    }

    /// A reference to the process that is registered: to this incarnation.
    #[must_use]
    pub fn process(&self) -> ProcessRef {
        ProcessRef::to(Arc::clone(&self.0.process))
    }
}

impl<K, V> Clone for Entry<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Entry<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("key", self.key())
            .field("value", self.value())
            .field("pid", &self.pid())
            .finish()
    }
}
