//! `Table`: what the handles of a registry share. Every change of it is here.

use std::collections::{BTreeMap, HashMap};

use crate::burst;
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::Process;
use crate::process::pid::{Pid, PidHash};
use crate::process::rolls::{Roll, RollNumber, Struck};
use crate::registry::entry::{Entry, EntryId};
use crate::registry::events::{Queue, RegistryEvent};
use crate::registry::key::{Key, Wanted, has_destructor, wanted_again};
use crate::registry::listening::{Listening, Told};
use crate::registry::shard::{Candidates, Shard};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, GlobalAtomicU64, GlobalOrdering, Mutex, Weak, lock};

/// How many locks there are for the slots, and how many for the owners: enough that threads seldom meet at one.
const SHARDS: u64 = 32;

static NEXT_TABLE: GlobalAtomicU64 = GlobalAtomicU64::new(1);

pub(crate) struct Table<K, V> {
    number: RollNumber,
    me: Weak<Self>,
    shards: Apart<Shard<K, V>>,
    owners: Apart<Owners<K, V>>,
    next: AtomicU64,
    listening: Listening<K, V>,
}

/// One after the other has a lock of its own, in a cache line of its own, so that it is not in the way of the next.
type Apart<T> = Box<[Line<T>]>;

#[repr(align(64))]
struct Line<T>(Mutex<T>);

/// The entries of some processes.
type Owners<K, V> = HashMap<Pid, Owned<K, V>, PidHash>;
/// The entries of one process, in the order in which they were registered.
type Owned<K, V> = BTreeMap<EntryId, Entry<K, V>>;

/// Who is registered under a key, and what happens from then on.
type Listened<K, V> = (Vec<Entry<K, V>>, Arc<Queue<K, V>>);

/// A process that could not be registered.
pub(crate) struct Refused<K, V> {
    /// Who has the key. `None`: the process is dead.
    pub(crate) holder: Option<Pid>,
    pub(crate) key: K,
    pub(crate) value: V,
}

