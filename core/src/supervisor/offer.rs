//! `Offer`: a specification that a supervisor is asked to start. One that it does not keep is there again, for the one who asked.

use crate::supervisor::child_spec::ChildSpec;
use crate::sync::{Mutex, lock};

/// Shared by the one who asks and the supervisor, of whom either may be gone first.
pub(crate) struct Offer(Mutex<Option<ChildSpec>>);

impl Offer {
    pub(super) fn new(spec: ChildSpec) -> Self {
        Self(Mutex::new(Some(spec)))
    }

    /// Takes the specification, which is nobody else's then.
    pub(super) fn take(&self) -> Option<ChildSpec> {
        lock(&self.0).take()
    }

    pub(super) fn give_back(&self, spec: ChildSpec) {
        let nothing = lock(&self.0).replace(spec);
        debug_assert!(nothing.is_none(), "there is one specification");
    }

    pub(super) fn into_spec(self) -> Option<ChildSpec> {
        self.take()
    }
}
