//! A task of the simulation: its future, and the wake-ups that queue it.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::Wake;

use super::executor::Shared;
use crate::sync::{Mutex, lock};

pub(super) type BoxFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(super) struct Task {
    pub(super) id: u64,
    /// Random, for the unfair pick.
    pub(super) priority: u64,
    runtime: Weak<Shared>,
    /// `None` while the task is polled and when it has ended.
    future: Mutex<Option<BoxFuture>>,
    /// Whether the ready queue holds this task (or a stall keeps it from there).
    queued: AtomicBool,
    aborted: AtomicBool,
}

impl Task {
    /// A task that has not run yet and is about to be queued.
    pub(super) fn new(
        id: u64,
        priority: u64,
        runtime: &Arc<Shared>,
        future: BoxFuture,
    ) -> Arc<Self> {
        Arc::new(Self {
            id,
            priority,
            runtime: Arc::downgrade(runtime),
            future: Mutex::new(Some(future)),
            queued: AtomicBool::new(true),
            aborted: AtomicBool::new(false),
        })
    }

    /// Marks the task as queued; false when it already was.
    pub(super) fn mark_queued(&self) -> bool {
        !self.queued.swap(true, Ordering::AcqRel)
    }

    /// Takes the future of a task that has left the queue: from here on a wake queues it again.
    /// `None` when the task has ended.
    pub(super) fn begin(&self) -> Option<BoxFuture> {
        self.queued.store(false, Ordering::Release);
        self.take_future()
    }

    pub(super) fn take_future(&self) -> Option<BoxFuture> {
        lock(&self.future).take()
    }

    pub(super) fn put_back(&self, future: BoxFuture) {
        *lock(&self.future) = Some(future);
    }

    /// Asks for the task to be dropped the next time it is picked.
    pub(super) fn abort(self: &Arc<Self>) {
        self.aborted.store(true, Ordering::Release);
        self.wake_by_ref();
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.aborted.load(Ordering::Acquire)
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.mark_queued()
            && let Some(runtime) = self.runtime.upgrade()
        {
            runtime.queue(Arc::clone(self));
        }
    }
}
