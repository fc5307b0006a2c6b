//! `Supervisor`: starts children, restarts them when they end, stops them in order.

// What is declared.
pub(crate) mod child_spec;
pub(crate) mod child_args;
pub(crate) mod dynamic;
// What is decided.
pub(crate) mod plan;
pub(crate) mod children;
pub(crate) mod intensity;
#[cfg(test)]
mod model;
// What is asked.
pub(crate) mod supervisor_ref;
pub(crate) mod request;
// What is done.
pub(crate) mod start;
pub(crate) mod pulse;
pub(crate) mod exits;
pub(crate) mod inbox;
pub(crate) mod supervisor_process;
pub(crate) mod vigil;
mod process;
pub(crate) mod specs;
pub(crate) mod driver;
pub(crate) mod report;

use std::time::Duration;

pub use self::child_spec::{Child, ChildSpec, Restartable};
pub use self::dynamic::{
    DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec, StartChild,
    start_link_dynamic_supervisor,
};
pub use self::request::{ChildCounts, ChildInfo, ChildState, StartChildError, TerminateChildError};
pub use self::start::start_link_supervisor;
pub use self::supervisor_ref::SupervisorRef;

use self::intensity::Intensity;
use self::plan::Plan;
use crate::child::ChildId;
use crate::process::name::Name;

/// Which children are restarted when one ends. OTP's
/// [supervision strategies](https://www.erlang.org/doc/system/sup_princ.html#restart-strategy).
///
/// Of the others, those that run are stopped first, in the reverse of the start order. Then the whole group is started, in the
/// start order: with the children that were done, or stopped by request; temporary children do not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// The one that ended.
    OneForOne,
    /// All of them.
    OneForAll,
    /// The one that ended, and those that were started after it.
    RestForOne,
}

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
    limits: Limits,
    children: Vec<ChildSpec>,
}

impl SupervisorSpec {
    /// No children yet, 3 restarts in 5 s.
    pub const fn new(strategy: Strategy) -> Self {
        Self {
            strategy,
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

    /// Adds a child. Children start in this order, and stop in the reverse.
    pub fn child(mut self, child: ChildSpec) -> Self {
        self.children.push(child);
        self
    }

    pub(crate) fn setup(self) -> Setup {
        Setup {
            plan: Plan::fixed(self.strategy.into(), self.limits.intensity()),
            children: self.children,
        }
    }
}

/// `max_restarts` and `max_seconds`, with Elixir's defaults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) max_restarts: u32,
    pub(crate) max_seconds: u64,
}

impl Limits {
    pub(crate) const fn new() -> Self {
        Self {
            max_restarts: 3,
            max_seconds: 5,
        }
    }

    pub(crate) const fn intensity(self) -> Intensity {
        Intensity::new(self.max_restarts, Duration::from_secs(self.max_seconds))
    }
}

/// What a supervisor process starts with.
pub(crate) struct Setup {
    pub(crate) plan: Plan,
    pub(crate) children: Vec<ChildSpec>,
}
