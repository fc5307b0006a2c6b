//! The way back: `ReplyTo`, and the slot a caller waits at.

use std::any::Any;
use std::fmt;
use std::task::{Context, Poll, Waker};

use crate::current;
use crate::guard::{discard, lock};
use crate::patience::{Patience, Waiting};
use crate::planted::planted;
use crate::rt::{self, Instant};
use crate::settle::{self, Forsaken};
use crate::sync::{Arc, Mutex};

/// Where the reply of a call goes: OTP's `from`.
///
/// A handler that takes one may keep it and answer later, from anywhere. Replying consumes it, so that a second reply
/// does not compile. A caller who is gone by then does not matter: the reply is dropped.
///
/// Dropping it without a reply tells the caller so at once, with [`CallError::NoReply`](crate::CallError::NoReply).
/// When the server dies first, the caller gets the exit reason; a later reply is dropped.
///
/// Follows [`GenServer.reply/2`](https://hexdocs.pm/elixir/GenServer.html#reply/2).
#[must_use = "a caller waits for this reply"]
pub struct ReplyTo<R> {
    slot: Option<Arc<Slot<R>>>,
    turn: u64,
    /// What a drop without a reply does. Kept here because the type has no bounds of its own.
    forsake: fn(Arc<Slot<R>>, u64),
}

impl<R> ReplyTo<R> {
    /// Sends the reply.
    pub fn send(mut self, reply: R) {
        if let Some(slot) = self.slot.take() {
            slot.settle(self.turn, Outcome::Reply(reply));
        }
    }

    /// Whether nobody waits for the reply any more: the call timed out, or its future was dropped.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.slot
            .as_ref()
            .is_none_or(|slot| lock(&slot.0).turn != self.turn)
    }
}

impl<R> Drop for ReplyTo<R> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            (self.forsake)(slot, self.turn);
        }
    }
}

/// A reply handle was dropped without a reply.
fn forsake<R: Send + 'static>(slot: Arc<Slot<R>>, turn: u64) {
    if current::pid().is_none() || planted(8) {
        slot.tell(turn);
    } else if let Err(slot) = settle::forsake(slot, turn) {
        slot.tell(turn);
    }
}

impl<R: Send + 'static> Forsaken for Slot<R> {
    fn tell(&self, turn: u64) {
        self.settle(turn, Outcome::Abandoned);
    }
}

impl<R> fmt::Debug for ReplyTo<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyTo").finish_non_exhaustive()
    }
}

/// One call's reply on its way. A client uses it again for its next call. Every call is a new turn, and a reply of an
/// earlier turn is dropped: a late one can never reach a later call.
pub(crate) struct Slot<R>(Mutex<State<R>>);

struct State<R> {
    turn: u64,
    outcome: Outcome<R>,
    waker: Option<Waker>,
    /// When it was noted in the node's list of waiting callers, while it is.
    noted: Option<Instant>,
    /// On the list for a whole tick: since when.
    impatient: Option<Instant>,
}

enum Outcome<R> {
    Open,
    Reply(R),
    Abandoned,
}

/// What a caller finds at its slot.
pub(crate) enum Answer<R> {
    Reply(R),
    /// The reply handle was dropped: the server died, or the handler forgot it.
    Abandoned,
    /// Waited long enough without a timer. The call did not begin before this moment.
    Impatient(Instant),
}

impl<R> Slot<R> {
    fn new() -> Self {
        Self(Mutex::new(State {
            turn: 0,
            outcome: Outcome::Open,
            waker: None,
            noted: None,
            impatient: None,
        }))
    }

