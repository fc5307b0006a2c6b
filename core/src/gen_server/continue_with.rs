//! `continue_with`: what a handler says to have something done before anything else.

use crate::gen_server::cell::continues::First;
use crate::gen_server::{Context, GenServer, Message};

impl<S: GenServer> Context<S> {
    /// Has [`handle_continue`](GenServer::handle_continue) handle this message once this handler is done, before anything that is
    /// queued. OTP's `{continue, ..}`.
    ///
    /// `init` and every other handler may say so, `handle_continue` among them. A start that does returns first, so what takes
    /// long does not hold up its supervisor; nobody is answered before it is done. Of several messages each is handled in the
    /// order in which they were given, with all that it continues with itself before the next. A caller has its reply by then.
    ///
    /// With `#[genserver]` it is a method: [`then`](Self::then).
    ///
    /// A server that ends first, also by [`stop`](Self::stop) in the same handler, drops the message.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::{NoMessage, ServerRef};
    ///
    /// struct Cache(Vec<String>);
    ///
    /// enum Call {
    ///     Len(ReplyTo<usize>),
    /// }
    ///
    /// /// Where to load it from.
    /// struct Load(&'static str);
    ///
    /// impl GenServer for Cache {
    ///     type Args = &'static str;
    ///     type Call = Call;
    ///     type Cast = NoMessage;
    ///     type Info = Load;
    ///     type Client = ServerRef<Self>;
    ///
    ///     async fn init(from: &'static str, cx: &mut Context<Self>) -> Result<Self, ExitReason> {
    ///         cx.continue_with(Load(from));
    ///         Ok(Self(Vec::new()))
    ///     }
    ///
    ///     async fn handle_continue(&mut self, load: Load, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
    ///         self.0 = load.0.lines().map(str::to_owned).collect();
    ///         Ok(())
    ///     }
    ///
    ///     async fn handle_call(&mut self, call: Call, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
    ///         let Call::Len(reply) = call;
    ///         reply.send(self.0.len());
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cache = suptree::start::<Cache>("one\ntwo").await?;
    /// assert_eq!(cache.call_with(Call::Len).await?, 2);
    /// # Ok(()) }
    /// ```
    ///
    /// [OTP's page](https://www.erlang.org/doc/apps/stdlib/gen_server.html#c:handle_continue/2).
    pub fn continue_with(&mut self, message: S::Info) {
        let message = Box::new(First::<S>::new(Message::Continue(message)));
        self.asked.get_or_insert_default().continue_with(message);
    }
}
