//! `DynamicSupervisor`: any number of children of one kind, started and stopped while it runs.

use std::any::type_name;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::arg::IntoArg;
use crate::child::ChildId;
use crate::process::address::Nobody;
use crate::process::name::Name;
use crate::process::pid::Pid;
use crate::process::process_ref::{ProcessRef, process_methods};
use crate::process::{Process, Tie};
use crate::reply::CallError;
use crate::start_error::StartError;
use crate::starting::{Start, Starting};
use crate::supervisor::child_spec::{Child, ChildSpec, Restartable};
use crate::supervisor::plan::Plan;
use crate::supervisor::request::WhichChild;
use crate::supervisor::start::{start_process, vacant_and};
use crate::supervisor::{
    ChildCounts, ChildInfo, Limits, Setup, StartChildError, SupervisorRef, TerminateChildError,
};

/// A supervisor whose children are started on demand, as `supervisor! { .. { dynamic: .. } }` implements it.
///
/// Follows [`DynamicSupervisor`](https://hexdocs.pm/elixir/DynamicSupervisor.html): children are restarted each for itself,
/// share one restart budget, and stop together.
///
/// Every dynamic supervisor is a [`Child`] of its own kind, so that it can stand in another one; its
/// [`child_spec`](Child::child_spec) is [`as_child`](Self::as_child) of the handle.
///
/// ```
/// # use suptree::prelude::genserver;
/// # struct Worker;
/// # #[genserver] impl Worker { #[init] fn init(_number: u8) -> Self { Self } }
/// use suptree::{
///     Child, ChildId, ChildSpec, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
/// };
///
/// #[derive(Clone, Debug)]
/// struct Workers(DynamicSupervisorRef<Worker>);
///
/// impl Child for Workers {
///     type Args = ();
///     type Handle = Self;
///
///     fn vacant() -> Self {
///         Self(DynamicSupervisorRef::vacant())
///     }
///
///     fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
///         handle.as_child(id)
///     }
/// }
///
/// impl DynamicSupervisor for Workers {
///     type Child = Worker;
///
///     fn supervisor(&self) -> &DynamicSupervisorRef<Worker> {
///         &self.0
///     }
///
///     fn init(&self) -> DynamicSupervisorSpec {
///         DynamicSupervisorSpec::new().max_children(100)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let Workers(workers) = suptree::start_link_dynamic_supervisor::<Workers>().await?;
/// let worker = workers.start_child(7).await?;
/// assert!(worker.is_alive());
/// # Ok(())
/// # }
/// ```
pub trait DynamicSupervisor: Child<Args = (), Handle = Self> + Clone + Send + Sync {
    /// The kind of children.
    type Child: Restartable;

    /// The name to register under.
    #[must_use]
    fn name() -> Option<Name> {
        None
    }

    /// The reference inside the handle.
    fn supervisor(&self) -> &DynamicSupervisorRef<Self::Child>;

    /// The flags.
    fn init(&self) -> DynamicSupervisorSpec;

    /// How another supervisor starts, restarts and stops this one, which then stands behind this handle.
    fn as_child(&self, id: impl Into<ChildId>) -> ChildSpec {
        child_spec(self, id.into())
    }
}

/// The flags of a dynamic supervisor. Defaults: 3 restarts in 5 s, children without limit.
///
/// ```
/// use suptree::DynamicSupervisorSpec;
///
/// /// Up to 10,000 sessions, of which ten may crash a minute.
/// const SESSIONS: DynamicSupervisorSpec =
///     DynamicSupervisorSpec::new().max_children(10_000).max_restarts(10).max_seconds(60);
/// # let _ = SESSIONS;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a specification does nothing unless a supervisor is started with it"]
pub struct DynamicSupervisorSpec {
    limits: Limits,
    max_children: Option<usize>,
}

impl DynamicSupervisorSpec {
    /// The defaults: 3 restarts in 5 s, children without limit.
    pub const fn new() -> Self {
        Self {
            limits: Limits::new(),
            max_children: None,
        }
    }

    /// How many restarts within [`max_seconds`](Self::max_seconds) are carried out. The next one ends the supervisor. 3
    /// unless set; all children share it.
    pub const fn max_restarts(mut self, restarts: u32) -> Self {
        self.limits.max_restarts = restarts;
        self
    }

    /// The window that restarts are counted in, in seconds. 5 unless set.
    pub const fn max_seconds(mut self, seconds: u64) -> Self {
        self.limits.max_seconds = seconds;
        self
    }

    /// How many children there may be at a time; those being restarted count. No limit unless set.
    pub const fn max_children(mut self, children: usize) -> Self {
        self.max_children = Some(children);
        self
    }

    fn setup(self) -> Setup {
        Setup {
            plan: Plan::dynamic(self.max_children, self.limits.intensity()),
            children: Vec::new(),
        }
    }
}

