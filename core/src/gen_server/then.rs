//! `then`: the messages of the server's own that it can continue with, as methods.

use crate::gen_server::{Context, GenServer};

/// A client type of servers with something to continue with.
#[diagnostic::on_unimplemented(
    message = "this server has nothing to continue with",
    label = "no method has the attribute `#[handle_continue]`",
    note = "write `#[handle_continue] fn load(&mut self, ..)`, and then `cx.then().load(..)`; a server that is written by hand has `cx.continue_with(..)`",
    note = "page: docs/errors/T006.md"
)]
pub trait Continues<S: GenServer> {
    /// What has a method for each.
    type Then<'a>;

    /// That, for the handler with this context.
    fn then(cx: &mut Context<S>) -> Self::Then<'_>;
}

impl<S: GenServer> Context<S> {
    /// What to continue with once this handler is done, before anything that is queued: it has a method for each
    /// `#[handle_continue]` of the server. OTP's `{continue, ..}`.
    ///
    /// It may be said from `#[init]` and from every other handler. A start returns before it, so what takes long does not hold up
    /// a supervisor; nobody is answered before it is done. See [`continue_with`](Self::continue_with), which is the same for a
    /// server that is written by hand.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Cache(Vec<String>);
    ///
    /// #[genserver]
    /// impl Cache {
    ///     #[init]
    ///     fn init(from: &'static str, cx: &mut Context<Self>) -> Self {
    ///         cx.then().load(from);
    ///         Self::default()
    ///     }
    ///
    ///     #[handle_continue]
    ///     async fn load(&mut self, from: &'static str) {
    ///         self.0 = from.lines().map(str::to_owned).collect();
    ///     }
    ///
    ///     #[call]
    ///     fn len(&self) -> usize {
    ///         self.0.len()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cache = Cache::start("one\ntwo").await?;
    /// assert_eq!(cache.len().await?, 2);
    /// # Ok(()) }
    /// ```
    // Generic, so that rustc asks for the trait where the method is called, and says what is wrong in our words.
    pub fn then<C: Continues<S>>(&mut self) -> C::Then<'_>
    where
        S: GenServer<Client = C>,
    {
        C::then(self)
    }
}
