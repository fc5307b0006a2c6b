//! `ProtocolCall`: a call to a server whose type is not known.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::gen_server::{GenServer, OwnedCall, Request};
use crate::reply::CallError;

/// A call through a protocol, as a future of its reply. `.await` sends it and waits.
///
/// It waits as long as a call of the server's own client would, and gives the same errors. It borrows nothing: it can be
/// spawned, or kept.
///
/// ```
/// use std::time::Duration;
/// use suptree::prelude::*;
///
/// #[protocol]
/// trait Counting {
///     #[call]
///     fn add(&mut self, n: u64) -> u64;
/// }
///
/// #[derive(Default)]
/// struct Counter(u64);
///
/// #[genserver(protocols(Counting))]
/// impl Counter {
///     #[call]
///     fn add(&mut self, n: u64) -> u64 {
///         self.0 += n;
///         self.0
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counting: CountingClient = Counter::start().await?.into();
/// assert_eq!(counting.add(1).await?, 1);
/// assert_eq!(counting.add(1).timeout(Duration::from_millis(50)).await?, 2);
/// assert_eq!(counting.add(1).no_timeout().await?, 3);
/// assert_eq!(counting.add(1).allow_cycle().await?, 4);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// A [`CallError`] when there is no reply to give.
///
/// # Cancel safety
///
/// That of [`Call`](crate::Call): one that is dropped may or may not have been handled.
#[must_use = "a call does nothing unless it is awaited"]
pub struct ProtocolCall<Reply>(Asked<Reply>);

enum Asked<Reply> {
    Server(Box<dyn AnyCall<Reply>>),
    /// Nobody is there to be called.
    Nobody,
}

/// A call without the type of its server.
pub(super) trait AnyCall<Reply>: Send {
    fn limit(&mut self, timeout: Option<Duration>);
    fn allow_cycle(&mut self);
    fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Result<Reply, CallError>>;
}

impl<Reply> ProtocolCall<Reply> {
    /// One that finds nobody.
    pub(super) const fn nobody() -> Self {
        Self(Asked::Nobody)
    }

    pub(super) fn new(call: impl AnyCall<Reply> + 'static) -> Self {
        Self(Asked::Server(Box::new(call)))
    }

    pub(crate) fn to_server<S: GenServer, R: Request<S, Reply = Reply>>(
        call: OwnedCall<Reply, S, R>,
    ) -> Self
    where
        Reply: Send + 'static,
    {
        Self::new(ToServer(Some(call)))
    }

    /// Waits at most this long: see [`Call::timeout`](crate::Call::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        self.changed(|call| call.limit(Some(timeout)))
    }

    /// Waits as long as the server lives: see [`Call::no_timeout`](crate::Call::no_timeout).
    pub fn no_timeout(self) -> Self {
        self.changed(|call| call.limit(None))
    }

    /// This call is no part of a cycle: see [`Call::allow_cycle`](crate::Call::allow_cycle).
    pub fn allow_cycle(self) -> Self {
        self.changed(|call| call.allow_cycle())
    }

    fn changed(mut self, change: impl FnOnce(&mut dyn AnyCall<Reply>)) -> Self {
        if let Asked::Server(call) = &mut self.0 {
            change(&mut **call);
        }
        self
    }
}

// Nothing in it is ever pinned.
impl<Reply> Unpin for ProtocolCall<Reply> {}

impl<Reply> Future for ProtocolCall<Reply> {
    type Output = Result<Reply, CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Asked::Server(call) => call.poll_reply(cx),
            Asked::Nobody => Poll::Ready(Err(CallError::NoProc)),
        }
    }
}

impl<Reply> fmt::Debug for ProtocolCall<Reply> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolCall").finish_non_exhaustive()
    }
}

/// One that was made by a server's client. Empty while it is changed.
struct ToServer<S: GenServer, R: Request<S>>(Option<OwnedCall<R::Reply, S, R>>);

impl<S: GenServer, R: Request<S>> AnyCall<R::Reply> for ToServer<S, R> {
    fn limit(&mut self, timeout: Option<Duration>) {
        if let Some(call) = &mut self.0 {
            call.limit(timeout);
        }
    }

    fn allow_cycle(&mut self) {
        self.0 = self.0.take().map(OwnedCall::allow_cycle);
    }

    fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Result<R::Reply, CallError>> {
        match &mut self.0 {
            Some(call) => Pin::new(call).poll(cx),
            None => Poll::Ready(Err(CallError::NoReply)),
        }
    }
}
