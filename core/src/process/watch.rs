//! What a monitor and the process that it watches share.

use std::task::{Context, Poll, Waker};

use crate::exit_reason::ExitReason;
use crate::rt;
use crate::sync::{Mutex, lock};

/// Told of the death once.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<WatchState>);

#[derive(Debug, Default)]
struct WatchState {
    reason: Option<ExitReason>,
    waker: Option<Waker>,
}

impl Watch {
    /// Ready once the process is dead.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<ExitReason> {
        {
            let mut state = lock(&self.0);
            if let Some(reason) = &state.reason {
                return Poll::Ready(reason.clone());
            }
            state.waker = Some(cx.waker().clone());
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
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
