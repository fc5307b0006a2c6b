//! `PartitionSupervisor`: several servers of one kind, between which keys are divided.

mod partition_ref;
mod resize_error;
mod routing;
mod table;

use std::any::type_name;
use std::fmt;
use std::sync::Arc;

pub use self::partition_ref::PartitionSupervisorRef;
pub use self::resize_error::ResizeError;
pub(super) use self::table::AnyTable;
use self::table::Table;
use crate::child::{ChildId, Restart, Shutdown};
use crate::guard::Guarded;
use crate::process::Tie;
use crate::process::name::Name;
use crate::rt;
use crate::start_error::StartError;
use crate::starting::{Start, Starting};
use crate::supervisor::Setup;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::on_demand::{Cloned, OnDemand};
use crate::supervisor::child_spec::startable::{Child, Restartable};
use crate::supervisor::flags::Limits;
use crate::supervisor::kept_handle::KeptHandle;
use crate::supervisor::plan::{Plan, RestartGroup};
use crate::supervisor::start::{spec_at, start_linked, start_process};

/// A supervisor of several servers of one kind, its *partitions*, between which keys are divided: each key has one of them, which
/// [`route`](PartitionSupervisorRef::route) finds. One server for all would be the place where everybody waits.
///
/// Follows [`PartitionSupervisor`](https://hexdocs.pm/elixir/PartitionSupervisor.html): there are as many partitions as the
/// machine has cores, unless told otherwise; their ids are their numbers, from 0 on; each is restarted for itself. There may be fewer
/// for a time: [`resize`](PartitionSupervisorRef::resize).
///
/// Every partition supervisor is a [`Child`] of its own kind, so that it can stand in another one. Where a name or a handle of
/// one's own is not needed, a [`PartitionSupervisorRef`] is such a child by itself, with a [`PartitionSupervisorSpec`] for
/// arguments.
///
/// ```
/// # use suptree::prelude::*;
/// use suptree::{
///     Child, ChildId, ChildSpec, PartitionSupervisor, PartitionSupervisorRef, PartitionSupervisorSpec,
/// };
///
/// /// Counts, for a part of the users.
/// struct Counter(u64);
///
/// #[genserver]
/// impl Counter {
///     #[init]
///     fn init(start: u64) -> Self {
///         Self(start)
///     }
///
///     #[call]
///     fn add(&mut self, n: u64) -> u64 {
///         self.0 += n;
///         self.0
///     }
/// }
///
/// #[derive(Clone, Debug)]
/// struct Counters(PartitionSupervisorRef<Counter>);
///
/// impl Child for Counters {
///     type Args = u64;
///     type Handle = Self;
///
///     fn vacant() -> Self {
///         Self(PartitionSupervisorRef::vacant())
///     }
///
///     fn child_spec(handle: &Self, id: impl Into<ChildId>, start: u64) -> ChildSpec {
///         handle.as_child(id, start)
///     }
/// }
///
/// impl PartitionSupervisor for Counters {
///     type Child = Counter;
///
///     fn name() -> Option<Name> {
///         Some("counters".into())
///     }
///
///     fn supervisor(&self) -> &PartitionSupervisorRef<Counter> {
///         &self.0
///     }
///
///     fn init(&self, start: u64) -> PartitionSupervisorSpec<Counter> {
///         PartitionSupervisorSpec::new(move |_partition| start).partitions(4)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// suptree::start_link_partition_supervisor::<Counters>(100).await?;
/// let counters = PartitionSupervisorRef::<Counter>::named("counters".into());
/// assert_eq!(counters.route("joe").add(1).await?, 101);
/// assert_eq!(counters.route("joe").add(1).await?, 102); // the same partition
/// # Ok(()) }
/// ```
pub trait PartitionSupervisor: Restartable + Child<Handle = Self> + Clone + Send + Sync {
    /// The kind of the partitions.
    type Child: Restartable;

    /// The name to register under.
    #[must_use]
    fn name() -> Option<Name> {
        None
    }

    /// The reference inside the handle.
    fn supervisor(&self) -> &PartitionSupervisorRef<Self::Child>;

    /// The flags, and what the partitions are started with. Called at each start, as the supervisor. Every restart gets a clone of
    /// the arguments.
    fn init(&self, args: Self::Args) -> PartitionSupervisorSpec<Self::Child>;

