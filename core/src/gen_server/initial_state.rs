//! `InitialState`: how a server without `#[init]` begins.

/// The state of a server without `#[init]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[init]` handler and does not implement `Default`",
    label = "how does a `{Self}` begin?",
    note = "derive or implement `Default`, or add a handler: `#[init] fn init() -> Self {{ .. }}`",
    note = "page: docs/errors/T003.md"
)]
pub trait InitialState: Sized {
    /// The state to begin with.
    fn initial_state() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> InitialState for T {
    #[inline]
    fn initial_state() -> Self {
        Self::default()
    }
}
