//! Starting a supervisor: its process, its first children, the answer to the starter.

use std::any::type_name;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use crate::catch::catch;
use crate::child::ChildId;
use crate::exit_reason::ExitReason;
use crate::guard::Guarded;
use crate::process::current;
use crate::process::name::Name;
use crate::process::node::Node;
use crate::process::waits::Waits;
use crate::process::{Header, Process, Signal, Tie};
use crate::reply::slot::{Answer, Opened};
use crate::reply::{abandoned, cache};
use crate::rt;
use crate::start_error::StartError;
use crate::starting::{Start, Starting};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::startable::{Child, Restartable};
use crate::supervisor::driver::run;
use crate::supervisor::driver::task::SupervisorTask;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::supervisor::{Setup, Supervisor, SupervisorRef};

/// Starts a supervisor, linked to the process this is called from, and its children, one after the other. `.await` gives the
/// handle.
///
/// `supervisor!` gives each supervisor a function `start_link`, which calls this one.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver]
/// impl Cache {}
///
/// supervisor! { App { strategy: one_for_one, children: [Cache] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = suptree::start_link_supervisor::<App>(()).await?; // App::start_link() is the same
/// assert!(app.cache().is_alive());
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of [`Start`]: a child did not start.
///
/// Follows [`Supervisor.start_link/2`](https://hexdocs.pm/elixir/Supervisor.html#start_link/2).
pub fn start_link_supervisor<T: Supervisor>(args: T::Args) -> Start<T> {
    start_linked(args, start_fixed)
}

/// Starts a supervisor that its handle leads to, with what it is given and what it is tied to.
type StartAt<T> = fn(&T, Guarded<<T as Child>::Args>, Tie) -> Result<Starting, StartError>;

/// The start of a supervisor of whichever kind, linked to the process this is called from.
pub(crate) fn start_linked<T>(args: T::Args, start: StartAt<T>) -> Start<T>
where
    T: Child<Handle = T> + Send + Sync,
{
    let args = Guarded::new(args);
    Start::supervisor(move |started| async move {
        let (handle, starting) = vacant_and(|handle: &T| start(handle, args, Tie::to_starter()))?;
        starting.note_pid(&started);
        starting.ready.await?;
        Ok(handle.into_inner())
    })
}

/// The specification of a supervisor of whichever kind in another one.
pub(crate) fn spec_at<T>(handle: &T, id: ChildId, args: T::Args, start: StartAt<T>) -> ChildSpec
where
    T: Restartable + Clone + Send + Sync,
{
    let handle = handle.clone();
    ChildSpec::supervisor::<T>(id, move |parent| {
        start(&handle, Guarded::new(args.clone()), Tie::Supervised(parent))
    })
}

/// A handle of a supervisor's, and its start: what of it is user code is caught.
fn vacant_and<T: Child<Handle = T>>(
    start: impl FnOnce(&T) -> Result<Starting, StartError>,
) -> Result<(Guarded<T>, Starting), StartError> {
    let handle = catch(|| Guarded::new(T::vacant())).map_err(StartError::Init)?;
    let starting = catch(|| start(handle.get())).map_err(StartError::Init)??;
    Ok((handle, starting))
}

/// Starts a supervisor without a parent, which a handle leads to from then on.
#[cfg(feature = "application")]
pub(crate) fn start_at<T: Supervisor>(
    handle: &T,
    args: Guarded<T::Args>,
) -> Result<Starting, StartError> {
    start_fixed(handle, args, Tie::None)
}

/// The child specification of a supervisor in a supervisor.
pub(crate) fn child_spec<T: Supervisor>(handle: &T, id: ChildId, args: T::Args) -> ChildSpec {
    spec_at(handle, id, args, start_fixed)
}

fn start_fixed<T: Supervisor>(
    handle: &T,
    args: Guarded<T::Args>,
    tie: Tie,
) -> Result<Starting, StartError> {
    start_process(
        T::name(),
        type_name::<T>(),
        tie,
        handle.supervisor(),
        || handle.init(args.into_inner()).setup(),
    )
}

/// Starts a supervisor process, which `handle` leads to from the moment its name does. `setup` is user code and runs as
/// the supervisor.
pub(crate) fn start_process(
    name: Option<Name>,
    type_name: &'static str,
    tie: Tie,
    handle: &SupervisorRef,
    setup: impl FnOnce() -> Setup,
) -> Result<Starting, StartError> {
    let me = register(name, type_name, tie, handle)?;
    let setup = {
        let _scope = current::enter(me.pid());
        catch(setup)
    };
    // What it dropped here: its task may run on another thread.
    abandoned::notify(me.pid());
    launch(me, setup)
}

fn register(
    name: Option<Name>,
    type_name: &'static str,
    tie: Tie,
    handle: &SupervisorRef,
) -> Result<Arc<SupervisorProcess>, StartError> {
    let node = Node::current_or_new().ok_or(StartError::NoRuntime)?;
    let me = SupervisorProcess::new(Header::new(Arc::clone(&node), tie, name), type_name);
    node.register(Arc::clone(&me) as _)
        .map_err(StartError::refused)?;
    me.header().link_to_parent();
    if let Some(place) = handle.place() {
        place.occupy(Arc::clone(&me));
    }
    Ok(me)
}

/// Lets a supervisor start its children, in its own task.
fn launch(
    me: Arc<SupervisorProcess>,
    setup: Result<Setup, ExitReason>,
) -> Result<Starting, StartError> {
    let mut setup = match setup {
        Ok(setup) => setup,
        Err(reason) => {
            me.finish(&reason);
            return Err(StartError::Init(reason));
        }
    };
    if let Some(partitions) = setup.partitions.take() {
        me.set_partitions(partitions);
    }
    let (slot, starter) = cache::open();
    let life = run(Arc::clone(&me), setup, starter);
    let task = SupervisorTask::new(Arc::clone(&me), life);
    me.header().node.runtime.spawn(task);
    let process = Arc::clone(&me);
    let ready = Box::pin(ready(Cancelled(Some(me)), Arc::clone(&process), slot));
    Ok(Starting { process, ready })
}

/// Waits until the children are started.
async fn ready(
    cancelled: Cancelled,
    me: Arc<SupervisorProcess>,
    mut slot: Opened<Result<(), StartError>>,
) -> Result<(), StartError> {
    let mut noted = None;
    let started = poll_fn(|cx| {
        // Who starts it waits for it.
        Waits::note_anew(&mut noted, me.pid());
        match slot.poll(cx) {
            Poll::Ready(Answer::Reply(started)) => Poll::Ready(started),
            Poll::Ready(Answer::Abandoned(_)) => {
                let reason = me.header().exit_reason().cloned();
                Poll::Ready(Err(StartError::Init(reason.unwrap_or(ExitReason::Killed))))
            }
            Poll::Ready(Answer::Overdue(_)) | Poll::Pending => {
                rt::make_way(cx);
                Poll::Pending
            }
        }
    })
    .await;
    cancelled.not();
    started
}

/// Dropped in the middle of a start, it kills what was started.
struct Cancelled(Option<Arc<SupervisorProcess>>);

impl Cancelled {
    fn not(mut self) {
        self.0 = None;
    }
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        if let Some(process) = self.0.take() {
            process.header().orphan();
            process.signal(Signal::Kill);
        }
    }
}