    /// How another supervisor starts, restarts and stops this one, which then stands behind this handle.
    fn as_child(&self, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec {
        child_spec(self, id.into(), args)
    }
}

/// The flags of a partition supervisor, and what its partitions are started with. Defaults: a partition for each core, 3 restarts
/// in 5 s.
///
/// ```
/// # use suptree::prelude::*;
/// # struct Worker;
/// # #[genserver] impl Worker { #[init] fn init(_url: String, _number: usize) -> Self { Self } }
/// use suptree::PartitionSupervisorSpec;
///
/// /// Eight workers, each of which knows its number. One that is done is not started again.
/// fn workers(url: String) -> PartitionSupervisorSpec<Worker> {
///     PartitionSupervisorSpec::new(move |partition| (url.clone(), partition))
///         .partitions(8)
///         .max_restarts(10)
///         .max_seconds(60)
///         .restart(Restart::Transient)
///         .shutdown(Shutdown::BrutalKill)
/// }
/// # let _ = workers(String::new());
/// ```
#[must_use = "a specification does nothing unless a supervisor is started with it"]
pub struct PartitionSupervisorSpec<C: Child> {
    limits: Limits,
    partitions: Option<usize>,
    restart: Option<Restart>,
    shutdown: Option<Shutdown>,
    /// It holds what is a user's.
    args: Guarded<ArgsOf<C>>,
}

/// Makes the arguments of a partition, by its number.
type ArgsOf<C> = Box<dyn MakeArgs<<C as Child>::Args>>;

/// A closure that can be cloned. What it has captured need not be `Sync`: no two starts share it.
trait MakeArgs<A>: Send {
    fn make(&self, partition: usize) -> A;

    fn cloned(&self) -> Box<dyn MakeArgs<A>>;
}

impl<A, F> MakeArgs<A> for F
where
    F: Fn(usize) -> A + Clone + Send + 'static,
{
    fn make(&self, partition: usize) -> A {
        self(partition)
    }

    fn cloned(&self) -> Box<dyn MakeArgs<A>> {
        Box::new(self.clone())
    }
}

impl<C: Child> PartitionSupervisorSpec<C> {
    /// The defaults. `args` makes the arguments of each partition, by its number, whenever the supervisor starts; a restart of a
    /// partition gets a clone of them. A restart of the supervisor makes them with a clone of the closure.
    pub fn new(args: impl Fn(usize) -> C::Args + Clone + Send + 'static) -> Self {
        Self {
            limits: Limits::new(),
            partitions: None,
            restart: None,
            shutdown: None,
            args: Guarded::new(Box::new(args)),
        }
    }

    /// How many partitions there are. As many as the machine has cores, unless set.
    ///
    /// # Panics
    ///
    /// With none.
    #[track_caller]
    pub const fn partitions(mut self, partitions: usize) -> Self {
        assert!(
            partitions > 0,
            "a partition supervisor has at least one partition"
        );
        self.partitions = Some(partitions);
        self
    }

    /// How many restarts within [`max_seconds`](Self::max_seconds) are carried out. The next one ends the supervisor. 3
    /// unless set; all partitions share it.
    pub const fn max_restarts(mut self, restarts: u32) -> Self {
        self.limits.max_restarts = restarts;
        self
    }

    /// The window that restarts are counted in, in seconds. 5 unless set.
    pub const fn max_seconds(mut self, seconds: u64) -> Self {
        self.limits.max_seconds = seconds;
        self
    }

    /// Sets when a partition is restarted, instead of what its server's options say.
    pub const fn restart(mut self, restart: Restart) -> Self {
        self.restart = Some(restart);
        self
    }

    /// Sets how a partition is stopped, instead of what its server's options say.
    pub const fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = Some(shutdown);
        self
    }
}

