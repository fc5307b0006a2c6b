//! `ChildSpec`: how a supervisor starts, restarts and stops a child.

pub(crate) mod on_demand;
mod server;
pub(crate) mod startable;
mod task;

use std::any::Any;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use crate::catch::catch;
use crate::child::{ChildId, ChildType, Restart, Shutdown};
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::claim;
use crate::process::pid::Pid;
use crate::process::{Parent, Process};
use crate::registry::{Registry, UniqueKeys};
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::supervisor::admin::ChildSpecInfo;
use crate::supervisor::backoff::Backoff;
use crate::supervisor::plan::ChildRules;

/// Starts a child of this supervisor.
type StartFn = Box<dyn FnMut(Parent) -> Result<Starting, StartError> + Send>;

/// What a child says of itself, before anybody says otherwise.
struct Options {
    restart: Restart,
    shutdown: Shutdown,
    child_type: ChildType,
    /// No destructor of a user's runs when it is dropped, but perhaps that of its id.
    plain: bool,
}

/// How to start, restart and stop a child.
///
/// Made by the `child_spec` function that the macros generate, by [`Child::child_spec`](crate::Child::child_spec), or by
/// [`new`](Self::new); the builder methods change what the child's own options say.
///
/// ```
/// use std::time::Duration;
/// use suptree::prelude::*;
/// use suptree::{ChildId, ChildType};
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver(restart = transient)]
/// impl Cache {}
///
/// let spec = Cache::child_spec().with_id("small").shutdown(Shutdown::BrutalKill);
/// assert_eq!(spec.id(), &ChildId::from("small"));
/// assert_eq!(spec.restart_type(), Restart::Transient); // as the server says
/// let spec = spec.restart(Restart::Temporary).significant(true);
/// assert_eq!(spec.restart_type(), Restart::Temporary);
/// assert!(spec.is_significant());
///
/// let spec = Cache::child_spec();
/// assert_eq!(spec.shutdown_type(), Shutdown::Timeout(Duration::from_secs(5)));
/// assert_eq!(spec.child_type(), ChildType::Worker);
/// ```
///
/// Follows [OTP's child specification](https://www.erlang.org/doc/apps/stdlib/supervisor.html#t:child_spec/0).
#[must_use = "a child specification does nothing unless a supervisor gets it"]
pub struct ChildSpec {
    id: ChildId,
    /// It holds the arguments.
    start: Guarded<StartFn>,
    restart: Restart,
    shutdown: Shutdown,
    child_type: ChildType,
    significant: bool,
    /// In a box, for few have one.
    backoff: Option<Box<Backoff>>,
    /// The type that is started.
    type_name: &'static str,
    /// No destructor of a user's runs when it is dropped, but perhaps that of its id.
    plain: bool,
    /// The running child. It is here so that the list a supervisor is given becomes the list of its children in place.
    pub(crate) process: Option<Arc<dyn Process>>,
    /// What a dynamic supervisor lists it by: a handle is made of it.
    pub(crate) place: Option<Arc<dyn Any + Send + Sync>>,
}

impl ChildSpec {
    /// A child of this type, that is started so.
    fn of<T: ?Sized>(id: ChildId, start: StartFn, options: Options) -> Self {
        Self {
            id,
            start: Guarded::new(start),
            restart: options.restart,
            shutdown: options.shutdown,
            child_type: options.child_type,
            significant: false,
            backoff: None,
            type_name: std::any::type_name::<T>(),
            plain: options.plain,
            process: None,
            place: None,
        }
    }

    /// A supervisor of this type.
    pub(crate) fn supervisor<T: ?Sized>(
        id: ChildId,
        start: impl FnMut(Parent) -> Result<Starting, StartError> + Send + 'static,
    ) -> Self {
        let options = Options {
            restart: Restart::Permanent,
            shutdown: Shutdown::Infinity,
            child_type: ChildType::Supervisor,
            plain: false,
        };
        Self::of::<T>(id, Box::new(start), options)
    }

    /// Gives it another id. A server's own `child_spec` has the name of its type for one, in snake case.
    pub fn with_id(mut self, id: impl Into<ChildId>) -> Self {
        self.id = id.into();
        self
    }

    /// Sets when it is restarted, instead of what the server's options say. Supervisors are [`Restart::Permanent`].
    pub const fn restart(mut self, restart: Restart) -> Self {
        self.restart = restart;
        self
    }

