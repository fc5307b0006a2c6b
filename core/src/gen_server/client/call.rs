//! Calls: what a client method of a call returns.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::failed::Failed;
use crate::gen_server::cell::Cell;
use crate::gen_server::client::outgoing::Outgoing;
use crate::gen_server::client::target::Target;
use crate::gen_server::{GenServer, Request};
use crate::keep_args::{self, KeepArgs};
use crate::process::address::Address;
use crate::reply::CallError;

/// A call, as a future of its reply. `.await` sends it and waits.
///
/// Waits at most 5 s, the default of Elixir's [`GenServer.call/3`](https://hexdocs.pm/elixir/GenServer.html#call/3), or for as long
/// as its handler says, `#[call(timeout = 30s)]`; unless [`timeout`](Self::timeout) says otherwise. Its type names the reply, the server `S`, and the
/// request, which carries the arguments. It borrows the client; [`owned`](Self::owned) gives one that can be spawned.
///
/// ```
/// # use std::time::Duration;
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Counter(u64);
/// # #[genserver]
/// # impl Counter { #[call] fn add(&mut self, n: u64) -> u64 { self.0 += n; self.0 } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = Counter::start_link().await?;
/// assert_eq!(counter.add(1).await?, 1);
/// assert_eq!(counter.add(1).timeout(Duration::from_millis(50)).await?, 2);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// A [`CallError`] when there is no reply to give. [`keep_args`](Self::keep_args) gives the arguments of a call that was not
/// sent back with it.
///
/// # Cancel safety
///
/// A call that is dropped before its reply may or may not have been handled, like one that timed out. The server does not
/// notice, except by [`ReplyTo::closed`](crate::ReplyTo::closed). Its late reply is dropped, and never reaches another
/// call.
#[must_use = "a call does nothing unless it is awaited"]
pub struct Call<'a, Reply, S: GenServer, R> {
    pub(super) server: &'a Address<Cell<S>>,
    pub(super) outgoing: Outgoing<'a, Reply, R>,
}

impl<'a, Reply, S: GenServer, R> Call<'a, Reply, S, R> {
    #[inline]
    pub(in crate::gen_server) const fn new(
        server: &'a Address<Cell<S>>,
        request: R,
        timeout: Option<Duration>,
    ) -> Self {
        Self {
            server,
            outgoing: Outgoing::new(Some(request), timeout),
        }
    }

    /// Waits at most this long: for room in the mailbox and for the reply, together. The time counts from the first poll, on the
    /// clock of the runtime that polls it. With zero, the call is sent, and nobody waits for it.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.outgoing.timeout = Some(timeout);
        self
    }

    /// Waits as long as the server lives: OTP's `infinity`.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Door(Vec<ReplyTo<()>>);
    ///
    /// #[genserver]
    /// impl Door {
    ///     #[call]
    ///     fn wait(&mut self, reply: ReplyTo<()>) {
    ///         self.0.push(reply);
    ///     }
    ///
    ///     #[cast]
    ///     fn open(&mut self) {
    ///         self.0.drain(..).for_each(|reply| reply.send(()));
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let door = Door::start().await?;
    /// let (waited, opened) = tokio::join!(door.wait().no_timeout(), door.open());
    /// waited?;
    /// opened?;
    /// # Ok(()) }
    /// ```
    pub const fn no_timeout(mut self) -> Self {
        self.outgoing.timeout = None;
        self
    }

    /// If the call is not sent, its arguments come back with the error: see [`Failed`].
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Press;
    /// # #[genserver(name = "press")]
    /// # impl Press { #[call] fn print(&mut self, page: String) -> usize { page.len() } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let error = Press::named().print("A long page").keep_args().await.unwrap_err();
    /// assert_eq!(error, CallError::NoProc);
    /// assert_eq!(error.into_args(), Some("A long page".to_owned()));
    /// # }
    /// ```
    pub const fn keep_args(self) -> KeepArgs<Self> {
        KeepArgs::new(self)
    }

    /// The same call, with a reference of its own instead of the client's: it can be spawned, or kept.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver]
    /// # impl Counter { #[call] fn add(&mut self, n: u64) -> u64 { self.0 += n; self.0 } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let counter = Counter::start_link().await?;
    /// let adding = tokio::spawn(counter.add(1).owned());
    /// assert_eq!(adding.await??, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    ///
    /// If the call was polled already: then it is on its way.
    pub fn owned(self) -> OwnedCall<Reply, S, R> {
        assert!(
            self.outgoing.request.is_some(),
            "a call that was polled already cannot be given away"
        );
        OwnedCall {
            server: self.server.clone(),
            outgoing: self.outgoing.owned(),
        }
    }
}