impl<C: Restartable> PartitionSupervisorSpec<C> {
    /// `table` has the handles of the partitions, also those of the supervisor's start before.
    fn setup(self, table: &Arc<Table<C>>) -> Setup {
        let partitions = self.partitions.unwrap_or_else(rt::cores);
        let handles = table.begin(partitions);
        let child = |(number, handle): (usize, &KeptHandle<C>)| {
            let args = self.args.get().make(number);
            let mut spec = C::child_spec(handle, ChildId::new(number), args);
            if let Some(restart) = self.restart {
                spec = spec.restart(restart);
            }
            if let Some(shutdown) = self.shutdown {
                spec = spec.shutdown(shutdown);
            }
            spec
        };
        Setup {
            plan: Plan::fixed(RestartGroup::One, self.limits.intensity()),
            children: handles.iter().enumerate().map(child).collect(),
            extra: None,
            partitions: Some(Arc::clone(table) as _),
        }
    }
}

impl<C: Child> Clone for PartitionSupervisorSpec<C> {
    fn clone(&self) -> Self {
        Self {
            limits: self.limits,
            partitions: self.partitions,
            restart: self.restart,
            shutdown: self.shutdown,
            args: Guarded::new(self.args.get().cloned()),
        }
    }
}

impl<C: Child> fmt::Debug for PartitionSupervisorSpec<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartitionSupervisorSpec")
            .field("limits", &self.limits)
            .field("partitions", &self.partitions)
            .field("restart", &self.restart)
            .field("shutdown", &self.shutdown)
            .finish_non_exhaustive()
    }
}

/// A partition supervisor without a type of its own, by its reference: a child of another supervisor.
///
/// ```
/// # use suptree::prelude::*;
/// # struct Counter(u64);
/// # #[genserver]
/// # impl Counter {
/// #     #[init] fn init(start: u64) -> Self { Self(start) }
/// #     #[call] fn get(&self) -> u64 { self.0 }
/// # }
/// use suptree::{Child, PartitionSupervisorRef, PartitionSupervisorSpec};
///
/// supervisor! { App { strategy: one_for_one, children: [] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let counters = PartitionSupervisorRef::<Counter>::vacant();
/// let flags = PartitionSupervisorSpec::<Counter>::new(|_partition| 7).partitions(4);
/// app.start_child(PartitionSupervisorRef::child_spec(&counters, "counters", flags)).await?;
/// assert_eq!(counters.route("joe").get().await?, 7);
/// # Ok(()) }
/// ```
impl<C: Restartable> Child for PartitionSupervisorRef<C> {
    type Args = PartitionSupervisorSpec<C>;
    type Handle = Self;

    fn vacant() -> Self {
        Self::vacant()
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec {
        let handle = handle.clone();
        ChildSpec::supervisor::<Self>(id.into(), move |parent| {
            let (tie, args) = (Tie::Supervised(parent), args.clone());
            let (name, table) = (type_name::<Self>(), handle.own_table());
            start_process(None, name, tie, &handle.supervisor, || args.setup(&table))
        })
    }
}

impl<C: Restartable> OnDemand for PartitionSupervisorRef<C> {
    type Given = Cloned;
}

/// Starts a partition supervisor, linked to the process this is called from, and its partitions, one after the other. `.await`
/// gives the handle.
///
/// Follows [`PartitionSupervisor.start_link/1`](https://hexdocs.pm/elixir/PartitionSupervisor.html#start_link/1). The example is that
/// of [`PartitionSupervisor`].
///
/// ```no_run
/// # use suptree::{PartitionSupervisor, StartError};
/// /// Starts one whose arguments are its number of partitions.
/// async fn start<T: PartitionSupervisor<Args = usize>>(partitions: usize) -> Result<T, StartError> {
///     suptree::start_link_partition_supervisor::<T>(partitions).await
/// }
/// ```
///
/// # Errors
///
/// Those of [`Start`]: a partition did not start.
pub fn start_link_partition_supervisor<T: PartitionSupervisor>(args: T::Args) -> Start<T> {
    start_linked(args, start_partitions)
}

/// The child specification of a partition supervisor in a supervisor.
fn child_spec<T: PartitionSupervisor>(handle: &T, id: ChildId, args: T::Args) -> ChildSpec {
    spec_at(handle, id, args, start_partitions)
}

fn start_partitions<T: PartitionSupervisor>(
    handle: &T,
    args: Guarded<T::Args>,
    tie: Tie,
) -> Result<Starting, StartError> {
    let supervisor = handle.supervisor();
    let table = supervisor.own_table();
    start_process(
        T::name(),
        type_name::<T>(),
        tie,
        &supervisor.supervisor,
        || handle.init(args.into_inner()).setup(&table),
    )
}
