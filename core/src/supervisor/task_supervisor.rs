//! `TaskSupervisor`: a supervisor of tasks. Elixir's `Task.Supervisor`.

mod order;
mod spawn_task;
mod spec;
mod start_task;

use std::any::type_name;
use std::fmt;
use std::future::Future;

pub use self::spawn_task::SpawnTask;
pub use self::spec::TaskSupervisorSpec;
pub use self::start_task::StartTask;
use crate::child::{self, ChildId, Restart};
use crate::guard::Guarded;
use crate::process::Tie;
use crate::process::name::{Name, NameKey};
use crate::reply::CallError;
use crate::shared_error::SharedError;
use crate::start_error::StartError;
use crate::starting::{Start, Starting};
use crate::supervisor::ask::ask;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::on_demand::{Cloned, OnDemand};
use crate::supervisor::child_spec::startable::Child;
use crate::supervisor::request::{SupervisorRequest, TerminateChildError};
use crate::supervisor::start::{spec_at, start_linked, start_process};
use crate::supervisor::supervisor_methods::supervisor_methods;
use crate::supervisor::supervisor_ref::SupervisorRef;
use crate::task::stream::{Begin, Begun, Items};
use crate::task::{AsyncStream, TaskError, TaskOutput, TaskRef};

/// A supervisor of tasks, and its handle: Elixir's [`Task.Supervisor`](https://hexdocs.pm/elixir/Task.Supervisor.html).
///
/// What is started there ends with it, and is seen: it is in the tree, and there may be a limit to how much runs.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{TaskSupervisor, TaskSupervisorSpec};
///
/// supervisor! {
///     App {
///         strategy: one_for_one,
///         children: [
///             TaskSupervisor as work,
///             TaskSupervisor(TaskSupervisorSpec::new().max_children(100)) as mail,
///         ],
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let sum = app.work().spawn_nolink(async { (1..=100).sum::<u32>() }).await?; // it is started
/// assert_eq!(sum.await?, 5_050); // and done
///
/// let sent = app.mail().start_child(|| async { println!("Dear Ana ..") }).await?; // for what it does
/// sent.monitor().await;
/// app.stop().await?; // and with it what still runs
/// # Ok(()) }
/// ```
///
/// | | Linked with who starts it | Its value |
/// |---|---|---|
/// | [`spawn`](Self::spawn) | yes: each ends when the other fails | by its [`Task`](crate::Task) |
/// | [`spawn_nolink`](Self::spawn_nolink) | no: its crash is an error of `.await`, and it outlives who starts it | by its [`Task`](crate::Task) |
/// | [`start_child`](Self::start_child) | no | none; it may be restarted |
///
/// What can be done with any [process](crate::ProcessRef), and asked of any supervisor, is here, too:
///
/// ```
/// # use std::future::pending;
/// # use suptree::prelude::*;
/// # use suptree::TaskSupervisor;
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let work = TaskSupervisor::start_link().await?;
/// assert_eq!(work.process().pid(), work.pid());
/// work.ready().await?;
/// assert!(work.is_ready() && work.is_alive());
/// drop(work.watch_readiness()); // hears when that changes
/// work.start_child(pending::<()>).await?;
/// assert_eq!(work.count_children().await?.active, 1);
/// assert_eq!(work.which_children().await?.len(), 1);
/// assert!(work.info().is_some());
///
/// let end = work.monitor();
/// work.exit(ExitReason::Normal); // which means nothing to a stranger
/// work.kill();
/// assert_eq!(end.await.reason, ExitReason::Killed);
/// assert_eq!(work.stop().await, Err(StopError::NoProc)); // `stop()` is `stop_with(ExitReason::Normal)`
/// assert_eq!(work.stop_with(ExitReason::Shutdown).await, Err(StopError::NoProc));
/// # Ok(()) }
/// ```
///
/// Cloning is cheap. Dropping it does nothing to the supervisor.
#[derive(Clone)]
pub struct TaskSupervisor {
    supervisor: SupervisorRef,
}

impl TaskSupervisor {
    /// Starts a supervisor of tasks, linked with the process this is called from. [`TaskSupervisorSpec`] has options.
    ///
    /// # Errors
    ///
    /// Those of [`Start`].
    pub fn start_link() -> Start<Self> {
        TaskSupervisorSpec::new().start_link()
    }

