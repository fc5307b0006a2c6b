//! Registries: processes under keys, with values.
//!
//! A registry is a table and no process, so that nothing can crash. What is in it:
//!
//! - the *slots*, one for each key, with the entries under it. They are divided by the hashes of the keys between shards with a lock each;
//! - the *owners*, with the entries of each process, divided by their pids. A process that has entries has the registry among its
//!   [rolls](crate::process::rolls), and is taken off when it dies.
//!
//! An owner's lock is taken first, then a shard's, then the listeners'. No user code runs under any of them: a key is hashed once, before;
//! it is compared with those of the same hash outside, and what was found holds if nobody came in between.

// What is in it.
pub(crate) mod key;
pub(crate) mod entry;
mod shard;
pub(crate) mod table;
// What is told.
pub(crate) mod events;
mod listening;
pub(crate) mod listener;
// What a user meets.
pub(crate) mod error;
mod meta;
pub(crate) mod key_lock;
pub(crate) mod handle;
mod unique;
mod duplicate;
mod matching;
mod beside;
pub(crate) mod via;

pub use self::entry::Entry;
pub use self::error::{RegisterError, RegisterErrorKind};
pub use self::events::RegistryEvent;
pub use self::handle::{Duplicate, Registry, Unique};
pub use self::key_lock::KeyLock;
pub use self::listener::Listener;
pub use self::via::UniqueKeys;
