//! `KeptHandle`: the handle of a child, as its supervisor keeps it.

use std::any::Any;
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

/// The same of a child whose type depends on the parameters of a generic supervisor. The supervisor is named without that type: what
/// the type asks for is asked for where the child is started, and not by everything that is made of the supervisor.
#[derive(Clone)]
pub struct KeptAny(Arc<dyn AnyHandle>);

trait AnyHandle: Any + fmt::Debug + Send + Sync {}

impl<H: Any + fmt::Debug + Send + Sync> AnyHandle for H {}

impl KeptAny {
    /// With nobody behind it yet.
    #[must_use]
    pub fn vacant<C: Child>() -> Self {
        Self(Arc::new(C::vacant()))
    }

    /// The handle itself, of the type that it was made of.
    #[must_use]
    pub fn handle<C: Child>(&self) -> C::Handle {
        let kept: &dyn Any = &*self.0;
        let handle = kept.downcast_ref::<C::Handle>();
        handle.expect("the handle is one of this child").clone()
    }
}

impl fmt::Debug for KeptAny {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
