//! `Reference`: what leads to a process, whatever its type.

use crate::process::process_ref::ProcessRef;

/// A reference to a process: a typed client, a [`ServerRef`](crate::ServerRef), a [`ProcessRef`], and so on. What a
/// [`Registry`](crate::Registry) registers, and what joins a [`Group`](crate::Group).
///
/// It is implemented for those, and is nothing to call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no reference to a process",
    label = "neither a client nor a reference",
    note = "a server is meant by its client, which its start gives, and any process by `process()` of its reference",
    note = "page: docs/errors/T017.md"
)]
pub trait Reference: Clone + Send + Sync + 'static {
    #[doc(hidden)]
    fn to_process(&self) -> ProcessRef;

    /// To the incarnation that is there now.
    #[doc(hidden)]
    fn to_bound(&self) -> Option<Self>;
}

impl Reference for ProcessRef {
    fn to_process(&self) -> ProcessRef {
        self.clone()
    }

    fn to_bound(&self) -> Option<Self> {
        self.living().map(Self::to)
    }
}
