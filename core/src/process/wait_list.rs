//! `WaitList`: what a process waits for, as it is noted with the process.
//!
//! A call is noted when it has to wait, and again by each poll that finds it waiting. So it is known, when the handler has been
//! polled and waits, whether it waits in the calls that are noted, and in nothing else that is known of.
//!
//! Each may be one that the handler only holds: it was polled, perhaps in this very poll, and the handler went on to wait for something
//! else. Or one that was not polled this time is in a collection that polls only what was woken, as a `FuturesUnordered` does. So who would
//! be in a cycle is *asked*: its calls are woken, and those that are polled then are waited for.

use std::collections::BTreeMap;

use crate::process::call_cycle::CallCycle;
use crate::process::pid::Pid;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{GlobalAtomicU64, GlobalOrdering};

/// The number of a wait of its process.
pub(crate) type WaitKey = u64;

/// When something began to wait: whatever did later has a greater one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

impl Moment {
    fn next() -> Self {
        static NEXT: GlobalAtomicU64 = GlobalAtomicU64::new(0);
        Self(NEXT.fetch_add(1, GlobalOrdering::Relaxed))
    }
}

/// What a process waits for.
#[derive(Default)]
pub(crate) struct WaitList {
    waits: BTreeMap<WaitKey, Wait>,
    next: WaitKey,
    /// Which poll of the handler it is: the one after it begins with each wait.
    poll: u64,
    /// How many waits have ended.
    ended: u64,
    /// How often it was asked since a wait began or ended.
    asked: u32,
    /// Since when it waits in calls, and in nothing else.
    blocked: Option<Moment>,
}

/// Whom a process waits for, and in what.
pub(super) struct Wait {
    pub(super) on: Pid,
    /// How much the process had handled.
    pub(super) handled: u64,
    pub(super) sort: Sort,
    began: Moment,
    /// Which poll of the handler was the last that polled it.
    poll: u64,
    proof: Proof,
}

/// Whether a handler is known to wait for a call that it has polled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    None,
    /// It was woken, to see, and was not polled since.
    Asked,
    /// It was polled when it was woken, which counts up to this poll, and as long as no wait ends: collections inside of others have
    /// the handler polled once and again until they have polled all of their futures.
    Shown {
        until: u64,
        ended: u64,
    },
}

impl Proof {
    /// Whether the call may be one that is waited for. What has been shown counts for a while. `ask`: whether it may be asked, if it is
    /// not known.
    fn allows(&mut self, poll: u64, ended: u64, ask: bool) -> bool {
        if let Self::Shown { until, ended: then } = *self
            && (poll > until || ended != then)
        {
            *self = Self::None;
        }
        match self {
            Self::None => ask,
            Self::Asked => false,
            Self::Shown { .. } => true,
        }
    }
}

impl Wait {
    /// Whether it is a call that is answered only when its handler is done. One that was not polled has to be one that can be woken.
    fn may_be_in_cycle(&self, poll: u64) -> bool {
        match &self.sort {
            Sort::Call(call) => call.counts() && (self.poll == poll || call.slot.is_some()),
            Sort::Other => false,
        }
    }
}

/// Who polls the calls that are asked, and is then polled for something else, is not asked for ever: so often, until a wait begins or ends.
const ASKED_AT_MOST: u32 = 16;

/// With more waits than these, a handler has to poll all of them to be found blocked: others are not looked through at each poll.
const FEW: usize = 128;

pub(super) enum Sort {
    /// A start, an end, an answer of a supervisor.
    Other,
    Call(CallWait),
}

/// A call that waits.
pub(crate) struct CallWait {
    /// Where its reply comes to; `None`: it waits for the end of the server, or for room.
    pub(crate) slot: Option<(Arc<dyn Awaited>, u64)>,
    pub(crate) how: How,
    /// Where a user is given the reply handle: whether that has happened.
    pub(crate) taken: Option<Arc<AtomicBool>>,
    /// It has waited for a tick.
    pub(crate) long: bool,
    /// It closes this cycle.
    told: Option<CallCycle>,
}

/// How a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It was queued, and is answered when its handler is done.
    Queued,
    /// It was begun in place, likewise.
    InPlace,
    /// It may be answered before its handler is done, or is no part of a cycle because its caller says so.
    Loose,
}

impl How {
    /// Of a call that is queued. `allowed`: its caller says that it is no part of a cycle.
    #[inline]
    pub(crate) const fn of(allowed: bool) -> Self {
        if allowed { Self::Loose } else { Self::Queued }
    }
}

/// Where a caller waits for its reply.
pub(crate) trait Awaited: Send + Sync {
    /// Whether it still does, in this call.
    fn waits(&self, generation: u64) -> bool;
    /// Wakes it: not for its reply.
    fn wake_caller(&self, generation: u64);
}

/// A process that waits in calls, and in nothing else.
pub(super) struct Blocked {
    pub(super) since: Moment,
    pub(super) calls: Vec<BlockedCall>,
}

/// A call in which one waits.
pub(super) struct BlockedCall {
    pub(super) key: WaitKey,
    pub(super) on: Pid,
    pub(super) in_place: bool,
    pub(super) began: Moment,
    pub(super) slot: Option<(Arc<dyn Awaited>, u64)>,
    /// Whether its process is known to wait for it; otherwise it may be one that it holds.
    pub(super) sure: bool,
    taken: Option<Arc<AtomicBool>>,
}

impl BlockedCall {
    /// Whether it still waits for the handler of who was called.
    pub(super) fn waits(&self) -> bool {
        !is_taken(self.taken.as_deref())
            && self
                .slot
                .as_ref()
                .is_none_or(|(slot, generation)| slot.waits(*generation))
    }
}

