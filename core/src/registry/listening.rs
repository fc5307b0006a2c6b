//! `Listening`: who hears of what happens in a registry.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::guard::WakerSlot;
use crate::process::deferred;
use crate::process::names::HashItself;
use crate::registry::events::{Queue, RegistryEvent};
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Mutex, lock};

/// Who listens: to everything, or to the keys of one hash.
pub(super) struct Listening<K, V> {
    /// Whether anybody ever has: most registries have nobody.
    begun: AtomicBool,
    queues: Mutex<Queues<K, V>>,
}

struct Queues<K, V> {
    to_all: List<K, V>,
    to_hashes: HashMap<u64, List<K, V>, BuildHasherDefault<HashItself>>,
}

type List<K, V> = Vec<Arc<Queue<K, V>>>;

/// Those who have something to hear, to be woken outside of the locks.
#[derive(Default)]
#[must_use = "who listens is woken by `notify`"]
pub(super) struct Told(Vec<WakerSlot>);

impl Told {
    pub(super) fn notify(self) {
        self.0.into_iter().for_each(deferred::wake);
    }
}

impl<K, V> Default for Listening<K, V> {
    fn default() -> Self {
        Self {
            begun: AtomicBool::new(false),
            queues: Mutex::new(Queues {
                to_all: Vec::new(),
                to_hashes: HashMap::default(),
            }),
        }
    }
}

impl<K, V> Listening<K, V> {
    pub(super) fn to_all(&self) -> Arc<Queue<K, V>> {
        let queue = Queue::new(None);
        let mut queues = lock(&self.queues);
        queues.to_all.push(Arc::clone(&queue));
        self.begun.store(true, Ordering::Release);
        drop(queues);
        queue
    }

    /// Called under the lock of the shard of this hash: nothing is missed between.
    pub(super) fn to_hash(&self, hash: u64) -> Arc<Queue<K, V>> {
        let queue = Queue::new(Some(hash));
        let mut queues = lock(&self.queues);
        let listeners = queues.to_hashes.entry(hash).or_default();
        listeners.push(Arc::clone(&queue));
        self.begun.store(true, Ordering::Release);
        drop(queues);
        queue
    }

    /// Tells of an event, under the lock of its key, so that those of one key are told in order.
    pub(super) fn tell(&self, hash: u64, event: RegistryEvent<K, V>, told: &mut Told) {
        if !self.begun.load(Ordering::Acquire) {
            return;
        }
        let queues = lock(&self.queues);
        let to_hash = queues.to_hashes.get(&hash).into_iter().flatten();
        for queue in queues.to_all.iter().chain(to_hash) {
            told.0.extend(queue.push(event.clone()));
        }
    }

    pub(super) fn forget(&self, queue: &Arc<Queue<K, V>>) {
        let mut queues = lock(&self.queues);
        let forget = |list: &mut List<K, V>| {
            let at = list.iter().position(|listed| Arc::ptr_eq(listed, queue));
            at.map(|at| list.swap_remove(at))
        };
        let forgotten = match queue.hash() {
            None => forget(&mut queues.to_all),
            Some(hash) => {
                let list = queues.to_hashes.get_mut(&hash);
                let forgotten = list.and_then(forget);
                if queues.to_hashes.get(&hash).is_some_and(Vec::is_empty) {
                    queues.to_hashes.remove(&hash);
                }
                forgotten
            }
        };
        drop(queues);
        // With what it holds, which is a user's.
        drop(forgotten);
    }

    /// There will be no more: the registry is gone.
    pub(super) fn close(&self) {
        let mut told = Told::default();
        let queues = lock(&self.queues);
        for queue in queues
            .to_all
            .iter()
            .chain(queues.to_hashes.values().flatten())
        {
            told.0.extend(queue.close());
        }
        drop(queues);
        told.notify();
    }
}
