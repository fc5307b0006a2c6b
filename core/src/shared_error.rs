//! `SharedError`: the error of a user in an exit reason, held by everybody who was told of it.

use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::guard::{Guarded, contained};

/// An error that a process ended with. Everybody who is told of the end shares it.
///
/// It dereferences to the error. The error is dropped with the last of them; a destructor that panics is contained there.
///
/// ```
/// use suptree::{ExitReason, SharedError};
///
/// let reason = ExitReason::from(std::io::Error::other("the disk is full"));
/// let ExitReason::Error(error) = reason else { unreachable!() };
/// assert!(error.is::<std::io::Error>());
/// assert_eq!(error.to_string(), "the disk is full");
/// assert_eq!(SharedError::new("the disk is full").to_string(), "the disk is full");
/// ```
#[derive(Clone)]
pub struct SharedError(Guarded<Arc<dyn Error + Send + Sync>>);

impl SharedError {
    /// An error to be shared, or a text.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Guarded::new(Arc::from(error.into())))
    }
}

/// One that is shared already.
impl From<Arc<dyn Error + Send + Sync>> for SharedError {
    fn from(error: Arc<dyn Error + Send + Sync>) -> Self {
        Self(Guarded::new(error))
    }
}

impl Deref for SharedError {
    type Target = dyn Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &**self.0.get()
    }
}

/// The same error, or one that shows the same text. One that cannot be shown is like no other.
impl PartialEq for SharedError {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.0.get(), other.0.get())
            || contained(|| self.to_string() == other.to_string()).unwrap_or(false)
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl fmt::Debug for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
