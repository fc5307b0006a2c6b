//! What few calls have to wait for before their reply, or instead of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use crate::gen_server::cell::Cell;
use crate::gen_server::cell::mailbox::Pushed;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::client::call::{CallFuture, Progress, Result};
use crate::gen_server::client::waiting::{Found, Vigil, Waiting};
use crate::gen_server::{GenServer, Request};
use crate::guard::discard;
use crate::reply::CallError;
use crate::reply::slot::Opened;
use crate::rt::{self, Instant, Sleep};

/// What few calls have to wait for.
pub(super) enum Rare<'a, S: GenServer, R: Request<S>> {
    /// The mailbox is full.
    Room(Crowded<'a, S, R>),
    /// The server dies of this call, or stops with it; a reply comes after its end.
    Dying(Option<R::Reply>, Vigil),
}

pub(super) struct Crowded<'a, S: GenServer, R: Request<S>> {
    cell: Found<'a, S>,
    slot: Opened<R::Reply>,
    /// What found no room.
    message: Option<Mail<S>>,
    deadline: Option<Instant>,
    sleep: Option<Sleep>,
}

impl<'a, S: GenServer, R: Request<S>> CallFuture<'a, S, R> {
    #[cold]
    #[inline(never)]
    pub(super) fn refused(
        &mut self,
        cell: Found<'a, S>,
        slot: Opened<R::Reply>,
        message: Option<Mail<S>>,
        refused: Pushed,
    ) -> Poll<Result<R::Reply>> {
        if matches!(refused, Pushed::Full) {
            self.crowd(cell, slot, message);
            return Poll::Pending;
        }
        discard(message);
        Poll::Ready(Err(CallError::NoProc))
    }

    /// The handler crashed, or stopped the server: the caller learns the outcome when that is done.
    #[cold]
    #[inline(never)]
    pub(super) fn part(
        &mut self,
        cell: &Arc<Cell<S>>,
        reply: Option<R::Reply>,
    ) -> Poll<Result<R::Reply>> {
        match (cell.header().exit_reason(), reply) {
            (Some(_), Some(reply)) => Poll::Ready(Ok(reply)),
            (Some(reason), None) => Poll::Ready(Err(CallError::Exited(reason.clone()))),
            (None, reply) => {
                let vigil = Vigil::new(cell, self.timeout.map(rt::deadline));
                self.progress = Progress::Rare(Box::new(Rare::Dying(reply, vigil)));
                Poll::Pending
            }
        }
    }

    /// The mailbox is full: the call waits for room, within its timeout.
    #[cold]
    fn crowd(&mut self, cell: Found<'a, S>, slot: Opened<R::Reply>, message: Option<Mail<S>>) {
        let deadline = self.timeout.map(rt::deadline);
        let sleep = deadline.map(|deadline| cell.header().node.runtime.sleep_until(deadline));
        let crowded = Crowded {
            cell,
            slot,
            message,
            deadline,
            sleep,
        };
        self.progress = Progress::Rare(Box::new(Rare::Room(crowded)));
    }

    #[cold]
    #[inline(never)]
    pub(super) fn poll_rare(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<R::Reply>> {
        let Progress::Rare(rare) = std::mem::replace(&mut self.progress, Progress::None) else {
            panic!("a call was polled after its end");
        };
        match *rare {
            Rare::Room(crowded) => self.poll_room(crowded, cx),
            Rare::Dying(reply, mut vigil) => match (vigil.poll(self.timeout, cx), reply) {
                (Poll::Ready(CallError::Exited(_)), Some(reply)) => Poll::Ready(Ok(reply)),
                (Poll::Ready(error), _) => Poll::Ready(Err(error)),
                (Poll::Pending, reply) => {
                    self.progress = Progress::Rare(Box::new(Rare::Dying(reply, vigil)));
                    Poll::Pending
                }
            },
        }
    }

    fn poll_room(
        &mut self,
        mut crowded: Crowded<'a, S, R>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<R::Reply>> {
        let cell = &crowded.cell;
        match cell.push(&mut crowded.message, Some(cx.waker())) {
            Pushed::Queued => {
                cell.note_mail();
                let mut waiting = Waiting::new(crowded.cell, crowded.slot, crowded.deadline);
                let result = waiting.poll(self.timeout, cx);
                if result.is_pending() {
                    self.progress = Progress::Waiting(waiting);
                }
                result
            }
            Pushed::Closed => {
                discard(crowded.message);
                let reason = cell.header().exit_reason().cloned();
                Poll::Ready(Err(reason.map_or(CallError::NoProc, CallError::Exited)))
            }
            Pushed::Full => {
                if let Some(sleep) = &mut crowded.sleep
                    && Pin::new(sleep).poll(cx).is_ready()
                {
                    discard(crowded.message);
                    let timeout = self.timeout.unwrap_or_default();
                    return Poll::Ready(Err(CallError::Timeout(timeout)));
                }
                self.progress = Progress::Rare(Box::new(Rare::Room(crowded)));
                Poll::Pending
            }
        }
    }
}
