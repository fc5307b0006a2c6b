//! What can be done with a registry of unique keys.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::process::current;
use crate::process::process_ref::ProcessRef;
use crate::registry::entry::Entry;
use crate::registry::handle::{Registry, Unique};
use crate::registry::key::wanted;

impl<K, V> Registry<K, V, Unique> {
    /// A registry in which a key has one process at most.
    #[must_use]
    pub fn unique() -> Self {
        Self::new()
    }

    /// Who is registered under a key. A `str` will do for a `String`, as with a `HashMap`.
    #[must_use]
    pub fn lookup<Q>(&self, key: &Q) -> Option<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let found = wanted(key, |wanted| self.table.first(wanted));
        found.filter(Entry::is_alive)
    }

    /// The process that is registered under a key now: a reference to this incarnation.
    #[must_use]
    pub fn whereis<Q>(&self, key: &Q) -> Option<ProcessRef>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.lookup(key).map(|entry| entry.process())
    }

    fn own<Q>(&self, key: &Q) -> Option<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let own = current::pid()?;
        self.lookup(key).filter(|entry| entry.pid() == own)
    }
}

impl<K, V> Registry<K, V, Unique>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Takes the entry of the running process under a key out, and gives it back. `None`: it has none; that of another process
    /// stays where it is.
    pub fn unregister<Q>(&self, key: &Q) -> Option<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.unregister_own(self.own(key).into_iter().collect())
            .pop()
    }

    /// Gives the entry of the running process under a key another value, which is made from the one it has. The new entry and the
    /// old one; `None`: the running process has none, and `update` was not called. Only unique keys have this.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::Registry;
    ///
    /// struct Counter(Registry<&'static str, u32>);
    ///
    /// #[genserver]
    /// impl Counter {
    ///     #[init]
    ///     fn init(registry: Registry<&'static str, u32>) -> Self {
    ///         registry.register("counter", 1).unwrap();
    ///         Self(registry)
    ///     }
    ///
    ///     #[call]
    ///     fn double(&mut self) -> Option<(u32, u32)> {
    ///         let (new, old) = self.0.update_value("counter", |value| value * 2)?;
    ///         Some((*new.value(), *old.value()))
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let registry = Registry::unique();
    /// let counter = Counter::start(registry.clone()).await?;
    /// assert_eq!(counter.double().await?, Some((2, 1)));
    /// assert_eq!(registry.lookup("counter").map(|entry| *entry.value()), Some(2));
    /// assert!(registry.update_value("counter", |_| 0).is_none()); // not the owner
    /// # Ok(()) }
    /// ```
    pub fn update_value<Q>(
        &self,
        key: &Q,
        update: impl FnOnce(&V) -> V,
    ) -> Option<(Entry<K, V>, Entry<K, V>)>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let old = self.own(key)?;
        let new = self.table.replace(&old, update(old.value()))?;
        Some((new, old))
    }
}
