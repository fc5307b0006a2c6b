//! The runtime of [`suptree`](https://docs.rs/suptree): processes, servers, supervisors. Use it through `suptree`.
//!
//! Files are named after OTP's concepts; `ARCHITECTURE.md` in the repository is the map.

// From the ground up: a floor names those above it in this list, and none below it.
mod sync;
mod planted;
mod guard;
mod burst;
mod rt;

mod checked;
mod const_text;
mod arg;
mod args;
mod panic;
mod failed;
mod keep_args;
mod shared_error;
mod exit_reason;
mod interrupt;
mod catch;
mod text;
mod trace;
#[cfg(feature = "metrics")]
mod meters;
mod default_handler;

mod process;
mod watchdog;

mod registry;
mod pg;

mod reply;

mod child;
mod start_error;
mod starting;

mod gen_server;

mod protocol;

mod task;

mod supervisor;

mod agent;

#[cfg(feature = "application")]
mod application;

/// Looking into a server, and holding it up, from outside: for tests, and for a program that runs.
///
/// Any server answers, by its client or another reference, as the server that it is: between two messages, after what it was sent before.
/// One that is in the middle of a message answers after it; what waits for longer than 5 s, unless set, is a timeout. Nothing of it costs
/// anything until it is used. Supervisors do not answer: they have [`which_children`](crate::SupervisorRef::which_children).
///
/// ```
/// use suptree::prelude::*;
/// use suptree::sys;
///
/// #[derive(Clone, Default)]
/// struct Counter(u64);
///
/// #[genserver(name = "counter")]
/// impl Counter {
///     #[cast]
///     fn add(&mut self, n: u64) {
///         self.0 += n;
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// Counter::start().await?;
/// Counter::named().add(3).await?;
/// assert_eq!(sys::get_state(&Counter::named()).await?.0, 3);
/// # Ok(()) }
/// ```
///
/// Follows [OTP's `sys`](https://www.erlang.org/doc/apps/stdlib/sys.html). What differs is D80 among the departures.
pub mod sys {
    pub use crate::gen_server::sys::{
        Event, HookId, ServerStatus, Statistics, SysCall, SysError, get_log, get_state,
        get_statistics, get_status, install, log, no_debug, remove, replace_state, resume,
        statistics, suspend, trace, with_state,
    };
}

pub mod bounds;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use agent::{Agent, AgentClient, AgentSpec};
#[cfg(feature = "application")]
pub use application::{Application, Run};
pub use arg::IntoArg;
pub use args::{ArgsShape, Each, ExtraBefore, IntoArgs, Whole};
pub use child::{ChildId, ChildType, Restart, Shutdown, WhichChild};
pub use default_handler::remove_default_handler;
pub use exit_reason::ExitReason;
pub use failed::Failed;
#[doc(no_inline)]
pub use futures_core::Stream;
pub use gen_server::{
    Attached, AwaitRestart, Call, CallWith, Cast, CastError, Context, FormatStatus, Full,
    GenServer, Inline, IntoInfo, Mailbox, MessagePart, NoMessage, OwnedCall, OwnedCast, Recorded,
    Request, RequestMessage, ServerOptions, ServerRef, ServerState, TakenAlong, TestContext, Timer,
    TrySendError, start, start_link, start_monitor,
};
pub use keep_args::KeepArgs;
#[cfg(feature = "metrics")]
pub use meters::describe as describe_metrics;
pub use panic::Panic;
pub use pg::{Group, GroupEvent, GroupMonitor, Groups, NotJoined};
pub use process::call_cycle::CallCycle;
pub use process::current::{self_pid, try_self_pid};
pub use process::info::{ProcessInfo, process_info, processes, whereis};
pub use process::link::{exit, link, unlink};
pub use process::monitor::{Down, Monitor, monitor};
pub use process::monitoring::Monitorable;
pub use process::monitors::MonitorRef;
pub use process::name::{Name, NameKey};
pub use process::pid::Pid;
pub use process::process_ref::ProcessRef;
pub use process::reference::Reference;
pub use process::status::Status;
pub use process::stop::StopError;
pub use process::tree::{ProcessTree, tree};
pub use protocol::{ProtocolCall, ProtocolCast, Recipient};
pub use registry::{
    Duplicate, Entry, KeyLock, Listener, RegisterError, RegisterErrorKind, Registry, RegistryEvent,
    Unique, UniqueKeys,
};
pub use reply::{CallError, ReplyTo, TestReply};
#[cfg(suptree_shuttle)]
#[doc(hidden)]
pub use rt::checker;
#[cfg(feature = "sim")]
pub use rt::sim;
pub use shared_error::SharedError;
pub use start_error::{BadCombination, Ignore, StartError};
pub use starting::Start;
pub use supervisor::{
    AutoShutdown, Backoff, Child, ChildCounts, ChildInfo, ChildOf, ChildSpec, ChildSpecInfo,
    ChildState, Cloned, DeclaredTree, DeleteChildError, DynamicChild, DynamicChildren,
    DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec, GetChildSpecError, Gives,
    ListedChild, OnDemand, Once, OneOf, PartitionSupervisor, PartitionSupervisorRef,
    PartitionSupervisorSpec, ReadinessWatch, ResizeError, RestartArgs, RestartChildError,
    Restartable, SpawnTask, StartChild, StartChildError, StartChildSpec, StartTask, Strategy,
    Supervisor, SupervisorArg, SupervisorRef, SupervisorSpec, TaskSupervisor, TaskSupervisorSpec,
    TerminateChildError, WithExtra, start_link_dynamic_supervisor, start_link_partition_supervisor,
    start_link_supervisor,
};
pub use task::{
    AsyncStream, AwaitMany, Items, Stopping, Task, TaskError, TaskOutput, TaskRef, YieldFor,
    YieldMany, ZipInput, ancestors, callers, stopping,
};
pub use watchdog::Watchdog;
