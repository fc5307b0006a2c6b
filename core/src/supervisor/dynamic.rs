//! `DynamicSupervisor`: any number of children of one kind, started and stopped while it runs.

mod dynamic_ref;
mod kinds;
mod order;
mod start_child;

use std::any::type_name;

pub use self::dynamic_ref::DynamicSupervisorRef;
pub use self::kinds::{AfterExtra, ChildOf, DynamicChildren, NoDynamicChild, OneOf, WithExtra};
pub(crate) use self::order::AnyOrder;
pub use self::start_child::StartChild;
use crate::child::ChildId;
use crate::guard::Guarded;
use crate::process::Tie;
use crate::process::name::Name;
use crate::start_error::StartError;
use crate::starting::{Start, Starting};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::on_demand::{Cloned, OnDemand};
use crate::supervisor::child_spec::startable::{Child, Restartable};
use crate::supervisor::plan::Plan;
use crate::supervisor::start::{spec_at, start_linked, start_process};
use crate::supervisor::{Limits, Setup};

/// A supervisor whose children are started on demand, as `supervisor! { .. { dynamic: .. } }` implements it.
///
/// Follows [`DynamicSupervisor`](https://hexdocs.pm/elixir/DynamicSupervisor.html): children are restarted each for itself,
/// share one restart budget, and stop together.
///
/// Every dynamic supervisor is a [`Child`] of its own kind, so that it can stand in another one. Its `Args` are what its flags
/// are made from; its [`child_spec`](Child::child_spec) is [`as_child`](Self::as_child) of the handle. Where a handle of one's own
/// is not needed, a [`DynamicSupervisorRef`] is such a child by itself, with a [`DynamicSupervisorSpec`] for arguments.
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
///         handle.as_child(id, ())
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
///     fn init(&self, (): ()) -> DynamicSupervisorSpec {
///         DynamicSupervisorSpec::new().max_children(100)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let Workers(workers) = suptree::start_link_dynamic_supervisor::<Workers>(()).await?;
/// let worker = workers.start_child(7).await?;
/// assert!(worker.is_alive());
/// # Ok(())
/// # }
/// ```
pub trait DynamicSupervisor: Restartable + Child<Handle = Self> + Clone + Send + Sync {
    /// The kind of children: a type of them, or [`OneOf`] several, or either [`WithExtra`] arguments.
    type Child: DynamicChildren;

    /// The name to register under.
    #[must_use]
    fn name() -> Option<Name> {
        None
    }

    /// The reference inside the handle.
    fn supervisor(&self) -> &DynamicSupervisorRef<Self::Child>;

    /// The flags. Called at each start, as the supervisor. Every restart gets a clone of the arguments.
    fn init(&self, args: Self::Args) -> DynamicSupervisorSpec<ExtraOf<Self>>;

    /// How another supervisor starts, restarts and stops this one, which then stands behind this handle.
    fn as_child(&self, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec {
        child_spec(self, id.into(), args)
    }
}

/// The extra arguments of the children of this supervisor.
type ExtraOf<T> = <<T as DynamicSupervisor>::Child as DynamicChildren>::Extra;

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
pub struct DynamicSupervisorSpec<E = ()> {
    limits: Limits,
    max_children: Option<usize>,
    extra: E,
}

impl DynamicSupervisorSpec {
    /// The defaults: 3 restarts in 5 s, children without limit, and no extra arguments.
    pub const fn new() -> Self {
        Self {
            limits: Limits::new(),
            max_children: None,
            extra: (),
        }
    }

    /// What each child is given before its own arguments, at restarts, too: a tuple, such as `(config,)`. The children of the
    /// supervisor are those [`WithExtra`] arguments of these types. Each start of a child takes a clone.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver] impl Room {
    /// #     #[init] fn init(house: String, topic: String) -> Self { Self(format!("{house}/{topic}")) }
    /// #     #[call] fn path(&self) -> String { self.0.clone() }
    /// # }
    /// use suptree::{Child, DynamicSupervisorRef, DynamicSupervisorSpec, WithExtra};
    ///
    /// type RoomsRef = DynamicSupervisorRef<WithExtra<Room, (String,)>>;
    ///
    /// supervisor! { App { strategy: one_for_one, children: [] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let rooms = RoomsRef::vacant();
    /// let flags = DynamicSupervisorSpec::new().extra_arguments(("east".to_owned(),));
    /// app.start_child(RoomsRef::child_spec(&rooms, "rooms", flags)).await?;
    /// let room = rooms.start_child("rust").await?; // `Room::init("east", "rust")`
    /// assert_eq!(room.path().await?, "east/rust");
    /// # Ok(()) }
    /// ```
    pub fn extra_arguments<E>(self, extra: E) -> DynamicSupervisorSpec<E> {
        DynamicSupervisorSpec {
            limits: self.limits,
            max_children: self.max_children,
            extra,
        }
    }
}

impl<E> DynamicSupervisorSpec<E> {
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
}

impl<E: Send + 'static> DynamicSupervisorSpec<E> {
    fn setup(self) -> Setup {
        Setup {
            plan: Plan::dynamic(self.max_children, self.limits.intensity()),
            children: Vec::new(),
            extra: Some(Guarded::new(Box::new(self.extra))),
            partitions: None,
        }
    }
}

impl Default for DynamicSupervisorSpec {
    fn default() -> Self {
        Self::new()
    }
}

/// A dynamic supervisor without a type of its own, by its reference: a child of another supervisor.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Room;
/// # #[genserver] impl Room {}
/// use suptree::{Child, DynamicSupervisorRef, DynamicSupervisorSpec};
///
/// supervisor! { App { strategy: one_for_one, children: [] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let rooms = DynamicSupervisorRef::<Room>::vacant();
/// let flags = DynamicSupervisorSpec::new().max_children(100);
/// app.start_child(DynamicSupervisorRef::child_spec(&rooms, "rooms", flags)).await?;
/// assert!(rooms.start_child(()).await?.is_alive());
/// # Ok(()) }
/// ```
impl<C: DynamicChildren> Child for DynamicSupervisorRef<C> {
    type Args = DynamicSupervisorSpec<C::Extra>;
    type Handle = Self;

    fn vacant() -> Self {
        Self::vacant()
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec {
        let handle = handle.supervisor.clone();
        ChildSpec::supervisor::<Self>(id.into(), move |parent| {
            let (tie, args) = (Tie::Supervised(parent), args.clone());
            start_process(None, type_name::<Self>(), tie, &handle, || args.setup())
        })
    }
}

impl<C: DynamicChildren> OnDemand for DynamicSupervisorRef<C> {
    type Given = Cloned;
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
/// let rooms = suptree::start_link_dynamic_supervisor::<Rooms>(()).await?; // Rooms::start_link() is the same
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
pub fn start_link_dynamic_supervisor<T: DynamicSupervisor>(args: T::Args) -> Start<T> {
    start_linked(args, start_dynamic)
}

/// The child specification of a dynamic supervisor in a supervisor.
fn child_spec<T: DynamicSupervisor>(handle: &T, id: ChildId, args: T::Args) -> ChildSpec {
    spec_at(handle, id, args, start_dynamic)
}

fn start_dynamic<T: DynamicSupervisor>(
    handle: &T,
    args: Guarded<T::Args>,
    tie: Tie,
) -> Result<Starting, StartError> {
    start_process(
        T::name(),
        type_name::<T>(),
        tie,
        &handle.supervisor().supervisor,
        || handle.init(args.into_inner()).setup(),
    )
}
