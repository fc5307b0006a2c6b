//! The server's task, and the server as the waker of its own handlers.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Wake as Waken, Waker};

use super::state::Wake;
use super::turns::Turns;
use super::{AnyCell, Cell, Shell};
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::panic::Panic;
use crate::planted::{Bug, planted};
use crate::process::deferred::Deferred;
use crate::rt;
use crate::sync::Arc;

/// Runs the server whenever it is woken. Dropped before the server is buried, the runtime is shutting down.
struct ServerTask {
    cell: Arc<AnyCell>,
    /// Messages before it looks at the clock.
    first: u32,
}

/// The server runs. If this is dropped with a cell in it, its poll has panicked, which only a bug of the crate's own can do.
struct Runs<'a>(Option<&'a Arc<AnyCell>>);

impl Drop for Runs<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(cell) = self.0.take() {
            fence_after_bug(cell);
        }
    }
}

#[cold]
#[inline(never)]
fn fence_after_bug(cell: &Arc<AnyCell>) {
    cell.fence(&ExitReason::Panic(Panic::of_a_task().into()));
}

impl Future for ServerTask {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self {
            cell: shared,
            first,
        } = &mut *self;
        let cell: &AnyCell = shared;
        if !planted(Bug::TaskWakerAfterLook) {
            cell.task.get_or_init(|| cx.waker().clone());
        }
        // Not caught, for that would cost every turn something.
        let mut runs = Runs(Some(shared));
        let wake = cell.run_task(*first);
        *first = if wake == Wake::No {
            Turns::FIRST
        } else {
            cell.obey_in_task(wake, cx)
        };
        runs.0 = None;
        if planted(Bug::TaskWakerAfterLook) {
            cell.task.get_or_init(|| cx.waker().clone());
        }
        let seen = cell.state.snapshot();
        if seen.is_buried() || (planted(Bug::TaskEndsWithTheDead) && seen.is_dead()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl Drop for ServerTask {
    fn drop(&mut self) {
        if !self.cell.state.snapshot().is_buried() {
            self.cell.end_with_runtime();
        }
    }
}

impl<B: ?Sized> Shell<B> {
    /// Wakes the task. `false`: there is none yet, and the caller spawns it.
    #[inline]
    fn wake_spawned(&self) -> bool {
        match self.task.get() {
            Some(waker) => waker.wake_by_ref(),
            None => return !self.state.note_spawned(),
        }
        true
    }

    /// The task of a server that is dead has nothing left to wait for.
    pub(super) fn end_task(&self) {
        if let Some(waker) = self.task.get() {
            waker.wake_by_ref();
        }
    }
}

impl AnyCell {
    /// In the task, which has left its waker: does what a transition asks for. Returns with how many messages it begins next time.
    #[cold]
    fn obey_in_task(&self, wake: Wake, cx: &mut Context<'_>) -> u32 {
        match wake {
            Wake::No => Turns::FIRST,
            Wake::Task => {
                self.end_task();
                Turns::FIRST
            }
            Wake::TaskAfterOthers => {
                rt::wake_after_others(cx);
                Turns::FEW
            }
        }
    }

    /// Wakes the task; spawns it the first time.
    pub(super) fn wake_or_spawn(self: &Arc<Self>) {
        if !self.wake_spawned() {
            Arc::clone(self).spawn_task();
        }
    }

    #[cold]
    fn spawn_task(self: Arc<Self>) {
        let runtime = self.header.node.runtime.clone();
        runtime.spawn(ServerTask {
            cell: self,
            first: Turns::FIRST,
        });
    }
}

impl<S: GenServer> Cell<S> {
    /// Does what a transition asks for.
    #[inline]
    pub(super) fn obey(self: &Arc<Self>, wake: Wake) {
        if wake == Wake::Task {
            self.wake_task();
        }
    }

    /// Wakes the server's task; spawns it the first time.
    pub(super) fn wake_task(self: &Arc<Self>) {
        if !self.wake_spawned() {
            let cell = Self::clone_arc(self);
            cell.spawn_task();
        }
    }

    fn clone_arc(cell: &Arc<Self>) -> Arc<AnyCell> {
        Arc::clone(cell) as _
    }

    /// A message was queued: makes sure that it is looked at.
    #[inline]
    pub(in crate::gen_server) fn note_mail(self: &Arc<Self>) {
        self.obey(self.state.note_mail());
    }
}

impl<S: GenServer> Deferred for Cell<S> {
    fn settle(self: Arc<Self>) {
        let wake = self.any().settle();
        self.obey(wake);
    }

    fn schedule(self: Arc<Self>) {
        self.wake_task();
    }
}

/// What the server's handlers wait for wakes the server, no matter who polled them.
impl<S: GenServer> Waken for Cell<S> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let wake = self.any().note_woken();
        self.obey(wake);
    }
}

impl AnyCell {
    fn note_woken(&self) -> Wake {
        if planted(Bug::WakeLostWhileRunning) && self.state.snapshot().is_running() {
            return Wake::No;
        }
        let (wake, before) = self.state.note_woken();
        if planted(Bug::WakeLostBeforeTask) && before.is_awaiting() && self.task.get().is_none() {
            return Wake::No;
        }
        wake
    }
}

/// The cell as the waker that its handlers see.
pub(super) fn waker<S: GenServer>(cell: Arc<Cell<S>>) -> Waker {
    Waker::from(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gen_server::{GenServer, Inline, NoMessage, ServerOptions, ServerRef};
    use crate::planted::plant;

    struct Plain;

    impl GenServer for Plain {
        type Args = ();
        type Call = NoMessage;
        type Cast = ();
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        const OPTIONS: ServerOptions = ServerOptions::new().inline(Inline::Never);

        async fn init((): (), _cx: &mut crate::Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn r38_a_servers_task_that_panics_is_told_as_a_panic() {
        let server = crate::start::<Plain>(()).await.expect("starts");
        let end = server.monitor();
        plant(Some(Bug::ServerTaskPanics));
        server.cast(()).await.expect("it lives");
        let reason = end.await.reason;
        plant(None);
        assert!(matches!(reason, ExitReason::Panic(_)), "{reason}");
        assert!(!server.is_alive());
    }
}
