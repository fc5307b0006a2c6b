//! `GroupMonitor`: who joins a group, and who leaves it.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::process::reference::Reference;
use crate::registry::events::{Queue, RegistryEvent};
use crate::registry::key::Key;
use crate::registry::table::Table;
use crate::sync::Arc;

/// What a [`GroupMonitor`] tells.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GroupEvent<C> {
    /// A process has joined: once for each time.
    Join(C),
    /// A process has left, or died: once for each time that it had joined.
    Leave(C),
}

/// Who joins a group and leaves it, from when it was made. Made by [`Group::monitor`](crate::Group::monitor). What was not heard yet is kept without a bound.
///
/// ```
/// use std::future::poll_fn;
/// use suptree::{Group, GroupEvent};
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workers = Group::new();
/// let (_members, mut events) = workers.monitor();
/// let worker = Worker::start().await?;
/// workers.join(&worker)?;
/// worker.stop().await?;
/// assert!(matches!(events.recv().await, Some(GroupEvent::Join(_))));
/// let end = poll_fn(|cx| events.poll_recv(cx)).await;
/// assert!(matches!(end, Some(GroupEvent::Leave(_))));
/// # Ok(()) }
/// ```
///
/// It is a `Stream`, too: `cx.attach(events).changed()` has a server hear of it.
///
/// Dropping it ends the watch: OTP's `demonitor`.
pub struct GroupMonitor<C, K = ()> {
    table: Arc<Table<K, C>>,
    key: Arc<Key<K>>,
    queue: Arc<Queue<K, C>>,
}

impl<C, K> GroupMonitor<C, K> {
    pub(super) const fn new(
        table: Arc<Table<K, C>>,
        key: Arc<Key<K>>,
        queue: Arc<Queue<K, C>>,
    ) -> Self {
        Self { table, key, queue }
    }
}

impl<C: Reference, K: Eq> GroupMonitor<C, K> {
    /// The next who has joined or left. It is never `None`, and an `Option` as streams have it.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: nothing is lost when it is dropped in a `select!` that another branch wins.
    pub async fn recv(&mut self) -> Option<GroupEvent<C>> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// Like [`recv`](Self::recv), for futures and streams by hand.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<GroupEvent<C>>> {
        loop {
            let Some(event) = ready!(self.queue.poll(cx)) else {
                return Poll::Ready(None);
            };
            let (RegistryEvent::Registered(entry) | RegistryEvent::Unregistered(entry)) = &event;
            // Another group may have a key of the same hash.
            if entry.key() != self.key.get() {
                continue;
            }
            let client = entry.value().clone();
            return Poll::Ready(Some(match event {
                RegistryEvent::Registered(_) => GroupEvent::Join(client),
                RegistryEvent::Unregistered(_) => GroupEvent::Leave(client),
            }));
        }
    }
}

impl<C: Reference, K: Eq> Stream for GroupMonitor<C, K> {
    type Item = GroupEvent<C>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_recv(cx)
    }
}

impl<C, K> Drop for GroupMonitor<C, K> {
    fn drop(&mut self) {
        self.table.stop_listening(&self.queue);
    }
}

impl<C, K> fmt::Debug for GroupMonitor<C, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupMonitor").finish_non_exhaustive()
    }
}
