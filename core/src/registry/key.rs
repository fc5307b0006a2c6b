//! `Key`: a user's key with its hash, which is taken once.

use std::any::TypeId;
use std::borrow::Borrow;
use std::hash::Hash;

use crate::guard::Guarded;
use crate::process::name::hash_of;
use crate::sync::Arc;

/// A key with its hash.
#[derive(Debug)]
pub(crate) struct Key<K> {
    hash: u64,
    key: Guarded<K>,
}

impl<K: Hash> Key<K> {
    /// User code.
    pub(crate) fn new(key: K) -> Self {
        let key = Guarded::new(key);
        let hash = hash_of(key.get());
        Self { hash, key }
    }
}

impl<K> Key<K> {
    pub(crate) const fn hash_code(&self) -> u64 {
        self.hash
    }

    pub(crate) fn get(&self) -> &K {
        self.key.get()
    }

    pub(crate) fn into_inner(self) -> K {
        self.key.into_inner()
    }
}

/// A key that is looked for: its hash, and how another one is told to be the same.
pub(crate) struct Wanted<'a, K> {
    pub(crate) hash: u64,
    /// User code.
    pub(crate) is: &'a dyn Fn(&K) -> bool,
}

impl<K> Clone for Wanted<'_, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Wanted<'_, K> {}

/// Has a key looked for.
pub(crate) fn wanted<K, Q, R>(key: &Q, look: impl FnOnce(Wanted<'_, K>) -> R) -> R
where
    K: Borrow<Q>,
    Q: Hash + Eq + ?Sized,
{
    look(Wanted {
        hash: hash_of(key),
        is: &|other| other.borrow() == key,
    })
}

/// Has a key looked for that is known.
pub(crate) fn wanted_again<K: Eq, R>(
    key: &Arc<Key<K>>,
    look: impl FnOnce(Wanted<'_, K>) -> R,
) -> R {
    look(Wanted {
        hash: key.hash,
        is: &|other| other == key.get(),
    })
}

/// Whether a destructor of this type may be a user's, and do anything.
pub(crate) fn has_destructor<T: 'static>() -> bool {
    let texts = [
        TypeId::of::<String>(),
        TypeId::of::<Arc<str>>(),
        TypeId::of::<Box<str>>(),
    ];
    std::mem::needs_drop::<T>() && !texts.contains(&TypeId::of::<T>())
}
