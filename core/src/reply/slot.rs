//! The slot a caller waits at for its reply.
//!
//! A slot is used for one call after the other. Every call is a new turn, and a reply of an earlier turn is dropped: a
//! late one can never reach a later call.

use std::task::{Context, Poll, Waker};

use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::current;
use crate::process::timers::{CallTimers, Overdue};
use crate::reply::abandoned;
use crate::reply::abandoned::AbandonedCall;
use crate::rt::{self, Instant};
use crate::sync::{Arc, Mutex, lock};

/// One call's reply on its way.
pub(crate) struct Slot<R> {
    state: Mutex<State<R>>,
    /// What a reply handle that is dropped does. Kept here because the handle's type has no bounds of its own.
    forsake: fn(Arc<Self>, u64),
}

struct State<R> {
    turn: u64,
    outcome: Outcome<R>,
    waker: Option<Waker>,
    /// When it was noted in the node's list of waiting callers, while it is.
    noted: Option<Instant>,
    /// On the list for a whole tick: since when.
    overdue: Option<Instant>,
}

pub(super) enum Outcome<R> {
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
    Overdue(Instant),
}

impl<R> State<R> {
    #[inline]
    fn end_turn(&mut self) {
        self.turn += 1;
        self.waker = None;
        self.overdue = None;
    }
}

impl<R: Send + 'static> Slot<R> {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                turn: 0,
                outcome: Outcome::Open,
                waker: None,
                noted: None,
                overdue: None,
            }),
            forsake,
        }
    }
}

impl<R> Slot<R> {
    #[inline]
    pub(super) fn settle(&self, turn: u64, outcome: Outcome<R>) {
        let (waker, old) = {
            let mut state = lock(&self.state);
            if state.turn == turn || planted(Bug::LateReplyAccepted) {
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

    /// Whether the caller of this turn still waits.
    pub(super) fn is_open(&self, turn: u64) -> bool {
        lock(&self.state).turn == turn
    }

    /// A reply handle was dropped without a reply.
    #[cold]
    pub(super) fn forsake(slot: Arc<Self>, turn: u64) {
        (slot.forsake)(slot, turn);
    }
}

fn forsake<R: Send + 'static>(slot: Arc<Slot<R>>, turn: u64) {
    if current::pid().is_none() || planted(Bug::DroppedReplyToldEarly) {
        slot.tell(turn);
    } else if let Err(slot) = abandoned::keep(slot, turn) {
        slot.tell(turn);
    }
}

impl<R: Send + 'static> AbandonedCall for Slot<R> {
    fn tell(&self, turn: u64) {
        self.settle(turn, Outcome::Abandoned);
    }
}

impl<R: Send + 'static> Overdue for Slot<R> {
    fn tick(&self) {
        let waker = {
            let mut state = lock(&self.state);
            let since = state.noted.take();
            let waker = state.waker.take();
            if waker.is_some() {
                state.overdue = since;
            }
            waker
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A slot in use by a call: the caller's side.
pub(crate) struct Opened<R> {
    pub(super) slot: Arc<Slot<R>>,
    /// The turn of this call; the next one's, once it has its answer.
    pub(super) turn: u64,
    answered: bool,
}

impl<R: Send + 'static> Opened<R> {
    #[inline]
    pub(super) const fn new(slot: Arc<Slot<R>>, turn: u64) -> Self {
        Self {
            slot,
            turn,
            answered: false,
        }
    }

    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, timers: &CallTimers) -> Poll<Answer<R>> {
        let mut state = lock(&self.slot.state);
        if planted(Bug::CallerWakerAfterLook) && matches!(state.outcome, Outcome::Open) {
            drop(state);
            state = lock(&self.slot.state);
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if matches!(state.outcome, Outcome::Open) {
            match &mut state.waker {
                Some(waker) if waker.will_wake(cx.waker()) => {}
                waker => *waker = Some(cx.waker().clone()),
            }
            if state.noted.is_some() && state.overdue.is_none() {
                return Poll::Pending;
            }
            drop(state);
            return self.note(timers);
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
    #[inline(never)]
    fn note(&self, timers: &CallTimers) -> Poll<Answer<R>> {
        let now = rt::now();
        let mut state = lock(&self.slot.state);
        if let Some(since) = state.overdue {
            return Poll::Ready(Answer::Overdue(since));
        }
        state.noted = Some(now);
        drop(state);
        timers.note(Arc::clone(&self.slot) as Arc<dyn Overdue>);
        Poll::Pending
    }

    /// The reply, if it is there already.
    #[inline]
    pub(crate) fn take_reply(&mut self) -> Option<R> {
        let mut state = lock(&self.slot.state);
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
    #[inline]
    pub(super) fn close(&mut self) {
        if !self.answered {
            self.give_up();
        }
    }

    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        let old = {
            let mut state = lock(&self.slot.state);
            state.end_turn();
            self.turn = state.turn;
            std::mem::replace(&mut state.outcome, Outcome::Open)
        };
        if let Outcome::Reply(late) = old {
            discard(late);
        }
    }
}