impl Default for DynamicSupervisorSpec {
    fn default() -> Self {
        Self::new()
    }
}

/// A reference to a dynamic supervisor with children of the type `C`: to one incarnation, to the supervisor that holds a name,
/// or to the one at a place in a tree, across restarts. What `supervisor!` declares with `dynamic` dereferences to it.
///
/// It is no [`SupervisorRef`], by which a child of another type could be started.
///
/// ```
/// # use suptree::prelude::*;
/// # struct Room(String);
/// # #[genserver] impl Room { #[init] fn init(topic: String) -> Self { Self(topic) } }
/// supervisor! { Rooms { dynamic: Room } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rooms = Rooms::start_link().await?;
/// let room = rooms.start_child("rust").await?;
/// assert_eq!(rooms.which_children().await?[0].pid(), room.pid());
/// assert_eq!(rooms.count_children().await?.active, 1);
///
/// assert!(rooms.is_alive());
/// assert_eq!(rooms.process().pid(), rooms.pid());
/// assert_eq!(rooms.info().expect("it lives").restarts, 0);
/// rooms.exit("go away".into()); // supervisors trap exits: that of a stranger does nothing
/// rooms.stop_with(ExitReason::Shutdown).await?; // `stop()` is `stop_with(ExitReason::Normal)`
/// assert_eq!(rooms.stop().await, Err(StopError::NoProc));
///
/// let rooms = Rooms::start_link().await?;
/// let end = rooms.monitor();
/// rooms.kill(); // and its children
/// assert_eq!(end.await.reason, ExitReason::Killed);
/// # Ok(()) }
/// ```
///
/// When requests are sent, and what dropping one does, is said [there](SupervisorRef#requests).
pub struct DynamicSupervisorRef<C> {
    supervisor: SupervisorRef,
    child: PhantomData<fn() -> C>,
}

impl<C: Restartable> DynamicSupervisorRef<C> {
    /// A reference to the place of a supervisor that is not there yet: for the handle of a [`DynamicSupervisor`] that is
    /// written by hand. Until the supervisor starts, the reference leads to nobody.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # use suptree::DynamicSupervisorRef;
    /// # #[derive(Default)] struct Room;
    /// # #[genserver] impl Room {}
    /// assert!(!DynamicSupervisorRef::<Room>::vacant().is_alive());
    /// ```
    #[must_use]
    pub fn vacant() -> Self {
        Self::of(SupervisorRef::vacant())
    }

    /// A reference by name. It is resolved at each use; nobody needs to hold the name yet.
    ///
    /// The supervisor has to be one whose children are of the type `C`. `supervisor!` generates a `named` that knows it.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver]
    /// # impl Room {
    /// #     #[init] fn init(topic: String) -> Self { Self(topic) }
    /// #     #[call] fn topic(&self) -> String { self.0.clone() }
    /// # }
    /// # supervisor! { Rooms(name = "rooms") { dynamic: Room, max_children: 1 } }
    /// use suptree::DynamicSupervisorRef;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = DynamicSupervisorRef::<Room>::named("rooms".into());
    /// Rooms::start_link().await?; // with `name = "rooms"`
    /// assert_eq!(rooms.start_child("rust").await?.topic().await?, "rust");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self::of(SupervisorRef::named(name))
    }

    const fn of(supervisor: SupervisorRef) -> Self {
        Self {
            supervisor,
            child: PhantomData,
        }
    }

    /// Starts a child. The handle follows it across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver]
    /// # impl Room {
    /// #     #[init] fn init(topic: String) -> Self { Self(topic) }
    /// #     #[call] fn topic(&self) -> String { self.0.clone() }
    /// # }
    /// # supervisor! { Rooms(name = "rooms") { dynamic: Room, max_children: 1 } }
    /// use suptree::StartChildError;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::start_link().await?; // with `max_children: 1`
    /// let room = rooms.start_child("rust").await?;
    /// assert_eq!(room.topic().await?, "rust");
    /// assert_eq!(rooms.start_child("erlang").await.unwrap_err(), StartChildError::MaxChildren);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There are [`max_children`](DynamicSupervisorSpec::max_children) already, the child did not start, or there is no
    /// such supervisor.
    pub fn start_child(&self, args: impl IntoArg<C::Args>) -> StartChild<C> {
        let handle = C::vacant();
        let spec = C::child_spec(&handle, "child", args.into_arg());
        StartChild {
            starting: Box::pin(self.supervisor.start_child(spec)),
            handle,
        }
    }

    /// Stops a child, and waits until it is gone. A child that is being restarted goes by the pid it had.
    ///
    /// A child may ask this of its own supervisor, from inside its handler: the handler ends at this `.await`, and `terminate`
    /// runs.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver]
    /// # impl Room {
    /// #     #[init] fn init(topic: String) -> Self { Self(topic) }
    /// #     #[call] fn topic(&self) -> String { self.0.clone() }
    /// # }
    /// # supervisor! { Rooms(name = "rooms") { dynamic: Room, max_children: 1 } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::start_link().await?;
    /// let room = rooms.start_child("rust").await?;
    /// let pid = room.pid().expect("it lives");
    /// rooms.terminate_child(pid).await?;
    /// assert!(!room.is_alive());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such child, or no such supervisor; or the child has no limit in time, and waits for the process that asks.
    pub fn terminate_child(
        &self,
        pid: Pid,
    ) -> impl Future<Output = Result<(), TerminateChildError>> + Send + 'static {
        self.supervisor.terminate(WhichChild::Pid(pid))
    }
}

