//! `Task`: work beside the running process, and its value.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::outlet::Outlet;
use super::output::TaskOutput;
use super::running::{GRACE, Heard, Outcome, Running, unless};
use super::start::{begin, begin_watched};
use super::task_error::TaskError;
use super::task_ref::TaskRef;
use crate::child::{Shutdown, WhichChild};
use crate::exit_reason::ExitReason;
use crate::process::clock::Clock;
use crate::process::monitoring::Monitorable;
use crate::process::monitors::MonitorRef;
use crate::process::pid::Pid;
use crate::process::timer::Timer;
use crate::process::whom::Whom;
use crate::process::{Process, Tie};
use crate::rt;
use crate::sync::Arc;

/// Work beside the process that starts it, and its value: Elixir's [`Task`](https://hexdocs.pm/elixir/Task.html), as `Task.async` gives
/// it.
///
/// ```
/// use suptree::{Task, TaskError};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), TaskError> {
/// let sum = Task::spawn(async { (1..=100).sum::<u32>() });
/// // Other things meanwhile ..
/// assert_eq!(sum.await?, 5_050);
/// # Ok(()) }
/// ```
///
/// The task is a process, with a [pid](Self::pid), and begins at once. Started by a process, it is **linked** with it: when that one ends
/// abnormally, the task is dropped at its `.await`; when the task crashes, that one ends, too, unless it traps exits, whatever it makes of the error. One
/// that is started [without a link](Self::spawn_nolink) does its owner no harm. A [`TaskSupervisor`](crate::TaskSupervisor) starts both. Outside of processes there is nobody
/// to link with.
///
/// A value is had once: `.await` takes the task. An `Err` that the future gives is a value like any other; a panic is a crash.
///
/// It may be given to another process. The link stays with the one that has started it.
///
/// # Errors
///
/// [`TaskError::Exited`], where the task ended without a value. There is no limit in time, unless [`timeout`](Self::timeout) sets one.
///
/// # Cancel safety
///
/// Cancel safe: `&mut task` may be polled in a `select!` that another branch wins. Dropping it does nothing to the task, as with Tokio's
/// `JoinHandle`: it runs on, and its value is dropped. [`shutdown`](Self::shutdown) ends it.
#[must_use = "nobody gets the value of a task that is dropped: await it, or start what nobody waits for by `Task::start_link` or `Task::start`"]
pub struct Task<T> {
    /// Until its outcome is taken.
    running: Option<Running<T>>,
    limit: Option<Box<Limit>>,
}

struct Limit {
    after: Duration,
    timer: Option<Timer>,
}

impl Limit {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<Duration> {
        let after = self.after;
        let timer = self
            .timer
            .get_or_insert_with(|| Timer::new(rt::deadline(after), Clock::here()));
        timer.poll(cx).map(|()| after)
    }
}

impl Task<()> {
    /// Starts a task for what it does, linked with the process that this is called from: Elixir's `Task.start_link`. Its reference is all
    /// there is of it; an error that its future gives is a crash.
    ///
    /// ```
    /// use suptree::Task;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let (say, mut said) = tokio::sync::mpsc::channel(1);
    /// Task::start_link(async move { say.send("hola").await });
    /// assert_eq!(said.recv().await, Some("hola"));
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Where there is no Tokio runtime with timers.
    #[track_caller]
    pub fn start_link<F>(future: F) -> TaskRef
    where
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        started(future, Tie::to_starter())
    }

    /// Like [`start_link`](Self::start_link), linked with nobody: Elixir's `Task.start`.
    ///
    /// ```
    /// use suptree::{ExitReason, Task};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let task = Task::start(std::future::pending::<()>());
    /// let end = task.monitor();
    /// task.kill();
    /// assert_eq!(end.await.reason, ExitReason::Killed);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Where there is no Tokio runtime with timers.
    #[track_caller]
    pub fn start<F>(future: F) -> TaskRef
    where
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        started(future, Tie::None)
    }
}