    /// Sets how it is stopped, instead of what the server's options say. Supervisors have [`Shutdown::Infinity`].
    pub const fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = shutdown;
        self
    }

    /// Sets whether its end, by itself and for good, ends its supervisor: see
    /// [`SupervisorSpec::auto_shutdown`](crate::SupervisorSpec::auto_shutdown), which has an example. It is not, unless set; a
    /// permanent child must not be.
    pub const fn significant(mut self, significant: bool) -> Self {
        self.significant = significant;
        self
    }

    /// Sets how long its restarts wait. They do not, unless set.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::Backoff;
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    ///
    /// let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
    /// let spec = Cache::child_spec().backoff(backoff);
    /// # drop(spec);
    /// ```
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = Some(Box::new(backoff));
        self
    }

    /// Registers the child in a [`Registry`] each time it is started, before its `init` runs, with this value: see
    /// [`Start::via`](crate::Start::via). A restart finds the key free, unless another process has taken it: then it fails, and is tried
    /// again like any other.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::Registry;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    ///
    /// supervisor! {
    ///     App(caches: Registry<&'static str>) {
    ///         strategy: one_for_one,
    ///         children: [Cache::child_spec().via(&caches, "main", ()) as main],
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let caches = Registry::unique();
    /// let app = App::start_link(caches.clone()).await?;
    /// let main = Cache::via(&caches, "main");
    /// let first = main.bound().expect("it lives");
    /// let end = first.monitor();
    /// main.kill();
    /// end.await;
    /// app.which_children().await?; // answered when the restart is done
    /// assert!(main.is_alive() && !first.is_alive());
    /// # Ok(()) }
    /// ```
    pub fn via<K, V, U>(mut self, registry: &Registry<K, V, U>, key: K, value: V) -> Self
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        U: UniqueKeys,
    {
        let (registry, key, value) = (registry.clone(), Guarded::new(key), Guarded::new(value));
        let mut start = self.start.into_inner();
        self.start = Guarded::new(Box::new(move |parent| {
            let (key, value) = (key.get().clone(), value.get().clone());
            claim::with(&mut Some(registry.claim(key, value)), || start(parent))
        }));
        self.plain = false;
        self
    }

    /// Its id in the supervisor.
    #[must_use]
    pub const fn id(&self) -> &ChildId {
        &self.id
    }

    /// When it is restarted; set by [`restart`](Self::restart).
    #[must_use]
    pub const fn restart_type(&self) -> Restart {
        self.restart
    }

    /// How it is stopped; set by [`shutdown`](Self::shutdown).
    #[must_use]
    pub const fn shutdown_type(&self) -> Shutdown {
        self.shutdown
    }

    /// What kind of process it is.
    #[must_use]
    pub const fn child_type(&self) -> ChildType {
        self.child_type
    }

    /// Whether its end may end its supervisor; set by [`significant`](Self::significant).
    #[must_use]
    pub const fn is_significant(&self) -> bool {
        self.significant
    }

    pub(crate) const fn has_backoff(&self) -> bool {
        self.backoff.is_some()
    }

    /// The type that is started.
    pub(crate) const fn type_name(&self) -> &'static str {
        self.type_name
    }

    pub(crate) fn info(&self) -> ChildSpecInfo {
        ChildSpecInfo {
            id: self.id.clone(),
            start: self.type_name,
            restart: self.restart,
            shutdown: self.shutdown,
            child_type: self.child_type,
            significant: self.significant,
            backoff: self.backoff.as_deref().copied(),
        }
    }

    /// What decides about it.
    pub(crate) fn rules(&self) -> ChildRules {
        ChildRules {
            restart: self.restart,
            significant: self.significant,
            backoff: self.backoff.as_deref().copied(),
        }
    }

    /// Whether dropping it runs no destructor of a user's.
    pub(crate) const fn is_plain(&self) -> bool {
        self.plain && self.id.is_plain()
    }

    /// Starts the child. It is there at once, and ready later.
    pub(crate) fn start(&mut self, supervisor: Pid) -> Result<Starting, StartError> {
        let parent = Parent {
            pid: supervisor,
            returns: self.restart.returns(),
        };
        if planted(Bug::StartUncaught) {
            return (self.start.get_mut())(parent);
        }
        catch(|| (self.start.get_mut())(parent))
            .unwrap_or_else(|panic| Err(StartError::Init(panic)))
    }
}

impl fmt::Debug for ChildSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("id", &self.id)
            .field("restart", &self.restart)
            .field("shutdown", &self.shutdown)
            .field("type", &self.child_type)
            .field("significant", &self.significant)
            .finish_non_exhaustive()
    }
}
