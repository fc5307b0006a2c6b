//! `ChildSpec`: how a supervisor starts, restarts and stops a child.

pub(crate) mod on_demand;

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::catch::catch;
use crate::child::{ChildId, ChildType, Restart, Shutdown};
use crate::gen_server::start::start_supervised;
use crate::gen_server::{GenServer, ServerRef};
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::process::{Parent, Process};
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::supervisor::admin::ChildSpecInfo;
use crate::supervisor::backoff::Backoff;
use crate::supervisor::declared_tree::DeclaredTree;
use crate::supervisor::plan::ChildRules;
use crate::task::start::start_supervised as start_task;
use crate::task::{TaskOutput, TaskRef};

/// Starts a child of this supervisor.
type StartFn = Box<dyn FnMut(Parent) -> Result<Starting, StartError> + Send>;

/// How to start, restart and stop a child.
///
/// Made by the `child_spec` function that the macros generate, by [`Child::child_spec`], or by [`new`](Self::new); the builder
/// methods change what the child's own options say.
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
    /// A server whose arguments are made anew for each start: for arguments that cannot be cloned. A panic of `args` is a
    /// failed start.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::ChildSpec;
    /// use tokio::sync::mpsc;
    ///
    /// /// Reads from a channel, whose receiver is not `Clone`.
    /// struct Reader(mpsc::Receiver<u64>);
    ///
    /// #[genserver]
    /// impl Reader {
    ///     #[init]
    ///     fn init(channel: mpsc::Receiver<u64>) -> Self {
    ///         Self(channel)
    ///     }
    /// }
    ///
    /// supervisor! { App { strategy: one_for_one, children: [] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let reader = ChildSpec::new::<Reader>("reader", || mpsc::channel(8).1);
    /// app.start_child(reader).await?;
    /// assert_eq!(app.count_children().await?.active, 1);
    /// # Ok(()) }
    /// ```
    pub fn new<S: GenServer>(
        id: impl Into<ChildId>,
        args: impl FnMut() -> S::Args + Send + 'static,
    ) -> Self {
        Self::server::<S>(id.into(), args, None)
    }

    /// A task: a future that lives as a process of its own, such as that of an `async fn`. It is made anew for each start. A panic of
    /// `task` is a failed start.
    ///
    /// It has a pid, is linked and monitored as any process, and its end is an exit: for the reason
    /// [`Normal`](crate::ExitReason::Normal) when the future is ready, an error if it gives one, or a panic. It is told to stop before
    /// it is killed if it has asked for that, by [`stopping`](crate::stopping()); else it is dropped at its `.await`.
    ///
    /// Tasks are [`Restart::Temporary`] unless told otherwise, as Elixir's are: done, they are forgotten. Their shutdown time is
    /// 5 s.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::ChildSpec;
    ///
    /// async fn answer(question: u64) -> Result<(), String> {
    ///     tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    ///     Err(format!("nobody knows {question}"))
    /// }
    ///
    /// supervisor! { App { strategy: one_for_one, children: [] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let pid = app.start_child(ChildSpec::task("answer", || answer(42))).await?;
    /// let end = suptree::monitor(pid);
    /// assert_eq!(end.await.reason, "nobody knows 42".into());
    /// # Ok(()) }
    /// ```
    ///
    /// The client of a server, or a [`TaskRef`], that the task needs is moved into `task`, and cloned there. A reference to the task
    /// itself: [`TaskRef::child_spec`].
    ///
    /// Follows Elixir's [`Task`](https://hexdocs.pm/elixir/Task.html#module-statically-supervised-tasks) under a supervisor.
    pub fn task<F, T>(id: impl Into<ChildId>, task: F) -> Self
    where
        F: FnMut() -> T + Send + 'static,
        T: Future<Output: TaskOutput> + Send + 'static,
    {
        Self::task_at(id.into(), task, None)
    }

    /// A task that a handle leads to.
    fn task_at<F, T>(id: ChildId, mut task: F, at: Option<TaskRef>) -> Self
    where
        F: FnMut() -> T + Send + 'static,
        T: Future<Output: TaskOutput> + Send + 'static,
    {
        let plain = !needs_drop(&task);
        let start = move |parent| start_task(&mut task, parent, at.as_ref());
        Self {
            id,
            start: Guarded::new(Box::new(start)),
            restart: Restart::Temporary,
            shutdown: Shutdown::Timeout(Duration::from_secs(5)),
            child_type: ChildType::Worker,
            significant: false,
            backoff: None,
            type_name: std::any::type_name::<T>(),
            plain,
            process: None,
            place: None,
        }
    }

    /// A server that typed handles lead to.
    pub(crate) fn server<S: GenServer>(
        id: ChildId,
        mut args: impl FnMut() -> S::Args + Send + 'static,
        at: Option<ServerRef<S>>,
    ) -> Self {
        let plain = !needs_drop(&args);
        let start = move |parent| {
            let args = Guarded::new(args());
            start_supervised::<S>(args, parent, at.as_ref())
        };
        Self {
            id,
            start: Guarded::new(Box::new(start)),
            restart: S::OPTIONS.restart,
            shutdown: S::OPTIONS.shutdown,
            child_type: ChildType::Worker,
            significant: false,
            backoff: None,
            type_name: std::any::type_name::<S>(),
            plain,
            process: None,
            place: None,
        }
    }

    /// A server that is started once, with these arguments: it is temporary, whatever its options say.
    pub(crate) fn once<S: GenServer>(id: ChildId, args: S::Args, at: ServerRef<S>) -> Self {
        let mut args = Some(Guarded::new(args));
        let plain = !std::mem::needs_drop::<S::Args>();
        let start = move |parent| match args.take() {
            Some(args) => start_supervised::<S>(args, parent, Some(&at)),
            None => Err(StartError::Init(
                "its arguments were given once, and it has had them".into(),
            )),
        };
        Self {
            id,
            start: Guarded::new(Box::new(start)),
            restart: Restart::Temporary,
            shutdown: S::OPTIONS.shutdown,
            child_type: ChildType::Worker,
            plain,
            significant: false,
            process: None,
            backoff: None,
            type_name: std::any::type_name::<S>(),
            place: None,
        }
    }

    /// A supervisor of this type.
    pub(crate) fn supervisor<T: ?Sized>(
        id: ChildId,
        start: impl FnMut(Parent) -> Result<Starting, StartError> + Send + 'static,
    ) -> Self {
        Self {
            id,
            start: Guarded::new(Box::new(start)),
            restart: Restart::Permanent,
            shutdown: Shutdown::Infinity,
            child_type: ChildType::Supervisor,
            significant: false,
            backoff: None,
            type_name: std::any::type_name::<T>(),
            plain: false,
            process: None,
            place: None,
        }
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
        self.plain && self.id.is_text()
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

const fn needs_drop<T>(_: &T) -> bool {
    std::mem::needs_drop::<T>()
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

/// What a supervisor can start: every server, and what `supervisor!` declares.
///
/// ```
/// # use suptree::prelude::genserver;
/// # struct Worker;
/// # #[genserver] impl Worker { #[init] fn init(_number: u8) -> Self { Self } }
/// use suptree::Child;
///
/// // A handle that the child will stand behind, whenever it is started and restarted.
/// let worker = <Worker as Child>::vacant();
/// let spec = <Worker as Child>::child_spec(&worker, "worker", 7);
/// assert!(!worker.is_alive());
/// # drop(spec);
/// ```
pub trait Child: Sized + 'static {
    /// What it is started with.
    type Args: Send + 'static;
    /// The typed handle that follows it across restarts.
    type Handle: Clone + fmt::Debug + Send + Sync + 'static;

    /// When it is restarted unless told otherwise, if that is known while compiling.
    #[doc(hidden)]
    const RESTART: Option<Restart> = None;

    /// A handle with nobody behind it yet.
    fn vacant() -> Self::Handle;

    /// The tree that it was declared as, if it is a supervisor of `supervisor!`.
    #[doc(hidden)]
    #[must_use]
    fn declared_tree() -> Option<DeclaredTree> {
        None
    }

    /// The specification of a child that stands behind `handle`. Every restart gets a clone of the arguments.
    fn child_spec(handle: &Self::Handle, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec
    where
        Self::Args: Clone;

    /// What a dynamic supervisor lists the child of this handle by.
    #[doc(hidden)]
    fn place_of(handle: &Self::Handle) -> Arc<dyn Any + Send + Sync> {
        Arc::new(Placed::<Self>(Guarded::new(handle.clone())))
    }

    /// The handle of a child that is listed by this place, if it is of this type.
    #[doc(hidden)]
    fn handle_at(place: &Arc<dyn Any + Send + Sync>) -> Option<Self::Handle> {
        let placed = place.downcast_ref::<Placed<Self>>();
        placed.map(|placed| placed.0.get().clone())
    }
}

/// The handle of a child of this type.
struct Placed<C: Child>(Guarded<C::Handle>);

impl DeclaredTree {
    /// Adds a child, which may be a tree of its own. For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn child<C: Child>(self, id: &str, ty: &str, notes: &str) -> Self {
        match C::declared_tree() {
            Some(tree) => self.tree(id, tree, notes),
            None => self.leaf(id, ty, notes),
        }
    }
}

/// What may stand in the child list of a supervisor: every [`Child`] whose arguments can be cloned.
///
/// It is a trait apart, so that a type which is a `Child` and cannot be restarted makes one error: its `Args` are known.
///
/// ```
/// use suptree::{Restartable, Strategy, SupervisorSpec};
///
/// /// Two children of one kind, under one supervisor.
/// fn twice<C: Restartable>([first, second]: &[C::Handle; 2], args: C::Args) -> SupervisorSpec {
///     SupervisorSpec::new(Strategy::OneForOne)
///         .child(C::child_spec(first, "first", args.clone()))
///         .child(C::child_spec(second, "second", args))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a child of a supervisor",
    label = "not a GenServer or supervisor with `Clone` arguments",
    note = "annotate its impl block with `#[genserver]`, or declare it with `supervisor!`; its start arguments must be `Clone`, since every restart needs them again"
)]
pub trait Restartable: Child<Args: Clone> {}

