//! Processes by their keys in a registry: found by them, and started under them.

use std::any::type_name;
use std::fmt;
use std::hash::Hash;

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::guard::{Guarded, discard};
use crate::process::Process;
use crate::process::address::{Sought, Via};
use crate::process::claim::Claim;
use crate::process::names::NameRefused;
use crate::registry::entry::Entry;
use crate::registry::handle::{Duplicate, Registry, Unique};
use crate::registry::key::{Key, has_destructor, wanted_again};
use crate::registry::table::Table;
use crate::rt::Runtime;
use crate::sync::Arc;

/// What a key of a registry has to be for a process to be found by it: unique.
#[diagnostic::on_unimplemented(
    message = "no process can be called by a key of a registry with `{Self}` keys",
    label = "a duplicate key is no name",
    note = "make it by `Registry::unique()`, or ask for those who have the key: `lookup`, or `dispatch`",
    note = "page: docs/errors/T020.md"
)]
pub trait UniqueKeys: sealed::Sealed + 'static {}

#[diagnostic::do_not_recommend]
impl UniqueKeys for Unique {}

mod sealed {
    /// Keeps others from implementing [`UniqueKeys`](super::UniqueKeys).
    pub trait Sealed {}
}

impl sealed::Sealed for Unique {}
impl sealed::Sealed for Duplicate {}

/// A key in a registry.
struct ByKey<K, V> {
    table: Arc<Table<K, V>>,
    key: Arc<Key<K>>,
}

impl<K, V> Via for ByKey<K, V>
where
    K: Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn holder(&self) -> Option<Arc<dyn Process>> {
        let found = wanted_again(&self.key, |wanted| self.table.first(wanted));
        let found = found.filter(Entry::is_alive);
        found.map(|entry| Arc::clone(entry.holder()))
    }
}

/// A key need not have `Debug`.
impl<K, V> fmt::Debug for ByKey<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "via {}", type_name::<K>())
    }
}

/// A process is to have this key, and this value, when it starts.
struct Claimed<K, V> {
    table: Arc<Table<K, V>>,
    key: Key<K>,
    value: Guarded<V>,
}

impl<K, V> Claim for Claimed<K, V>
where
    K: Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn claim(self: Box<Self>, process: &Arc<dyn Process>) -> Result<(), NameRefused> {
        let Self { table, key, value } = *self;
        match catch(|| table.register(process, key, value.into_inner(), true)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(refused)) => {
                let holder = refused.holder;
                drop_elsewhere(refused.key, refused.value);
                // It cannot have died before it was started, but by the end of its runtime.
                Err(holder.map_or(NameRefused::Crashed(ExitReason::NoProc), NameRefused::Taken))
            }
            Err(panic) => Err(NameRefused::Crashed(panic)),
        }
    }
}

/// Drops what was refused. It may be a supervisor that starts the process: its poll is no place for a destructor that may block.
fn drop_elsewhere<K: Send + 'static, V: Send + 'static>(key: K, value: V) {
    let refused = Guarded::new((key, value));
    if (has_destructor::<K>() || has_destructor::<V>())
        && let Some(runtime) = Runtime::try_current()
    {
        runtime.spawn(async move { discard(refused) });
    }
}

impl<K, V, U: UniqueKeys> Registry<K, V, U>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Whoever has this key.
    pub(crate) fn sought(&self, key: K) -> Sought {
        Sought::Via(Arc::new(ByKey {
            table: Arc::clone(&self.table),
            key: Arc::new(Key::new(key)),
        }))
    }

    /// What a process that starts is to have.
    pub(crate) fn claim(&self, key: K, value: V) -> Box<dyn Claim> {
        Box::new(Claimed {
            table: Arc::clone(&self.table),
            value: Guarded::new(value),
            key: Key::new(key),
        })
    }
}