#[track_caller]
fn started<F: Future<Output: TaskOutput> + Send + 'static>(future: F, tie: Tie) -> TaskRef {
    match begin(future, tie, TaskOutput::into_exit_reason) {
        Some(process) => TaskRef::to(process),
        None => no_runtime(),
    }
}

#[track_caller]
fn no_runtime() -> ! {
    panic!(
        "a task was started where there is no Tokio runtime, or one without timers (enable_time)"
    )
}

impl<T: Send + 'static> Task<T> {
    /// Starts a task, linked with the process that this is called from: Elixir's `Task.async`.
    ///
    /// # Panics
    ///
    /// Where there is no Tokio runtime with timers.
    #[doc(alias = "async")]
    #[track_caller]
    pub fn spawn<F>(future: F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        Self::spawned(future, Tie::to_starter())
    }

    /// Like [`spawn`](Self::spawn), linked with nobody: its crash is an error of `.await`, and nothing else, and it outlives the process
    /// that starts it.
    ///
    /// ```
    /// use suptree::{Task, TaskError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let task: Task<u32> = Task::spawn_nolink(async { panic!("no") });
    /// assert!(matches!(task.await, Err(TaskError::Exited(_))));
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Where there is no Tokio runtime with timers.
    #[track_caller]
    pub fn spawn_nolink<F>(future: F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        Self::spawned(future, Tie::None)
    }

    #[track_caller]
    pub(super) fn spawned<F>(future: F, tie: Tie) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        Self::spawned_for(future, tie, None)
    }

    /// The same; this server is told of its end by a message.
    #[track_caller]
    pub(super) fn spawned_for<F>(future: F, tie: Tie, hears: Option<&Arc<dyn Process>>) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let outlet = Outlet::new();
        let exit = outlet.clone();
        let finish = move |value| {
            exit.give(value);
            ExitReason::Normal
        };
        let mut heard = None;
        let process = begin_watched(future, tie, finish, |task| {
            heard = hears.map(|server| Heard::of(task, server));
        });
        let Some(process) = process else { no_runtime() };
        let linked = match tie {
            Tie::Linked(owner) => Some(owner),
            Tie::None | Tie::Supervised(_) => None,
        };
        Self::of(Running::new(process, linked, outlet).heard_by(heard))
    }

    pub(super) const fn of(running: Running<T>) -> Self {
        Self {
            running: Some(running),
            limit: None,
        }
    }

    /// A task that is done: where a value is at hand, and a task is wanted. There is no process. Elixir's `Task.completed`.
    ///
    /// ```
    /// use suptree::{Task, TaskError};
    ///
    /// /// What is known needs no work.
    /// fn length(text: String) -> Task<usize> {
    ///     if text.len() < 1_000 {
    ///         return Task::completed(text.chars().count());
    ///     }
    ///     Task::spawn(async move { text.chars().count() })
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), TaskError> {
    /// assert_eq!(length("olá".to_owned()).await?, 3);
    /// # Ok(()) }
    /// ```
    pub fn completed(value: T) -> Self {
        Self::of(Running::completed(value))
    }

    /// The process that it is, while it lives: short work may be over by the time this is asked. What stays is
    /// [`monitor_ref`](Self::monitor_ref), for a server that hears of its end, and the pid of a monitor:
    /// `task.task_ref().monitor().pid()`.
    ///
    /// ```
    /// # use suptree::{Task, TaskError, self_pid};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), TaskError> {
    /// let task = Task::spawn(async { self_pid() });
    /// let pid = task.pid();
    /// assert_eq!(Some(task.await?), pid);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        let process = self.running.as_ref()?.process()?;
        let header = process.header();
        header.exit_reason().is_none().then_some(header.pid)
    }

    /// By which number its end arrives at `#[down]` of the server that has started it by
    /// [`spawn_monitored`](crate::Context::spawn_monitored), also of one that is over already. [`MonitorRef::NONE`]: nobody hears of
    /// it, since it was started otherwise, the server has no `#[down]`, or its outcome was taken. The `ref` of Elixir's task.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use suptree::prelude::*;
    /// use suptree::{MonitorRef, Task};
    ///
    /// #[derive(Default)]
    /// struct Squares {
    ///     running: HashMap<MonitorRef, (u32, Task<u32>)>,
    ///     done: HashMap<u32, u32>,
    /// }
    ///
    /// #[genserver]
    /// impl Squares {
    ///     #[cast]
    ///     fn square(&mut self, n: u32, cx: &mut Context<Self>) {
    ///         let task = cx.spawn_monitored(async move { n * n });
    ///         self.running.insert(task.monitor_ref(), (n, task));
    ///     }
    ///
    ///     #[down]
    ///     async fn ended(&mut self, down: Down) {
    ///         let Some((n, task)) = self.running.remove(&down.monitor) else { return };
    ///         if let Ok(square) = task.await {
    ///             self.done.insert(n, square); // it is over: this does not wait
    ///         }
    ///     }
    ///
    ///     #[call]
    ///     fn of(&self, n: u32) -> Option<u32> {
    ///         self.done.get(&n).copied()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let squares = Squares::start().await?;
    /// squares.square(7).await?;
    /// tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    /// assert_eq!(squares.of(7).await?, Some(49));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ref")]
    #[must_use]
    pub fn monitor_ref(&self) -> MonitorRef {
        let running = self.running.as_ref();
        running.map_or(MonitorRef::NONE, Running::monitor_ref)
    }

    /// A reference to it, to give away: to whoever shall watch or end it.
    ///
    /// ```
    /// # use suptree::{ExitReason, Task, TaskError};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let task: Task<u32> = Task::spawn(std::future::pending());
    /// task.task_ref().kill();
    /// assert_eq!(task.await, Err(TaskError::Exited(ExitReason::Killed)));
    /// # }
    /// ```
    #[must_use]
    pub fn task_ref(&self) -> TaskRef {
        let running = self.running.as_ref();
        let process = running.and_then(Running::process);
        process.map_or_else(TaskRef::vacant, |process| TaskRef::to(process.clone()))
    }

    /// Waits at most this long, and then gives [`TaskError::Timeout`]; the time counts from the first poll. The task runs on, linked as
    /// it is, and its value is dropped.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use suptree::{Task, TaskError};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let soon = Duration::from_millis(1);
    /// let task: Task<u32> = Task::spawn(std::future::pending());
    /// assert_eq!(task.timeout(soon).await, Err(TaskError::Timeout(soon)));
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limit = Some(Box::new(Limit {
            after: timeout,
            timer: None,
        }));
        self
    }

    /// Ends the task, and waits for that; gives what came of it, and `None` if it ended because of this. The link is gone from the first
    /// poll on. Elixir's `Task.shutdown`.
    ///
    /// - [`Shutdown::Timeout`]: it is told, if it has asked for that by [`stopping()`](crate::stopping()), and then has so long; one
    ///   that has not asked is dropped at its `.await`. Late, it is killed, and gives [`Killed`](ExitReason::Killed).
    /// - [`Shutdown::Infinity`]: it has as long as it takes.
    /// - [`Shutdown::BrutalKill`]: it is killed.
    ///
    /// A value that was there already, or comes meanwhile, is given. A task that does not end a second after it was killed, because a
    /// poll of it does not return, is left behind and reported.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::{Shutdown, Task};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let task = Task::spawn(async {
    ///     suptree::stopping().await;
    ///     "in order"
    /// });
    /// tokio::task::yield_now().await; // it asks to be told
    /// let five = Shutdown::Timeout(Duration::from_secs(5));
    /// assert_eq!(task.shutdown(five).await, Some(Ok("in order")));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the task ended, if it was not because of this; [`Exited(NoProc)`](ExitReason::NoProc), where its outcome was had before.
    ///
    /// # Cancel safety
    ///
    /// Dropped after its first poll, the task has been told to stop, but is not killed when it is late.
    pub async fn shutdown(self, how: Shutdown) -> Option<Result<T, TaskError>> {
        let Some(mut running) = self.running else {
            return Some(Err(TaskError::Exited(ExitReason::NoProc)));
        };
        running.unlink();
        let time = match how {
            Shutdown::BrutalKill => {
                running.kill();
                end_of_killed(&mut running).await;
                return running.outcome_of_killed();
            }
            Shutdown::Timeout(time) => Some(time),
            Shutdown::Infinity => None,
        };
        running.ask_to_stop();
        if !ends_within(&mut running, time).await {
            running.kill();
            end_of_killed(&mut running).await;
        }
        unless(running.outcome(), &ExitReason::Shutdown)
    }

    /// Leaves the task alone from here on: it runs on, without a link, and its value is dropped. Gives what came of it, if it has ended.
    /// Elixir's `Task.ignore`.
    ///
    /// ```
    /// # use suptree::{Task, TaskError};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// assert_eq!(Task::<u32>::spawn(std::future::pending()).ignore(), None);
    /// assert_eq!(Task::completed(7).ignore(), Some(Ok(7)));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the task ended without a value.
    pub fn ignore(mut self) -> Option<Result<T, TaskError>> {
        self.ignore_it()
    }

    /// Like [`ignore`](Self::ignore). Its outcome is had from here on.
    pub(super) fn ignore_it(&mut self) -> Option<Outcome<T>> {
        let Some(running) = self.running.take() else {
            return Some(Err(TaskError::Exited(ExitReason::NoProc)));
        };
        if running.is_over() {
            return Some(running.outcome());
        }
        running.unlink();
        None
    }

    /// The task, if its outcome was not had yet.
    pub(super) const fn running(&mut self) -> &mut Option<Running<T>> {
        &mut self.running
    }

    /// Waits without the limit in time.
    pub(super) fn poll_outcome(&mut self, cx: &mut Context<'_>) -> Poll<Outcome<T>> {
        if let Some(running) = &mut self.running {
            ready!(running.poll_end(cx));
        } else {
            ready!(rt::poll_budget_at_times(cx));
        }
        Poll::Ready(match self.running.take() {
            Some(running) => running.outcome(),
            None => Err(TaskError::Exited(ExitReason::NoProc)),
        })
    }
}

