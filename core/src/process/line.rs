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

    /// Adds one, if there is one.
    pub(crate) fn push(&mut self, waker: WakerSlot) {
        if waker.is_some() {
            self.0.push(waker);
        }
    }

    /// What wakes each of them.
    pub(crate) fn each(self) -> impl Iterator<Item = Box<dyn FnOnce() + Send>> {
        self.0
            .into_iter()
            .map(|waker| Box::new(|| waker.notify()) as _)
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

impl From<Vec<WakerSlot>> for Woken {
    fn from(wakers: Vec<WakerSlot>) -> Self {
        Self(wakers)
    }
}

/// Wakes one. Not under a lock.
pub(crate) fn wake(waker: WakerSlot) {
    if waker.is_foreign() {
        wake_apart(vec![waker]);
    } else {
        waker.notify();
    }
}

/// Wakes one, foreign executors apart or here. Not under a lock.
pub(crate) fn wake_as(waker: WakerSlot, apart: bool) {
    if apart {
        wake(waker);
    } else {
        waker.notify();
    }
}

/// Wakes foreign executors, which may block the thread: apart from one another, and from the caller, which may be a supervisor, or a
/// process that dies.
pub(crate) fn wake_apart(wakers: Vec<WakerSlot>) {
    rt::run_apart(wakers.into_iter().map(|waker| {
        let last = Last(waker);
        move || drop(last)
    }));
}

/// It is woken when this is dropped, by whoever it is.
struct Last(WakerSlot);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.take().notify();
    }
}
