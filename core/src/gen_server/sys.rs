//! `sys`: looking into a server, and holding it up, from outside.

pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod status;
pub(crate) mod state;
pub(crate) mod suspend;
pub(crate) mod event;
pub(crate) mod watch;

pub use self::call::SysCall;
pub use self::error::SysError;
pub use self::event::Event;
pub use self::state::{get_state, replace_state, with_state};
pub use self::status::{ServerStatus, get_status};
pub use self::suspend::{resume, suspend};
pub use self::watch::{
    HookId, Statistics, get_log, get_statistics, install, log, no_debug, remove, statistics, trace,
};
