//! `CallTimers`: callers who wait get a timer only after they have waited for a while.
//!
//! Most calls are answered within microseconds, and a timer would cost more than the call. A caller who has to wait is
//! noted here, once per reply slot. One tick later a caller that still waits is woken, arms a timer of its own for the exact
//! deadline, and watches the server from then on. No tick runs while nobody waits.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use crate::guard::{self, Waiter, WakerSlot};
use crate::rt::{self, Runtime};
use crate::sync::{Arc, Mutex, lock};

/// How long a caller waits without a timer of its own.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Somebody who may be waiting.
pub(crate) trait Overdue: Send + Sync {
    /// The tick is over, and it is no longer on the list. Returns the waker of a caller who still waits.
    fn tick(&self) -> WakerSlot;
}

#[derive(Default)]
pub(crate) struct CallTimers(Mutex<List>);

#[derive(Default)]
struct List {
    waiting: Vec<Arc<dyn Overdue>>,
    keeper: WakerSlot,
    /// The runtime is gone, and nobody ticks.
    closed: bool,
}

impl CallTimers {
    pub(crate) fn note(&self, caller: Arc<dyn Overdue>) {
        let keeper = {
            let mut list = lock(&self.0);
            if list.closed {
                drop(list);
                wake(&*caller);
                return;
            }
            list.waiting.push(caller);
            list.keeper.take()
        };
        keeper.notify();
    }

    /// The keeper task: ticks while somebody waits.
    pub(crate) async fn keep(&self, runtime: &Runtime) {
        loop {
            poll_fn(|cx| {
                guard::trust(cx.waker());
                let mut waiter = Waiter::new(cx.waker());
                let mut list = lock(&self.0);
                if list.waiting.is_empty() {
                    list.keeper.register(&mut waiter);
                    return Poll::Pending;
                }
                Poll::Ready(())
            })
            .await;
            runtime.sleep_until(rt::deadline(TICK)).await;
            self.wake_all();
        }
    }

    /// There is no keeper: a caller that waits keeps its own time at once.
    pub(crate) fn close(&self) {
        lock(&self.0).closed = true;
        self.wake_all();
    }

    fn wake_all(&self) {
        let waiting = std::mem::take(&mut lock(&self.0).waiting);
        for caller in waiting {
            wake(&*caller);
        }
    }
}

fn wake(caller: &dyn Overdue) {
    caller.tick().notify();
}
