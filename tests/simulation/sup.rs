//! `Sup`: a supervisor of whatever a story gives it.

use std::fmt;
use std::sync::Arc;

use suptree::{
    Child, ChildId, ChildSpec, Name, StartError, Supervisor, SupervisorRef, SupervisorSpec,
    start_link_supervisor,
};

const NAME: Name = Name::from_static("sup");

/// Makes the flags and children.
#[derive(Clone)]
pub(crate) struct Make(Arc<dyn Fn() -> SupervisorSpec + Send + Sync>);

#[derive(Clone)]
pub(crate) struct Sup(SupervisorRef);

impl Sup {
    /// The one of a story.
    pub(crate) fn named() -> SupervisorRef {
        SupervisorRef::named(NAME)
    }

    pub(crate) async fn start(
        make: impl Fn() -> SupervisorSpec + Send + Sync + 'static,
    ) -> Result<SupervisorRef, StartError> {
        let started = start_link_supervisor::<Self>(Make(Arc::new(make))).await?;
        Ok(started.0)
    }
}

impl fmt::Debug for Sup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Child for Sup {
    type Args = Make;
    type Handle = Self;

    fn vacant() -> Self {
        Self(SupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Make) -> ChildSpec {
        handle.as_child(id, args)
    }
}

impl Supervisor for Sup {
    fn name() -> Option<Name> {
        Some(NAME)
    }

    fn supervisor(&self) -> &SupervisorRef {
        &self.0
    }

    fn init(&self, make: Make) -> SupervisorSpec {
        (make.0)()
    }
}
