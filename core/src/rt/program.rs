//! What a whole program needs of Tokio: runtimes that it owns, and the signals of the operating system.

use std::future::Future;
use std::io;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime as TokioRuntime};
use tokio::task::JoinHandle;

use crate::guard::discard;
use crate::rt::thread;

/// A signal that wants the program to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SystemSignal {
    /// Ctrl-C: SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// The signals that want the program to stop. From the moment that it is made on, they do nothing else.
#[cfg(unix)]
pub(crate) struct SystemSignals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl SystemSignals {
    /// Inside a runtime.
    pub(crate) fn install() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }
}

/// The signals that want the program to stop. From the moment that it is made on, they do nothing else.
#[cfg(windows)]
pub(crate) struct SystemSignals {
    interrupt: tokio::signal::windows::CtrlC,
    terminate: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl SystemSignals {
    /// Inside a runtime.
    pub(crate) fn install() -> io::Result<Self> {
        Ok(Self {
            interrupt: tokio::signal::windows::ctrl_c()?,
            terminate: tokio::signal::windows::ctrl_shutdown()?,
        })
    }
}

impl SystemSignals {
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<SystemSignal> {
        if let Poll::Ready(Some(())) = self.interrupt.poll_recv(cx) {
            return Poll::Ready(SystemSignal::Interrupt);
        }
        match self.terminate.poll_recv(cx) {
            Poll::Ready(Some(())) => Poll::Ready(SystemSignal::Terminate),
            _ => Poll::Pending,
        }
    }
}

/// The runtimes of a program: one for its processes, and one that nothing of a user's runs on, which hears of signals and of time
/// however many threads of the other are blocked.
pub(crate) struct Runtimes {
    control: TokioRuntime,
    workers: TokioRuntime,
}

impl Runtimes {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            control: Builder::new_current_thread().enable_all().build()?,
            workers: Self::workers().build()?,
        })
    }

    /// Two threads at least: with one, a child that blocks its thread would hold up its supervisor, too. Unless Tokio's own variable says
    /// how many.
    fn workers() -> Builder {
        let mut builder = Builder::new_multi_thread();
        builder.enable_all();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        if processors < 2 && std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
            builder.worker_threads(2);
        }
        builder
    }

    /// Spawns a task beside the processes.
    pub(crate) fn spawn<R: Send + 'static>(
        &self,
        task: impl Future<Output = R> + Send + 'static,
    ) -> Joined<R> {
        let there = self.workers.handle().clone();
        // What nobody takes any more is dropped there, too.
        Joined(
            self.workers
                .spawn(async move { Kept::on(there, task.await) }),
        )
    }

    /// Keeps what is a user's, or holds it: it is dropped beside the processes, wherever it is let go of.
    pub(crate) fn keep<T: Send + 'static>(&self, value: T) -> Kept<T> {
        Kept::on(self.workers.handle().clone(), value)
    }

    /// Runs what controls the program.
    pub(crate) fn block_on<R>(&self, control: impl Future<Output = R>) -> R {
        self.control.block_on(control)
    }

    /// What runs as the processes' runtime: names and the process table are those.
    pub(crate) fn inside<R>(&self, look: impl FnOnce() -> R) -> R {
        let _entered = self.workers.enter();
        look()
    }

    /// The end of the runtime, with what is left on it; of what blocks its thread only so long.
    pub(crate) fn shut_down(self, patience: Duration) {
        self.workers.shutdown_timeout(patience);
    }
}

/// Runs this in a thread, and waits for it so long; runs it here where the system gives no thread.
pub(crate) fn run_beside(name: &str, patience: Duration, run: impl Fn() + Send + Sync + 'static) {
    let run = Arc::new(run);
    let (done, over) = mpsc::channel::<()>();
    let there = Arc::clone(&run);
    let spawned = thread::spawn(name, move || {
        there();
        drop(done);
    });
    if spawned {
        let _late = over.recv_timeout(patience);
    } else {
        run();
    }
}

/// What a task of a runtime gives; `None`, where that shuts down. Dropped, the task runs on.
pub(crate) struct Joined<R: Send + 'static>(JoinHandle<Kept<R>>);

impl<R: Send + 'static> Future for Joined<R> {
    type Output = Option<Kept<R>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Kept<R>>> {
        Pin::new(&mut self.0).poll(cx).map(Result::ok)
    }
}

/// A value whose destructor may block its thread: it has one of its own, of the processes' runtime.
pub(crate) struct Kept<T: Send + 'static> {
    value: Option<T>,
    there: Handle,
}

impl<T: Send + 'static> Kept<T> {
    const fn on(there: Handle, value: T) -> Self {
        let value = Some(value);
        Self { value, there }
    }

    pub(crate) fn into_inner(mut self) -> T {
        self.value.take().expect(Self::THERE)
    }

    const THERE: &str = "it is taken by its end alone";
}

impl<T: Send + 'static> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect(Self::THERE)
    }
}

impl<T: Send + 'static> DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect(Self::THERE)
    }
}

impl<T: Send + 'static> Drop for Kept<T> {
    fn drop(&mut self) {
        if let Some(value) = self.value.take() {
            // Not by a worker: two of them may be all there are.
            self.there.spawn_blocking(move || discard(value));
        }
    }
}
