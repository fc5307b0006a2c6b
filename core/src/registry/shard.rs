//! `Shard`: some of the slots of a registry, by the hashes of their keys.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use crate::burst;
use crate::process::names::HashItself;
use crate::registry::entry::{Entry, EntryId};

pub(super) struct Shard<K, V> {
    /// By hashes, which are good ones: nearly always one key has it.
    slots: HashMap<u64, Vec<Slot<K, V>>, BuildHasherDefault<HashItself>>,
    /// How many entries there are.
    entries: usize,
}

/// A key, and who is registered under it: somebody, as long as it is there.
struct Slot<K, V> {
    number: u64,
    entries: Entries<K, V>,
}

/// In the order in which they were registered.
enum Entries<K, V> {
    One(Entry<K, V>),
    Many(BTreeMap<u64, Entry<K, V>>),
}

/// The slots that have one hash, each by one of its entries. There is nearly always one, and nothing is allocated for that.
pub(super) struct Candidates<K, V> {
    first: Option<Entry<K, V>>,
    others: Vec<Entry<K, V>>,
}

impl<K, V> Candidates<K, V> {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry<K, V>> {
        self.first.iter().chain(&self.others)
    }

    /// Whether the slots are the same.
    pub(super) fn are(&self, others: &Self) -> bool {
        let slot = |entry: &Entry<K, V>| entry.id().slot;
        self.iter().map(slot).eq(others.iter().map(slot))
    }
}

impl<K, V> Default for Shard<K, V> {
    fn default() -> Self {
        Self {
            slots: HashMap::default(),
            entries: 0,
        }
    }
}

impl<K, V> Shard<K, V> {
    pub(super) const fn len(&self) -> usize {
        self.entries
    }

    pub(super) fn candidates(&self, hash: u64) -> Candidates<K, V> {
        let slots = self.slots.get(&hash).map_or(&[][..], |slots| slots);
        let mut slots = slots.iter().map(|slot| slot.entries.first().clone());
        Candidates {
            first: slots.next(),
            others: slots.collect(),
        }
    }

    /// The entries of a slot.
    pub(super) fn entries(&self, hash: u64, slot: u64) -> Vec<Entry<K, V>> {
        self.in_slot(hash, slot).cloned().collect()
    }

    /// Those of a slot whose processes live.
    pub(super) fn living(&self, hash: u64, slot: u64) -> impl Iterator<Item = &Entry<K, V>> {
        self.in_slot(hash, slot).filter(|entry| entry.is_alive())
    }

    fn in_slot(&self, hash: u64, slot: u64) -> impl Iterator<Item = &Entry<K, V>> {
        let slots = self.slots.get(&hash).map_or(&[][..], |slots| slots);
        let slot = slots.iter().find(|found| found.number == slot);
        slot.into_iter().flat_map(|slot| slot.entries.iter())
    }

    /// Every entry.
    pub(super) fn all(&self) -> impl Iterator<Item = &Entry<K, V>> {
        let slots = self.slots.values().flatten();
        slots.flat_map(|slot| slot.entries.iter())
    }

    pub(super) fn add(&mut self, entry: Entry<K, V>) {
        let EntryId { slot, number } = entry.id();
        let slots = self.slots.entry(entry.hash_code()).or_default();
        self.entries += 1;
        match slots.iter_mut().find(|found| found.number == slot) {
            Some(found) => found.entries.add(number, entry),
            None => slots.push(Slot {
                number: slot,
                entries: Entries::One(entry),
            }),
        }
    }

    /// Takes an entry out. What is given back is to be dropped outside of the lock.
    pub(super) fn remove(&mut self, hash: u64, id: EntryId) -> Option<Entry<K, V>> {
        let slots = self.slots.get_mut(&hash)?;
        let at = slots.iter().position(|found| found.number == id.slot)?;
        let (removed, empty) = slots[at].entries.remove(id.number);
        if empty {
            let slot = slots.swap_remove(at);
            if slots.is_empty() {
                self.slots.remove(&hash);
                burst::shrink_table(&mut self.slots);
            }
            self.entries -= 1;
            return slot.entries.into_only();
        }
        self.entries -= usize::from(removed.is_some());
        removed
    }

    /// Puts an entry in the place of another one. `false`: that is not there any more.
    pub(super) fn replace(&mut self, old: &Entry<K, V>, new: Entry<K, V>) -> bool {
        let id = old.id();
        let slots = self.slots.get_mut(&old.hash_code());
        let mut slots = slots.into_iter().flatten();
        let slot = slots.find(|found| found.number == id.slot);
        match slot.and_then(|slot| slot.entries.get_mut(id.number)) {
            Some(there) if there.is(old) => {
                // `old` keeps the value.
                *there = new;
                true
            }
            _ => false,
        }
    }
}

impl<K, V> Entries<K, V> {
    fn first(&self) -> &Entry<K, V> {
        self.iter().next().expect("a slot has an entry")
    }

    fn iter(&self) -> Iter<'_, K, V> {
        match self {
            Self::One(entry) => Iter::One(Some(entry)),
            Self::Many(entries) => Iter::Many(entries.values()),
        }
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut Entry<K, V>> {
        match self {
            Self::One(entry) => Some(entry).filter(|entry| entry.id().number == number),
            Self::Many(entries) => entries.get_mut(&number),
        }
    }

    fn add(&mut self, number: u64, entry: Entry<K, V>) {
        if let Self::Many(entries) = self {
            entries.insert(number, entry);
            return;
        }
        if let Self::One(first) = std::mem::replace(self, Self::Many(BTreeMap::new()))
            && let Self::Many(entries) = self
        {
            entries.insert(first.id().number, first);
            entries.insert(number, entry);
        }
    }

    /// Takes one out, unless it is the last; and whether it is.
    fn remove(&mut self, number: u64) -> (Option<Entry<K, V>>, bool) {
        match self {
            Self::One(entry) => (None, entry.id().number == number),
            Self::Many(entries) if entries.len() == 1 => (None, entries.contains_key(&number)),
            Self::Many(entries) => (entries.remove(&number), false),
        }
    }

    /// The last one.
    fn into_only(self) -> Option<Entry<K, V>> {
        match self {
            Self::One(entry) => Some(entry),
            Self::Many(entries) => entries.into_values().next(),
        }
    }
}

enum Iter<'a, K, V> {
    One(Option<&'a Entry<K, V>>),
    Many(std::collections::btree_map::Values<'a, u64, Entry<K, V>>),
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = &'a Entry<K, V>;

    fn next(&mut self) -> Option<&'a Entry<K, V>> {
        match self {
            Self::One(entry) => entry.take(),
            Self::Many(entries) => entries.next(),
        }
    }
}
