//! `Timers`: who waits on one clock, and until when.
//!
//! Most calls are answered within microseconds, and a timer would cost more than the call. A caller who has to wait is
//! noted here, once per reply slot. One tick later a caller that still waits is woken, sets a [timer](super::timer) for the
//! exact deadline, and watches the server from then on. Nobody keeps time while nobody waits.
//!
//! One keeper sleeps until the next moment at which somebody is to be woken, and no caller touches a timer of the runtime: that
//! may be polled from anywhere, and outlive the runtime.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Poll, Waker, ready};
use std::time::Duration;

use crate::guard::{self, Waiter, WakerSlot};
use crate::planted::{Bug, planted};
use crate::process::line::Woken;
use crate::rt::crew::Crew;
use crate::rt::{self, Instant, Runtime};
use crate::sync::{Arc, Mutex, lock};

/// How long a caller waits without a timer of its own.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Somebody who may be waiting.
pub(crate) trait Overdue: Send + Sync {
    /// The tick is over, and it is no longer on the list. Returns the waker of a caller who still waits.
    fn tick(&self) -> WakerSlot;
}

pub(crate) struct Timers(Mutex<List>);

struct List {
    /// Who has waited since the last tick, at the most.
    noted: Vec<Arc<dyn Overdue>>,
    /// When the first of them has waited for a tick.
    tick: Option<Instant>,
    deadlines: BTreeMap<TimerKey, WakerSlot>,
    next_number: u64,
    /// Left by the keeper when it goes to sleep.
    keeper: WakerSlot,
    sleeps_until: Option<Instant>,
    /// The runtime is gone, and nobody keeps time.
    closed: bool,
}

/// A deadline, and a number of its own for each timer.
pub(super) type TimerKey = (Instant, u64);

/// What has become of a timer.
pub(super) enum TimerState {
    Set,
    Over,
    /// Nobody keeps its time.
    Closed,
}

impl Timers {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(List {
            noted: Vec::new(),
            tick: None,
            deadlines: BTreeMap::new(),
            next_number: 0,
            keeper: WakerSlot::new(),
            sleeps_until: None,
            closed: false,
        }))
    }

    /// Notes a caller who waits, since this moment. `false`: nobody keeps time.
    pub(super) fn note(&self, caller: Arc<dyn Overdue>, now: Instant) -> bool {
        self.change(|list| {
            list.noted.push(caller);
            list.tick.get_or_insert_with(|| now + TICK);
        })
        .is_some()
    }

    /// Sets a timer. `None`: nobody keeps time.
    pub(super) fn set(&self, deadline: Instant, waker: &Waker) -> Option<TimerKey> {
        let mut waiter = Waiter::new(waker);
        self.change(|list| {
            let key = (deadline, list.next_number);
            list.next_number += 1;
            list.deadlines.entry(key).or_default().register(&mut waiter);
            key
        })
    }

    /// Leaves another waker with a timer.
    pub(super) fn renew(&self, key: TimerKey, waker: &Waker) -> TimerState {
        let mut waiter = Waiter::new(waker);
        let mut list = lock(&self.0);
        let closed = list.closed;
        match list.deadlines.get_mut(&key) {
            _ if closed => TimerState::Closed,
            Some(left) => {
                left.register(&mut waiter);
                TimerState::Set
            }
            None => TimerState::Over,
        }
    }

    pub(super) fn cancel(&self, key: TimerKey) {
        let _waker = self.change(|list| list.deadlines.remove(&key));
    }

    /// Changes the list, and tells the keeper when it sleeps until another moment than it should.
    fn change<R>(&self, change: impl FnOnce(&mut List) -> R) -> Option<R> {
        let (changed, keeper) = {
            let mut list = lock(&self.0);
            if list.closed {
                return None;
            }
            let changed = change(&mut list);
            let other = list.next() != list.sleeps_until && !planted(Bug::KeeperNotTold);
            let keeper = if other {
                list.keeper.take()
            } else {
                WakerSlot::new()
            };
            (changed, keeper)
        };
        keeper.notify();
        Some(changed)
    }

    /// The keeper is about to sleep: until this moment, or until it is woken.
    fn sleep(&self, keeper: &Waker) -> Option<Instant> {
        let mut waiter = Waiter::new(keeper);
        let mut list = lock(&self.0);
        list.sleeps_until = list.next();
        list.keeper.register(&mut waiter);
        list.sleeps_until
    }

    /// Those whose time has come, who are to be woken.
    fn due(&self, now: Instant) -> Woken {
        let (noted, over) = {
            let mut list = lock(&self.0);
            let noted = match list.tick {
                Some(tick) if tick <= now => {
                    list.tick = None;
                    std::mem::take(&mut list.noted)
                }
                _ => Vec::new(),
            };
            let mut over = Vec::new();
            while let Some(first) = list.deadlines.first_entry()
                && first.key().0 <= now
            {
                over.push(first.remove());
            }
            (noted, over)
        };
        all_of(noted, over)
    }

    /// Keeps time in a task of this runtime.
    pub(super) async fn keep(&self, runtime: &Runtime) {
        let mut sleep = None;
        poll_fn(|cx| {
            guard::trust(cx.waker());
            loop {
                let Some(next) = self.sleep(cx.waker()) else {
                    sleep = None;
                    return Poll::<()>::Pending;
                };
                let (until, timer) = sleep.get_or_insert_with(|| (next, runtime.sleep_until(next)));
                if *until != next {
                    (*until, *timer) = (next, runtime.sleep_until(next));
                }
                ready!(Pin::new(timer).poll(cx));
                sleep = None;
                self.due(rt::now().max(next)).notify();
            }
        })
        .await;
    }

    /// Keeps time in a thread. Those whose time it keeps wait by foreign executors, which other threads wake: a waker may block.
    pub(super) fn keep_in_thread(&self) {
        static CREW: Crew = Crew::new();
        let waker = rt::thread::waker();
        loop {
            let next = self.sleep(&waker);
            let now = rt::thread::now();
            match next {
                Some(next) if next <= now => CREW.leave(self.due(now).each()),
                // Looks after them meanwhile.
                _ if CREW.look(now) => {
                    let look = now + TICK;
                    rt::thread::park_until(Some(next.map_or(look, |next| next.min(look))));
                }
                _ => rt::thread::park_until(next),
            }
        }
    }

    /// There is no keeper: who still waits turns to another clock.
    pub(super) fn close(&self) {
        let (noted, over) = {
            let mut list = lock(&self.0);
            list.closed = true;
            let noted = std::mem::take(&mut list.noted);
            (noted, std::mem::take(&mut list.deadlines))
        };
        all_of(noted, over.into_values()).notify();
    }
}

impl List {
    /// The next moment at which somebody is to be woken.
    fn next(&self) -> Option<Instant> {
        let deadline = self.deadlines.first_key_value().map(|(key, _)| key.0);
        match (self.tick, deadline) {
            (Some(tick), Some(deadline)) => Some(tick.min(deadline)),
            (tick, deadline) => tick.or(deadline),
        }
    }
}

fn all_of(noted: Vec<Arc<dyn Overdue>>, over: impl IntoIterator<Item = WakerSlot>) -> Woken {
    let mut all = Woken::from(Vec::from_iter(over));
    for caller in noted {
        all.push(caller.tick());
    }
    all
}
