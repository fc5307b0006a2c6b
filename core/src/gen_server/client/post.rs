//! A message that nobody waits for, on its way: pushed, refused, or in the line for room.

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker, ready};
use std::time::Duration;

use crate::gen_server::cell::Cell;
use crate::gen_server::cell::mailbox::Pushed;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::cell::state::Entry;
use crate::gen_server::client::DEFAULT_TIMEOUT;
use crate::gen_server::client::cast_error::{CastError, TrySendError};
use crate::gen_server::client::room::{Blocked, BlockedMail, Refused};
use crate::gen_server::client::target::Target;
use crate::gen_server::large::is_large;
use crate::gen_server::{Full, GenServer, Mailbox, Message};
use crate::guard::discard;
use crate::process::address::Address;
use crate::process::current;
use crate::rt;

/// A message to be sent.
pub(in crate::gen_server) struct Post<S: GenServer> {
    /// Taken by the mailbox.
    message: Option<Mail<S>>,
    pub(super) timeout: Option<Duration>,
    /// Set while it waits for room, and has the message: in the mailbox of this incarnation, not of the next.
    waiting: Option<Box<BlockedMail<'static, S>>>,
}

impl<S: GenServer> Post<S> {
    #[inline]
    pub(super) const fn new(message: Message<S>) -> Self {
        Self {
            message: Some(Mail::Message(message)),
            timeout: Some(DEFAULT_TIMEOUT),
            waiting: None,
        }
    }

    #[inline]
    pub(super) fn poll(
        &mut self,
        address: &Address<Cell<S>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<(), CastError>> {
        if S::OPTIONS.inline_casts {
            ready!(rt::poll_budget(cx));
        }
        // One that waits has no message left to push, and is still refused.
        let pushed = match address.direct() {
            Some(cell) => push(cell, &mut self.message, Some(cx)),
            None if self.waiting.is_some() => Pushed::Full,
            None => self.push_found(address, cx),
        };
        if matches!(pushed, Pushed::Queued) {
            return Poll::Ready(Ok(()));
        }
        self.not_yet(pushed, address, cx)
    }

    /// A message that was refused is to be sent to another server.
    pub(super) fn again(&mut self) {
        if let Some(mut waiting) = self.waiting.take() {
            self.message = waiting.take_message();
        }
    }

    pub(super) fn try_send(&mut self, address: &Address<Cell<S>>) -> Result<(), TrySendError> {
        if let Some(waiting) = &mut self.waiting {
            let mut cx = TaskContext::from_waker(Waker::noop());
            return match waiting.poll(&mut cx) {
                Poll::Ready(Ok(())) => Ok(()),
                Poll::Ready(Err(Refused::Closed)) => Err(TrySendError::NoProc),
                _ => Err(TrySendError::Full),
            };
        }
        let pushed = address.with(|cell| match cell {
            Some(cell) => push(cell, &mut self.message, None),
            None => Pushed::Closed,
        });
        match pushed {
            Pushed::Queued => Ok(()),
            Pushed::Full => Err(TrySendError::Full),
            Pushed::Closed => Err(address.nobody().into()),
        }
    }

    /// The message was refused, and nobody wants it back.
    #[cold]
    #[inline(never)]
    pub(super) fn discard_refused(&mut self) {
        discard(self.take_message());
    }

    /// The arguments of a message that was refused.
    #[cold]
    pub(in crate::gen_server) fn args<A>(
        &mut self,
        args: fn(Message<S>) -> Option<A>,
    ) -> Option<A> {
        args(self.take_message()?)
    }

    #[cold]
    pub(in crate::gen_server) fn take_message(&mut self) -> Option<Message<S>> {
        let mail = match self.waiting.take() {
            Some(mut waiting) => waiting.take_message(),
            None => self.message.take(),
        };
        mail?.into_message()
    }

    #[inline(never)]
    fn push_found(&mut self, address: &Address<Cell<S>>, cx: &mut TaskContext<'_>) -> Pushed {
        match address.get() {
            Some(cell) => push(&cell, &mut self.message, Some(cx)),
            None => Pushed::Closed,
        }
    }

    #[cold]
    #[inline(never)]
    fn not_yet(
        &mut self,
        pushed: Pushed,
        address: &Address<Cell<S>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<(), CastError>> {
        let waiting = match &mut self.waiting {
            Some(waiting) => waiting,
            none => {
                assert!(self.message.is_some(), "a cast was polled after its end");
                // So that whoever casts in vain in a loop, or to nobody, yields.
                ready!(rt::poll_budget(cx));
                if matches!(pushed, Pushed::Closed) {
                    return Poll::Ready(Err(address.nobody().into()));
                }
                // Not full, but flooded: this task is woken again after the others had their turn.
                if const { never_full::<S>() } {
                    return Poll::Pending;
                }
                let cell = match address.find() {
                    Ok(cell) => cell,
                    Err(nobody) => return Poll::Ready(Err(nobody.into())),
                };
                let target = Target::Resolved(cell);
                none.insert(BlockedMail::new(target, self.message.take(), self.timeout))
            }
        };
        let sent = ready!(waiting.poll(cx));
        Poll::Ready(match sent {
            Ok(()) => {
                self.waiting = None;
                Ok(())
            }
            Err(why) => Err(refused(why, self.timeout)),
        })
    }
}

/// Whether there is always room, or room is made.
const fn never_full<S: GenServer>() -> bool {
    matches!(S::OPTIONS.mailbox, Mailbox::Unbounded) || matches!(S::OPTIONS.full, Full::DropOldest)
}

/// What a message that waited for room was refused for.
#[cold]
fn refused(why: Refused, timeout: Option<Duration>) -> CastError {
    match why {
        Refused::Closed => CastError::NoProc,
        Refused::TimedOut => CastError::Timeout(timeout.unwrap_or_default()),
        Refused::Itself | Refused::Full => CastError::Full,
    }
}

/// Sends the message to this server, unless it is refused.
#[inline(always)]
fn push<S: GenServer>(
    cell: &Arc<Cell<S>>,
    message: &mut Option<Mail<S>>,
    cx: Option<&mut TaskContext<'_>>,
) -> Pushed {
    let mut cx = cx;
    if cell.is_traced() {
        Mail::note_sender(message, cell.header());
    }
    if const { S::OPTIONS.inline_casts && !is_large::<Mail<S>>() }
        && cx
            .as_ref()
            .is_some_and(|cx| rt::runs_on(cell.header().node.runtime_id, cx) && !rt::is_guest(cx))
        && current::get().1.is_enough()
        && message.is_some()
        && let Some(entered) = cell.try_enter(Entry::WithSpan)
    {
        match message.take() {
            Some(message) => entered.run_message(message),
            None => entered.leave(),
        }
        return Pushed::Queued;
    }
    // A bounded mailbox makes its senders wait. An unbounded one, once flooded, at least makes them yield, and so does one that drops.
    if let (true, Some(cx)) = (cell.is_flooded(), &mut cx)
        && rt::poll_budget(cx).is_pending()
    {
        return Pushed::Full;
    }
    let pushed = cell.push(message);
    if matches!(pushed, Pushed::Queued) {
        cell.note_mail();
    }
    pushed
}
