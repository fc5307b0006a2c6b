//! What an application needs most: `use suptree::prelude::*;`.

pub use crate::{
    CallError, CastError, ChildState, Context, Down, ExitReason, GenServer, Name, Pid, ReplyTo,
    Restart, ServerRef, Shutdown, StartChildError, StartError, StopError, Supervisor, TrySendError,
    genserver, protocol, self_pid, supervisor,
};

#[cfg(feature = "application")]
pub use crate::Run as _;