/// Waits for the end of a task. `false`: it took too long.
async fn ends_within<T>(running: &mut Running<T>, time: Option<Duration>) -> bool {
    let mut timer = time.map(|time| Timer::new(rt::deadline(time), Clock::here()));
    let mut end = pin!(poll_fn(|cx| running.poll_end(cx)));
    poll_fn(|cx| {
        if end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        match &mut timer {
            Some(timer) => timer.poll(cx).map(|()| false),
            None => Poll::Pending,
        }
    })
    .await
}

/// Waits for the end of a task that was killed: not for ever.
async fn end_of_killed<T>(running: &mut Running<T>) {
    if !ends_within(running, Some(GRACE)).await {
        running.let_go();
        ends_within(running, None).await;
    }
}

// Nothing in it is ever pinned.
impl<T> Unpin for Task<T> {}

impl<T: Send + 'static> Future for Task<T> {
    type Output = Result<T, TaskError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let task = self.get_mut();
        if let Poll::Ready(outcome) = task.poll_outcome(cx) {
            return Poll::Ready(outcome);
        }
        let Some(limit) = &mut task.limit else {
            return Poll::Pending;
        };
        let after = ready!(limit.poll(cx));
        task.running = None;
        Poll::Ready(Err(TaskError::Timeout(after)))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Monitorable for Task<T> {
    fn whom(&self) -> Whom {
        self.task_ref().process().whom()
    }
}

impl<T: Send + 'static> From<&Task<T>> for WhichChild {
    fn from(task: &Task<T>) -> Self {
        task.task_ref().process().into()
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let process = self.running.as_ref().and_then(Running::process);
        let pid = process.map(|process| process.header().pid);
        f.debug_struct("Task")
            .field("pid", &pid)
            .finish_non_exhaustive()
    }
}
