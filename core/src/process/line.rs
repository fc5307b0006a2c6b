//! `Line`: those who wait for the same thing, in the order in which they came, and are all woken when it is there.

use std::collections::BTreeMap;

use crate::guard::{Waiter, WakerSlot};
use crate::rt;

/// Those who wait.
#[derive(Debug, Default)]
pub(crate) struct Line(BTreeMap<u64, WakerSlot>);

/// The numbers of those who wait, in one line or in several: each keeps its own for as long as it waits.
#[derive(Debug, Default)]
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

impl Line {
    /// Waits, or waits on: one that was woken has the place that it had.
    pub(crate) fn wait(&mut self, number: u64, waiter: &mut Waiter<'_>) {
        self.0.entry(number).or_default().register(waiter);
    }

    /// Waits no more. What is given back is to be dropped outside of locks.
    pub(crate) fn leave(&mut self, number: u64) -> Option<WakerSlot> {
        self.0.remove(&number)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn holds(&self, number: u64) -> bool {
        self.0.contains_key(&number)
    }

    /// Takes all out, who are to be woken outside of locks.
    pub(crate) fn take(&mut self) -> Woken {
        if self.0.is_empty() {
            return Woken::default();
        }
        Woken(std::mem::take(&mut self.0).into_values().collect())
    }
}

/// Those who are to be woken, first come first.
#[derive(Debug, Default)]
#[must_use = "who waits is woken by `notify`"]
pub(crate) struct Woken(Vec<WakerSlot>);

impl Woken {
    pub(crate) fn and(&mut self, others: Self) {
        if !others.0.is_empty() {
            self.0.extend(others.0);
        }
    }

    /// Wakes them. Not under a lock.
    pub(crate) fn notify(self) {
        if self.0.is_empty() {
            return;
        }
        let mut foreign = Vec::new();
        for waker in self.0 {
            if waker.is_foreign() {
                foreign.push(waker);
            } else {
                waker.notify();
            }
        }
        wake_apart(foreign);
    }
}

/// Wakes foreign executors, which may block the thread: apart from the caller, which may be a supervisor, or a process that dies.
pub(crate) fn wake_apart(wakers: Vec<WakerSlot>) {
    if !wakers.is_empty() {
        let last = Last(wakers);
        rt::run_apart(move || drop(last));
    }
}

/// They are woken when this is dropped, by whoever it is.
struct Last(Vec<WakerSlot>);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.drain(..).for_each(WakerSlot::notify);
    }
}
