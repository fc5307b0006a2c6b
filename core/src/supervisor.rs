//! `Supervisor`: starts children, restarts them when they end, stops them in order.

// What is declared.
pub(crate) mod flags;
pub(crate) mod child_spec;
pub(crate) mod child_args;
pub(crate) mod listed;
pub(crate) mod declared_tree;
pub(crate) mod handles;
pub(crate) mod kept_handle;
pub(crate) mod literal_names;
pub(crate) mod dynamic;
pub(crate) mod partition;
pub(crate) mod task_supervisor;
// What is decided.
pub(crate) mod plan;
pub(crate) mod children;
pub(crate) mod intensity;
pub(crate) mod backoff;
#[cfg(test)]
mod model;
// What is asked.
pub(crate) mod supervisor_ref;
mod supervisor_methods;
pub(crate) mod request;
pub(crate) mod admin;
pub(crate) mod watch_readiness;
mod ask;
pub(crate) mod offer;
pub(crate) mod start_child;
// What is done.
pub(crate) mod start;
pub(crate) mod pulse;
pub(crate) mod exits;
pub(crate) mod inbox;
mod absent;
mod readiness;
mod late_exits;
mod missed;
pub(crate) mod supervisor_process;
pub(crate) mod vigil;
mod process;
pub(crate) mod specs;
pub(crate) mod driver;
pub(crate) mod report;

use std::any::Any;
use std::sync::Arc;

pub use self::admin::{ChildSpecInfo, DeleteChildError, GetChildSpecError, RestartChildError};
pub use self::backoff::Backoff;
pub use self::child_spec::ChildSpec;
pub use self::child_spec::on_demand::{Cloned, DynamicChild, Gives, OnDemand, Once};
pub use self::child_spec::startable::{Child, ListedChild, RestartArgs, Restartable};
pub use self::declared_tree::DeclaredTree;
pub use self::dynamic::{
    ChildOf, DynamicChildren, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
    OneOf, StartChild, WithExtra, start_link_dynamic_supervisor,
};
pub use self::flags::{AutoShutdown, Strategy};
pub use self::listed::SupervisorArg;
pub use self::partition::{
    PartitionSupervisor, PartitionSupervisorRef, PartitionSupervisorSpec, ResizeError,
    start_link_partition_supervisor,
};
pub use self::request::{ChildCounts, ChildInfo, ChildState, StartChildError, TerminateChildError};
pub use self::start::start_link_supervisor;
pub use self::start_child::StartChildSpec;
pub use self::supervisor_ref::SupervisorRef;
pub use self::task_supervisor::{SpawnTask, StartTask, TaskSupervisor, TaskSupervisorSpec};
pub use self::watch_readiness::ReadinessWatch;

use self::flags::Limits;
use self::partition::AnyTable;
use self::plan::Plan;
use crate::child::ChildId;
use crate::guard::Guarded;
use crate::process::name::Name;

/// A supervisor with children that are known beforehand: OTP's behaviour, as `supervisor!` implements it.
///
/// The type is the handle of the running supervisor, with the typed handles of its children, which follow them across
/// restarts.
///
/// Every supervisor is a [`Child`] of its own kind, so that it can stand in another one. Its `Args` are what its children's
/// arguments are made from; its [`child_spec`](Child::child_spec) is [`as_child`](Self::as_child) of the handle.
///
/// ```
/// # use suptree::prelude::genserver;
/// # struct Worker;
/// # #[genserver] impl Worker { #[init] fn init(_number: u8) -> Self { Self } }
/// use suptree::{Child, ChildId, ChildSpec, Strategy, Supervisor, SupervisorRef, SupervisorSpec};
///
/// /// Supervises one worker, which it has a handle to.
/// #[derive(Clone, Debug)]
/// struct Workers {
///     worker: <Worker as Child>::Handle,
///     supervisor: SupervisorRef,
/// }
///
/// impl Child for Workers {
///     type Args = u8;
///     type Handle = Self;
///
///     fn vacant() -> Self {
///         Self { worker: <Worker as Child>::vacant(), supervisor: SupervisorRef::vacant() }
///     }
///
///     fn child_spec(handle: &Self, id: impl Into<ChildId>, number: u8) -> ChildSpec {
///         handle.as_child(id, number)
///     }
/// }
///
/// impl Supervisor for Workers {
///     fn supervisor(&self) -> &SupervisorRef {
///         &self.supervisor
///     }
///
///     fn init(&self, number: u8) -> SupervisorSpec {
///         SupervisorSpec::new(Strategy::OneForOne)
///             .child(<Worker as Child>::child_spec(&self.worker, "worker", number))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workers = suptree::start_link_supervisor::<Workers>(1).await?;
/// assert!(workers.worker.is_alive());
/// # Ok(())
/// # }
/// ```
///
/// Follows [OTP's `supervisor`](https://www.erlang.org/doc/apps/stdlib/supervisor.html) with Elixir's defaults: 3 restarts
/// in 5 s.
pub trait Supervisor: Restartable + Child<Handle = Self> + Clone + Send + Sync {
    /// The name to register under.
    #[must_use]
    fn name() -> Option<Name> {
        None
    }

