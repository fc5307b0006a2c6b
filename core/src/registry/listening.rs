//! `Listening`: who hears of what happens in a registry.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use crate::burst;
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
    next: u64,
    to_all: List<K, V>,
    to_hashes: HashMap<u64, List<K, V>, BuildHasherDefault<HashItself>>,
}

/// By their numbers: each is forgotten without a look at the others.
type List<K, V> = BTreeMap<u64, Arc<Queue<K, V>>>;

impl<K, V> Queues<K, V> {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

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
                next: 0,
                to_all: List::new(),
                to_hashes: HashMap::default(),
            }),
        }
    }
}

impl<K, V> Listening<K, V> {
    pub(super) fn to_all(&self) -> Arc<Queue<K, V>> {
        let mut queues = lock(&self.queues);
        let number = queues.number();
        let queue = Queue::new(number, None);
        queues.to_all.insert(number, Arc::clone(&queue));
        self.begun.store(true, Ordering::Release);
        drop(queues);
        queue
    }

    /// Called under the lock of the shard of this hash: nothing is missed between.
    pub(super) fn to_hash(&self, hash: u64) -> Arc<Queue<K, V>> {
        let mut queues = lock(&self.queues);
        let number = queues.number();
        let queue = Queue::new(number, Some(hash));
        let listeners = queues.to_hashes.entry(hash).or_default();
        listeners.insert(number, Arc::clone(&queue));
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
        let to_hash = queues.to_hashes.get(&hash).into_iter();
        let to_hash = to_hash.flat_map(List::values);
        for queue in queues.to_all.values().chain(to_hash) {
            told.0.extend(queue.push(event.clone()));
        }
    }

    pub(super) fn forget(&self, queue: &Arc<Queue<K, V>>) {
        let mut queues = lock(&self.queues);
        let forgotten = match queue.hash() {
            None => queues.to_all.remove(&queue.number()),
            Some(hash) => {
                let list = queues.to_hashes.get_mut(&hash);
                let forgotten = list.and_then(|list| list.remove(&queue.number()));
                if queues.to_hashes.get(&hash).is_some_and(List::is_empty) {
                    queues.to_hashes.remove(&hash);
                    burst::shrink_table(&mut queues.to_hashes);
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
        let to_hashes = queues.to_hashes.values().flat_map(List::values);
        for queue in queues.to_all.values().chain(to_hashes) {
            told.0.extend(queue.close());
        }
        drop(queues);
        told.notify();
    }
}
