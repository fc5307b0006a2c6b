//! Monitors: a future that is ready when a process is dead.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::exit_reason::ExitReason;
use crate::process::header::Header;
use crate::process::monitors::{MonitorRef, WatchKey};
use crate::process::name::Name;
use crate::process::node;
use crate::process::pid::Pid;
use crate::process::watch::{Group, Watch, Watcher};
use crate::rt;
use crate::sync::Arc;

/// Watches a process: the returned future is ready once it is dead, at once if it is dead already.
///
/// Works from anywhere, inside a process or not. Two monitors of one process are independent.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// let pid = worker.pid().expect("it lives");
/// let death = suptree::monitor(pid); // set up by this call
/// worker.stop().await?;
/// assert_eq!(death.await.reason, ExitReason::Normal);
/// assert_eq!(suptree::monitor(pid).await.reason, ExitReason::NoProc); // gone before
/// # Ok(()) }
/// ```
///
/// Follows Erlang's [`monitor/2`](https://www.erlang.org/doc/apps/erts/erlang.html#monitor/2); the `DOWN` message is this future's
/// output.
pub fn monitor(pid: Pid) -> Monitor {
    match node::process(pid) {
        Some(process) => watch(process.header()),
        None => {
            let watch = Arc::<Watch>::default();
            watch.down(ExitReason::NoProc);
            Monitor {
                pid,
                watch,
                key: None,
            }
        }
    }
}

/// Watches a process for a group, in which it has this number.
pub(crate) fn watch_in(process: &Header, group: &Arc<Group>, number: u64) -> Monitor {
    watch_by(process, Watch::in_group(Arc::clone(group), number))
}

/// Watches a process that is known. It may not be found by its pid any more, and yet not be dead: while its runtime shuts down.
pub(crate) fn watch(process: &Header) -> Monitor {
    watch_by(process, Watch::default())
}

fn watch_by(process: &Header, watch: Watch) -> Monitor {
    let watch = Arc::new(watch);
    let key = process.add_watch(Watcher::Waits(Arc::clone(&watch)));
    if key.is_none() {
        watch.down(ExitReason::NoProc);
    }
    Monitor {
        pid: process.pid,
        watch,
        key,
    }
}

/// A process died: what `#[down]` of a server is told, by [`Context::monitor`](crate::Context::monitor), and what a [`Monitor`] gives. OTP's
/// `DOWN` message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Down {
    /// By which monitor of the server. A [`Monitor`] is known by itself, and has [`MonitorRef::NONE`] here.
    pub monitor: MonitorRef,
    /// The process. Its serial is 0 when the reference that was monitored had nobody behind it, and never had: a name that nobody
    /// holds, say.
    pub pid: Pid,
    /// The name, if it was monitored by one.
    pub name: Option<Name>,
    /// Why it ended; [`ExitReason::NoProc`] when it was gone before the monitor was set up.
    pub reason: ExitReason,
}

/// A future that is ready when the watched process is dead. Made by [`monitor()`].
///
/// By the time it is ready the process holds no name, and every caller whose reply it still owed has an answer. A caller
/// whose [`ReplyTo`](crate::ReplyTo) was handed to somebody else notices the death within 10 ms.
///
/// # Cancel safety
///
/// Cancel safe: nothing is lost when it is polled in a `select!` that another branch wins. Dropping it ends the watch:
/// Erlang's `demonitor`.
#[derive(Debug)]
#[must_use = "a monitor does nothing unless it is awaited"]
pub struct Monitor {
    pid: Pid,
    watch: Arc<Watch>,
    /// `None`: there was nobody to watch.
    key: Option<WatchKey>,
}

impl Monitor {
    /// Whether the process is dead.
    pub(crate) fn is_down(&self) -> bool {
        self.watch.is_down()
    }

    /// The process that is watched, dead or alive. Its [serial](Pid::serial) is 0 when the reference that was monitored had nobody behind it,
    /// and never had.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver(name = "worker")] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert_eq!(Worker::named().monitor().pid().serial(), 0); // nobody holds the name
    /// let worker = Worker::start().await?;
    /// assert_eq!(Some(Worker::named().monitor().pid()), worker.pid());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn pid(&self) -> Pid {
        self.pid
    }
}

impl Future for Monitor {
    type Output = Down;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Down> {
        let pid = self.pid;
        let reason = ready!(self.watch.poll(cx));
        ready!(rt::poll_budget_at_times(cx));
        Poll::Ready(Down {
            monitor: MonitorRef::NONE,
            pid,
            name: None,
            reason,
        })
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        if let Some(key) = self.key
            && !self.watch.is_down()
            && let Some(process) = node::process(self.pid)
        {
            process.header().forget_watch(key);
        }
    }
}
