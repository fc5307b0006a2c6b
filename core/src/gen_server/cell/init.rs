//! The begin of a cell: the name is claimed, `init` runs as the new process.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tracing::Span;

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::core::Home;
use crate::gen_server::cell::last_message::LastMessage;
use crate::gen_server::cell::run::Stay;
use crate::gen_server::cell::state::{DEAD, RUN, SIGNAL, SPAN, START, WORK};
use crate::gen_server::{Context, GenServer, report};
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::address::Place;
use crate::process::node::Node;
use crate::process::{Header, Process as _, Tie, current};
use crate::reply::abandoned;
use crate::start_error::StartError;
use crate::sync::{Arc, lock};

/// A server that has its name, and whose `init` is still to run.
pub(in crate::gen_server) struct StartingCell<S: GenServer> {
    pub(in crate::gen_server) cell: Arc<Cell<S>>,
    starting: Starting<S>,
}

/// Claims the name of a new server; `place`, if given, leads to it from then on.
pub(in crate::gen_server) fn register_cell<S: GenServer>(
    args: &S::Args,
    tie: Tie,
    place: Option<&Arc<Place<Cell<S>>>>,
) -> Result<StartingCell<S>, StartError> {
    let node = Node::current_or_new().ok_or(StartError::NoRuntime)?;
    let name = catch(|| S::name(args)).map_err(StartError::Init)?;
    let header = Header::new(node, tie, name);
    let cell = Cell::<S>::new(header);
    let enrolled = cell.header().node.register(Arc::clone(&cell) as _);
    enrolled.map_err(StartError::AlreadyStarted)?;
    cell.header().link_to_parent();
    if let Some(place) = place {
        place.occupy(Arc::clone(&cell));
    }
    let starting = Starting(Some(Arc::clone(&cell)));
    Ok(StartingCell { cell, starting })
}

/// Runs `init`, and lets the server begin.
pub(in crate::gen_server) async fn init_cell<S: GenServer>(
    StartingCell { cell, starting }: StartingCell<S>,
    args: S::Args,
) -> Result<Arc<Cell<S>>, StartError> {
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
            cell.word.clear(if planted(Bug::MailDuringInitForgotten) {
                START | WORK
            } else {
                START
            });
            cell.run(Stay::SIGNALS);
            Ok(cell)
        }
        Err(reason) => {
            starting.done();
            drop(cx);
            cell.finish(&reason, false);
            abandoned::notify(cell.pid());
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

/// Owns the inside of a cell until its `init` is through. Dropped before, the start was cancelled.
struct Starting<S: GenServer>(Option<Arc<Cell<S>>>);

impl<S: GenServer> Starting<S> {
    fn done(mut self) {
        self.0 = None;
    }
}

impl<S: GenServer> Drop for Starting<S> {
    fn drop(&mut self) {
        if let Some(cell) = self.0.take().filter(|_| !planted(Bug::DroppedStartLivesOn)) {
            debug_assert!(
                cell.word.load() & RUN != 0,
                "a starting cell is owned by its start"
            );
            cell.header().orphan();
            cell.finish(&ExitReason::Killed, false);
            abandoned::notify(cell.pid());
        }
    }
}
