//! Casts and other messages nobody waits for: what their client methods return.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::failed::Failed;
use crate::gen_server::cell::Cell;
use crate::gen_server::client::cast_error::{CastError, TrySendError};
use crate::gen_server::client::post::Post;
use crate::gen_server::{GenServer, Message};
use crate::guard::discard;
use crate::keep_args::{self, KeepArgs};
use crate::process::address::Address;

/// A cast, or another message, as a future. `.await` sends it.
///
/// A sender waits for room in a bounded mailbox, at most as long as a call would: 5 s unless [`timeout`](Self::timeout)
/// says otherwise. Those who wait are let in in the order in which they came. It never waits for the handler. What was sent
/// is lost when the server dies first, as in OTP. Its type names the server `S`, and the arguments that come back if the
/// message is not sent. It borrows the client; [`owned`](Self::owned) gives one that can be spawned.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Counter(u64);
/// # #[genserver]
/// # impl Counter { #[cast] fn add(&mut self, n: u64) { self.0 += n; } #[call] fn get(&self) -> u64 { self.0 } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = Counter::start_link().await?;
/// counter.add(1).await?;
/// counter.add(2).try_send()?;
/// assert_eq!(counter.get().await?, 3);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// A [`CastError`]. It is fine to ignore it where OTP's `cast` would say `ok`. [`keep_args`](Self::keep_args) gives the
/// arguments back with it. A server that sends to itself, and finds no room, does not wait for itself: it gets
/// [`CastError::Full`].
///
/// # Cancel safety
///
/// The message is queued in the last step. A cast that is dropped before that loses the message, and sends nothing; its place
/// among those who wait goes to the next. One that waits is to be polled when it is woken: the room is kept for it until then.
#[must_use = "a cast does nothing unless it is awaited or sent with `try_send`"]
pub struct Cast<'a, S: GenServer, A: 'static> {
    pub(in crate::gen_server) server: &'a Address<Cell<S>>,
    pub(in crate::gen_server) sending: Sending<S, A>,
}

impl<'a, S: GenServer, A: 'static> Cast<'a, S, A> {
    #[inline]
    pub(crate) const fn new(
        server: &'a Address<Cell<S>>,
        message: Message<S>,
        way: &'static Way<S, A>,
    ) -> Self {
        Self {
            server,
            sending: Sending {
                post: Post::new(message),
                way,
            },
        }
    }

    /// Waits at most this long for room in the mailbox. The time counts from the first poll.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Stuck;
    ///
    /// #[genserver(mailbox = 1)]
    /// impl Stuck {
    ///     #[cast]
    ///     async fn work(&self, _task: &'static str) {
    ///         std::future::pending().await
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let stuck = Stuck::start().await?;
    /// stuck.work("first").await?;
    /// stuck.work("second").await?; // waits in the mailbox while the first is handled
    /// let soon = Duration::from_millis(1);
    /// let error = stuck.work("third").timeout(soon).await.unwrap_err();
    /// assert_eq!(error, CastError::Timeout(soon));
    /// # Ok(()) }
    /// ```
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.sending.post.timeout = Some(timeout);
        self
    }

    /// Waits for room as long as the server lives. Two servers that wait for room at one another would wait for ever.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver(mailbox = 1)]
    /// # impl Counter { #[cast] fn add(&mut self, n: u64) { self.0 += n; } #[call] fn get(&self) -> u64 { self.0 } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let counter = Counter::start().await?; // with `mailbox = 1`
    /// for n in 1..=10 {
    ///     counter.add(n).no_timeout().await?;
    /// }
    /// assert_eq!(counter.get().await?, 55);
    /// # Ok(()) }
    /// ```
    pub const fn no_timeout(mut self) -> Self {
        self.sending.post.timeout = None;
        self
    }

    /// Sends without waiting. While others wait for room there is none for it.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # use suptree::TrySendError;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver(mailbox = 1)]
    /// # impl Counter { #[cast] fn add(&mut self, n: u64) { self.0 += n; } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let counter = Counter::start().await?; // with `mailbox = 1`
    /// counter.add(1).try_send()?;
    /// assert_eq!(counter.add(2).try_send(), Err(TrySendError::Full));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such process, or its mailbox is full: a [`TrySendError`].
    pub fn try_send(self) -> Result<(), TrySendError> {
        let mut post = self.sending.post;
        let sent = post.try_send(self.server);
        discard(post);
        sent
    }

    /// If the cast is not sent, its arguments come back with the error: see [`Failed`].
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # use suptree::TrySendError;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver(mailbox = 1)]
    /// # impl Counter { #[cast] fn add(&mut self, n: u64) { self.0 += n; } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let counter = Counter::start().await?; // with `mailbox = 1`
    /// counter.add(1).keep_args().await?;
    /// let error = counter.add(2).keep_args().try_send().unwrap_err();
    /// assert_eq!(error, TrySendError::Full);
    /// assert_eq!(error.into_args(), Some(2));
    /// # Ok(()) }
    /// ```
    pub const fn keep_args(self) -> KeepArgs<Self> {
        KeepArgs::new(self)
    }

    /// The same cast, with a reference of its own instead of the client's: it can be spawned, or kept.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver]
    /// # impl Counter { #[cast] fn add(&mut self, n: u64) { self.0 += n; } #[call] fn get(&self) -> u64 { self.0 } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let counter = Counter::start().await?;
    /// let adding = tokio::spawn(counter.add(1).owned());
    /// adding.await??;
    /// assert_eq!(counter.get().await?, 1);
    /// # Ok(()) }
    /// ```
    pub fn owned(self) -> OwnedCast<S, A> {
        OwnedCast {
            server: self.server.clone(),
            sending: self.sending,
        }
    }
}