#[diagnostic::do_not_recommend]
impl<T: Child<Args: Clone>> Restartable for T {}

#[diagnostic::do_not_recommend]
impl<S: GenServer> Child for S {
    type Args = S::Args;
    type Handle = S::Client;

    const RESTART: Option<Restart> = Some(S::OPTIONS.restart);

    fn vacant() -> S::Client {
        ServerRef::vacant().into()
    }

    fn child_spec(handle: &S::Client, id: impl Into<ChildId>, args: S::Args) -> ChildSpec
    where
        S::Args: Clone,
    {
        let at = handle.as_ref().clone();
        ChildSpec::server::<S>(id.into(), move || args.clone(), Some(at))
    }

    fn place_of(handle: &S::Client) -> Arc<dyn Any + Send + Sync> {
        match handle.as_ref().place() {
            Some(place) => Arc::clone(place) as _,
            None => Arc::new(Placed::<Self>(Guarded::new(handle.clone()))),
        }
    }

    fn handle_at(place: &Arc<dyn Any + Send + Sync>) -> Option<S::Client> {
        match ServerRef::at_place(place) {
            Some(server) => Some(server.into()),
            None => {
                let placed = place.downcast_ref::<Placed<Self>>();
                placed.map(|placed| placed.0.get().clone())
            }
        }
    }
}

/// What can be started with arguments that it has once.
#[doc(hidden)]
pub trait StartOnce: Child {
    /// The specification of a temporary child that stands behind `handle`.
    fn once(handle: &Self::Handle, id: ChildId, args: Self::Args) -> ChildSpec;
}

impl<S: GenServer> StartOnce for S {
    fn once(handle: &S::Client, id: ChildId, args: S::Args) -> ChildSpec {
        ChildSpec::once::<S>(id, args, handle.as_ref().clone())
    }
}

impl TaskRef {
    /// The specification of a task that stands behind this reference, which [`vacant`](Self::vacant) made: see
    /// [`ChildSpec::task`].
    ///
    /// ```
    /// use suptree::{ChildSpec, TaskRef};
    ///
    /// let ticker = TaskRef::vacant();
    /// let spec: ChildSpec = ticker.child_spec("ticker", std::future::pending::<()>);
    /// # drop(spec);
    /// ```
    pub fn child_spec<F, T>(&self, id: impl Into<ChildId>, task: F) -> ChildSpec
    where
        F: FnMut() -> T + Send + 'static,
        T: Future<Output: TaskOutput> + Send + 'static,
    {
        ChildSpec::task_at(id.into(), task, Some(self.clone()))
    }
}
