//! Where a task leaves its value for the one that waits for it.

use crate::guard::Guarded;
use crate::sync::{Arc, Mutex, lock};

/// Shared by a task and its owner. What nobody takes is dropped guarded, by the last of them.
#[derive(Debug)]
pub(super) struct Outlet<T>(Arc<Mutex<Option<Guarded<T>>>>);

impl<T> Outlet<T> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }

    /// With a value that is there from the start.
    pub(super) fn with(value: T) -> Self {
        Self(Arc::new(Mutex::new(Some(Guarded::new(value)))))
    }

    pub(super) fn give(&self, value: T) {
        let value = Some(Guarded::new(value));
        let before = std::mem::replace(&mut *lock(&self.0), value);
        drop(before);
    }

    pub(super) fn take(&self) -> Option<T> {
        let value = lock(&self.0).take();
        value.map(Guarded::into_inner)
    }
}

impl<T> Clone for Outlet<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
