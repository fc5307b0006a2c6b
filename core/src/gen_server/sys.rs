//! `sys`: looking into a server, and holding it up, from outside.

pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod status;
pub(crate) mod state;
pub(crate) mod suspend;

pub use self::call::SysCall;
pub use self::error::SysError;
pub use self::state::{get_state, replace_state, with_state};
pub use self::status::{ServerStatus, get_status};
pub use self::suspend::{resume, suspend};
