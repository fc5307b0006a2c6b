//! `SysCall`: a request of `sys` on its way.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::gen_server::cell::AnyCell;
use crate::gen_server::cell::lane::{Request, Served};
use crate::gen_server::client::DEFAULT_TIMEOUT;
use crate::gen_server::client::target::Receiver;
use crate::gen_server::client::waiting::Outstanding;
use crate::gen_server::sys::error::SysError;
use crate::gen_server::{GenServer, ServerRef};
use crate::guard::discard;
use crate::process::address::Nobody;
use crate::process::{Process, current};
use crate::reply::{CallError, cache};
use crate::rt;
use crate::sync::Arc;

/// A request of [`sys`](crate::sys), as a future of its answer. `.await` sends it and waits.
///
/// Waits at most 5 s, unless [`timeout`](Self::timeout) says otherwise, as OTP's functions do. It borrows nothing, and can be
/// spawned.
///
/// # Errors
///
/// A [`SysError`] when there is no answer to give.
///
/// # Cancel safety
///
/// A request that is dropped before its answer may or may not be carried out, like one that timed out.
#[must_use = "a request does nothing unless it is awaited"]
pub struct SysCall<T: Send + 'static> {
    timeout: Option<Duration>,
    order: Option<Order<T>>,
    outstanding: Outstanding<'static, Result<T, ExitReason>>,
}

/// What is still to be sent.
struct Order<T> {
    find: Box<dyn FnOnce() -> Result<Found, Nobody> + Send>,
    ask: Box<dyn Asks<T>>,
}

/// What the server is asked.
trait Asks<T>: Send {
    fn ask(self: Box<Self>, served: &mut Served<'_>) -> Answer<T>;
}

impl<T, F: FnOnce(&mut Served<'_>) -> Answer<T> + Send> Asks<T> for F {
    fn ask(self: Box<Self>, served: &mut Served<'_>) -> Answer<T> {
        self(served)
    }
}

/// `Err`: user code in it has panicked. `None`: there was nobody to ask.
pub(super) type Answer<T> = Option<Result<T, ExitReason>>;

/// A server, whatever its type.
struct Found {
    cell: Arc<AnyCell>,
    process: Arc<dyn Process>,
}

impl<T: Send + 'static> SysCall<T> {
    /// A request to this server. What it does, it does as the server, between two messages.
    pub(super) fn new<S: GenServer>(
        server: &ServerRef<S>,
        ask: impl FnOnce(&mut Served<'_>) -> Answer<T> + Send + 'static,
    ) -> Self {
        let address = server.address.clone();
        let find = move || {
            let cell = address.find()?;
            Ok(Found {
                process: Arc::clone(&cell) as _,
                cell,
            })
        };
        Self {
            timeout: Some(DEFAULT_TIMEOUT),
            order: Some(Order {
                find: Box::new(find),
                ask: Box::new(ask),
            }),
            // It is no part of a cycle: a server that is suspended meanwhile answers it.
            outstanding: Outstanding::Allowed,
        }
    }

    /// Waits at most this long, from the first poll on. With zero, the request is sent, and nobody waits for it.
    ///
    /// ```
    /// # use std::time::Duration;
    /// use suptree::prelude::*;
    /// use suptree::sys;
    ///
    /// #[derive(Default)]
    /// struct Slow;
    ///
    /// #[genserver]
    /// impl Slow {
    ///     #[cast]
    ///     async fn work(&mut self) {
    ///         std::future::pending().await
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let slow = Slow::start().await?;
    /// slow.work().await?;
    /// let status = sys::get_status(&slow).timeout(Duration::from_millis(20));
    /// assert!(status.await.unwrap_err().is_timeout()); // it is busy
    /// # Ok(()) }
    /// ```
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Waits as long as the server lives: OTP's `infinity`.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # use suptree::sys;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let worker = Worker::start().await?;
    /// sys::suspend(&worker).no_timeout().await?;
    /// # Ok(()) }
    /// ```
    pub const fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    fn send(&mut self, order: Order<T>) -> Result<(), CallError> {
        let Order { find, ask } = order;
        let found = match find() {
            Ok(found) if current::pid() == Some(found.process.header().pid) => {
                discard(ask);
                return Err(CallError::CallingSelf);
            }
            Ok(found) => found,
            Err(nobody) => {
                discard(ask);
                return Err(nobody.into());
            }
        };
        let (slot, reply) = cache::open();
        let request = move |served: &mut Served<'_>| {
            if let Some(answer) = ask.ask(served) {
                reply.send(answer);
            }
        };
        if !found.cell.ask(Request::Ask(Box::new(request))) {
            slot.end();
            return Err(CallError::NoProc);
        }
        let receiver = Receiver::Resolved(found.process);
        self.outstanding.reply(receiver, slot);
        Ok(())
    }
}

// Nothing in it is ever pinned.
impl<T: Send + 'static> Unpin for SysCall<T> {}

impl<T: Send + 'static> Future for SysCall<T> {
    type Output = Result<T, SysError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        if self.order.is_some() {
            ready!(rt::poll_budget(cx));
        }
        if let Some(order) = self.order.take()
            && let Err(error) = self.send(order)
        {
            return Poll::Ready(Err(error.into()));
        }
        let timeout = self.timeout;
        let polled = self.outstanding.poll(timeout, cx);
        if polled.is_pending() && rt::is_guest(cx) {
            rt::make_way(cx);
        }
        Poll::Ready(match ready!(polled) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(panic)) => Err(SysError::CallbackFailed(panic)),
            Err(error) => Err(error.into()),
        })
    }
}

impl<T: Send + 'static> fmt::Debug for SysCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SysCall")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
