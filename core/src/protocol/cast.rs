//! `ProtocolCast`: a cast, or another message, to a server whose type is not known.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::gen_server::{CastError, GenServer, OwnedCast, TrySendError};

/// A cast through a protocol, or a message to a [`Recipient`](crate::Recipient), as a future. `.await` sends it.
///
/// It waits for room in a bounded mailbox as a cast of the server's own client would, and gives the same errors. It borrows
/// nothing: it can be spawned, or kept.
///
/// ```
/// use std::time::Duration;
/// use suptree::prelude::*;
///
/// #[protocol]
/// trait Log {
///     #[cast]
///     fn write(&mut self, line: String);
/// }
///
/// #[derive(Default)]
/// struct Memory(Vec<String>);
///
/// #[genserver(protocols(Log))]
/// impl Memory {
///     #[cast]
///     fn write(&mut self, line: String) {
///         self.0.push(line);
///     }
///
///     #[call]
///     fn lines(&self) -> usize {
///         self.0.len()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let memory = Memory::start().await?;
/// let log = LogClient::from(memory.clone());
/// log.write("one").await?;
/// log.write("two").try_send()?;
/// log.write("three").timeout(Duration::from_millis(50)).await?;
/// log.write("four").no_timeout().await?;
/// assert_eq!(memory.lines().await?, 4);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// A [`CastError`] where the message was not sent.
///
/// # Cancel safety
///
/// That of [`Cast`](crate::Cast): one that is dropped before its end sends nothing.
#[must_use = "a cast does nothing unless it is awaited or sent with `try_send`"]
pub struct ProtocolCast(Sent);

enum Sent {
    Server(Box<dyn AnyCast>),
    /// Nobody is there to be cast to.
    Nobody,
}

/// A cast without the type of its server.
pub(super) trait AnyCast: Send {
    fn limit(&mut self, timeout: Option<Duration>);
    fn try_send(&mut self) -> Result<(), TrySendError>;
    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CastError>>;
}

impl ProtocolCast {
    /// One that finds nobody.
    pub(super) const fn nobody() -> Self {
        Self(Sent::Nobody)
    }

    pub(super) fn new(cast: impl AnyCast + 'static) -> Self {
        Self(Sent::Server(Box::new(cast)))
    }

    pub(crate) fn to_server<S: GenServer, A: Send + 'static>(cast: OwnedCast<S, A>) -> Self {
        Self::new(cast)
    }

    /// Waits at most this long for room: see [`Cast::timeout`](crate::Cast::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limit(Some(timeout));
        self
    }

    /// Waits for room as long as the server lives: see [`Cast::no_timeout`](crate::Cast::no_timeout).
    pub fn no_timeout(mut self) -> Self {
        self.limit(None);
        self
    }

    /// Sends without waiting: see [`Cast::try_send`](crate::Cast::try_send).
    ///
    /// # Errors
    ///
    /// There is no such process, or its mailbox is full: a [`TrySendError`].
    pub fn try_send(mut self) -> Result<(), TrySendError> {
        match &mut self.0 {
            Sent::Server(cast) => cast.try_send(),
            Sent::Nobody => Err(TrySendError::NoProc),
        }
    }

    fn limit(&mut self, timeout: Option<Duration>) {
        if let Sent::Server(cast) = &mut self.0 {
            cast.limit(timeout);
        }
    }
}

impl Future for ProtocolCast {
    type Output = Result<(), CastError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Sent::Server(cast) => cast.poll_sent(cx),
            Sent::Nobody => Poll::Ready(Err(CastError::NoProc)),
        }
    }
}

impl fmt::Debug for ProtocolCast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolCast").finish_non_exhaustive()
    }
}

impl<S: GenServer, A: Send + 'static> AnyCast for OwnedCast<S, A> {
    fn limit(&mut self, timeout: Option<Duration>) {
        Self::limit(self, timeout);
    }

    fn try_send(&mut self) -> Result<(), TrySendError> {
        Self::try_send(self)
    }

    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CastError>> {
        Pin::new(self).poll(cx)
    }
}
