//! `IntoInfo`: what a server takes as a message from anybody.

use crate::gen_server::behaviour::GenServer;

/// What can be sent to a server of type `S` as a plain message: whatever has an `#[info]` handler in it.
///
/// Every type that converts into the server's `Info` is one, so there is nothing to implement: a server that is written by hand has
/// `From` of its `Info`. It is a bound of [`ServerRef::send`](crate::ServerRef::send) and of [`Recipient`](crate::Recipient).
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{IntoInfo, ServerRef};
///
/// struct Tick;
///
/// async fn tick<S: GenServer>(server: &ServerRef<S>) -> Result<(), CastError>
/// where
///     Tick: IntoInfo<S>,
/// {
///     server.send(Tick).await
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{S}` has no `#[info]` handler for `{Self}`",
    label = "no `#[info]` of `{S}` takes it",
    note = "write one in `{S}`, and no second one: `#[info] fn received(&mut self, message: {Self})`; for a `&str`, send a `String`",
    note = "page: docs/errors/T026.md"
)]
pub trait IntoInfo<S: GenServer> {
    /// The message, as the server keeps it in its mailbox.
    fn into_info(self) -> S::Info;
}

#[diagnostic::do_not_recommend]
impl<S: GenServer, M: Into<S::Info>> IntoInfo<S> for M {
    #[inline]
    fn into_info(self) -> S::Info {
        self.into()
    }
}
