//! What can be done with a registry of duplicate keys.

use std::borrow::Borrow;
use std::hash::Hash;

use crate::process::current;
use crate::registry::entry::Entry;
use crate::registry::handle::{Duplicate, Registry};
use crate::registry::key::wanted;

impl<K, V> Registry<K, V, Duplicate> {
    /// A registry in which a key has as many processes as like, and a process a key as often as it likes.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::Registry;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver] impl Worker {}
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let topics = Registry::duplicate();
    /// let (one, other) = (Worker::start().await?, Worker::start().await?);
    /// for worker in [&one, &other] {
    ///     topics.register_process(worker, "news", worker.clone())?;
    /// }
    /// assert_eq!(topics.lookup("news").len(), 2);
    /// topics.dispatch("news", |entries| {
    ///     for entry in entries {
    ///         entry.value().kill(); // the client that it was registered with
    ///     }
    /// });
    /// # for worker in [one, other] { worker.monitor().await; }
    /// assert!(topics.lookup("news").is_empty());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn duplicate() -> Self {
        Self::new()
    }

    /// Those who are registered under a key, in the order in which they were.
    ///
    /// ```
    /// use suptree::Registry;
    ///
    /// let topics = Registry::<&str, u32, _>::duplicate();
    /// assert!(topics.lookup("news").is_empty());
    /// ```
    #[must_use]
    pub fn lookup<Q>(&self, key: &Q) -> Vec<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        wanted(key, |wanted| self.table.lookup(wanted))
    }
}

impl<K, V> Registry<K, V, Duplicate>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Takes all entries of the running process under a key out, and gives them back. Those of other processes stay.
    ///
    /// ```
    /// use suptree::Registry;
    ///
    /// let topics = Registry::<&str, u32, _>::duplicate();
    /// assert!(topics.unregister("news").is_empty()); // no process runs here
    /// ```
    pub fn unregister<Q>(&self, key: &Q) -> Vec<Entry<K, V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let own = current::pid();
        let own = own.map(|own| wanted(key, |wanted| self.table.owned_under(own, wanted)));
        self.unregister_own(own.unwrap_or_default())
    }
}
