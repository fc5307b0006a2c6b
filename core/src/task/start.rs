//! Starting a task: its process, and the task of the runtime that it lives in.

use std::any::type_name;
use std::future::Future;

use super::callers;
use super::life::{TaskLife, Work, bury};
use super::output::TaskOutput;
use super::process::TaskProcess;
use super::task_ref::TaskRef;
use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::guard::Guarded;
use crate::process::node::{self, Node};
use crate::process::pid::Pid;
use crate::process::{Header, Parent, Process as _, Signal, Tie, current};
use crate::reply::abandoned;
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::sync::Arc;

/// Starts a task under a supervisor: what `make` makes, as the new process. `at`, if given, leads to it from then on. It works for
/// `callers`.
pub(crate) fn start_supervised<F: Future<Output: TaskOutput> + Send + 'static>(
    make: impl FnOnce() -> F,
    parent: Parent,
    at: Option<&TaskRef>,
    callers: &[Pid],
) -> Result<Starting, StartError> {
    let me = register(
        task_name::<F>(),
        Tie::Supervised(parent),
        callers.into(),
        None,
    )?;
    if let Some(at) = at {
        at.lead_to(&me);
    }
    let made = {
        let _scope = current::enter(me.pid());
        catch(|| in_memory_of_its_own(make))
    };
    // What it dropped here: its task may run on another thread.
    abandoned::notify(me.pid());
    match made {
        Ok(work) => Ok(run_supervised(me, work)),
        Err(panic) => {
            // Its parent hears of it here.
            me.header().orphan();
            bury(&me, &panic, false, None);
            Err(StartError::Init(panic))
        }
    }
}

// Out of line: what a large future has of the stack on its way is gone when the task runs.
#[inline(never)]
fn in_memory_of_its_own<F: Future<Output: TaskOutput> + Send + 'static>(
    make: impl FnOnce() -> F,
) -> Work {
    Guarded::new(Box::pin(make()))
}

/// Starts a task without a supervisor. `None`: there is no runtime here. `finish` says why it ends that has come to its end.
pub(super) fn begin<F: Future + Send + 'static>(
    future: F,
    tie: Tie,
    finish: impl FnOnce(F::Output) -> ExitReason + Send + 'static,
) -> Option<Arc<TaskProcess>> {
    begin_watched(future, tie, finish, |_| {})
}

/// The same; `watch` sees the process before it can end.
pub(super) fn begin_watched<F: Future + Send + 'static>(
    future: F,
    tie: Tie,
    finish: impl FnOnce(F::Output) -> ExitReason + Send + 'static,
    watch: impl FnOnce(&Arc<TaskProcess>),
) -> Option<Arc<TaskProcess>> {
    let future = Guarded::new(future);
    let me = register(task_name::<F>(), tie, callers::of_next(), None).ok()?;
    if let Tie::Linked(owner) = tie {
        link(&me, owner);
    }
    watch(&me);
    let work = async move { Err::<(), _>(finish(future.into_inner().await)) };
    run(&me, Guarded::new(Box::pin(work)));
    Some(me)
}

/// Links a task with its owner, before it can end. It ends at once whose owner is dead, and only runs on: one that its supervisor has let
/// go.
pub(super) fn link(me: &Arc<TaskProcess>, owner: Pid) {
    me.header().add_link(owner);
    let linked = node::process(owner).is_some_and(|owner| owner.header().add_link(me.pid()));
    if !linked {
        me.header().forget_link(owner);
        Arc::clone(me).signal(Signal::Exit {
            from: Some(owner),
            reason: ExitReason::NoProc,
            linked: true,
        });
    }
}

/// What the compiler calls the body of an `async fn` says nothing to anybody.
pub(super) fn task_name<F>() -> &'static str {
    type_name::<F>().trim_end_matches("::{{closure}}")
}

pub(super) fn register(
    type_name: &'static str,
    tie: Tie,
    callers: Box<[Pid]>,
    server: Option<Pid>,
) -> Result<Arc<TaskProcess>, StartError> {
    let node = Node::current_or_new().ok_or(StartError::NoRuntime)?;
    let header = Header::new(Arc::clone(&node), tie, None);
    let me = TaskProcess::new(header, type_name, callers, server);
    node.register(Arc::clone(&me) as _)
        .map_err(StartError::refused)?;
    Ok(me)
}

pub(super) fn run(me: &Arc<TaskProcess>, work: Work) {
    let runtime = &me.header().node.runtime;
    runtime.spawn(TaskLife::new(Arc::clone(me), work));
}

pub(super) fn run_supervised(me: Arc<TaskProcess>, work: Work) -> Starting {
    run(&me, work);
    Starting {
        process: me,
        // As in Elixir, a task is started when it is there.
        ready: Box::pin(std::future::ready(Ok(()))),
    }
}