impl<K, V> Table<K, V> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            number: NEXT_TABLE.fetch_add(1, GlobalOrdering::Relaxed),
            me: Weak::clone(me),
            shards: (0..SHARDS).map(|_| Line(Mutex::default())).collect(),
            owners: (0..SHARDS).map(|_| Line(Mutex::default())).collect(),
            next: AtomicU64::new(1),
            listening: Listening::default(),
        })
    }

    fn shard(&self, hash: u64) -> &Mutex<Shard<K, V>> {
        // Other bits of the hash than those that the tables of a shard use.
        let at = (hash >> 32) % SHARDS;
        &self.shards[usize::try_from(at).unwrap_or(0)].0
    }

    fn owners(&self, pid: Pid) -> &Mutex<Owners<K, V>> {
        let at = pid.serial() % SHARDS;
        &self.owners[usize::try_from(at).unwrap_or(0)].0
    }

    // ===== what is there =====

    fn candidates(&self, hash: u64) -> Candidates<K, V> {
        lock(self.shard(hash)).candidates(hash)
    }

    /// Who was first of those that are registered under this key. User code.
    pub(crate) fn first(&self, wanted: Wanted<'_, K>) -> Option<Entry<K, V>> {
        let candidates = self.candidates(wanted.hash);
        candidates
            .iter()
            .find(|entry| (wanted.is)(entry.key()))
            .cloned()
    }

    /// Those who are registered under this key and live. User code.
    pub(crate) fn lookup(&self, wanted: Wanted<'_, K>) -> Vec<Entry<K, V>> {
        let Some(first) = self.first(wanted) else {
            return Vec::new();
        };
        let mut found = lock(self.shard(wanted.hash)).entries(wanted.hash, first.id().slot);
        found.retain(Entry::is_alive);
        found
    }

    /// How many are registered under this key and live. User code.
    pub(crate) fn count_under(&self, wanted: Wanted<'_, K>) -> usize {
        self.first(wanted).map_or(0, |first| {
            let shard = lock(self.shard(wanted.hash));
            shard.living(wanted.hash, first.id().slot).count()
        })
    }

    /// Whether anybody is registered under this key who lives. User code.
    pub(crate) fn is_any_under(&self, wanted: Wanted<'_, K>) -> bool {
        self.first(wanted).is_some_and(|first| {
            let shard = lock(self.shard(wanted.hash));
            let mut living = shard.living(wanted.hash, first.id().slot);
            living.next().is_some()
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.shards.iter().map(|shard| lock(&shard.0).len()).sum()
    }

    /// Every entry whose process lives.
    pub(crate) fn all(&self) -> Vec<Entry<K, V>> {
        let mut all = Vec::new();
        for shard in &self.shards {
            all.extend(lock(&shard.0).all().cloned());
        }
        all.retain(Entry::is_alive);
        all.sort_unstable_by_key(|entry| entry.id().number);
        all
    }

    /// The entries of a process, if it lives.
    pub(crate) fn owned(&self, pid: Pid) -> Vec<Entry<K, V>> {
        let owners = lock(self.owners(pid));
        let owned = owners.get(&pid).into_iter().flat_map(BTreeMap::values);
        owned.filter(|entry| entry.is_alive()).cloned().collect()
    }

    /// The entries of a process under one key, if it lives. User code.
    pub(crate) fn owned_under(&self, pid: Pid, wanted: Wanted<'_, K>) -> Vec<Entry<K, V>> {
        self.some_owned_under(pid, wanted, usize::MAX)
    }

    /// The first entry of a process under one key, if it lives. User code.
    pub(crate) fn first_owned_under(&self, pid: Pid, wanted: Wanted<'_, K>) -> Option<Entry<K, V>> {
        self.some_owned_under(pid, wanted, 1).pop()
    }

    fn some_owned_under(&self, pid: Pid, wanted: Wanted<'_, K>, most: usize) -> Vec<Entry<K, V>> {
        let Some(first) = self.first(wanted) else {
            return Vec::new();
        };
        let slot = |number| EntryId {
            slot: first.id().slot,
            number,
        };
        let owners = lock(self.owners(pid));
        let owned = owners.get(&pid).into_iter();
        let under = owned.flat_map(|owned| owned.range(slot(0)..=slot(u64::MAX)));
        let under = under
            .map(|(_, entry)| entry)
            .filter(|entry| entry.is_alive());
        under.take(most).cloned().collect()
    }

    // ===== what is told =====

    /// What happens from here on, of every key.
    pub(crate) fn listen(&self) -> Arc<Queue<K, V>> {
        self.listening.to_all()
    }

    /// Who is registered under this key, and what happens from then on. Events of other keys of the same hash are among it.
    /// User code.
    pub(crate) fn listen_to(&self, wanted: Wanted<'_, K>) -> Listened<K, V> {
        let hash = wanted.hash;
        loop {
            let known = self.candidates(hash);
            let found = known.iter().find(|entry| (wanted.is)(entry.key()));
            let slot = found.map(|entry| entry.id().slot);
            let shard = lock(self.shard(hash));
            let there = shard.candidates(hash);
            let same = known.are(&there);
            let entries = slot.map_or_else(Vec::new, |slot| shard.entries(hash, slot));
            let queue = same.then(|| self.listening.to_hash(hash));
            drop(shard);
            if let Some(queue) = queue {
                return (entries, queue);
            }
        }
    }

    pub(crate) fn stop_listening(&self, queue: &Arc<Queue<K, V>>) {
        self.listening.forget(queue);
    }
}

impl<K: Eq + Send + Sync + 'static, V: Send + Sync + 'static> Table<K, V> {
    // ===== what changes =====

    /// Registers a process. User code: the key is compared.
    pub(crate) fn register(
        &self,
        process: &Arc<dyn Process>,
        key: Key<K>,
        value: V,
        unique: bool,
    ) -> Result<(), Refused<K, V>> {
        let (key, mut value) = (Arc::new(key), Some(Guarded::new(value)));
        let refused = self.add(process, &key, &mut value, unique);
        refused.map_err(|holder| Refused::new(holder, key, value))
    }

    /// Registers a process under a key that others may have, which is known.
    ///
    /// # Errors
    ///
    /// It is dead.
    pub(crate) fn register_again(
        &self,
        process: &Arc<dyn Process>,
        key: &Arc<Key<K>>,
        value: V,
    ) -> Result<(), Option<Pid>> {
        self.add(process, key, &mut Some(Guarded::new(value)), false)
    }

    /// Registers a process, and takes the value.
    ///
    /// # Errors
    ///
    /// Who has the key; `None`: the process is dead. The value is left.
    fn add(
        &self,
        process: &Arc<dyn Process>,
        key: &Arc<Key<K>>,
        value: &mut Option<Guarded<V>>,
        unique: bool,
    ) -> Result<(), Option<Pid>> {
        let hash = key.hash_code();
        let header = process.header();
        loop {
            if header.exit_reason().is_some() {
                return Err(None);
            }
            let known = self.candidates(hash);
            let is = |entry: &&Entry<K, V>| wanted_again(key, |wanted| (wanted.is)(entry.key()));
            let found = known.iter().find(is);
            if let Some(holder) = found.filter(|holder| unique && holder.is_alive()) {
                return Err(Some(holder.pid()));
            }
            let (stale, shared) = if unique { (found, None) } else { (None, found) };

            let mut owners = lock(self.owners(header.pid));
            let mut shard = lock(self.shard(hash));
            let there = shard.candidates(hash);
            if !known.are(&there) {
                drop((shard, owners));
                continue;
            }
            let mut told = Told::default();
            let replaced = stale.and_then(|stale| shard.remove(hash, stale.id()));
            if let Some(replaced) = &replaced {
                self.listening.tell(
                    hash,
                    RegistryEvent::Unregistered(replaced.clone()),
                    &mut told,
                );
            }
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let id = EntryId {
                slot: shared.map_or(number, |shared| shared.id().slot),
                number,
            };
            // All entries of a slot have the key of the first.
            let key = shared.map_or(key, Entry::shared_key);
            let value = value.take().expect("it is taken once");
            let entry = Entry::new(id, Arc::clone(process), Arc::clone(key), value);
            shard.add(entry.clone());
            self.listening
                .tell(hash, RegistryEvent::Registered(entry.clone()), &mut told);
            drop(shard);
            let owned = owners.entry(header.pid).or_default();
            if owned.is_empty() {
                // Its answer comes late for who has died meanwhile: that is looked at below.
                header.enrol(self.number, Weak::clone(&self.me) as _);
            }
            owned.insert(id, entry.clone());
            drop(owners);
            told.notify();
            if header.exit_reason().is_some() && !planted(Bug::RegisteredTooLate) {
                // It died meanwhile, and may have been taken off before it was on.
                drop(self.remove(&entry));
            }
            return Ok(());
        }
    }

    /// Takes an entry out, if it is there. Its last reference may be what is given back.
    pub(crate) fn remove(&self, entry: &Entry<K, V>) -> Option<Entry<K, V>> {
        let header = entry.holder().header();
        let mut told = Told::default();
        let mut owners = lock(self.owners(header.pid));
        let removed = self.remove_from_shard(entry, &mut told);
        let mut listed = None;
        if let Some(owned) = owners.get_mut(&header.pid) {
            listed = owned.remove(&entry.id());
            if owned.is_empty() {
                owners.remove(&header.pid);
                burst::shrink_table(&mut *owners);
                header.leave_roll(self.number);
            }
        }
        drop(owners);
        drop(listed);
        told.notify();
        removed
    }

    fn remove_from_shard(&self, entry: &Entry<K, V>, told: &mut Told) -> Option<Entry<K, V>> {
        let hash = entry.hash_code();
        let mut shard = lock(self.shard(hash));
        let removed = shard.remove(hash, entry.id())?;
        let event = RegistryEvent::Unregistered(removed.clone());
        self.listening.tell(hash, event, told);
        Some(removed)
    }

    /// Gives an entry another value. `None`: it is not there any more, or has another one already.
    pub(crate) fn replace(&self, old: &Entry<K, V>, value: V) -> Option<Entry<K, V>> {
        let new = old.with_value(Guarded::new(value));
        let pid = old.pid();
        let mut owners = lock(self.owners(pid));
        let owned = owners
            .get_mut(&pid)
            .and_then(|owned| owned.get_mut(&old.id()));
        let replaced = lock(self.shard(old.hash_code())).replace(old, new.clone());
        if let Some(owned) = owned.filter(|_| replaced) {
            *owned = new.clone();
        }
        drop(owners);
        replaced.then_some(new)
    }
}

impl<K, V> Refused<K, V> {
    fn new(holder: Option<Pid>, key: Arc<Key<K>>, value: Option<Guarded<V>>) -> Self {
        let key = Arc::into_inner(key).expect("what is refused is shared with nobody");
        let value = value.expect("what is refused is not taken");
        Self {
            holder,
            key: key.into_inner(),
            value: value.into_inner(),
        }
    }
}

impl<K: Eq + Send + Sync + 'static, V: Send + Sync + 'static> Roll for Table<K, V> {
    fn strike(self: Arc<Self>, dead: Pid) -> Option<Struck> {
        let mut told = Told::default();
        let mut owners = lock(self.owners(dead));
        let owned = owners.remove(&dead)?;
        burst::shrink_table(&mut *owners);
        let removed: Vec<_> = owned
            .values()
            .filter_map(|entry| self.remove_from_shard(entry, &mut told))
            .collect();
        drop(owners);
        told.notify();
        if has_destructor::<K>() || has_destructor::<V>() {
            let struck: Box<dyn Send> = Box::new((owned, removed, self));
            return Some(Guarded::new(struck));
        }
        None
    }
}

impl<K, V> Drop for Table<K, V> {
    fn drop(&mut self) {
        self.listening.close();
        for owners in &self.owners {
            let owners = std::mem::take(&mut *lock(&owners.0));
            let firsts = owners.values().filter_map(BTreeMap::first_key_value);
            firsts.for_each(|(_, entry)| entry.holder().header().leave_roll(self.number));
        }
    }
}
