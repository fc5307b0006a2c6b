//! `Address`: how a process is found. By itself, by its name or a registered key, or by the place a supervisor keeps for it.

use std::any::Any;
use std::fmt;

use crate::process::name::{Name, NameKey, View};
use crate::process::process_table::ProcessTable;
use crate::process::{Header, Process, current};
use crate::rt::Runtime;
use crate::sync::{Arc, Mutex, PoisonError, RwLock, lock};

pub(crate) enum Address<P> {
    /// One incarnation; when it is dead, nobody.
    Pid(Arc<P>),
    /// The holder of the name, or of the key in a registry, at the moment. Boxed: the other references are small.
    Name(Box<ByName<P>>),
    /// The process at a supervised child's place at the moment.
    Place(Arc<Place<P>>),
}

/// Why there is nobody at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nobody {
    NoProc,
    /// It is a name, and there is no runtime here in which it could be looked up.
    NoRuntime,
}

impl Nobody {
    /// What the errors say that have this.
    pub(crate) const NO_RUNTIME: &'static str = "a name was used where there is no runtime, and names belong to a runtime: \
        enter it (`tokio::runtime::Handle::enter`), or use a reference to the process itself (`bound`)";

    /// Nobody was found by a name.
    #[cold]
    pub(crate) fn by_name() -> Self {
        if ProcessTable::is_anywhere() {
            Self::NoProc
        } else {
            Self::NoRuntime
        }
    }
}

/// What is looked up, and its holder when it last was. A holder keeps its name as long as it lives, so while it lives
/// there is nothing to look up again; but in another runtime, which has names of its own.
pub(crate) struct ByName<P> {
    pub(super) sought: Sought,
    holder: Mutex<Option<Arc<P>>>,
}

/// What a process is looked up by.
#[derive(Clone)]
pub(crate) enum Sought {
    Name(Name),
    /// A key in a registry. Its holder may give it up at any time: it is looked up at each use.
    Via(Arc<dyn Via>),
}

/// A key that a process may be registered under.
pub(crate) trait Via: fmt::Debug + Send + Sync {
    /// Who is registered under it, and lives. User code.
    fn holder(&self) -> Option<Arc<dyn Process>>;
}

impl Sought {
    pub(crate) fn holder(&self) -> Option<Arc<dyn Process>> {
        match self {
            Self::Name(name) => holder(name.view()),
            Self::Via(via) => via.holder(),
        }
    }

    fn name(&self) -> Option<&Name> {
        match self {
            Self::Name(name) => Some(name),
            Self::Via(_) => None,
        }
    }

    /// Whether this process, which was found last time, is the holder as long as it lives.
    fn is_held_by(&self, process: &Header) -> bool {
        matches!(self, Self::Name(_)) && is_here(process)
    }

    /// Why nobody was found.
    #[cold]
    pub(crate) fn nobody(&self) -> Nobody {
        match self {
            Self::Name(_) => Nobody::by_name(),
            Self::Via(_) => Nobody::NoProc,
        }
    }
}

impl fmt::Debug for Sought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => fmt::Debug::fmt(name, f),
            Self::Via(via) => fmt::Debug::fmt(via, f),
        }
    }
}

/// The place of a supervised child, which outlives its incarnations.
pub(crate) struct Place<P>(RwLock<Option<Arc<P>>>);

impl<P> Place<P> {
    pub(crate) fn vacant() -> Arc<Self> {
        Arc::new(Self(RwLock::new(None)))
    }

    pub(crate) fn occupy(&self, process: Arc<P>) {
        let before = self
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(process);
        drop(before);
    }