// Nothing in it is ever pinned.
impl<Reply, S: GenServer, R> Unpin for Call<'_, Reply, S, R> {}

impl<S: GenServer, R: Request<S>> Future for Call<'_, R::Reply, S, R> {
    type Output = Result<R::Reply, CallError>;

    // Inside, a result is small enough for registers. In the caller's code, what it does with the error is seen.
    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let address = self.server;
        match ready!(self.outgoing.poll(|| Target::find(address), cx)) {
            Ok(reply) => Poll::Ready(Ok(reply)),
            Err(error) => Poll::Ready(Err(self.outgoing.fail(error))),
        }
    }
}

impl<S: GenServer, R: Request<S>> keep_args::KeepsArgs for Call<'_, R::Reply, S, R> {
    type Value = R::Reply;
    type Error = CallError;
    type Args = R::Args;

    fn poll_keeping(
        &mut self,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R::Reply, Failed<CallError, R::Args>>> {
        let address = self.server;
        match ready!(self.outgoing.poll(|| Target::find(address), cx)) {
            Ok(reply) => Poll::Ready(Ok(reply)),
            Err(error) => Poll::Ready(Err(self.outgoing.fail_keeping::<S>(*error))),
        }
    }
}

impl<Reply, S: GenServer, R> fmt::Debug for Call<'_, Reply, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("server", self.server)
            .field("timeout", &self.outgoing.timeout)
            .finish_non_exhaustive()
    }
}

/// A [`Call`] that borrows nothing; made by [`Call::owned`]. A name is resolved when it is first polled.
///
/// Its errors, and what dropping it does, are those of [`Call`].
#[must_use = "a call does nothing unless it is awaited"]
pub struct OwnedCall<Reply, S: GenServer, R> {
    pub(super) server: Address<Cell<S>>,
    pub(super) outgoing: Outgoing<'static, Reply, R>,
}

// Nothing in it is ever pinned.
impl<Reply, S: GenServer, R> Unpin for OwnedCall<Reply, S, R> {}

impl<S: GenServer, R: Request<S>> Future for OwnedCall<R::Reply, S, R> {
    type Output = Result<R::Reply, CallError>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let Self { server, outgoing } = self.get_mut();
        match ready!(outgoing.poll(|| Target::resolve(server), cx)) {
            Ok(reply) => Poll::Ready(Ok(reply)),
            Err(error) => Poll::Ready(Err(outgoing.fail(error))),
        }
    }
}

impl<S: GenServer, R: Request<S>> OwnedCall<R::Reply, S, R> {
    /// Waits for so long, or without limit.
    pub(crate) const fn limit(&mut self, timeout: Option<Duration>) {
        self.outgoing.timeout = timeout;
    }

    /// If the call is not sent, its arguments come back with the error: see [`Call::keep_args`].
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Press;
    /// # #[genserver(name = "press")]
    /// # impl Press { #[call] fn print(&mut self, page: String) -> usize { page.len() } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let printing = tokio::spawn(Press::named().print("A long page").owned().keep_args());
    /// let error = printing.await?.unwrap_err();
    /// assert_eq!(error.into_args(), Some("A long page".to_owned()));
    /// # Ok(()) }
    /// ```
    pub const fn keep_args(self) -> KeepArgs<Self> {
        KeepArgs::new(self)
    }
}

impl<S: GenServer, R: Request<S>> keep_args::KeepsArgs for OwnedCall<R::Reply, S, R> {
    type Value = R::Reply;
    type Error = CallError;
    type Args = R::Args;

    fn poll_keeping(
        &mut self,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R::Reply, Failed<CallError, R::Args>>> {
        let Self { server, outgoing } = self;
        match ready!(outgoing.poll(|| Target::resolve(server), cx)) {
            Ok(reply) => Poll::Ready(Ok(reply)),
            Err(error) => Poll::Ready(Err(outgoing.fail_keeping::<S>(*error))),
        }
    }
}

impl<Reply, S: GenServer, R> fmt::Debug for OwnedCall<Reply, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedCall")
            .field("server", &self.server)
            .field("timeout", &self.outgoing.timeout)
            .finish_non_exhaustive()
    }
}
