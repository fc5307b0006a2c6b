//! The start of a cell: the name is claimed, and `init` runs as the new process.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use super::instance::{Instance, Kept};
use super::last_message::LastMessage;
use super::run::Running;
use super::state::Wake;
use super::turns::Turns;
use super::{AnyCell, Cell};
use crate::catch::{Caught, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::handler::HandlerCode;
use crate::gen_server::large::{ByValue, Carry, is_large, makes_large};
use crate::gen_server::report::{self, Callback};
use crate::gen_server::{Context, GenServer};
use crate::guard::{self, Guarded, Waiter};
use crate::planted::{Bug, planted};
use crate::process::address::Place;
use crate::process::name::Name;
use crate::process::node::Node;
use crate::process::waits::Waits;
use crate::process::{Header, Process, Tie, current};
use crate::reply::abandoned;
use crate::start_error::{Ignore, StartError};
use crate::sync::{Arc, lock};
use crate::trace::GuardedSpan;

/// A server that has its name, and whose `init` is still to run. It owns the right to run the server; dropped before its
/// end, the start was cancelled.
pub(in crate::gen_server) struct StartingCell<S: GenServer>(Option<Arc<Cell<S>>>);

impl<S: GenServer> StartingCell<S> {
    pub(in crate::gen_server) fn cell(&self) -> &Arc<Cell<S>> {
        self.0
            .as_ref()
            .expect("a cell that starts is there until it has")
    }

    /// A process that nobody starts, on a node of its own.
    pub(super) fn alone(node: &Arc<Node>) -> Self {
        let cell = Cell::<S>::starting(Header::new(Arc::clone(node), Tie::None, None));
        // It has no name, which may be taken.
        let _registered = node.register(Arc::clone(&cell) as _);
        Self(Some(cell))
    }

    fn take(mut self) -> Arc<Cell<S>> {
        self.0.take().expect("a cell that starts is taken once")
    }
}

impl<S: GenServer> Drop for StartingCell<S> {
    fn drop(&mut self) {
        if let Some(cell) = self.0.take() {
            cell.any().cancel_start();
        }
    }
}

/// Claims the name of a new server; `place`, if given, leads to it from then on.
pub(in crate::gen_server) fn register_cell<S: GenServer>(
    args: &S::Args,
    tie: Tie,
    place: Option<&Arc<Place<Cell<S>>>>,
) -> Result<StartingCell<S>, StartError> {
    let mut name = None;
    catch_dyn(&mut || name = S::name(args)).map_err(StartError::Init)?;
    let cell = Cell::<S>::starting(header(tie, name)?);
    claim(&cell.header, Arc::clone(&cell) as _)?;
    if let Some(place) = place {
        place.occupy(Arc::clone(&cell));
    }
    Ok(StartingCell(Some(cell)))
}

/// Runs `init`, and lets the server begin.
pub(in crate::gen_server) async fn init_cell<C: Carry, S: GenServer>(
    starting: StartingCell<S>,
    args: C::Message<Guarded<S::Args>>,
) -> Result<Arc<Cell<S>>, StartError> {
    let started = {
        let init = pin!(Some(init::<C, S>(starting.cell(), args)));
        let init = pin!(Caught::new(init));
        run_init(starting.cell().any(), init).await
    };
    let cell = starting.take();
    let (wake, error) = match cell.any().end_start(started) {
        Ok(wake) => (wake, None),
        Err((wake, error)) => (wake, Some(error)),
    };
    cell.obey(wake);
    error.map_or(Ok(cell), Err)
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
    registered.map_err(StartError::refused)?;
    header.link_to_parent();
    Ok(())
}

/// Makes the state, and puts it into the cell.
async fn init<C: Carry, S: GenServer>(
    cell: &Arc<Cell<S>>,
    args: C::Message<Guarded<S::Args>>,
) -> Result<(), ExitReason> {
    let mut cx = Context::new(Arc::clone(cell) as _);
    let state = begin_init::<C, S>(args, &mut cx).await?;
    let mut core = lock(&cell.body.core);
    if cx.has_asked()
        && let Some(reason) = cell.any().take_asked(&mut cx.asked, &mut core.batch)
    {
        core.terminates.set(cell.pid(), reason);
        cell.state.keep_mail();
    }
    core.instance = Some(Kept::new(Box::new(Instance {
        state: Guarded::new(state),
        cx,
        last: LastMessage::default(),
    })));
    Ok(())
}

/// Whether a start has much to hand on: the arguments, the state, or the future of `init`.
pub(in crate::gen_server) const fn is_large_start<S: GenServer>() -> bool {
    is_large::<S::Args>() || is_large::<S>() || makes_large(&begin_init::<ByValue, S>)
}

/// In a function of its own: large arguments are off the stack again when `init` runs.
#[inline]
fn begin_init<'a, C: Carry, S: GenServer>(
    args: C::Message<Guarded<S::Args>>,
    cx: &'a mut Context<S>,
) -> C::Future<impl Future<Output = Result<S, ExitReason>> + Send + use<'a, C, S>> {
    C::begin(S::init(C::unpack(args).into_inner(), cx))
}

