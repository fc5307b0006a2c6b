//! What a child of a supervisor is: its id, its type, when it is restarted and how it is stopped.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use crate::process::Returns;
use crate::process::name::{Name, NameKey};
use crate::process::pid::Pid;
use crate::process::process_ref::ProcessRef;
use crate::sync::Arc;
use crate::text::text;

/// When a supervisor restarts a child that ended. OTP's three
/// [restart types](https://www.erlang.org/doc/apps/stdlib/supervisor.html#t:restart/0), and no more will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Restart {
    /// Always, whatever the reason. The default.
    Permanent,
    /// When it ended abnormally: with a reason that is not [expected](crate::ExitReason::is_expected).
    Transient,
    /// Never; it is forgotten when it ends.
    Temporary,
}

impl Restart {
    pub(crate) const fn returns(self) -> Returns {
        match self {
            Self::Permanent => Returns::Always,
            Self::Transient => Returns::AfterFailure,
            Self::Temporary => Returns::Never,
        }
    }
}

/// How a supervisor stops a child. OTP's three ways to
/// [shut down](https://www.erlang.org/doc/apps/stdlib/supervisor.html#t:shutdown/0), and no more will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// It is killed at once.
    BrutalKill,
    /// It gets the exit signal [`Shutdown`](crate::ExitReason::Shutdown), and is killed when it has not ended after this time.
    /// The default of servers, with 5 s.
    Timeout(Duration),
    /// It gets the exit signal [`Shutdown`](crate::ExitReason::Shutdown), and is waited for without limit. The default of
    /// supervisors.
    Infinity,
}

/// What kind of process a child is. OTP's two, and no more will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChildType {
    /// A server.
    Worker,
    /// A supervisor.
    Supervisor,
}

/// What a supervisor calls a child: any key, like a [`Name`], but a space of its own in each supervisor.
///
/// ```
/// use suptree::ChildId;
///
/// assert_eq!(ChildId::new(7), ChildId::new(7));
/// assert_eq!(ChildId::from("cache"), ChildId::new(String::from("cache")));
/// assert_eq!(ChildId::from("cache").to_string(), "cache");
/// ```
///
/// The `Debug` text of a key is taken when the id is made: a supervisor that reports of a child runs no code of the key's.
#[derive(Clone)]
pub struct ChildId(Id);

#[derive(Clone)]
enum Id {
    /// A text or a number, which is no user's code.
    Plain(Name),
    Key(Arc<ShownKey>),
}

struct ShownKey {
    name: Name,
    shown: String,
}

impl ChildId {
    /// An id from a key: a value of any type with `Hash + Eq + Debug + Send + Sync + 'static`.
    pub fn new<K: NameKey>(key: K) -> Self {
        let name = Name::new(key);
        Self(if name.is_text() || name.is_number() {
            Id::Plain(name)
        } else {
            let shown = text(format_args!("{name}"));
            Id::Key(Arc::new(ShownKey { name, shown }))
        })
    }

    /// Whether it holds no user's value.
    pub(crate) const fn is_plain(&self) -> bool {
        matches!(self.0, Id::Plain(_))
    }

    fn name(&self) -> &Name {
        match &self.0 {
            Id::Plain(name) => name,
            Id::Key(key) => &key.name,
        }
    }

    /// The hash of the key.
    pub(crate) fn hash_code(&self) -> u64 {
        self.name().hash_code()
    }
}

/// Which child of a supervisor is meant: the one with this id or pid, or the one that a reference leads to when it is asked for.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Cache;
/// # #[genserver] impl Cache {}
/// # supervisor! { App { strategy: one_for_one, children: [Cache] } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let cache = app.cache();
/// let id = app.get_childspec("cache").await?.id;
/// assert_eq!(app.get_childspec(&cache).await?.id, id);
/// assert_eq!(app.get_childspec(cache.process()).await?.id, id);
/// assert_eq!(app.get_childspec(cache.pid().expect("it lives")).await?.id, id);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct WhichChild(pub(crate) Known);

/// What a child is known by.
#[derive(Clone, Debug)]
pub(crate) enum Known {
    Id(ChildId),
    /// `None`: the reference leads to nobody.
    Pid(Option<Pid>),
    /// A reference to a place.
    Place(ProcessRef),
}

impl From<ChildId> for WhichChild {
    fn from(id: ChildId) -> Self {
        Self(Known::Id(id))
    }
}

impl From<&'static str> for WhichChild {
    fn from(id: &'static str) -> Self {
        Self(Known::Id(id.into()))
    }
}

impl From<String> for WhichChild {
    fn from(id: String) -> Self {
        Self(Known::Id(id.into()))
    }
}

impl From<Pid> for WhichChild {
    fn from(pid: Pid) -> Self {
        Self(Known::Pid(Some(pid)))
    }
}

impl From<ProcessRef> for WhichChild {
    fn from(process: ProcessRef) -> Self {
        Self(if process.is_place() {
            Known::Place(process)
        } else {
            Known::Pid(process.last_pid())
        })
    }
}

impl PartialEq for ChildId {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for ChildId {}

impl Hash for ChildId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl From<&'static str> for ChildId {
    fn from(text: &'static str) -> Self {
        Self(Id::Plain(Name::from_static(text)))
    }
}

impl From<String> for ChildId {
    fn from(text: String) -> Self {
        Self(Id::Plain(Name::from(text)))
    }
}

impl fmt::Display for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Id::Plain(name) => fmt::Display::fmt(name, f),
            Id::Key(key) => f.write_str(&key.shown),
        }
    }
}

impl fmt::Debug for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Id::Plain(name) => fmt::Debug::fmt(name, f),
            Id::Key(key) => f.write_str(&key.shown),
        }
    }
}
