//! Starting a server: claim the name, run `init`, hand the reference to the starter.

use std::error::Error;
use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tracing::Span;

use super::cell::Cell;
use super::context::Context;
use super::inside::Home;
use super::last_message::LastMessage;
use super::run::Stay;
use super::word::{DEAD, RUN, SIGNAL, SPAN, START, WORK};
use super::{GenServer, ServerRef};
use crate::address::Place;
use crate::current;
use crate::exit_reason::ExitReason;
use crate::guard::{Guarded, catch};
use crate::node::Node;
use crate::pid::Pid;
use crate::planted::planted;
use crate::process::{Header, Process as _, Tie};
use crate::report;
use crate::rt;
use crate::settle;
use crate::sync::lock;

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
            let starting = start_cell::<S>(self.args, parent.map_or(Tie::None, Tie::Linked), None);
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

/// Starts a server; `place`, if given, leads to it from the moment its name does.
pub(crate) async fn start_cell<S: GenServer>(
    args: S::Args,
    tie: Tie,
    place: Option<&Arc<Place<Cell<S>>>>,
) -> Result<Arc<Cell<S>>, StartError> {
    let node = Node::current_or_new().ok_or(StartError::NoRuntime)?;
    let name = catch(|| S::name(&args)).map_err(StartError::Init)?;
    let header = Header::new(node, tie, name);
    let cell = Cell::<S>::new(header);
    let enrolled = cell.header().node.enroll(Arc::clone(&cell) as _);
    enrolled.map_err(StartError::AlreadyStarted)?;
    cell.header().link_to_parent();
    if let Some(place) = place {
        place.occupy(Arc::clone(&cell));
    }
    let starting = Starting(Some(Arc::clone(&cell)));
    let mut cx = Context::new(Arc::clone(&cell));
    let span = report::server_span(cell.header(), cell.type_name());
    match init(&cell, args, &mut cx, span.as_deref()).await {
        Ok(state) => {
            starting.done();
            let stop = cx.take_stop();
            {
                let mut inside = lock(&cell.inside);
                if span.is_some() {
                    cell.word.set(SPAN);
                }
                inside.span = span;
                inside.home = Some(Box::new(Home {
                    state,
                    cx,
                    last: LastMessage::default(),
                }));
                if let Some(reason) = stop {
                    inside.ends(cell.pid(), reason);
                    cell.word.set(WORK);
                }
            }
            cell.word
                .clear(if planted(14) { START | WORK } else { START });
            cell.run(Stay::SIGNALS);
            Ok(cell)
        }
        Err(reason) => {
            starting.done();
            drop(cx);
            cell.finish(&reason, false);
            settle::tell_forsaken(cell.pid());
            Err(StartError::Init(reason))
        }
    }
}

/// Runs `init` as the new server, and hears of signals meanwhile.
async fn init<S: GenServer>(
    cell: &Arc<Cell<S>>,
    args: S::Args,
    context: &mut Context<S>,
    span: Option<&Span>,
) -> Result<Guarded<S>, ExitReason> {
    // Made inside of its own guard: an `init` written by hand may panic before its first poll.
    let mut init = pin!(async move { S::init(args, context).await });
    let mut waits = false;
    let state = poll_fn(|cx| {
        if let Some(reason) = heed(cell) {
            return Poll::Ready(Err(reason));
        }
        let polled = {
            let _scope = current::enter(cell.pid());
            let _entered = span.map(Span::enter);
            catch(|| init.as_mut().poll(cx))
        };
        match polled {
            Ok(Poll::Ready(state)) => return Poll::Ready(state.map(Guarded::new)),
            Err(reason) => return Poll::Ready(Err(reason)),
            Ok(Poll::Pending) => {}
        }
        // Only an `init` that waits has to be woken for a signal. One may have come before the waker was there.
        waits = true;
        cell.set_starter(Some(cx.waker().clone()));
        heed(cell).map_or(Poll::Pending, |reason| Poll::Ready(Err(reason)))
    })
    .await;
    if waits {
        cell.set_starter(None);
    }
    state
}

/// `Some`: the server has to die before its `init` is through.
#[inline]
fn heed<S: GenServer>(cell: &Cell<S>) -> Option<ExitReason> {
    let word = cell.word.load();
    if word & DEAD != 0 {
        let reason = cell.header().exit_reason().cloned();
        return Some(reason.unwrap_or(ExitReason::Killed));
    }
    if word & SIGNAL != 0 {
        return cell.take_signals();
    }
    None
}

/// Owns the inside of a cell while `init` runs. Dropped before its end, the start was cancelled.
struct Starting<S: GenServer>(Option<Arc<Cell<S>>>);

impl<S: GenServer> Starting<S> {
    fn done(mut self) {
        self.0 = None;
    }
}

impl<S: GenServer> Drop for Starting<S> {
    fn drop(&mut self) {
        if let Some(cell) = self.0.take().filter(|_| !planted(1)) {
            debug_assert!(
                cell.word.load() & RUN != 0,
                "a starting cell is owned by its start"
            );
            cell.header().orphan();
            cell.finish(&ExitReason::Killed, false);
            settle::tell_forsaken(cell.pid());
        }
    }
}

/// Error returned by starting a server or a supervisor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StartError {
    /// The name is taken by this process. `init` did not run.
    AlreadyStarted(Pid),
    /// `init` failed: its error, its panic, or the signal that ended it.
    Init(ExitReason),
    /// `init` took longer than this.
    Timeout(Duration),
    /// A supervisor's child did not start; the children before it were stopped again.
    Child {
        /// The child's id.
        id: crate::child_spec::ChildId,
        /// Why it did not start.
        error: Box<Self>,
    },
    /// Two children have the same id.
    DuplicateChild(crate::child_spec::ChildId),
    /// There is no Tokio runtime here, or one without timers (`enable_time`).
    NoRuntime,
}

impl StartError {
    /// The error `init` returned, if it is of type `E`.
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Init(reason) => reason.downcast_ref(),
            Self::Child { error, .. } => error.downcast_ref(),
            _ => None,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyStarted(pid) => write!(f, "already started: {pid}"),
            Self::Init(reason) => write!(f, "init failed: {reason}"),
            Self::Timeout(after) => write!(f, "init took longer than {after:?}"),
            Self::Child { id, error } => write!(f, "shutdown: failed to start child {id}: {error}"),
            Self::DuplicateChild(id) => write!(f, "two children have the id {id}"),
            Self::NoRuntime => {
                f.write_str("there is no Tokio runtime here, or it has no timers (enable_time)")
            }
        }
    }
}

impl Error for StartError {}
