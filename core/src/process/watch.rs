//! What a monitor and the process that it watches share.

use std::task::{Context, Poll};

use crate::exit_reason::ExitReason;
use crate::guard::{Waiter, WakerSlot};
use crate::process::deferred;
use crate::rt;
use crate::sync::{Mutex, lock};

/// Told of the death once.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<WatchState>);

#[derive(Debug, Default)]
struct WatchState {
    reason: Option<ExitReason>,
    waker: WakerSlot,
}

impl Watch {
    /// Ready once the process is dead.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<ExitReason> {
        let mut waiter = Waiter::new(cx.waker());
        {
            let mut state = lock(&self.0);
            if let Some(reason) = &state.reason {
                return Poll::Ready(reason.clone());
            }
            state.waker.register(&mut waiter);
        }
        rt::make_way(cx);
        Poll::Pending
    }

    pub(crate) fn is_down(&self) -> bool {
        lock(&self.0).reason.is_some()
    }

    /// The process is dead.
    pub(crate) fn down(&self, reason: ExitReason) {
        let waker = {
            let mut state = lock(&self.0);
            state.reason = Some(reason);
            state.waker.take()
        };
        deferred::wake(waker);
    }
}