/// The start of a child, by [`DynamicSupervisorRef::start_child`]: a future of its handle.
///
/// # Errors
///
/// A [`StartChildError`]; see [`start_child`](DynamicSupervisorRef::start_child).
///
/// # Cancel safety
///
/// The supervisor is asked when the future is first polled. The child is started even if the future is dropped then.
// A type by itself: an `impl Future` would depend on what the arguments were given as.
#[must_use = "a child does not start unless this is awaited"]
pub struct StartChild<C: Child> {
    starting: Pin<Box<dyn Future<Output = Result<Pid, StartChildError>> + Send>>,
    handle: C::Handle,
}

// The handle is never pinned.
impl<C: Child> Unpin for StartChild<C> {}

impl<C: Child> Future for StartChild<C> {
    type Output = Result<C::Handle, StartChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.starting.as_mut().poll(cx))?;
        Poll::Ready(Ok(self.handle.clone()))
    }
}

impl<C: Child> fmt::Debug for StartChild<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartChild").finish_non_exhaustive()
    }
}

impl<C> DynamicSupervisorRef<C> {
    /// The children, in start order, whatever their state.
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn which_children(
        &self,
    ) -> impl Future<Output = Result<Vec<ChildInfo>, CallError>> + Send + 'static {
        self.supervisor.which_children()
    }

    /// Counts the children.
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn count_children(
        &self,
    ) -> impl Future<Output = Result<ChildCounts, CallError>> + Send + 'static {
        self.supervisor.count_children()
    }

    /// The same reference, to a process of any type: for a list of processes of different types.
    #[must_use]
    pub fn process(&self) -> ProcessRef {
        self.supervisor.process()
    }

    fn found(&self) -> Option<Arc<dyn Process>> {
        self.supervisor.found()
    }

    fn untold(&self) -> Option<Arc<dyn Process>> {
        self.supervisor.untold()
    }

    fn nobody(&self) -> Nobody {
        self.supervisor.nobody()
    }

    process_methods!();
}

impl<C> Clone for DynamicSupervisorRef<C> {
    fn clone(&self) -> Self {
        Self {
            supervisor: self.supervisor.clone(),
            child: PhantomData,
        }
    }
}

impl<C> fmt::Debug for DynamicSupervisorRef<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynamicSupervisorRef")
            .field(&self.supervisor)
            .finish()
    }
}

/// Starts a dynamic supervisor, linked to the process this is called from. `.await` gives the handle.
///
/// `supervisor!` gives each supervisor a function `start_link`, which calls this one.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Room;
///
/// #[genserver]
/// impl Room {}
///
/// supervisor! { Rooms { dynamic: Room } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rooms = suptree::start_link_dynamic_supervisor::<Rooms>().await?; // Rooms::start_link() is the same
/// rooms.start_child(()).await?;
/// assert_eq!(rooms.count_children().await?.active, 1);
/// # Ok(()) }
/// ```
///
/// Follows [`DynamicSupervisor.start_link/1`](https://hexdocs.pm/elixir/DynamicSupervisor.html#start_link/1).
///
/// # Errors
///
/// Those of [`Start`].
pub fn start_link_dynamic_supervisor<T: DynamicSupervisor>() -> Start<T> {
    Start::supervisor(|started| async move {
        let (handle, starting) = vacant_and(|handle: &T| start_dynamic(handle, Tie::to_starter()))?;
        starting.note_pid(&started);
        starting.ready.await?;
        Ok(handle.into_inner())
    })
}

/// The child specification of a dynamic supervisor in a supervisor.
fn child_spec<T: DynamicSupervisor>(handle: &T, id: ChildId) -> ChildSpec {
    let handle = handle.clone();
    ChildSpec::supervisor(id, move |parent| {
        start_dynamic(&handle, Tie::Supervised(parent))
    })
}

fn start_dynamic<T: DynamicSupervisor>(handle: &T, tie: Tie) -> Result<Starting, StartError> {
    start_process(
        T::name(),
        type_name::<T>(),
        tie,
        &handle.supervisor().supervisor,
        || handle.init().setup(),
    )
}
