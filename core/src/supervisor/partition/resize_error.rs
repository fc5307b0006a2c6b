//! `ResizeError`: why the number of partitions is not what was asked for.

use std::error::Error;
use std::fmt;

use crate::reply::CallError;
use crate::reply::call_error::Unanswered;
use crate::start_error::StartError;

/// Error returned by [`PartitionSupervisorRef::resize`](crate::PartitionSupervisorRef::resize).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ResizeError {
    /// There are at most as many partitions as the supervisor has started with.
    TooMany {
        /// So many.
        most: usize,
    },
    /// A partition did not start. The number is what it was: those that were started before it were stopped again.
    Start {
        /// Its number.
        partition: usize,
        /// Why it did not start.
        error: StartError,
    },
    /// There is no such partition any more: a temporary one is forgotten when it ends, or is stopped.
    NotFound {
        /// Its number.
        partition: usize,
    },
    /// The supervisor could not be asked.
    Call(CallError),
}

impl ResizeError {
    /// The error the `init` of the partition returned, or the supervisor ended with, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::{ResizeError, StartError};
    /// let error = StartError::Init(std::io::Error::other("the disk is full").into());
    /// let failed = ResizeError::Start { partition: 3, error };
    /// assert!(failed.downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Start { error, .. } => error.downcast_ref(),
            Self::Call(error) => error.downcast_ref(),
            Self::TooMany { .. } | Self::NotFound { .. } => None,
        }
    }
}

impl fmt::Display for ResizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { most } => write!(
                f,
                "too many: the supervisor has started with {most} partitions, and cannot have more"
            ),
            Self::Start { partition, error } => {
                write!(f, "failed to start partition {partition}: {error}")
            }
            Self::NotFound { partition } => write!(
                f,
                "not found: partition {partition} was temporary, and is forgotten"
            ),
            Self::Call(error) => fmt::Display::fmt(&Unanswered(error), f),
        }
    }
}

impl Error for ResizeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start { error, .. } => error.source(),
            Self::Call(error) => error.source(),
            Self::TooMany { .. } | Self::NotFound { .. } => None,
        }
    }
}
