//! Locks by key: one at a time has a key, and the others wait in the order in which they came.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::poll_fn;
use std::hash::BuildHasherDefault;
use std::task::{Context, Poll};

use crate::burst;
use crate::guard::{Waiter, WakerSlot};
use crate::process::line;
use crate::process::names::HashItself;
use crate::registry::key::Key;
use crate::rt;
use crate::sync::{Arc, Mutex, lock};

/// The locks that somebody has or waits for.
pub(super) struct Gates<K>(Mutex<GatesByHash<K>>);

type GatesByHash<K> = HashMap<u64, Vec<Listed<K>>, BuildHasherDefault<HashItself>>;

/// A lock, and how many have it or wait for it.
struct Listed<K> {
    gate: Arc<Gate<K>>,
    users: usize,
}

struct Gate<K> {
    key: Key<K>,
    state: Mutex<State>,
}

/// Who has the lock is the first in the line: those before it have left.
#[derive(Default)]
struct State {
    line: BTreeMap<u64, WakerSlot>,
    next: u64,
}

impl State {
    /// Into the line.
    fn join(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        self.line.insert(number, WakerSlot::new());
        number
    }

    fn is_first(&self, number: u64) -> bool {
        let first = self.line.first_key_value();
        first.is_some_and(|(first, _)| *first == number)
    }
}

impl<K> Default for Gates<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq> Gates<K> {
    /// Waits for the lock of a key. User code: the key is compared.
    pub(super) async fn lock(self: Arc<Self>, key: Key<K>) -> KeyLock<K> {
        let gate = self.enter(key);
        let number = lock(&gate.state).join();
        let held = KeyLock {
            gates: self,
            gate,
            number,
        };
        poll_fn(|cx| held.poll(cx)).await;
        held
    }

    /// The lock of a key, which is there as long as somebody uses it. User code.
    fn enter(&self, key: Key<K>) -> Arc<Gate<K>> {
        let hash = key.hash_code();
        let mut key = Some(key);
        loop {
            let known = lock(&self.0)
                .get(&hash)
                .map_or_else(Vec::new, |listed| gates(listed));
            let wanted = key.as_ref().expect("it is taken once");
            let same = known.iter().find(|gate| gate.key.get() == wanted.get());
            let mut all = lock(&self.0);
            let listed = all.entry(hash).or_default();
            let there = gates(listed);
            if there.len() != known.len()
                || !there
                    .iter()
                    .zip(&known)
                    .all(|(one, other)| Arc::ptr_eq(one, other))
            {
                drop(all);
                continue;
            }
            if let Some(same) = same {
                let at = listed.iter_mut().find(|at| Arc::ptr_eq(&at.gate, same));
                at.expect("it is one of them").users += 1;
                drop(all);
                return Arc::clone(same);
            }
            let gate = Arc::new(Gate {
                key: key.take().expect("it is taken once"),
                state: Mutex::default(),
            });
            listed.push(Listed {
                gate: Arc::clone(&gate),
                users: 1,
            });
            drop(all);
            return gate;
        }
    }
}

fn gates<K>(listed: &[Listed<K>]) -> Vec<Arc<Gate<K>>> {
    listed
        .iter()
        .map(|listed| Arc::clone(&listed.gate))
        .collect()
}

impl<K> Gates<K> {
    fn leave(&self, gate: &Arc<Gate<K>>) {
        let hash = gate.key.hash_code();
        let mut all = lock(&self.0);
        let mut left = None;
        if let Some(listed) = all.get_mut(&hash)
            && let Some(at) = listed.iter().position(|at| Arc::ptr_eq(&at.gate, gate))
        {
            listed[at].users -= 1;
            if listed[at].users == 0 {
                left = Some(listed.swap_remove(at));
                if listed.is_empty() {
                    all.remove(&hash);
                    burst::shrink_table(&mut *all);
                }
            }
        }
        drop(all);
        drop(left);
    }
}

/// The lock of a key, which its holder has until it drops this. Made by [`Registry::lock`](crate::Registry::lock).
///
/// ```
/// use suptree::Registry;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let registry = Registry::<&str>::unique();
/// let held = registry.lock("import").await;
/// assert_eq!(*held.key(), "import");
/// # }
/// ```
#[must_use = "the lock is released when this is dropped"]
pub struct KeyLock<K> {
    gates: Arc<Gates<K>>,
    gate: Arc<Gate<K>>,
    number: u64,
}

impl<K> KeyLock<K> {
    /// Ready when it is the first in the line.
    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        if rt::poll_budget_at_times(cx).is_pending() {
            return Poll::Pending;
        }
        let mut waiter = Waiter::new(cx.waker());
        {
            let mut state = lock(&self.gate.state);
            if state.is_first(self.number) {
                return Poll::Ready(());
            }
            if let Some(place) = state.line.get_mut(&self.number) {
                place.register(&mut waiter);
            }
        }
        rt::make_way(cx);
        Poll::Pending
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &K {
        self.gate.key.get()
    }
}

impl<K> Drop for KeyLock<K> {
    fn drop(&mut self) {
        let (own, next) = {
            let mut state = lock(&self.gate.state);
            let was_first = state.is_first(self.number);
            let own = state.line.remove(&self.number);
            let next = state.line.first_entry().filter(|_| was_first);
            let next = next.map(|mut first| first.get_mut().take());
            (own, next)
        };
        drop(own);
        match next {
            // A foreign executor may block: not in the way of a process that ends.
            Some(next) if next.is_foreign() => line::wake_apart(vec![next]),
            Some(next) => next.notify(),
            None => {}
        }
        self.gates.leave(&self.gate);
    }
}

impl<K> fmt::Debug for KeyLock<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyLock").finish_non_exhaustive()
    }
}
