//! `OwnContext`: whose context a handler takes, where it does not say `Context<Self>`.

use super::{Context, GenServer};

/// What the context of an `S` is called after: `S`, by whatever name.
#[diagnostic::on_unimplemented(
    message = "a handler takes the context of its own server, `{S}`, and not that of `{Self}`",
    label = "write `&mut Context<Self>`",
    note = "page: docs/errors/G022.md"
)]
pub trait OwnContext<S: GenServer> {
    /// The context, as it is.
    fn own(cx: &mut Context<S>) -> &mut Context<S>;
}

#[diagnostic::do_not_recommend]
impl<S: GenServer> OwnContext<S> for S {
    #[inline]
    fn own(cx: &mut Context<S>) -> &mut Context<S> {
        cx
    }
}
