//! Starting a server: claim the name, run `init`, hand the reference to the starter.

use crate::gen_server::cell::init::{StartingCell, init_cell, is_large_start, register_cell};
use crate::gen_server::large::{ByPointer, ByValue, Carry};
use crate::gen_server::{GenServer, ServerRef};
use crate::guard::{Guarded, discard};
use crate::process::monitor::{Monitor, watch};
use crate::process::{Parent, Tie};
use crate::rt::Runtime;
use crate::start_error::StartError;
use crate::starting::{Ready, Start, Starting};
use crate::sync::Arc;

/// Starts a server, linked to the process this is called from, which becomes its parent. `.await` gives its client.
///
/// `#[genserver]` gives each server a function of this name, which calls this one. Outside a process there is nobody to link
/// to: then it is like [`start`].
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Helper;
///
/// #[genserver]
/// impl Helper {}
///
/// struct Boss(HelperClient);
///
/// #[genserver]
/// impl Boss {
///     #[init]
///     async fn init() -> Result<Self, StartError> {
///         Ok(Self(suptree::start_link::<Helper>(()).await?)) // Helper::start_link() is the same
///     }
///
///     #[call]
///     fn helper(&self) -> HelperClient {
///         self.0.clone()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let boss = Boss::start().await?;
/// let death = boss.helper().await?.monitor();
/// boss.kill();
/// assert_eq!(death.await.reason, ExitReason::Killed); // the helper goes along
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of [`Start`].
pub fn start_link<S: GenServer>(args: S::Args) -> Start<S::Client> {
    starting::<S>(args, true)
}

/// Starts a server without a parent, linked to nobody. `.await` gives its client.
///
/// `#[genserver]` gives each server a function of this name, which calls this one.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Worker;
///
/// #[genserver]
/// impl Worker {}
///
/// /// Two servers of any type that starts without arguments.
/// async fn pair<S: GenServer<Args = ()>>() -> Result<[S::Client; 2], StartError> {
///     Ok([suptree::start::<S>(()).await?, suptree::start::<S>(()).await?])
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [one, other] = pair::<Worker>().await?;
/// assert_ne!(one.pid(), other.pid());
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of [`Start`].
pub fn start<S: GenServer>(args: S::Args) -> Start<S::Client> {
    starting::<S>(args, false)
}

fn starting<S: GenServer>(args: S::Args, linked: bool) -> Start<S::Client> {
    if const { is_large_start::<S>() } {
        starting_as::<ByPointer, S>(args, linked)
    } else {
        starting_as::<ByValue, S>(args, linked)
    }
}

fn starting_as<C: Carry, S: GenServer>(args: S::Args, linked: bool) -> Start<S::Client> {
    let args = C::hold(Guarded::new(args));
    Start::new(async move {
        let tie = if linked { Tie::to_starter() } else { Tie::None };
        let starting = register_cell::<S>(C::look(&args).get(), tie, None)?;
        let cell = init_cell::<C, S>(starting, args).await?;
        Ok(S::Client::from(ServerRef::to(cell)))
    })
}

/// Starts a server without a parent, and watches it from before its `init` on: its end is told, however soon it comes. `.await` gives its
/// client, and the [`Monitor`]. A child of a supervisor is monitored when it [has started](crate::StartChild).
///
/// OTP's [`gen_server:start_monitor`](https://www.erlang.org/doc/apps/stdlib/gen_server.html#start_monitor/3).
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Worker;
///
/// #[genserver]
/// impl Worker {}
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (worker, end) = suptree::start_monitor::<Worker>(()).await?;
/// worker.stop().await?;
/// assert_eq!(end.await.reason, ExitReason::Normal);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of [`Start`]. Nothing is left of the monitor.
pub fn start_monitor<S: GenServer>(args: S::Args) -> Start<(S::Client, Monitor)> {
    if const { is_large_start::<S>() } {
        monitored_as::<ByPointer, S>(args)
    } else {
        monitored_as::<ByValue, S>(args)
    }
}

fn monitored_as<C: Carry, S: GenServer>(args: S::Args) -> Start<(S::Client, Monitor)> {
    let args = C::hold(Guarded::new(args));
    Start::new(async move {
        let starting = register_cell::<S>(C::look(&args).get(), Tie::None, None)?;
        let end = watch(starting.cell().header());
        let cell = init_cell::<C, S>(starting, args).await?;
        Ok((S::Client::from(ServerRef::to(cell)), end))
    })
}

/// Starts a server under a supervisor. `at`, if given, leads to it from the moment its name does.
pub(crate) fn start_supervised<S: GenServer>(
    args: Guarded<S::Args>,
    parent: Parent,
    at: Option<&ServerRef<S>>,
) -> Result<Starting, StartError> {
    let place = at.and_then(ServerRef::place);
    let starting = match register_cell::<S>(args.get(), Tie::Supervised(parent), place) {
        Ok(starting) => starting,
        Err(error) => {
            if std::mem::needs_drop::<S::Args>() {
                drop_elsewhere(Box::new(args));
            }
            return Err(error);
        }
    };
    let process = Arc::clone(starting.cell()) as _;
    let ready = if const { is_large_start::<S>() } {
        ready::<ByPointer, S>(starting, args)
    } else {
        ready::<ByValue, S>(starting, args)
    };
    Ok(Starting { process, ready })
}

/// Drops the arguments of a start that was refused, in a task of their own: a supervisor's poll is no place for a destructor
/// that may block.
#[cold]
fn drop_elsewhere(args: Box<dyn Send>) {
    match Runtime::try_current() {
        Some(runtime) => runtime.spawn(async move { discard(args) }),
        None => discard(args),
    }
}

fn ready<C: Carry, S: GenServer>(starting: StartingCell<S>, args: Guarded<S::Args>) -> Ready {
    let args = C::hold(args);
    Box::pin(async move { init_cell::<C, S>(starting, args).await.map(drop) })
}