    fn get(&self) -> Option<Arc<P>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl<P: Process> Address<P> {
    pub(crate) fn named(name: Name) -> Self {
        Self::sought(Sought::Name(name))
    }

    pub(crate) fn sought(sought: Sought) -> Self {
        Self::Name(Box::new(ByName {
            sought,
            holder: Mutex::new(None),
        }))
    }

    /// Calls `then` with the process that is there now, if it is alive.
    #[inline]
    pub(crate) fn with<R>(&self, then: impl FnOnce(Option<&Arc<P>>) -> R) -> R {
        let found = match self {
            Self::Pid(process) => return then(alive(process).then_some(process)),
            Self::Place(place) => place.get(),
            Self::Name(by_name) => by_name.get(),
        };
        then(found.as_ref().filter(|process| alive(process)))
    }

    /// The process of an address that needs no resolving. It may be dead.
    #[inline(always)]
    pub(crate) const fn direct(&self) -> Option<&Arc<P>> {
        match self {
            Self::Pid(process) => Some(process),
            _ => None,
        }
    }

    pub(crate) fn get(&self) -> Option<Arc<P>> {
        self.with(|process| process.map(Arc::clone))
    }

    pub(crate) fn find(&self) -> Result<Arc<P>, Nobody> {
        self.get().ok_or_else(|| self.nobody())
    }

    /// Why nobody was found here.
    #[cold]
    pub(crate) fn nobody(&self) -> Nobody {
        match self {
            Self::Name(by_name) => by_name.sought.nobody(),
            _ => Nobody::NoProc,
        }
    }

    /// The name, if that is what it is.
    pub(crate) fn name(&self) -> Option<&Name> {
        match self {
            Self::Name(by_name) => by_name.sought.name(),
            _ => None,
        }
    }

    /// The process that is there now, whatever its type.
    pub(crate) fn process(&self) -> Option<Arc<dyn Process>> {
        Some(self.get()?)
    }

    /// Like [`process`](Self::process), or the one that was there last, as long as its death is not told.
    pub(crate) fn untold(&self) -> Option<Arc<dyn Process>> {
        let found = match self {
            Self::Pid(process) => Arc::clone(process),
            Self::Place(place) => place.get()?,
            Self::Name(by_name) => by_name.get()?,
        };
        (!found.header().is_announced()).then_some(found as _)
    }

    /// Resolves what can be: the address of one incarnation.
    pub(crate) fn resolved(&self) -> Option<Self> {
        self.get().map(Self::Pid)
    }
}

#[inline]
fn alive(process: &Arc<impl Process>) -> bool {
    process.header().exit_reason().is_none()
}

/// Whether names are looked up where this process is: in its runtime, or in a process of that.
fn is_here(process: &Header) -> bool {
    match current::pid() {
        Some(pid) => pid.node() == process.pid.node(),
        None => Runtime::current_id() == Some(process.node.runtime_id),
    }
}

impl<P: Process> ByName<P> {
    #[inline(never)]
    fn get(&self) -> Option<Arc<P>> {
        if let Some(process) = lock(&self.holder)
            .as_ref()
            .filter(|process| alive(process) && self.sought.is_held_by(process.header()))
        {
            return Some(Arc::clone(process));
        }
        // Outside the lock: keys are a user's, and so is what goes with the last reference to a dead holder.
        let process = self.sought.holder().and_then(of_type);
        let before = std::mem::replace(&mut *lock(&self.holder), process.clone());
        drop(before);
        process
    }
}

/// The holder of a name, if it is a process of this type.
pub(crate) fn lookup<P: Process>(name: View<'_>) -> Option<Arc<P>> {
    holder(name).and_then(of_type)
}

fn of_type<P: Process>(process: Arc<dyn Process>) -> Option<Arc<P>> {
    let process: Arc<dyn Any + Send + Sync> = process;
    process.downcast().ok()
}

/// The holder of a name, whatever its type.
pub(crate) fn holder(name: View<'_>) -> Option<Arc<dyn Process>> {
    ProcessTable::here(|table| table.whereis(name)).flatten()
}

/// The place of a supervised child, whatever its type.
pub(crate) trait AnyPlace: Send + Sync {
    fn process(&self) -> Option<Arc<dyn Process>>;
}

impl<P: Process> AnyPlace for Place<P> {
    fn process(&self) -> Option<Arc<dyn Process>> {
        Some(self.get()?)
    }
}

impl<P> Clone for Address<P> {
    fn clone(&self) -> Self {
        match self {
            Self::Pid(process) => Self::Pid(Arc::clone(process)),
            Self::Name(by_name) => Self::Name(Box::new(ByName {
                sought: by_name.sought.clone(),
                holder: Mutex::new(lock(&by_name.holder).clone()),
            })),
            Self::Place(place) => Self::Place(Arc::clone(place)),
        }
    }
}

impl<P: Process> fmt::Debug for Address<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pid(process) => fmt::Debug::fmt(&process.header().pid, f),
            Self::Name(by_name) => fmt::Debug::fmt(&by_name.sought, f),
            Self::Place(place) => match place.get() {
                Some(process) => fmt::Debug::fmt(&process.header().pid, f),
                None => f.write_str("vacant"),
            },
        }
    }
}