// Nothing in it is ever pinned.
impl<S: GenServer, A: 'static> Unpin for Cast<'_, S, A> {}

impl<S: GenServer, A: 'static> Future for Cast<'_, S, A> {
    type Output = Result<(), CastError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let Self { server, sending } = self.get_mut();
        let sent = ready!(sending.post.poll(server, cx));
        if sent.is_err() {
            sending.post.discard_refused();
        }
        Poll::Ready(sent)
    }
}

impl<S: GenServer, A: Send + 'static> keep_args::KeepsArgs for Cast<'_, S, A> {
    type Value = ();
    type Error = CastError;
    type Args = A;

    fn poll_keeping(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Failed<CastError, A>>> {
        let Self { server, sending } = self;
        sending.poll_keeping(server, cx)
    }
}

impl<S: GenServer, A: Send + 'static> KeepArgs<Cast<'_, S, A>> {
    /// Sends without waiting: see [`Cast::try_send`].
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver(name = "counter")]
    /// # impl Counter { #[cast] fn add(&mut self, n: u64) { self.0 += n; } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let error = Counter::named().add(2).keep_args().try_send().unwrap_err();
    /// assert_eq!(error.into_args(), Some(2));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such process, or its mailbox is full: a [`TrySendError`], with the arguments.
    pub fn try_send(self) -> Result<(), Failed<TrySendError, A>> {
        let Cast { server, sending } = self.into_inner();
        let Sending { mut post, way } = sending;
        match post.try_send(server) {
            Ok(()) => Ok(()),
            Err(error) => Err(Failed::refused(error, post.args(way.back))),
        }
    }
}

impl<S: GenServer, A: 'static> fmt::Debug for Cast<'_, S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cast")
            .field("server", self.server)
            .field("timeout", &self.sending.post.timeout)
            .finish_non_exhaustive()
    }
}

/// A [`Cast`] that borrows nothing; made by [`Cast::owned`]. A name is resolved when it is first polled.
///
/// Its errors, and what dropping it does, are those of [`Cast`].
#[must_use = "a cast does nothing unless it is awaited"]
pub struct OwnedCast<S: GenServer, A: 'static> {
    pub(super) server: Address<Cell<S>>,
    pub(super) sending: Sending<S, A>,
}