    /// How a supervisor starts, restarts and stops one: as `"task_supervisor"`, permanently.
    ///
    /// ```
    /// let spec = suptree::TaskSupervisor::child_spec();
    /// assert_eq!(spec.id(), &"task_supervisor".into());
    /// ```
    pub fn child_spec() -> ChildSpec {
        TaskSupervisorSpec::new().child_spec()
    }

    /// The supervisor of tasks of this name, whichever process has it when it is used.
    ///
    /// ```
    /// use suptree::{TaskSupervisor, TaskSupervisorSpec};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// TaskSupervisorSpec::new().name("work").start_link().await?;
    /// let task = TaskSupervisor::named("work").spawn(async { 7 }).await?;
    /// assert_eq!(task.await?, 7);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn named(name: impl Into<Name>) -> Self {
        let supervisor = SupervisorRef::named(name.into());
        Self { supervisor }
    }

    /// The one that has this name now: this process, and no other.
    ///
    /// ```
    /// # use suptree::{TaskSupervisor, TaskSupervisorSpec};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert!(TaskSupervisor::whereis("work").is_none());
    /// TaskSupervisorSpec::new().name("work").start_link().await?;
    /// assert!(TaskSupervisor::whereis("work").is_some());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn whereis(name: &(impl NameKey + ?Sized)) -> Option<Self> {
        let supervisor = SupervisorRef::whereis(name)?;
        Some(Self { supervisor })
    }

    /// Starts a task, linked with the process that this is called from, and awaited by who has it: Elixir's `Task.Supervisor.async`.
    ///
    /// ```
    /// use suptree::TaskSupervisor;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let task = work.spawn(async { 7 }).await?;
    /// assert_eq!(task.await?, 7);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "async")]
    pub fn spawn<T, F>(&self, future: F) -> SpawnTask<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        SpawnTask::new(self.supervisor.find(), future, true)
    }

    /// Starts a task that its owner awaits, without a link: Elixir's `Task.Supervisor.async_nolink`.
    ///
    /// ```
    /// use suptree::{TaskError, TaskSupervisor};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let task = work.spawn_nolink(async { panic!("no") }).await?;
    /// let failed: Result<u32, _> = task.await;
    /// assert!(matches!(failed, Err(TaskError::Exited(_))));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "async_nolink")]
    pub fn spawn_nolink<T, F>(&self, future: F) -> SpawnTask<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        SpawnTask::new(self.supervisor.find(), future, false)
    }

    /// Starts a task for what it does: Elixir's `Task.Supervisor.start_child`. `task` makes its future, at each start; what it ends with, and
    /// when it is restarted, is as for [`ChildSpec::task`].
    ///
    /// `task` is an `FnMut`, since it may be called again: what it gives away, such as a socket, it has to clone. What is had once
    /// goes into a future, for [`spawn_nolink`](Self::spawn_nolink).
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::TaskSupervisor;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let always = work.start_child(std::future::pending::<()>).restart(Restart::Permanent).await?;
    /// always.kill();
    /// work.which_children().await?; // answered when the restart is done
    /// assert!(always.is_alive());
    /// # Ok(()) }
    /// ```
    pub fn start_child<F, W>(&self, task: W) -> StartTask
    where
        W: FnMut() -> F + Send + 'static,
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        StartTask::new(self.supervisor.find(), task)
    }

    /// The tasks that run, in start order.
    ///
    /// ```
    /// # use suptree::TaskSupervisor;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let one = work.start_child(std::future::pending::<()>).await?;
    /// let other = work.spawn(std::future::pending::<u32>()).await?;
    /// let pids: Vec<_> = work.children().await?.iter().map(|task| task.pid()).collect();
    /// assert_eq!(pids, [one.pid(), other.pid()]);
    ///
    /// work.terminate_child(&one).await?;
    /// work.terminate_child(&other).await?;
    /// assert!(work.children().await?.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`CallError`], when the supervisor does not answer.
    pub fn children(
        &self,
    ) -> impl Future<Output = Result<Vec<TaskRef>, CallError>> + Send + 'static {
        let asked = ask(self.supervisor.find(), SupervisorRequest::Children);
        async move { Ok(asked.await?.iter().filter_map(TaskRef::at_place).collect()) }
    }

    /// Ends a task, and waits for that: by its reference, its [`Task`](crate::Task), or its pid.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::{TaskError, TaskSupervisor};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let task = work.spawn(std::future::pending::<u32>()).await?;
    /// work.terminate_child(&task).await?;
    /// assert_eq!(task.await, Err(TaskError::Exited(ExitReason::Shutdown)));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`TerminateChildError`], when it is none of the supervisor's.
    pub fn terminate_child(
        &self,
        task: impl Into<child::WhichChild>,
    ) -> impl Future<Output = Result<(), TerminateChildError>> + Send + 'static {
        self.supervisor.terminate(task.into().into())
    }

    /// Starts a task for each item, at most so many at a time, as [`Task::async_stream`](crate::Task::async_stream) does, here. They are
    /// linked with the process in which the stream is polled.
    ///
    /// A task that the supervisor refuses is the last of the stream, [`TaskError::NotStarted`].
    ///
    /// ```
    /// use suptree::TaskSupervisor;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let mut squares = work.async_stream([2, 3], |n| async move { n * n });
    /// assert_eq!(squares.next().await, Some(Ok(4)));
    /// assert_eq!(squares.next().await, Some(Ok(9)));
    /// # Ok(()) }
    /// ```
    pub fn async_stream<T, I, F, W>(&self, items: I, work: W) -> AsyncStream<Items<I::IntoIter>, T>
    where
        T: Send + 'static,
        I: IntoIterator<IntoIter: Send + 'static, Item: Send + 'static>,
        F: Future<Output = T> + Send + 'static,
        W: FnMut(I::Item) -> F + Send + 'static,
    {
        AsyncStream::new(Items::of(items.into_iter()), self.begin(work, true))
    }

    /// Like [`async_stream`](Self::async_stream), without links: a task that fails is an error of the stream, and nothing else.
    ///
    /// ```
    /// use suptree::{TaskError, TaskSupervisor};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let work = TaskSupervisor::start_link().await?;
    /// let mut quotients = work.async_stream_nolink([0, 3], |n: u32| async move { 12 / n });
    /// assert!(matches!(quotients.next().await, Some(Err(TaskError::Exited(_)))));
    /// assert_eq!(quotients.next().await, Some(Ok(4)));
    /// # Ok(()) }
    /// ```
    pub fn async_stream_nolink<T, I, F, W>(
        &self,
        items: I,
        work: W,
    ) -> AsyncStream<Items<I::IntoIter>, T>
    where
        T: Send + 'static,
        I: IntoIterator<IntoIter: Send + 'static, Item: Send + 'static>,
        F: Future<Output = T> + Send + 'static,
        W: FnMut(I::Item) -> F + Send + 'static,
    {
        AsyncStream::new(Items::of(items.into_iter()), self.begin(work, false))
    }

    fn begin<T, I, F, W>(&self, mut work: W, linked: bool) -> Begin<I, T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
        W: FnMut(I) -> F + Send + 'static,
    {
        let supervisor = self.supervisor.clone();
        Box::new(move |item| {
            let started = SpawnTask::new(supervisor.find(), work(item), linked);
            Begun::Later(Box::pin(async move {
                let started = started.await;
                started.map_err(|error| TaskError::NotStarted(SharedError::new(error)))
            }))
        })
    }

    supervisor_methods!();
}