fn is_taken(taken: Option<&AtomicBool>) -> bool {
    taken.is_some_and(|taken| taken.load(Ordering::Acquire))
}

impl CallWait {
    pub(crate) const fn new(
        slot: Option<(Arc<dyn Awaited>, u64)>,
        how: How,
        taken: Option<Arc<AtomicBool>>,
    ) -> Self {
        Self {
            slot,
            how,
            taken,
            long: false,
            told: None,
        }
    }

    /// Whether it is answered only when the handler of who was called is done.
    fn counts(&self) -> bool {
        match self.how {
            How::Queued | How::InPlace => true,
            How::Loose => self.taken.is_some() && !is_taken(self.taken.as_deref()),
        }
    }
}

impl WaitList {
    pub(super) fn is_empty(&self) -> bool {
        self.waits.is_empty()
    }

    pub(super) fn add(&mut self, on: Pid, handled: u64, sort: Sort) -> WaitKey {
        let key = self.next;
        self.next += 1;
        self.asked = 0;
        self.blocked = None;
        let wait = Wait {
            on,
            handled,
            sort,
            began: Moment::next(),
            poll: self.poll,
            proof: Proof::None,
        };
        self.waits.insert(key, wait);
        key
    }

    /// What is returned is dropped outside of the lock.
    pub(super) fn remove(&mut self, key: WaitKey) -> Option<Wait> {
        self.blocked = None;
        self.ended += 1;
        self.asked = 0;
        self.waits.remove(&key)
    }

    /// A call was polled, and waits on. The cycle that it closes, if it was told.
    pub(super) fn again(&mut self, key: WaitKey) -> Option<CallCycle> {
        let waits = self.waits.len() as u64;
        let wait = self.waits.get_mut(&key)?;
        wait.poll = self.poll;
        if wait.proof == Proof::Asked {
            wait.proof = Proof::Shown {
                until: self.poll + 4 + 2 * waits,
                ended: self.ended,
            };
        }
        match &mut wait.sort {
            Sort::Call(call) => call.told.take(),
            Sort::Other => None,
        }
    }

    /// A call has waited for long.
    pub(super) fn note_long(&mut self, key: WaitKey) {
        if let Some(wait) = self.waits.get_mut(&key)
            && let Sort::Call(call) = &mut wait.sort
        {
            call.long = true;
        }
    }

    /// Whether it waits for this one, in whatever.
    pub(super) fn has(&self, other: Pid) -> bool {
        self.waits.values().any(|wait| wait.on == other)
    }

    /// Whom it waits for, if it has handled so much, and not in calls that may not take long.
    pub(super) fn on(&self, handled: u64) -> Vec<Pid> {
        let holding = self.waits.values().filter(|wait| {
            let long = match &wait.sort {
                Sort::Call(call) => call.long,
                Sort::Other => true,
            };
            long && wait.handled == handled
        });
        holding.map(|wait| wait.on).collect()
    }

    /// The handler was polled, and waits. `true`: in calls, for all that is known.
    pub(super) fn begin(&mut self, handled: u64) -> bool {
        let poll = self.poll;
        self.poll += 1;
        let ended = self.ended;
        let few = self.waits.len() <= FEW;
        let ask = self.asked < ASKED_AT_MOST;
        let in_calls = self.waits.values_mut().all(|wait| {
            (few || wait.poll == poll)
                && wait.proof.allows(poll, ended, ask)
                && wait.handled == handled
                && wait.may_be_in_cycle(poll)
        });
        let blocked = in_calls && !self.waits.is_empty();
        self.blocked = blocked.then(Moment::next);
        blocked
    }

    /// The handler is polled once more.
    pub(super) const fn end(&mut self) {
        self.blocked = None;
    }

    /// `init` is through: what it has noted is none of a handler's.
    pub(super) const fn leave_init(&mut self) {
        self.poll += 1;
    }

    pub(super) fn blocked(&self) -> Option<Blocked> {
        let since = self.blocked?;
        let calls = self
            .waits
            .iter()
            .filter_map(|(key, wait)| match &wait.sort {
                Sort::Call(call) => Some(BlockedCall {
                    key: *key,
                    on: wait.on,
                    in_place: call.how == How::InPlace,
                    began: wait.began,
                    slot: call.slot.clone(),
                    sure: matches!(wait.proof, Proof::Shown { .. }),
                    taken: call.taken.clone(),
                }),
                Sort::Other => None,
            });
        Some(Blocked {
            since,
            calls: calls.collect(),
        })
    }

    pub(super) fn is_blocked_since(&self, since: Moment) -> bool {
        self.blocked == Some(since)
    }

    /// Asks those of its calls of which it is not known that it waits for them, if it is still blocked since then: they are to be
    /// woken. From here on it does not wait, until they are polled.
    pub(super) fn ask(&mut self, since: Moment) -> bool {
        if self.blocked != Some(since) {
            return false;
        }
        for wait in self.waits.values_mut() {
            if wait.proof == Proof::None {
                wait.proof = Proof::Asked;
            }
        }
        self.asked += 1;
        self.blocked = None;
        true
    }

    /// Tells a call that it closes a cycle, if it is still the one that waits since then. From here on its process does not wait.
    pub(super) fn tell(&mut self, since: Moment, key: WaitKey, cycle: CallCycle) -> bool {
        if self.blocked != Some(since) {
            return false;
        }
        let Some(Wait {
            sort: Sort::Call(call),
            ..
        }) = self.waits.get_mut(&key)
        else {
            return false;
        };
        call.told = Some(cycle);
        self.blocked = None;
        true
    }
}
