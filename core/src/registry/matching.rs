//! What a registry is asked by closures, where OTP's is asked by patterns. They run in the caller, with what was found, outside of
//! every lock.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::process::current;
use crate::process::pid::Pid;
use crate::registry::entry::Entry;
use crate::registry::handle::{Kind, Registry};
use crate::registry::key::wanted;

impl<K, V, U> Registry<K, V, U> {
    fn under<Q>(&self, key: &Q) -> Vec<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        wanted(key, |wanted| self.table.lookup(wanted))
    }

    /// The values of a process under a key.
    #[must_use]
    pub fn values<Q>(&self, key: &Q, process: Pid) -> Vec<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
        V: Clone,
    {
        let own = wanted(key, |wanted| self.table.owned_under(process, wanted));
        own.iter().map(|entry| entry.value().clone()).collect()
    }

    /// Those under a key whose values match. OTP's `match`.
    #[must_use]
    pub fn match_key<Q>(&self, key: &Q, mut matches: impl FnMut(&V) -> bool) -> Vec<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let mut found = self.under(key);
        found.retain(|entry| matches(entry.value()));
        found
    }

    /// How many there are under a key whose values match.
    #[must_use]
    pub fn count_match<Q>(&self, key: &Q, matches: impl FnMut(&V) -> bool) -> usize
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.match_key(key, matches).len()
    }

    /// What the closure makes of the entries, of all keys, in the order in which they were registered. It walks the whole registry.
    pub fn select<T>(&self, select: impl FnMut(&Entry<K, V>) -> Option<T>) -> Vec<T> {
        self.table.all().iter().filter_map(select).collect()
    }

    /// How many entries there are, of all keys, that match. It walks the whole registry.
    #[must_use]
    pub fn count_select(&self, mut matches: impl FnMut(&Entry<K, V>) -> bool) -> usize {
        self.table
            .all()
            .iter()
            .filter(|entry| matches(entry))
            .count()
    }

    /// Hands the entries under a key to a function, in the caller. It is not called where there are none; what it panics with is its
    /// caller's.
    pub fn dispatch<Q>(&self, key: &Q, dispatch: impl FnOnce(&[Entry<K, V>]))
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let entries = self.under(key);
        if !entries.is_empty() {
            dispatch(&entries);
        }
    }
}

impl<K, V, U: Kind> Registry<K, V, U>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Takes those entries of the running process under a key out whose values match, and gives them back. Its others stay, and those of
    /// other processes.
    ///
    /// ```
    /// use suptree::Registry;
    ///
    /// let topics = Registry::<&str, u32, _>::duplicate();
    /// assert!(topics.unregister_match("news", |importance| *importance < 3).is_empty()); // no process runs here
    /// ```
    pub fn unregister_match<Q>(
        &self,
        key: &Q,
        mut matches: impl FnMut(&V) -> bool,
    ) -> Vec<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let Some(own) = current::pid() else {
            return Vec::new();
        };
        let mut own = wanted(key, |wanted| self.table.owned_under(own, wanted));
        own.retain(|entry| matches(entry.value()));
        self.unregister_own(own)
    }
}
