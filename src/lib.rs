#![doc = include_str!("docs/crate.md")]

// The macros name `::suptree`, here too.
#[allow(unused_extern_crates)]
extern crate self as suptree;

pub mod prelude;

#[cfg(doc)]
#[doc = include_str!("../docs/departures.md")]
pub mod departures {}

pub use suptree_core::bounds;

// Their programs are compiled in `ui-tests`.
#[cfg(all(doc, not(doctest)))]
pub mod errors;

#[cfg(any(doc, feature = "metrics"))]
#[doc = include_str!("docs/metrics.md")]
pub mod metrics {
    #[cfg(feature = "metrics")]
    pub use suptree_core::describe_metrics as describe;
}

#[cfg(any(doc, doctest))]
#[doc = include_str!("docs/guide.md")]
pub mod guide {
    #[doc = include_str!("docs/first_day.md")]
    pub mod first_day {}

    #[doc = include_str!("docs/from_elixir.md")]
    pub mod from_elixir {}

    // What their programs are is compiled beside the benchmarks, where their crates are: `bench/guides`.
    #[doc = include_str!("docs/from_kameo.md")]
    #[doc = "\n```ignore"]
    #[doc = include_str!("docs/peers/kameo.rs")]
    #[doc = "```"]
    pub mod from_kameo {}

    #[doc = include_str!("docs/from_ractor.md")]
    #[doc = "\n```ignore"]
    #[doc = include_str!("docs/peers/ractor.rs")]
    #[doc = "```"]
    pub mod from_ractor {}
}

// The README's program is one of the examples that are run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use suptree_core::{
    ArgsShape, AutoShutdown, AwaitRestart, Backoff, BadCombination, Call, CallCycle, CallError,
    CallWith, Cast, CastError, Child, ChildCounts, ChildId, ChildInfo, ChildOf, ChildSpec,
    ChildSpecInfo, ChildState, ChildType, Cloned, Context, DeclaredTree, DeleteChildError, Down,
    DynamicChild, DynamicChildren, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
    Each, ExitReason, ExtraBefore, Failed, FormatStatus, Full, GenServer, GetChildSpecError,
    Ignore, Inline, IntoArg, IntoArgs, IntoInfo, KeepArgs, ListedChild, Mailbox, MessagePart,
    Monitor, MonitorRef, Monitorable, Name, NameKey, NoMessage, OnDemand, Once, OneOf, OwnedCall,
    OwnedCast, Panic, PartitionSupervisor, PartitionSupervisorRef, PartitionSupervisorSpec, Pid,
    ProcessInfo, ProcessRef, ProcessTree, ReadinessWatch, ReplyTo, Request, RequestMessage,
    ResizeError, Restart, RestartArgs, RestartChildError, Restartable, ServerOptions, ServerRef,
    ServerState, SharedError, Shutdown, Start, StartChild, StartChildError, StartChildSpec,
    StartError, Status, StopError, Strategy, Supervisor, SupervisorArg, SupervisorRef,
    SupervisorSpec, TakenAlong, TerminateChildError, Timer, TrySendError, WhichChild, Whole,
    WithExtra, exit, link, monitor, process_info, processes, remove_default_handler, self_pid,
    start, start_link, start_link_dynamic_supervisor, start_link_partition_supervisor,
    start_link_supervisor, start_monitor, tree, try_self_pid, unlink, whereis,
};

pub use suptree_core::{Agent, AgentClient, AgentSpec};
pub use suptree_core::{Attached, Watchdog};
pub use suptree_core::{
    Duplicate, Entry, Group, GroupEvent, GroupMonitor, Groups, KeyLock, Listener, NotJoined,
    Reference, RegisterError, RegisterErrorKind, Registry, RegistryEvent, Unique, UniqueKeys,
};
pub use suptree_core::{ProtocolCall, ProtocolCast, Recipient};

/// A value at a time, when it is there: what [`Context::attach`] takes, and what [`AsyncStream`], [`Listener`] and [`GroupMonitor`] are. It
/// is the trait of `futures-core`, which `futures` and `tokio-stream` re-export, too.
#[doc(no_inline)]
pub use suptree_core::Stream;
pub use suptree_core::sys;
#[cfg(feature = "application")]
pub use suptree_core::{Application, Run};
pub use suptree_core::{
    AsyncStream, AwaitMany, Items, Stopping, Task, TaskError, TaskOutput, TaskRef, YieldFor,
    YieldMany, ZipInput, ancestors, callers, stopping,
};
pub use suptree_core::{Recorded, TestContext, TestReply};
pub use suptree_core::{SpawnTask, StartTask, TaskSupervisor, TaskSupervisorSpec};

#[cfg(feature = "sim")]
#[doc(hidden)]
pub use suptree_core::sim;

#[doc = include_str!("docs/genserver.md")]
pub use suptree_macros::genserver;

#[doc = include_str!("docs/protocol.md")]
pub use suptree_macros::protocol;

#[doc = include_str!("docs/supervisor.md")]
#[macro_export]
macro_rules! supervisor {
    ($($tokens:tt)*) => { $crate::__private::supervisor! { [$crate] $($tokens)* } };
}

/// What generated code names. Not public API: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use suptree_core::__private::*;
    pub use suptree_macros::supervisor;
}