impl Child for TaskSupervisor {
    type Args = TaskSupervisorSpec;
    type Handle = Self;

    const RESTART: Option<Restart> = Some(Restart::Permanent);

    fn vacant() -> Self {
        let supervisor = SupervisorRef::vacant();
        Self { supervisor }
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, spec: TaskSupervisorSpec) -> ChildSpec {
        spec_at(handle, id.into(), spec, start)
    }
}

impl OnDemand for TaskSupervisor {
    type Given = Cloned;
}

/// Starts one, linked with the running process.
fn start_link(spec: TaskSupervisorSpec) -> Start<TaskSupervisor> {
    start_linked(spec, start)
}

fn start(
    handle: &TaskSupervisor,
    spec: Guarded<TaskSupervisorSpec>,
    tie: Tie,
) -> Result<Starting, StartError> {
    let name = spec.get().name_of().cloned();
    let of = type_name::<TaskSupervisor>();
    start_process(name, of, tie, &handle.supervisor, || spec.get().setup())
}

impl From<&TaskSupervisor> for child::WhichChild {
    fn from(supervisor: &TaskSupervisor) -> Self {
        supervisor.process().into()
    }
}

impl fmt::Debug for TaskSupervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TaskSupervisor")
            .field(&self.supervisor)
            .finish()
    }
}
