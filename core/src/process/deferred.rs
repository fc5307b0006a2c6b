//! Settling: signals that arise while a process dies are seen to right after it, not inside it.
//!
//! A death sends signals to links, which may die of it, and so on: settled one after the other, a chain of any length
//! needs no stack. Only what takes no user code is done here: a receiver is marked dead at once, and what it holds is
//! dropped by its own task, because a destructor may block, and belongs to the receiver's runtime. Signals that user code
//! sends are left to the receiver's own task altogether.
//!
//! Wakers of foreign executors, which may block the thread, or poll at once what they wake, come when all that is done, and apart:
//! nobody else waits for them to hear of a death.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::mem::ManuallyDrop;

use crate::guard::WakerSlot;
use crate::process::{Process, Signal, line};
use crate::sync::Arc;

/// A process that has signals to see to.
pub(crate) trait Deferred: Send + Sync {
    /// Sees to the signals now, if nobody is inside who will. Runs no user code.
    fn settle(self: Arc<Self>);
    /// Lets the process's own task see to them.
    fn schedule(self: Arc<Self>);
}

crate::sync::thread_local! {
    static OPEN: Cell<bool> = const { Cell::new(false) };
    /// Without a destructor: a runtime that ends with its thread is still settled in order. Empty outside of a scope.
    static QUEUE: ManuallyDrop<RefCell<VecDeque<Arc<dyn Deferred>>>> =
        const { ManuallyDrop::new(RefCell::new(VecDeque::new())) };
    /// Whether there are foreign wakers: most deaths wake none.
    static FOREIGN: Cell<bool> = const { Cell::new(false) };
    /// Foreign wakers, to be woken last. As the queue.
    static WAKERS: ManuallyDrop<RefCell<Vec<WakerSlot>>> =
        const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

fn push(process: Arc<dyn Deferred>) {
    let mut process = Some(process);
    let _gone = QUEUE.try_with(|queue| queue.borrow_mut().extend(process.take()));
    if let Some(process) = process {
        process.schedule();
    }
}

fn pop() -> Option<Arc<dyn Deferred>> {
    let next = QUEUE.try_with(|queue| queue.borrow_mut().pop_front());
    next.ok().flatten()
}

/// Wakes who waits for a death: a foreign executor when everybody else has heard of it.
pub(crate) fn wake(waker: WakerSlot) {
    if !waker.is_foreign() || !OPEN.get() {
        return waker.notify();
    }
    let mut waker = Some(waker);
    let _gone = WAKERS.try_with(|wakers| wakers.borrow_mut().extend(waker.take()));
    match waker {
        Some(waker) => waker.notify(),
        None => FOREIGN.set(true),
    }
}

/// Wakes the foreign executors.
#[cold]
#[inline(never)]
fn wake_foreign() {
    if let Ok(wakers) = WAKERS.try_with(|wakers| wakers.take()) {
        line::wake_apart(wakers);
    }
}

/// A process got a signal and nobody is inside: now if the crate itself sent it, else in its own task.
pub(crate) fn defer(process: Arc<dyn Deferred>) {
    if OPEN.get() {
        push(process);
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
    while let Some(process) = pop() {
        process.settle();
    }
    result
}

/// Sends a signal, and settles what comes of it.
pub(crate) fn send(process: Arc<dyn Process>, signal: Signal) {
    scope(|| process.signal(signal));
}

/// Closes the scope, also when a waker of a foreign runtime panics in it; what is left then goes to the tasks. Foreign wakers are
/// woken when it is closed: what they send is no part of it.
struct Closes;

impl Drop for Closes {
    fn drop(&mut self) {
        OPEN.set(false);
        // No memory stays with the thread.
        let left = QUEUE.try_with(|queue| {
            let queue = &mut *queue.borrow_mut();
            (queue.capacity() > 0).then(|| std::mem::take(queue))
        });
        if let Ok(Some(left)) = left {
            leave_to_tasks(left);
        }
        if FOREIGN.replace(false) {
            wake_foreign();
        }
    }
}

#[cold]
#[inline(never)]
fn leave_to_tasks(left: VecDeque<Arc<dyn Deferred>>) {
    for process in left {
        process.schedule();
    }
}
