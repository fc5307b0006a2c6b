//! The start of a cell: the name is claimed, and `init` runs as the new process.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use tracing::Span;

use super::core::Instance;
use super::enter::Running;
use super::last_message::LastMessage;
use super::run::Turns;
use super::state::Wake;
use super::{AnyCell, Cell};
use crate::catch::{catch, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::{Context, GenServer, report};
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::address::Place;
use crate::process::name::Name;
use crate::process::node::Node;
use crate::process::{Header, Process, Tie, current};
use crate::reply::abandoned;
use crate::start_error::StartError;
use crate::sync::{Arc, lock};

/// Starts a server; `place`, if given, leads to it from the moment its name does.
pub(in crate::gen_server) async fn start_cell<S: GenServer>(
    args: S::Args,
    tie: Tie,
    place: Option<&Arc<Place<Cell<S>>>>,
) -> Result<Arc<Cell<S>>, StartError> {
    let mut name = None;
    catch_dyn(&mut || name = S::name(&args)).map_err(StartError::Init)?;
    let cell = Cell::<S>::starting(header(tie, name)?);
    claim(&cell.header, Arc::clone(&cell) as _)?;
    if let Some(place) = place {
        place.occupy(Arc::clone(&cell));
    }
    let starting = Starting(Some(cell.any()));
    let started = {
        let mut init = pin!(init(&cell, args));
        run_init(cell.any(), init.as_mut()).await
    };
    let wake = starting.done(started)?;
    cell.obey(wake);
    Ok(cell)
}

/// The header of a new process on the runtime that this code runs on.
#[inline]
fn header(tie: Tie, name: Option<Name>) -> Result<Header, StartError> {
    let node = Node::current_or_new().ok_or(StartError::NoRuntime)?;
    Ok(Header::new(node, tie, name))
}

/// Enters the process into the table, and claims its name.
fn claim(header: &Header, process: Arc<dyn Process>) -> Result<(), StartError> {
    let registered = header.node.register(process);
    registered.map_err(StartError::AlreadyStarted)?;
    header.link_to_parent();
    Ok(())
}

/// Makes the state, and puts it into the cell. `true`: `init` asked to stop.
async fn init<S: GenServer>(cell: &Arc<Cell<S>>, args: S::Args) -> Result<bool, ExitReason> {
    let mut cx = Context::new(Arc::clone(cell));
    let state = S::init(args, &mut cx).await?;
    let stop = cx.take_stop();
    let stops = stop.is_some();
    let mut core = lock(&cell.body.core);
    if let Some(reason) = stop {
        core.terminates.set(cell.pid(), reason);
    }
    core.instance = Some(Box::new(Instance {
        state: Guarded::new(state),
        cx,
        last: LastMessage::default(),
    }));
    Ok(stops)
}

/// What `init` came to: whether it asked to stop, and the span that the server's code runs in.
type Started = Result<(bool, Option<Box<Span>>), ExitReason>;

/// Runs `init` as the new process, and hears of signals meanwhile.
async fn run_init(
    cell: &AnyCell,
    mut init: Pin<&mut (dyn Future<Output = Result<bool, ExitReason>> + Send)>,
) -> Started {
    let span = report::server_span(&cell.header, cell.body.type_name());
    let mut waits = false;
    let ready = poll_fn(|cx| {
        if let Some(reason) = cell.heed_signals() {
            return Poll::Ready(Err(reason));
        }
        let polled = {
            let _scope = current::enter(cell.pid());
            let _entered = span.as_deref().map(Span::enter);
            catch(|| init.as_mut().poll(cx))
        };
        match polled {
            Ok(Poll::Ready(ready)) => return Poll::Ready(ready),
            Err(reason) => return Poll::Ready(Err(reason)),
            Ok(Poll::Pending) => {}
        }
        // Only an `init` that waits has to be woken for a signal. One may have come before the waker was there.
        waits = true;
        cell.set_starter(Some(cx.waker().clone()));
        match cell.heed_signals() {
            Some(reason) => Poll::Ready(Err(reason)),
            None => Poll::Pending,
        }
    })
    .await;
    if waits {
        cell.set_starter(None);
    }
    Ok((ready?, span))
}

/// Owns the right to run a server while its `init` runs. Dropped before its end, the start was cancelled.
struct Starting<'a>(Option<&'a AnyCell>);

impl Starting<'_> {
    /// `init` is through, or has failed.
    fn done(mut self, started: Started) -> Result<Wake, StartError> {
        let Some(cell) = self.0.take() else {
            return Ok(Wake::No);
        };
        let running = Running::by_start(cell);
        match started {
            Ok((stops, span)) => {
                let traced = span.is_some();
                if traced {
                    cell.body.set_span(span);
                }
                if stops {
                    cell.state.keep_mail();
                }
                cell.state.end_start(traced);
                Ok(running.run(Turns::SIGNALS))
            }
            Err(reason) => {
                running.exit(&reason, false);
                abandoned::notify(cell.pid());
                Err(StartError::Init(reason))
            }
        }
    }
}

impl Drop for Starting<'_> {
    fn drop(&mut self) {
        if let Some(cell) = self.0.take().filter(|_| !planted(Bug::DroppedStartLivesOn)) {
            cell.header.orphan();
            Running::by_start(cell).exit(&ExitReason::Killed, false);
            abandoned::notify(cell.pid());
        }
    }
}
