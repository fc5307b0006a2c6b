//! The runtime of [`suptree`](https://docs.rs/suptree): processes, servers, supervisors. Use it through `suptree`.
//!
//! Files are named after OTP's concepts; `ARCHITECTURE.md` in the repository is the map.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod address;
mod arg;
mod child_spec;
mod current;
mod dynamic_supervisor;
mod exit_reason;
mod gen_server;
mod guard;
mod name;
mod node;
mod patience;
mod pid;
mod planted;
mod process;
mod report;
mod rt;
mod settle;
mod stop;
mod supervisor;
mod sync;

pub use arg::IntoArg;
pub use child_spec::{Child, ChildId, ChildSpec, ChildType, Restart, Shutdown};
pub use current::{self_pid, try_self_pid};
pub use dynamic_supervisor::{
    DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec, StartDynamicSupervisor,
    start_link_dynamic_supervisor,
};
pub use exit_reason::{ExitReason, Panic};
pub use gen_server::{
    Call, CallError, CallFuture, CallWith, Cast, CastError, CastFuture, Context, Described,
    GenServer, Inline, Mailbox, ReplyTo, Request, ServerOptions, ServerRef, Start, StartError,
    Tried, TrySendError, start, start_link,
};
pub use name::{Name, NameKey};
pub use pid::Pid;
pub use process::link::{exit, link, unlink};
pub use process::monitor::{Down, Monitor, monitor};
pub use process::table::{ProcessInfo, Status, process_info, processes, whereis};
#[cfg(suptree_shuttle)]
#[doc(hidden)]
pub use rt::checked;
#[cfg(feature = "sim")]
pub use rt::sim;
pub use stop::StopError;
pub use supervisor::{
    ChildCounts, ChildInfo, ChildState, StartChildError, StartSupervisor, Strategy, Supervisor,
    SupervisorRef, SupervisorSpec, TerminateChildError, start_link_supervisor,
};
