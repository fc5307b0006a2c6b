//! `Registry`: the handle of a registry.

use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use crate::process::current;
use crate::process::pid::Pid;
use crate::process::reference::Reference;
use crate::registry::entry::Entry;
use crate::registry::error::{RegisterError, RegisterErrorKind};
use crate::registry::key::Key;
use crate::registry::key_lock::Gates;
use crate::registry::listener::Listener;
use crate::registry::meta::Meta;
use crate::registry::table::Table;
use crate::sync::Arc;

/// Processes under keys, with values: which server has the room "rust", and which of them are for the topic "news".
///
/// The keys of a registry are of any type with `Hash + Eq`, and typed: no other key can be asked for. Under a key of a
/// [`unique`](Registry::unique) registry is one process at most, which can be called by the key; under one of a
/// [`duplicate`](Registry::duplicate) registry are as many as like.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::Registry;
///
/// struct Room(Registry<String, u32>);
///
/// #[genserver]
/// impl Room {
///     #[init]
///     fn init(rooms: Registry<String, u32>) -> Self {
///         Self(rooms)
///     }
///
///     #[call]
///     fn open(&mut self, topic: String) -> bool {
///         self.0.register(topic, 8).is_ok() // itself, with a value
///     }
///
///     #[call]
///     fn close(&mut self, topic: String) -> bool {
///         self.0.unregister(&topic).is_some()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rooms = Registry::unique();
/// let room = Room::start(rooms.clone()).await?;
/// assert!(room.open("rust").await?);
/// assert_eq!(rooms.whereis("rust").and_then(|room| room.pid()), room.pid());
/// assert_eq!(rooms.lookup("rust").map(|entry| *entry.value()), Some(8));
/// assert_eq!((rooms.count(), rooms.keys(room.pid().unwrap())), (1, vec!["rust".to_owned()]));
///
/// assert!(Room::via(&rooms, "rust".to_owned()).close("rust").await?); // a typed client by the key
/// assert!(rooms.is_empty());
/// # Ok(()) }
/// ```
///
/// What OTP's asks by patterns, closures ask, in the caller. Beside its entries a registry has values of its own, and locks by key:
///
/// ```
/// use suptree::Registry;
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let topics = Registry::duplicate();
/// let worker = Worker::start().await?;
/// for importance in [1, 2, 9] {
///     topics.register_process(&worker, "news", importance)?;
/// }
/// assert_eq!(topics.values("news", worker.pid().unwrap()), [1, 2, 9]);
/// assert_eq!(topics.match_key("news", |importance| *importance > 1).len(), 2);
/// assert_eq!(topics.count_match("news", |importance| *importance > 1), 2);
/// assert_eq!(topics.select(|entry| (*entry.value() < 9).then(|| *entry.value())), [1, 2]);
/// assert_eq!(topics.count_select(|entry| *entry.key() == "news"), 3);
/// topics.dispatch("news", |entries| assert_eq!(entries.len(), 3));
///
/// topics.put_meta("limit", 100_u32);
/// assert_eq!(topics.meta::<u32>("limit").as_deref(), Some(&100));
/// topics.delete_meta("limit");
///
/// let held = topics.lock("news").await; // nobody else has it meanwhile
/// assert_eq!(*held.key(), "news");
/// # Ok(()) }
/// ```
///
/// It is a table and no process, so that it cannot crash, and needs no start: a handle is made, cloned and given to those who use it, and
/// two handles that were made are two registries. So a test makes its own, and meets no other. Cloning is cheap; with the last
/// handle goes the registry.
///
/// A process goes from all its registries when it dies, before anybody can see that it is dead: who has heard of its end finds its keys free,
/// and nobody ever finds a dead process. Processes of several runtimes may be in one registry.
///
/// No code of keys and values, `Hash`, `Eq`, `Clone`, a destructor, runs under a lock. Where it panics the one who calls has the panic.
///
/// Follows Elixir's [`Registry`](https://hexdocs.pm/elixir/Registry.html).
pub struct Registry<K, V = (), U = Unique> {
    pub(super) table: Arc<Table<K, V>>,
    pub(super) beside: Arc<Beside<K>>,
    kind: PhantomData<fn() -> U>,
}

/// Of a [`Registry`]: under a key is one process at most.
#[derive(Clone, Copy, Debug)]
pub struct Unique;

/// Of a [`Registry`]: under a key is any number of processes, and of entries of each.
#[derive(Clone, Copy, Debug)]
pub struct Duplicate;

