//! `TakesTold`: what a handler of the server's own life is told, as its argument.

/// An argument that may be told a `T`: one of that type.
#[diagnostic::on_unimplemented(
    message = "this handler is told `{T}`, and not `{Self}`",
    label = "write `{T}`",
    note = "page: docs/errors/G025.md"
)]
pub trait TakesTold<T> {
    /// The argument.
    fn take(told: T) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T> TakesTold<T> for T {
    #[inline]
    fn take(told: T) -> Self {
        told
    }
}
