//! The caller's side: what a client method returns, and the ways it may have to wait.

// What a client method returns.
pub(crate) mod call;
pub(crate) mod call_with;
mod allow_cycle;
pub(crate) mod cast;
pub(crate) mod cast_error;
pub(crate) mod await_restart;
mod resend;
// On the way, and what there may be to wait for.
pub(crate) mod outgoing;
pub(crate) mod post;
pub(crate) mod target;
pub(crate) mod room;
pub(crate) mod waiting;
pub(crate) mod watchdog;

use std::time::Duration;

pub use self::await_restart::AwaitRestart;
pub use self::call::{Call, OwnedCall};
pub use self::call_with::CallWith;
pub use self::cast::{Cast, OwnedCast};
pub use self::cast_error::{CastError, TrySendError};

/// How long a call waits for its reply, and a cast for room, unless told otherwise: Elixir's default.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
