//! Settling: signals that arise while a process dies are seen to right after it, not inside it.
//!
//! A death sends signals to links, which may die of it, and so on: settled one after the other, a chain of any length
//! needs no stack. Signals that user code sends are left to the receiver's own task, because a receiver's destructors
//! must not run in the middle of the sender's code, where they might meet a lock it holds.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::current;
use crate::pid::Pid;
use crate::planted::planted;
use crate::sync::Arc;

/// A process that has signals to see to.
pub(crate) trait Settle: Send + Sync {
    /// Sees to the signals now, if nobody is inside who will.
    fn settle(self: Arc<Self>);
    /// Lets the process's own task see to them.
    fn schedule(self: Arc<Self>);
}

/// A call whose reply handle was dropped inside a process, perhaps because the process is about to die of it.
pub(crate) trait Forsaken: Send + Sync {
    /// Tells the caller.
    fn tell(&self, turn: u64);
}

crate::sync::thread_local! {
    static OPEN: Cell<bool> = const { Cell::new(false) };
    static QUEUE: RefCell<VecDeque<Arc<dyn Settle>>> = const { RefCell::new(VecDeque::new()) };
    static ANY_FORSAKEN: Cell<bool> = const { Cell::new(false) };
    static FORSAKEN: RefCell<Vec<(Pid, Turn)>> = const { RefCell::new(Vec::new()) };
}

/// A process got a signal and nobody is inside: now if the crate itself sent it, else in its own task.
pub(crate) fn attend(process: Arc<dyn Settle>) {
    if OPEN.try_with(Cell::get) == Ok(true) {
        QUEUE.with_borrow_mut(|queue| queue.push_back(process));
    } else {
        process.schedule();
    }
}

/// Runs `send`, and settles the signals it sent before it returns.
pub(crate) fn scope<R>(send: impl FnOnce() -> R) -> R {
    if OPEN.replace(true) {
        return send();
    }
    let _closes = Closes;
    let result = send();
    while let Some(process) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
        process.settle();
    }
    result
}

/// Closes the scope, also when a waker of a foreign runtime panics in it; what is left then goes to the tasks.
struct Closes;

impl Drop for Closes {
    fn drop(&mut self) {
        OPEN.set(false);
        while let Some(process) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
            process.schedule();
        }
    }
}

/// Keeps a call that the running process forsakes until it is known what becomes of that process: the caller is then told
/// the right reason.
///
/// # Errors
///
/// The call, when no process runs here, or the thread is ending.
pub(crate) fn forsake(call: Arc<dyn Forsaken>, turn: u64) -> Result<(), Arc<dyn Forsaken>> {
    let Some(by) = current::pid() else {
        return Err(call);
    };
    let mut call = Some(call);
    let _gone = FORSAKEN.try_with(|list| {
        if let Ok(mut list) = list.try_borrow_mut() {
            list.extend(call.take().map(|call| (by, (call, turn))));
            ANY_FORSAKEN.set(true);
        }
    });
    call.map_or(Ok(()), Err)
}

/// Tells the callers whom this process forsook, if there are any. Those of a process further out, whose handler called
/// this one, wait for what becomes of that.
#[inline]
pub(crate) fn tell_forsaken(by: Pid) {
    if ANY_FORSAKEN.get() && !planted(9) {
        tell_all(by);
    }
}

#[cold]
#[inline(never)]
fn tell_all(by: Pid) {
    drop(ForsakenCalls::take(by));
}

/// Forsaken calls, kept until their server is dead. Dropping it tells their callers. Boxed, because they are rare.
#[derive(Default)]
pub(crate) struct ForsakenCalls(Option<Box<[Turn]>>);

/// A slot, and the turn of the call that waits at it.
type Turn = (Arc<dyn Forsaken>, u64);

impl ForsakenCalls {
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    /// Takes what this process forsook on this thread.
    #[inline]
    pub(crate) fn take(by: Pid) -> Self {
        if ANY_FORSAKEN.get() {
            Self::take_slowly(by)
        } else {
            Self::new()
        }
    }

    #[cold]
    fn take_slowly(by: Pid) -> Self {
        let all = FORSAKEN.take();
        let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(pid, _)| *pid == by);
        ANY_FORSAKEN.set(!others.is_empty());
        FORSAKEN.with_borrow_mut(|list| *list = others);
        Self(Some(own.into_iter().map(|(_, turn)| turn).collect()))
    }
}

impl Drop for ForsakenCalls {
    fn drop(&mut self) {
        if let Some(calls) = self.0.take() {
            for (call, turn) in calls {
                call.tell(turn);
            }
        }
    }
}
