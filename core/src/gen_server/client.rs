//! The caller's side: what a client method returns, and the ways it may have to wait.

pub(crate) mod call;
pub(crate) mod call_with;
pub(crate) mod cast;
pub(crate) mod waiting;
pub(crate) mod blocked;

pub use self::call::{Call, CallFuture};
pub use self::call_with::CallWith;
pub use self::cast::{Cast, CastError, CastFuture, TrySendError};
