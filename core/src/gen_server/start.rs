//! Starting a server: claim the name, run `init`, hand the reference to the starter.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use crate::gen_server::cell::init::{init_cell, register_cell};
use crate::gen_server::{GenServer, ServerRef};
use crate::process::node::Node;
use crate::process::pid::Pid;
use crate::process::{Tie, current};
use crate::rt;
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::sync::Arc;

/// Starts a server, linked to the process this is called from, which becomes its parent.
///
/// Outside of a process there is nobody to link to: then it is as [`start`]. See [`Start`].
pub const fn start_link<S: GenServer>(args: S::Args) -> Start<S> {
    Start {
        args,
        linked: true,
        timeout: None,
    }
}

/// Starts a server without a parent. See [`Start`].
pub const fn start<S: GenServer>(args: S::Args) -> Start<S> {
    Start {
        args,
        linked: false,
        timeout: None,
    }
}

/// A server that was not started yet. `.await` starts it, and gives its client once `init` is through.
///
/// The name is claimed before `init` runs. `init` runs in the task that awaits, as the new server: messages sent to it by
/// name meanwhile are handled afterwards.
///
/// # Errors
///
/// `.await` gives a [`StartError`] when there is no server: by then the process is gone and its name free.
///
/// # Cancel safety
///
/// Dropping the future before it is ready kills the server in its `init`.
///
/// Follows [`GenServer.start_link/3`](https://hexdocs.pm/elixir/GenServer.html#start_link/3), and OTP 26's synchronous
/// failure.
#[must_use = "a server does not start unless this is awaited"]
pub struct Start<S: GenServer> {
    args: S::Args,
    linked: bool,
    timeout: Option<Duration>,
}

impl<S: GenServer> Start<S> {
    /// Gives `init` at most this long. By default it may take as long as it likes.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

impl<S: GenServer> IntoFuture for Start<S> {
    type Output = Result<S::Client, StartError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let parent = if self.linked { current::pid() } else { None };
            let tie = parent.map_or(Tie::None, Tie::Linked);
            let starting = pin!(init_cell(
                register_cell::<S>(&self.args, tie, None)?,
                self.args
            ));
            let cell = match self.timeout {
                None => starting.await?,
                Some(timeout) => within(timeout, starting).await?,
            };
            Ok(S::Client::from(ServerRef::to(cell)))
        })
    }
}

impl<S: GenServer> fmt::Debug for Start<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("linked", &self.linked)
            .finish_non_exhaustive()
    }
}

async fn within<T>(
    timeout: Duration,
    starting: impl Future<Output = Result<T, StartError>>,
) -> Result<T, StartError> {
    let runtime = Node::current_or_new().ok_or(StartError::NoRuntime)?;
    let mut sleep = runtime.runtime.sleep_until(rt::deadline(timeout));
    let mut starting = pin!(starting);
    poll_fn(|cx| {
        if let Poll::Ready(started) = starting.as_mut().poll(cx) {
            return Poll::Ready(started);
        }
        Pin::new(&mut sleep)
            .poll(cx)
            .map(|()| Err(StartError::Timeout(timeout)))
    })
    .await
}

/// Starts a server under a supervisor. `at`, if given, leads to it from the moment its name does.
pub(crate) fn start_supervised<S: GenServer>(
    args: S::Args,
    parent: Pid,
    at: Option<&ServerRef<S>>,
) -> Result<Starting, StartError> {
    let place = at.and_then(ServerRef::place);
    let starting = register_cell::<S>(&args, Tie::Supervised(parent), place)?;
    Ok(Starting {
        process: Arc::clone(starting.cell()) as _,
        ready: Box::pin(async move { init_cell(starting, args).await.map(drop) }),
    })
}