/// What a registry has beside its entries.
#[derive(Default)]
pub(super) struct Beside<K> {
    pub(super) meta: Meta,
    pub(super) gates: Arc<Gates<K>>,
}

impl<K, V, U> Registry<K, V, U> {
    pub(super) fn new() -> Self {
        Self {
            table: Table::new(),
            beside: Arc::new(Beside {
                meta: Meta::default(),
                gates: Arc::default(),
            }),
            kind: PhantomData,
        }
    }

    /// How many entries there are. Those of a process that is just ending may be among them.
    #[must_use]
    pub fn count(&self) -> usize {
        self.table.count()
    }

    /// Whether nobody is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The keys that a process which lives is registered under, in the order in which it was; one that it has several times, as often.
    #[must_use]
    pub fn keys(&self, process: Pid) -> Vec<K>
    where
        K: Clone,
    {
        let owned = self.table.owned(process);
        owned.iter().map(|entry| entry.key().clone()).collect()
    }

    /// Listens to registrations and their ends, from here on.
    ///
    /// ```
    /// use suptree::{Registry, RegistryEvent};
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let registry = Registry::unique();
    /// let mut events = registry.listen();
    /// let worker = Worker::start().await?;
    /// registry.register_process(&worker, 7, "seven")?;
    /// worker.kill();
    /// assert!(matches!(events.recv().await, Some(RegistryEvent::Registered(entry)) if *entry.key() == 7));
    /// assert!(matches!(events.recv().await, Some(RegistryEvent::Unregistered(_))));
    /// # Ok(()) }
    /// ```
    #[must_use = "it listens until it is dropped"]
    pub fn listen(&self) -> Listener<K, V> {
        Listener::new(&self.table)
    }
}

impl<K, V, U: Kind> Registry<K, V, U>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Registers the running process.
    ///
    /// # Errors
    ///
    /// Those of [`register_process`](Self::register_process); and no process runs here.
    pub fn register(&self, key: K, value: V) -> Result<(), RegisterError<K, V>> {
        let Some(process) = current::pid().and_then(crate::process::node::process) else {
            let kind = RegisterErrorKind::OutsideOfProcess;
            return Err(RegisterError { kind, key, value });
        };
        let registered = self
            .table
            .register(&process, Key::new(key), value, U::UNIQUE);
        registered.map_err(RegisterError::from)
    }

    /// Registers a process that runs: by its client, or any other reference to it. Elixir's registers the running process alone.
    ///
    /// ```
    /// use suptree::{RegisterErrorKind, Registry};
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let registry = Registry::unique();
    /// let (one, other) = (Worker::start().await?, Worker::start().await?);
    /// registry.register_process(&one, "worker", ())?;
    /// let refused = registry.register_process(&other, "worker", ()).unwrap_err();
    /// assert_eq!(refused.kind, RegisterErrorKind::AlreadyRegistered(one.pid().unwrap()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The process is dead, or there is none; another process, or itself, is registered under the key, and keys are unique. The key
    /// and the value are in the error.
    pub fn register_process(
        &self,
        process: &impl Reference,
        key: K,
        value: V,
    ) -> Result<(), RegisterError<K, V>> {
        let Some(process) = process.to_process().living() else {
            let kind = RegisterErrorKind::NoProc;
            return Err(RegisterError { kind, key, value });
        };
        let registered = self
            .table
            .register(&process, Key::new(key), value, U::UNIQUE);
        registered.map_err(RegisterError::from)
    }

    /// Takes the entries of the running process under a key out. Those of others stay.
    pub(super) fn unregister_own(&self, own: Vec<Entry<K, V>>) -> Vec<Entry<K, V>> {
        own.into_iter()
            .filter_map(|entry| self.table.remove(&entry))
            .collect()
    }
}

/// Whether the keys of a registry are unique.
pub trait Kind: sealed::Sealed {
    #[doc(hidden)]
    const UNIQUE: bool;
}

mod sealed {
    /// Keeps others from implementing [`Kind`](super::Kind).
    pub trait Sealed {}
}

impl sealed::Sealed for Unique {}
impl sealed::Sealed for Duplicate {}

impl Kind for Unique {
    const UNIQUE: bool = true;
}

impl Kind for Duplicate {
    const UNIQUE: bool = false;
}

impl<K, V, U> Clone for Registry<K, V, U> {
    fn clone(&self) -> Self {
        Self {
            table: Arc::clone(&self.table),
            beside: Arc::clone(&self.beside),
            kind: PhantomData,
        }
    }
}

/// How many entries there are: what they are may be much.
impl<K, V, U> fmt::Debug for Registry<K, V, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}
