//! `catch`: every call of user code goes through it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::exit_reason::ExitReason;
use crate::panic::Panic;

/// Runs user code; a panic becomes an exit reason.
#[inline]
pub(crate) fn catch<R>(run: impl FnOnce() -> R) -> Result<R, ExitReason> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Ok(value),
        Err(payload) => Err(ExitReason::Panic(Panic::from_payload(payload).into())),
    }
}
