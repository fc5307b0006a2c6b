//! `SysError`: why a request of `sys` got no answer.

use std::error::Error;
use std::fmt;

use crate::exit_reason::ExitReason;
use crate::reply::CallError;

/// Error returned by the functions of [`sys`](crate::sys).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SysError {
    /// The server gave no answer: it is dead, busy for longer than the timeout, or the one that asks.
    Call(CallError),
    /// User code that the request runs has panicked, the function that was given or a `Clone`, with this. The server and its
    /// state are as they were: OTP's `callback_failed`.
    CallbackFailed(ExitReason),
}

impl SysError {
    /// Whether the server did not come to it in time: it is busy with another message.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use suptree::prelude::*;
    /// use suptree::sys::SysError;
    ///
    /// let busy = SysError::Call(CallError::Timeout(Duration::from_secs(5)));
    /// assert!(busy.is_timeout());
    /// assert!(!SysError::Call(CallError::NoProc).is_timeout());
    /// ```
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self, Self::Call(CallError::Timeout(_)))
    }
}

impl fmt::Display for SysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => fmt::Display::fmt(error, f),
            Self::CallbackFailed(reason) => write!(f, "callback failed: {reason}"),
        }
    }
}

impl Error for SysError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call(error) => error.source(),
            Self::CallbackFailed(reason) => reason.source(),
        }
    }
}

impl From<CallError> for SysError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}
