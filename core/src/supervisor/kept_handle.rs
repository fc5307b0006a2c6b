//! `KeptHandle`: the handle of a child, as its supervisor keeps it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::supervisor::child_spec::startable::Child;

/// A handle whose own parts nobody asks for: who asks whether a supervisor is `Send` is not led to the messages of its children, of which
/// their servers have to answer already.
pub struct KeptHandle<C: Child>(Arc<dyn Keeps<C>>);

trait Keeps<C: Child>: Send + Sync {
    fn handle(&self) -> &C::Handle;
}

struct Plain<C: Child>(C::Handle);

impl<C: Child> Keeps<C> for Plain<C> {
    fn handle(&self) -> &C::Handle {
        &self.0
    }
}

impl<C: Child> KeptHandle<C> {
    /// With nobody behind it yet.
    #[must_use]
    pub fn vacant() -> Self {
        Self(Arc::new(Plain::<C>(C::vacant())))
    }

    /// The handle itself.
    #[must_use]
    pub fn handle(&self) -> C::Handle {
        C::Handle::clone(self)
    }
}

impl<C: Child> Deref for KeptHandle<C> {
    type Target = C::Handle;

    fn deref(&self) -> &C::Handle {
        self.0.handle()
    }
}

impl<C: Child> Clone for KeptHandle<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Child> fmt::Debug for KeptHandle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        C::Handle::fmt(self, f)
    }
}
