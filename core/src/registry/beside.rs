//! What a registry has beside its entries: locks by key, and values of its own.

use std::hash::Hash;

use crate::registry::handle::Registry;
use crate::registry::key::Key;
use crate::registry::key_lock::KeyLock;
use crate::sync::Arc;

impl<K, V, U> Registry<K, V, U>
where
    K: Hash + Eq + Send + Sync + 'static,
{
    /// Waits until nobody else has the lock of this key, and has it until what it gives is dropped. Keys of locks have nothing to do
    /// with those that processes are registered under.
    ///
    /// Those who wait get it in the order in which they came. However its holder ends, by a panic, a kill, or with the rest of a future
    /// that is dropped, it is released with what the holder held; who waits and is dropped is skipped.
    ///
    /// ```
    /// use suptree::Registry;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let registry = Registry::<&str>::unique();
    /// let held = registry.lock("import").await;
    /// let other = registry.lock("export").await; // nobody has that
    /// drop(held);
    /// let again = registry.lock("import").await;
    /// # drop((other, again)); }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Who drops it loses its place, and nothing else.
    pub async fn lock(&self, key: K) -> KeyLock<K> {
        let key = Key::new(key);
        Arc::clone(&self.beside.gates).lock(key).await
    }
}

impl<K, V, U> Registry<K, V, U> {
    /// Puts a value into the registry itself, under a name: what those who use it have to know. It takes the place of the one that was
    /// there.
    ///
    /// ```
    /// use suptree::Registry;
    ///
    /// let registry = Registry::<String>::unique();
    /// registry.put_meta("limit", 100_u32);
    /// assert_eq!(registry.meta::<u32>("limit").as_deref(), Some(&100));
    /// assert!(registry.meta::<String>("limit").is_none()); // it is a number
    /// registry.delete_meta("limit");
    /// assert!(registry.meta::<u32>("limit").is_none());
    /// ```
    pub fn put_meta<T: Send + Sync + 'static>(&self, name: impl Into<String>, value: T) {
        self.beside.meta.put(name.into(), Arc::new(value));
    }

    /// A value that was put under a name, if it is one of this type.
    #[must_use]
    pub fn meta<T: Send + Sync + 'static>(&self, name: &str) -> Option<Arc<T>> {
        self.beside.meta.get(name)?.downcast().ok()
    }

    /// Takes a value out.
    pub fn delete_meta(&self, name: &str) {
        self.beside.meta.delete(name);
    }
}