/// What `init` came to: whether its messages have spans.
type Started = Result<bool, ExitReason>;

/// Runs `init` as the new process, and hears of signals meanwhile.
async fn run_init(
    cell: &AnyCell,
    mut init: Pin<&mut (dyn Future<Output = Result<Result<(), ExitReason>, ExitReason>> + Send)>,
) -> Started {
    let span = report::span(&cell.header, cell.body.type_name(), Callback::Init);
    let (mut waits, mut noted) = (false, None);
    let ready = poll_fn(|cx| {
        if let Some(reason) = cell.heed_signals() {
            return Poll::Ready(Err(reason));
        }
        cell.header.end_wait();
        cell.doing.begin(HandlerCode::INIT);
        let polled = {
            let _scope = current::enter(cell.pid());
            let _entered = span.as_deref().map(GuardedSpan::enter);
            guard::shielded(cx, |cx| init.as_mut().poll(cx))
        };
        if let Poll::Ready(ready) = polled {
            cell.doing.clear();
            return Poll::Ready(ready.unwrap_or_else(Err));
        }
        cell.doing.leave();
        // It may go on on another thread, which would not know of the replies it dropped on this one.
        if !planted(Bug::DroppedReplyInInitNotTold) {
            abandoned::notify(cell.pid());
        }
        // Only an `init` that waits has to be woken for a signal. One may have come before the waker was there.
        waits = true;
        Waits::note_anew(&mut noted, cell.pid());
        cell.set_starter(&mut Waiter::new(cx.waker()));
        cell.note_wait();
        match cell.heed_signals() {
            Some(reason) => Poll::Ready(Err(reason)),
            None => Poll::Pending,
        }
    })
    .await;
    if waits {
        cell.forget_starter();
        cell.header.leave_init();
    }
    ready?;
    // What is measured of messages goes with their spans.
    Ok(span.is_some() || cfg!(feature = "metrics"))
}

impl AnyCell {
    /// `init` has failed, or wants the server not to run.
    fn fail_start(&self, running: Running<'_>, reason: ExitReason) -> (Wake, StartError) {
        let ignores = reason.is_plain::<Ignore>();
        let reason = if ignores { ExitReason::Normal } else { reason };
        let wake = if self.header.is_supervised() {
            running.exit_by_stranger(&reason, Header::announce).1
        } else {
            running.exit(&reason, false);
            Wake::No
        };
        abandoned::notify(self.pid());
        let error = if ignores {
            StartError::Ignore
        } else {
            StartError::Init(reason)
        };
        (wake, error)
    }

    /// `init` is through, or has failed. Where a server is started by its supervisor, nothing of it is dropped here.
    fn end_start(&self, started: Started) -> Result<Wake, (Wake, StartError)> {
        let running = Running::by_start(self);
        match started {
            Ok(traced) => {
                self.state.end_start(traced);
                Ok(running.leave_or_run(Turns::SIGNALS))
            }
            Err(reason) => Err(self.fail_start(running, reason)),
        }
    }

    /// The start was cancelled: nobody hears of it.
    #[cold]
    fn cancel_start(&self) {
        if !planted(Bug::DroppedStartLivesOn) {
            self.header.orphan();
            Running::by_start(self).exit(&ExitReason::Killed, false);
            abandoned::notify(self.pid());
        }
    }
}
