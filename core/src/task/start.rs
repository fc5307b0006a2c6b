//! Starting a task: its process, and the task of the runtime that it lives in.

use std::any::type_name;
use std::future::Future;

use super::life::{TaskLife, Work, bury};
use super::output::TaskOutput;
use super::process::TaskProcess;
use super::task_ref::TaskRef;
use crate::catch::catch;
use crate::guard::Guarded;
use crate::process::current;
use crate::process::node::Node;
use crate::process::{Header, Parent, Process as _, Tie};
use crate::reply::abandoned;
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::sync::Arc;

/// Starts a task under a supervisor: what `make` makes, as the new process. `at`, if given, leads to it from then on.
pub(crate) fn start_supervised<F: Future<Output: TaskOutput> + Send + 'static>(
    make: impl FnOnce() -> F,
    parent: Parent,
    at: Option<&TaskRef>,
) -> Result<Starting, StartError> {
    // What the compiler calls the body of an `async fn` says nothing to anybody.
    let me = register(
        type_name::<F>().trim_end_matches("::{{closure}}"),
        parent,
        at,
    )?;
    let made = {
        let _scope = current::enter(me.pid());
        catch(|| in_memory_of_its_own(make))
    };
    // What it dropped here: its task may run on another thread.
    abandoned::notify(me.pid());
    match made {
        Ok(work) => Ok(launch(me, work)),
        Err(panic) => {
            // Its parent hears of it here.
            me.header().orphan();
            bury(&me, &panic, false, None);
            Err(StartError::Init(panic))
        }
    }
}

// Out of line: what a large future has of the stack on its way is gone when the task is launched.
#[inline(never)]
fn in_memory_of_its_own<F: Future<Output: TaskOutput> + Send + 'static>(
    make: impl FnOnce() -> F,
) -> Work {
    Guarded::new(Box::pin(make()))
}

fn register(
    type_name: &'static str,
    parent: Parent,
    at: Option<&TaskRef>,
) -> Result<Arc<TaskProcess>, StartError> {
    let node = Node::current_or_new().ok_or(StartError::NoRuntime)?;
    let header = Header::new(Arc::clone(&node), Tie::Supervised(parent), None);
    let me = TaskProcess::new(header, type_name);
    node.register(Arc::clone(&me) as _)
        .map_err(StartError::from)?;
    if let Some(place) = at.and_then(TaskRef::place) {
        place.occupy(Arc::clone(&me));
    }
    Ok(me)
}

fn launch(me: Arc<TaskProcess>, work: Work) -> Starting {
    let runtime = me.header().node.runtime.clone();
    runtime.spawn(TaskLife::new(Arc::clone(&me), work));
    Starting {
        process: me,
        // As in Elixir, a task is started when it is there.
        ready: Box::pin(std::future::ready(Ok(()))),
    }
}
