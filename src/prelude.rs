//! What an application needs most: `use suptree::prelude::*;`.

pub use crate::{
    CallError, CastError, Context, ExitReason, GenServer, Name, Pid, ReplyTo, ServerRef,
    StartError, genserver, self_pid, supervisor,
};
