//! `callers()`: whom a task works for; and `ancestors()`: whom a process descends from.

use std::any::Any;

use super::process::TaskProcess;
use crate::process::pid::Pid;
use crate::process::{current, node};
use crate::sync::Arc;

/// How many callers a task knows: tasks that start one another in turn would remember more and more.
const MOST: usize = 32;

/// The processes that the running task works for: the one that has started it, the one for which that works, and so on; the nearest
/// first. Elixir's `Process.get(:"$callers")`.
///
/// It is empty in a server, in a task that a supervisor starts by itself, and outside of processes. A task knows the 32 nearest.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{Task, callers};
///
/// #[derive(Default)]
/// struct Page;
///
/// #[genserver]
/// impl Page {
///     #[call]
///     async fn who_asks(&self) -> Result<Vec<Pid>, suptree::TaskError> {
///         let outer = Task::spawn(async { Task::spawn(async { callers() }).await });
///         outer.await?
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let page = Page::start().await?;
/// let callers = page.who_asks().await??;
/// assert_eq!(callers.len(), 2);
/// assert_eq!(callers.last().copied(), page.pid()); // through the task in between
/// # Ok(()) }
/// ```
#[must_use]
pub fn callers() -> Vec<Pid> {
    let task = current::pid().and_then(task);
    task.map_or_else(Vec::new, |task| task.callers().to_vec())
}

/// The task of this pid, if it is one.
fn task(pid: Pid) -> Option<Arc<TaskProcess>> {
    let process: Arc<dyn Any + Send + Sync> = node::process(pid)?;
    process.downcast::<TaskProcess>().ok()
}

/// The callers of a task that the running process starts.
pub(crate) fn of_next() -> Box<[Pid]> {
    let Some(own) = current::pid() else {
        return Box::default();
    };
    let task = task(own);
    let further = task.as_ref().map_or(&[][..], |task| task.callers());
    let all = std::iter::once(own).chain(further.iter().copied());
    all.take(MOST).collect()
}

/// The processes that the running process descends from: its supervisor, or who started it with a link; that one's, and so on.
/// Elixir's `Process.get(:"$ancestors")`.
///
/// One that is dead is the last: whom it descended from is not known any more.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Child;
///
/// #[genserver]
/// impl Child {
///     #[call]
///     fn family(&self) -> Vec<Pid> {
///         suptree::ancestors()
///     }
/// }
///
/// supervisor! { Inner { strategy: one_for_one, children: [Child] } }
/// supervisor! { Outer { strategy: one_for_one, children: [Inner] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let outer = Outer::start_link().await?;
/// let inner = outer.inner();
/// let family = inner.child().family().await?;
/// assert_eq!(family, [inner.pid().unwrap(), outer.pid().unwrap()]);
/// # Ok(()) }
/// ```
#[must_use]
pub fn ancestors() -> Vec<Pid> {
    current::pid().map_or_else(Vec::new, ancestors_of)
}

pub(super) fn ancestors_of(pid: Pid) -> Vec<Pid> {
    let mut found = Vec::new();
    let parent_of = |pid: Pid| node::process(pid).and_then(|process| process.header().parent);
    let mut next = parent_of(pid);
    while let Some(parent) = next {
        found.push(parent);
        next = parent_of(parent);
    }
    found
}
