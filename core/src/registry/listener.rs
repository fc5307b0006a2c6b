//! `Listener`: what happens in a registry, one event after the other.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::registry::events::{Queue, RegistryEvent};
use crate::registry::table::Table;
use crate::sync::{Arc, Weak};

/// Who hears of what happens in a registry, from its making on. Made by [`Registry::listen`](crate::Registry::listen).
///
/// Events of one key come in their order, and so do those of one process. The end of a process is among them: Elixir's listeners hear
/// nothing of a crash. What was not heard yet is kept without a bound.
///
/// ```
/// use std::future::poll_fn;
/// use suptree::{Registry, RegistryEvent};
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::unique();
/// let mut events = registry.listen();
/// let worker = Worker::start().await?;
/// registry.register_process(&worker, "worker", ())?;
/// worker.stop().await?;
/// assert!(matches!(events.recv().await, Some(RegistryEvent::Registered(_))));
/// let end = poll_fn(|cx| events.poll_recv(cx)).await;
/// assert!(matches!(end, Some(RegistryEvent::Unregistered(_))));
/// # Ok(()) }
/// ```
///
/// It is a `Stream`, too: `cx.attach(registry.listen()).heard()` has a server hear of it.
///
/// Dropping it ends the listening.
pub struct Listener<K, V> {
    queue: Arc<Queue<K, V>>,
    /// Weak: who listens does not keep the registry.
    table: Weak<Table<K, V>>,
}

impl<K, V> Listener<K, V> {
    pub(super) fn new(table: &Arc<Table<K, V>>) -> Self {
        Self {
            queue: table.listen(),
            table: Arc::downgrade(table),
        }
    }

    /// The next event; `None` when the last handle of the registry was dropped.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: nothing is lost when it is dropped in a `select!` that another branch wins.
    pub async fn recv(&mut self) -> Option<RegistryEvent<K, V>> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// Like [`recv`](Self::recv), for futures and streams by hand.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<RegistryEvent<K, V>>> {
        self.queue.poll(cx)
    }
}

impl<K, V> Stream for Listener<K, V> {
    type Item = RegistryEvent<K, V>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_recv(cx)
    }
}

impl<K, V> Drop for Listener<K, V> {
    fn drop(&mut self) {
        if let Some(table) = self.table.upgrade() {
            table.stop_listening(&self.queue);
        }
    }
}

impl<K, V> fmt::Debug for Listener<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}