    fn settle(&self, turn: u64, outcome: Outcome<R>) {
        let (waker, old) = {
            let mut state = lock(&self.0);
            if state.turn == turn || planted(7) {
                (
                    state.waker.take(),
                    std::mem::replace(&mut state.outcome, outcome),
                )
            } else {
                (None, outcome)
            }
        };
        drop(old);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A slot in use by a call: the caller's side.
pub(crate) struct Opened<R> {
    slot: Arc<Slot<R>>,
    /// The turn of this call; the next one's, once it has its answer.
    turn: u64,
    answered: bool,
}

impl<R: Send + 'static> Opened<R> {
    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, patience: &Patience) -> Poll<Answer<R>> {
        let mut state = lock(&self.slot.0);
        if planted(110) && matches!(state.outcome, Outcome::Open) {
            drop(state);
            state = lock(&self.slot.0);
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if matches!(state.outcome, Outcome::Open) {
            match &mut state.waker {
                Some(waker) if waker.will_wake(cx.waker()) => {}
                waker => *waker = Some(cx.waker().clone()),
            }
            if state.noted.is_some() && state.impatient.is_none() {
                return Poll::Pending;
            }
            drop(state);
            return self.note(patience);
        }
        // The turn is over: whatever the handle might still send is not for the next call.
        let outcome = std::mem::replace(&mut state.outcome, Outcome::Open);
        state.end_turn();
        self.turn = state.turn;
        self.answered = true;
        match outcome {
            Outcome::Reply(reply) => Poll::Ready(Answer::Reply(reply)),
            _ => Poll::Ready(Answer::Abandoned),
        }
    }

    /// Puts the slot on the list of callers who wait, or finds that it has been there for long enough.
    #[cold]
    fn note(&self, patience: &Patience) -> Poll<Answer<R>> {
        let now = rt::now();
        let mut state = lock(&self.slot.0);
        if let Some(since) = state.impatient {
            return Poll::Ready(Answer::Impatient(since));
        }
        state.noted = Some(now);
        drop(state);
        patience.note(Arc::clone(&self.slot) as Arc<dyn Waiting>);
        Poll::Pending
    }

    /// The reply, if it is there already.
    #[inline]
    pub(crate) fn take_reply(&mut self) -> Option<R> {
        let mut state = lock(&self.slot.0);
        match std::mem::replace(&mut state.outcome, Outcome::Open) {
            Outcome::Reply(reply) => {
                state.end_turn();
                self.turn = state.turn;
                self.answered = true;
                Some(reply)
            }
            other => {
                state.outcome = other;
                None
            }
        }
    }

    /// Ends the turn of a call that waits no longer: what still arrives is dropped.
    fn close(&mut self) {
        if self.answered {
            return;
        }
        let old = {
            let mut state = lock(&self.slot.0);
            state.end_turn();
            self.turn = state.turn;
            std::mem::replace(&mut state.outcome, Outcome::Open)
        };
        if let Outcome::Reply(late) = old {
            discard(late);
        }
    }
}

impl<R> State<R> {
    #[inline]
    fn end_turn(&mut self) {
        self.turn += 1;
        self.waker = None;
        self.impatient = None;
    }
}

impl<R: Send + 'static> Waiting for Slot<R> {
    fn lose_patience(&self) {
        let waker = {
            let mut state = lock(&self.0);
            let since = state.noted.take();
            let waker = state.waker.take();
            if waker.is_some() {
                state.impatient = since;
            }
            waker
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The reply slot a client keeps for its next call.
#[derive(Default)]
pub(crate) struct SlotCache(Mutex<Option<Kept>>);

struct Kept {
    slot: Arc<dyn Any + Send + Sync>,
    turn: u64,
}

impl SlotCache {
    /// A slot for a new call, and the handle its reply goes to.
    #[inline]
    pub(crate) fn open<R: Send + 'static>(&self) -> (Opened<R>, ReplyTo<R>) {
        let kept = lock(&self.0).take();
        let kept = kept.and_then(|kept| Some((kept.slot.downcast::<Slot<R>>().ok()?, kept.turn)));
        let (slot, turn) = kept.unwrap_or_else(|| (Arc::new(Slot::new()), 0));
        let reply = ReplyTo {
            slot: Some(Arc::clone(&slot)),
            turn,
            forsake,
        };
        (
            Opened {
                slot,
                turn,
                answered: false,
            },
            reply,
        )
    }

    /// Ends a call's turn, and keeps its slot.
    #[inline]
    pub(crate) fn close<R: Send + 'static>(&self, mut opened: Opened<R>) {
        opened.close();
        let Opened { slot, turn, .. } = opened;
        let old = lock(&self.0).replace(Kept { slot, turn });
        if let Some(old) = old {
            discard(old.slot);
        }
    }
}
