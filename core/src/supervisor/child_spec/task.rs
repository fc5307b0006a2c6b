//! A task as a child.

use std::future::Future;
use std::mem::needs_drop;
use std::time::Duration;

use crate::child::{ChildId, ChildType, Restart, Shutdown};
use crate::process::pid::Pid;
use crate::supervisor::child_spec::{ChildSpec, Options};
use crate::task::errand::Errand;
use crate::task::start::start_supervised;
use crate::task::{TaskOutput, TaskRef};

impl ChildSpec {
    /// A task: a future that lives as a process of its own, such as that of an `async fn`. It is made anew for each start. A panic of
    /// `task` is a failed start.
    ///
    /// It has a pid, is linked and monitored as any process, and its end is an exit: for the reason
    /// [`Normal`](crate::ExitReason::Normal) when the future is ready, an error if it gives one, or a panic. It is told to stop before
    /// it is killed if it has asked for that, by [`stopping`](crate::stopping()); else it is dropped at its `.await`.
    ///
    /// Tasks are [`Restart::Temporary`] unless told otherwise, as Elixir's are: done, they are forgotten. Their shutdown time is
    /// 5 s.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::ChildSpec;
    ///
    /// async fn answer(question: u64) -> Result<(), String> {
    ///     tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    ///     Err(format!("nobody knows {question}"))
    /// }
    ///
    /// supervisor! { App { strategy: one_for_one, children: [] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let pid = app.start_child(ChildSpec::task("answer", || answer(42))).await?;
    /// let end = suptree::monitor(pid);
    /// assert_eq!(end.await.reason, "nobody knows 42".into());
    /// # Ok(()) }
    /// ```
    ///
    /// The client of a server, or a [`TaskRef`], that the task needs is moved into `task`, and cloned there. A reference to the task
    /// itself: [`TaskRef::child_spec`].
    ///
    /// Follows Elixir's [`Task`](https://hexdocs.pm/elixir/Task.html#module-statically-supervised-tasks) under a supervisor.
    pub fn task<F, T>(id: impl Into<ChildId>, task: F) -> Self
    where
        F: FnMut() -> T + Send + 'static,
        T: Future<Output: TaskOutput> + Send + 'static,
    {
        Self::task_at(id.into(), task, None, Box::default())
    }

    /// A task that a handle leads to, and that works for these.
    pub(crate) fn task_at<F, T>(
        id: ChildId,
        mut task: F,
        at: Option<TaskRef>,
        callers: Box<[Pid]>,
    ) -> Self
    where
        F: FnMut() -> T + Send + 'static,
        T: Future<Output: TaskOutput> + Send + 'static,
    {
        let start = move |parent| start_supervised(&mut task, parent, at.as_ref(), &callers);
        Self::of::<T>(id, Box::new(start), options(!needs_drop::<F>()))
    }

    /// A task that its owner has asked for, and waits for.
    pub(crate) fn errand<F>(mut errand: Errand) -> Self {
        let start = move |parent| errand.start(parent);
        Self::of::<F>("task".into(), Box::new(start), options(false))
    }
}

const fn options(plain: bool) -> Options {
    Options {
        restart: Restart::Temporary,
        shutdown: Shutdown::Timeout(Duration::from_secs(5)),
        child_type: ChildType::Worker,
        plain,
    }
}

impl TaskRef {
    /// The specification of a task that stands behind this reference, which [`vacant`](Self::vacant) made: see
    /// [`ChildSpec::task`].
    ///
    /// ```
    /// use suptree::{ChildSpec, TaskRef};
    ///
    /// let ticker = TaskRef::vacant();
    /// let spec: ChildSpec = ticker.child_spec("ticker", std::future::pending::<()>);
    /// # drop(spec);
    /// ```
    pub fn child_spec<F, T>(&self, id: impl Into<ChildId>, task: F) -> ChildSpec
    where
        F: FnMut() -> T + Send + 'static,
        T: Future<Output: TaskOutput> + Send + 'static,
    {
        ChildSpec::task_at(id.into(), task, Some(self.clone()), Box::default())
    }
}