    /// The untyped reference inside the handle.
    fn supervisor(&self) -> &SupervisorRef;

    /// The flags and children. Called at each start, as the supervisor. Every restart gets a clone of the arguments.
    fn init(&self, args: Self::Args) -> SupervisorSpec;

    /// How another supervisor starts, restarts and stops this one, which then stands behind this handle.
    fn as_child(&self, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec {
        start::child_spec(self, id.into(), args)
    }
}

/// The flags and children of a supervisor.
///
/// Defaults: 3 restarts in 5 s; one more ends the supervisor with the reason `Shutdown`.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{Strategy, SupervisorSpec};
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver]
/// impl Cache {}
///
/// /// What the `init` of a supervisor may give.
/// fn flags() -> SupervisorSpec {
///     SupervisorSpec::new(Strategy::OneForOne)
///         .max_restarts(10)
///         .max_seconds(60)
///         .child(Cache::child_spec())
/// }
/// # let _ = flags();
/// ```
#[derive(Debug)]
#[must_use = "a specification does nothing unless a supervisor is started with it"]
pub struct SupervisorSpec {
    strategy: Strategy,
    auto_shutdown: AutoShutdown,
    limits: Limits,
    children: Vec<ChildSpec>,
}

impl SupervisorSpec {
    /// No children yet, 3 restarts in 5 s.
    pub const fn new(strategy: Strategy) -> Self {
        Self {
            strategy,
            auto_shutdown: AutoShutdown::Never,
            limits: Limits::new(),
            children: Vec::new(),
        }
    }

    /// How many restarts within [`max_seconds`](Self::max_seconds) are carried out. The next one ends the supervisor. 3 unless
    /// set; all children share it, and every attempt counts.
    pub const fn max_restarts(mut self, restarts: u32) -> Self {
        self.limits.max_restarts = restarts;
        self
    }

    /// The window that restarts are counted in, in seconds. 5 unless set.
    pub const fn max_seconds(mut self, seconds: u64) -> Self {
        self.limits.max_seconds = seconds;
        self
    }

    /// Whether the supervisor ends when [significant](ChildSpec::significant) children have. [`AutoShutdown::Never`] unless set,
    /// and then no child may be significant.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::{AutoShutdown, Child, ChildId, ChildSpec, Strategy, Supervisor, SupervisorRef, SupervisorSpec};
    ///
    /// /// Does one thing, and is done.
    /// #[derive(Default)]
    /// struct Import;
    ///
    /// #[genserver(restart = transient)]
    /// impl Import {
    ///     #[cast]
    ///     fn run(&mut self, cx: &mut Context<Self>) {
    ///         cx.stop(ExitReason::Normal);
    ///     }
    /// }
    ///
    /// /// Lives as long as the import takes.
    /// #[derive(Clone, Debug)]
    /// struct Job {
    ///     import: <Import as Child>::Handle,
    ///     supervisor: SupervisorRef,
    /// }
    ///
    /// impl Child for Job {
    ///     type Args = ();
    ///     type Handle = Self;
    ///
    ///     fn vacant() -> Self {
    ///         Self { import: <Import as Child>::vacant(), supervisor: SupervisorRef::vacant() }
    ///     }
    ///
    ///     fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
    ///         handle.as_child(id, ())
    ///     }
    /// }
    ///
    /// impl Supervisor for Job {
    ///     fn supervisor(&self) -> &SupervisorRef {
    ///         &self.supervisor
    ///     }
    ///
    ///     fn init(&self, (): ()) -> SupervisorSpec {
    ///         SupervisorSpec::new(Strategy::OneForOne)
    ///             .auto_shutdown(AutoShutdown::AnySignificant)
    ///             .child(<Import as Child>::child_spec(&self.import, "import", ()).significant(true))
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let job = suptree::start_link_supervisor::<Job>(()).await?;
    /// let end = job.supervisor.monitor();
    /// job.import.run().await?;
    /// assert_eq!(end.await.reason, ExitReason::Shutdown);
    /// # Ok(()) }
    /// ```
    pub const fn auto_shutdown(mut self, auto_shutdown: AutoShutdown) -> Self {
        self.auto_shutdown = auto_shutdown;
        self
    }

    /// Adds a child. Children start in this order, and stop in the reverse.
    pub fn child(mut self, child: ChildSpec) -> Self {
        self.children.push(child);
        self
    }

    pub(crate) fn setup(self) -> Setup {
        Setup {
            plan: Plan::fixed(self.strategy.into(), self.limits.intensity())
                .with_auto_shutdown(self.auto_shutdown),
            children: self.children,
            extra: None,
            partitions: None,
        }
    }
}

/// What a supervisor process starts with.
pub(crate) struct Setup {
    pub(crate) plan: Plan,
    pub(crate) children: Vec<ChildSpec>,
    /// What dynamic children are given before their own arguments.
    pub(crate) extra: Option<Guarded<ExtraArgs>>,
    /// The handles of the partitions, for references by name.
    partitions: Option<Partitions>,
}

/// The handles of partitions, whatever their type.
type Partitions = Arc<dyn AnyTable>;

/// The extra arguments of a dynamic supervisor, whatever their type.
pub(crate) type ExtraArgs = Box<dyn Any + Send>;
