//! `RegistryEvent`: what happens in a registry; and the queue of what one who listens has not heard yet.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll, ready};

use crate::burst;
use crate::guard::{Waiter, WakerSlot};
use crate::registry::entry::Entry;
use crate::rt;
use crate::sync::{Arc, Mutex, lock};

/// Something that has happened in a [`Registry`](crate::Registry): what its [`Listener`](crate::Listener)s hear.
#[non_exhaustive]
pub enum RegistryEvent<K, V> {
    /// A process was registered.
    Registered(Entry<K, V>),
    /// It is registered no more: it gave that up, or is dead.
    Unregistered(Entry<K, V>),
}

impl<K, V> Clone for RegistryEvent<K, V> {
    fn clone(&self) -> Self {
        match self {
            Self::Registered(entry) => Self::Registered(entry.clone()),
            Self::Unregistered(entry) => Self::Unregistered(entry.clone()),
        }
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for RegistryEvent<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registered(entry) => f.debug_tuple("Registered").field(entry).finish(),
            Self::Unregistered(entry) => f.debug_tuple("Unregistered").field(entry).finish(),
        }
    }
}

/// What has happened since, and was not heard yet.
pub(crate) struct Queue<K, V> {
    /// Of this one among those who listen to the same.
    number: u64,
    /// The keys of one hash alone are listened to.
    hash: Option<u64>,
    state: Mutex<State<K, V>>,
}

struct State<K, V> {
    events: VecDeque<RegistryEvent<K, V>>,
    closed: bool,
    waker: WakerSlot,
}

impl<K, V> Queue<K, V> {
    pub(super) fn new(number: u64, hash: Option<u64>) -> Arc<Self> {
        Arc::new(Self {
            number,
            hash,
            state: Mutex::new(State {
                events: VecDeque::new(),
                closed: false,
                waker: WakerSlot::new(),
            }),
        })
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    pub(super) const fn hash(&self) -> Option<u64> {
        self.hash
    }

    /// Who is to be woken.
    pub(super) fn push(&self, event: RegistryEvent<K, V>) -> Option<WakerSlot> {
        let mut state = lock(&self.state);
        state.events.push_back(event);
        state.waker.is_some().then(|| state.waker.take())
    }

    pub(super) fn close(&self) -> Option<WakerSlot> {
        let mut state = lock(&self.state);
        state.closed = true;
        state.waker.is_some().then(|| state.waker.take())
    }

    /// Ready with `None` when there is no registry any more.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<RegistryEvent<K, V>>> {
        ready!(rt::poll_budget_at_times(cx));
        let mut waiter = Waiter::new(cx.waker());
        {
            let mut state = lock(&self.state);
            if let Some(event) = state.events.pop_front() {
                burst::shrink_queue(&mut state.events);
                return Poll::Ready(Some(event));
            }
            if state.closed {
                return Poll::Ready(None);
            }
            state.waker.register(&mut waiter);
        }
        rt::make_way(cx);
        Poll::Pending
    }
}