// Nothing in it is ever pinned.
impl<S: GenServer, A: 'static> Unpin for OwnedCast<S, A> {}

impl<S: GenServer, A: 'static> Future for OwnedCast<S, A> {
    type Output = Result<(), CastError>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let Self { server, sending } = self.get_mut();
        let sent = ready!(sending.post.poll(server, cx));
        if sent.is_err() {
            sending.post.discard_refused();
        }
        Poll::Ready(sent)
    }
}

impl<S: GenServer, A: 'static> OwnedCast<S, A> {
    /// Waits for room for so long, or without limit.
    pub(crate) const fn limit(&mut self, timeout: Option<Duration>) {
        self.sending.post.timeout = timeout;
    }

    /// Sends without waiting.
    pub(crate) fn try_send(&mut self) -> Result<(), TrySendError> {
        let sent = self.sending.post.try_send(&self.server);
        self.sending.post.discard_refused();
        sent
    }

    /// If the cast is not sent, its arguments come back with the error: see [`Cast::keep_args`].
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver(name = "counter")]
    /// # impl Counter { #[cast] fn add(&mut self, n: u64) { self.0 += n; } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let adding = tokio::spawn(Counter::named().add(2).owned().keep_args());
    /// assert_eq!(adding.await?.unwrap_err().into_args(), Some(2));
    /// # Ok(()) }
    /// ```
    pub const fn keep_args(self) -> KeepArgs<Self> {
        KeepArgs::new(self)
    }
}

impl<S: GenServer, A: Send + 'static> keep_args::KeepsArgs for OwnedCast<S, A> {
    type Value = ();
    type Error = CastError;
    type Args = A;

    fn poll_keeping(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Failed<CastError, A>>> {
        let Self { server, sending } = self;
        sending.poll_keeping(server, cx)
    }
}

impl<S: GenServer, A: 'static> fmt::Debug for OwnedCast<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedCast")
            .field("server", &self.server)
            .field("timeout", &self.sending.post.timeout)
            .finish_non_exhaustive()
    }
}

/// A cast that comes back as it is.
fn cast_back<S: GenServer>(message: Message<S>) -> Option<S::Cast> {
    match message {
        Message::Cast(cast) => Some(cast),
        _ => None,
    }
}

/// Another message that comes back as it is.
fn info_back<S: GenServer>(message: Message<S>) -> Option<S::Info> {
    match message {
        Message::Info(info) => Some(info),
        _ => None,
    }
}

/// A message to be sent, whose arguments come back if it is not.
pub(in crate::gen_server) struct Sending<S: GenServer, A: 'static> {
    pub(in crate::gen_server) post: Post<S>,
    pub(in crate::gen_server) way: &'static Way<S, A>,
}

/// From the arguments of a message to the message, and back.
#[doc(hidden)]
#[derive(Debug)]
pub struct Way<S: GenServer, A> {
    /// Makes the message.
    pub make: fn(A) -> Message<S>,
    /// Takes the arguments out of it, should it not be sent.
    pub back: fn(Message<S>) -> Option<A>,
}

impl<S: GenServer> Way<S, S::Cast> {
    pub(in crate::gen_server) const CAST: &'static Self = &Self {
        make: Message::Cast,
        back: cast_back::<S>,
    };
}

impl<S: GenServer> Way<S, S::Info> {
    pub(in crate::gen_server) const INFO: &'static Self = &Self {
        make: Message::Info,
        back: info_back::<S>,
    };
}

impl<S: GenServer, A: Send + 'static> Sending<S, A> {
    fn poll_keeping(
        &mut self,
        address: &Address<Cell<S>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<(), Failed<CastError, A>>> {
        match ready!(self.post.poll(address, cx)) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(error) => {
                let args = self.post.args(self.way.back);
                Poll::Ready(Err(Failed::refused(error, args)))
            }
        }
    }
}
