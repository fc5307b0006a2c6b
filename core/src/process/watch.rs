//! What a monitor and the process that it watches share; and a group of them, for one who waits for many.

use std::collections::VecDeque;
use std::task::{Context, Poll};

use crate::exit_reason::ExitReason;
use crate::guard::{Waiter, WakerSlot};
use crate::planted::{Bug, planted};
use crate::process::deferred;
use crate::process::monitors::MonitorRef;
use crate::process::pid::Pid;
use crate::rt;
use crate::sync::{Arc, Mutex, lock};

/// Who is told of a death.
pub(crate) enum Watcher {
    /// Who waits for it.
    Waits(Arc<Watch>),
    /// A server that gets a message, by this monitor of its own.
    Hears(Pid, MonitorRef),
}

/// Told of the death once.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    state: Mutex<WatchState>,
    /// The group that hears of it, too, and its number there.
    member: Option<(Arc<Group>, u64)>,
}

#[derive(Debug, Default)]
struct WatchState {
    reason: Option<ExitReason>,
    waker: WakerSlot,
}

impl Watch {
    /// A member of a group, by this number.
    pub(crate) const fn in_group(group: Arc<Group>, number: u64) -> Self {
        Self {
            state: Mutex::new(WatchState {
                reason: None,
                waker: WakerSlot::new(),
            }),
            member: Some((group, number)),
        }
    }

    /// Ready once the process is dead.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<ExitReason> {
        let mut waiter = Waiter::new(cx.waker());
        {
            let mut state = lock(&self.state);
            if let Some(reason) = &state.reason {
                return Poll::Ready(reason.clone());
            }
            state.waker.register(&mut waiter);
        }
        rt::make_way(cx);
        Poll::Pending
    }

    pub(crate) fn is_down(&self) -> bool {
        lock(&self.state).reason.is_some()
    }

    /// The process is dead.
    pub(crate) fn down(&self, reason: ExitReason) {
        let waker = {
            let mut state = lock(&self.state);
            state.reason = Some(reason);
            state.waker.take()
        };
        deferred::wake(waker);
        if let Some((group, number)) = &self.member {
            group.down(*number);
        }
    }
}

/// Hears of the deaths of its members, whoever they are: who waits for many is woken for those that ended, and looks at no other.
#[derive(Debug, Default)]
pub(crate) struct Group(Mutex<GroupState>);

#[derive(Debug, Default)]
struct GroupState {
    down: VecDeque<u64>,
    waker: WakerSlot,
}

impl Group {
    /// The number of the next member that is dead.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<u64> {
        let mut waiter = Waiter::new(cx.waker());
        {
            let mut state = lock(&self.0);
            if let Some(number) = state.down.pop_front() {
                return Poll::Ready(number);
            }
            state.waker.register(&mut waiter);
        }
        rt::make_way(cx);
        Poll::Pending
    }

    fn down(&self, number: u64) {
        let waker = {
            let mut state = lock(&self.0);
            state.down.push_back(number);
            if planted(Bug::GroupNotWoken) && number % 2 == 1 {
                return;
            }
            state.waker.take()
        };
        deferred::wake(waker);
    }
}
