//! Whether all that should run below a supervisor does: a flag of its own, and how many supervisors below it are not ready.
//!
//! A supervisor says when it misses a child, and when it misses none. That goes up the tree as far as it changes anything, so an
//! event costs what it changes, and nobody looks at children for it.

use std::task::{Context, Poll};

use crate::guard::Waiter;
use crate::process::line::{Line, Numbers, Woken};
use crate::rt;
use crate::sync::{Arc, Mutex, lock};

/// The readiness of one supervisor, and all below it.
///
/// Locks are taken from below: while one is changed, what is above it is, so that nobody sees a part of it.
#[derive(Debug, Default)]
pub(super) struct Readiness(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// All children that should run do.
    complete: bool,
    /// How many of the supervisors right below it are not ready.
    below: usize,
    /// It has ended.
    over: bool,
    /// That of the supervisor above it.
    above: Option<Arc<Readiness>>,
    waiting: Line,
    numbers: Numbers,
}

enum Change {
    Complete(bool),
    /// A supervisor right below it is not ready; or (`false`) is, or counts no more.
    Below(bool),
    Over,
}

impl State {
    const fn is_ready(&self) -> bool {
        self.complete && self.below == 0 && !self.over
    }

    /// Whether it keeps what is above it from being ready.
    const fn is_missed(&self) -> bool {
        !self.is_ready() && !self.over
    }
}

impl Readiness {
    /// This one counts for the one above, from here on.
    pub(super) fn stand_below(&self, above: &Arc<Self>) {
        let mut state = lock(&self.0);
        if state.over {
            return;
        }
        state.above = Some(Arc::clone(above));
        let woken = if state.is_missed() {
            above.change(&Change::Below(true))
        } else {
            Woken::default()
        };
        drop(state);
        woken.notify();
    }

    /// Whether all children that should run do.
    pub(super) fn set_complete(&self, complete: bool) -> Woken {
        self.change(&Change::Complete(complete))
    }

    /// The supervisor has ended.
    pub(super) fn end(&self) -> Woken {
        self.change(&Change::Over)
    }

    fn change(&self, change: &Change) -> Woken {
        let mut state = lock(&self.0);
        let (ready, missed, over) = (state.is_ready(), state.is_missed(), state.over);
        match change {
            Change::Complete(complete) => state.complete = *complete,
            Change::Below(true) => state.below += 1,
            Change::Below(false) => state.below -= 1,
            Change::Over => state.over = true,
        }
        let mut woken = Woken::default();
        if (state.is_ready(), state.over) != (ready, over) {
            woken.and(state.waiting.take());
        }
        if state.is_missed() != missed
            && let Some(above) = &state.above
        {
            woken.and(above.change(&Change::Below(!missed)));
        }
        let above = state.over.then(|| state.above.take());
        drop(state);
        drop(above);
        woken
    }

    pub(super) fn is_ready(&self) -> bool {
        lock(&self.0).is_ready()
    }

    /// Whether the supervisor itself misses no child, whatever those below it do.
    pub(super) fn is_complete(&self) -> bool {
        lock(&self.0).complete
    }

    /// Those who wait for it, or for one above it, look at who waits for whom.
    pub(super) fn look_again(&self) {
        let (woken, above) = {
            let mut state = lock(&self.0);
            (state.waiting.take(), state.above.clone())
        };
        woken.notify();
        if let Some(above) = above {
            above.look_again();
        }
    }

    /// Ready when the readiness is another one than was seen; with `None`, when the supervisor has ended. `number`: of the one that
    /// waits, from its first wait on.
    pub(super) fn poll_changed(
        &self,
        seen: Option<bool>,
        number: &mut Option<u64>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<bool>> {
        let mut waiter = Waiter::new(cx.waker());
        {
            let state = &mut *lock(&self.0);
            if state.over {
                return Poll::Ready(None);
            }
            let ready = state.is_ready();
            if seen != Some(ready) {
                return Poll::Ready(Some(ready));
            }
            let number = *number.get_or_insert_with(|| state.numbers.next());
            state.waiting.wait(number, &mut waiter);
        }
        rt::make_way(cx);
        Poll::Pending
    }

    /// One that has waited goes.
    pub(super) fn leave(&self, number: u64) {
        let left = lock(&self.0).waiting.leave(number);
        drop(left);
    }
}
