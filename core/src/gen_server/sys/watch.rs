//! Watching a server: counts, its last events, a trace, hooks.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::gen_server::cell::watch::{Look, Watch};
use crate::gen_server::sys::call::SysCall;
use crate::gen_server::sys::event::Event;
use crate::gen_server::{GenServer, ServerRef};

/// What a server has done since it is counted; see [`statistics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// For how long it is counted, on the clock of its runtime.
    pub elapsed: Duration,
    /// Messages that it has handled, or begun to: calls, casts, infos, and exits where it traps them.
    pub messages_in: u64,
    /// Calls that it has answered by what a handler returned, or by [`Context::reply`](crate::Context::reply).
    pub messages_out: u64,
}

/// A hook that was [installed](install).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HookId(u64);

/// A request that changes how the server is watched.
fn change<S: GenServer, T: Send + 'static>(
    server: &ServerRef<S>,
    change: impl FnOnce(&mut Watch) -> T + Send + 'static,
) -> SysCall<T> {
    SysCall::new(server, move |served| {
        let watch = served.watch.get_or_insert_with(|| {
            let look = const { Look::at::<S>() };
            Box::new(Watch::new(look))
        });
        Some(Ok(change(watch)))
    })
}

/// Counts what comes into the server and goes out, from here on, or no longer. [`get_statistics`] gives the counts.
///
/// While a server is watched, in this or another way, its calls go through its queue.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::sys;
///
/// #[derive(Default)]
/// struct Counter(u64);
///
/// #[genserver]
/// impl Counter {
///     #[call]
///     fn add(&mut self, n: u64) -> u64 {
///         self.0 += n;
///         self.0
///     }
///
///     #[cast]
///     fn reset(&mut self) {
///         self.0 = 0;
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = Counter::start().await?;
/// sys::statistics(&counter, true).await?;
/// counter.add(1).await?;
/// counter.reset().await?;
/// let counts = sys::get_statistics(&counter).await?.expect("it is counted");
/// assert_eq!((counts.messages_in, counts.messages_out), (2, 1));
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:statistics/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#statistics/2).
pub fn statistics<S: GenServer>(server: &ServerRef<S>, on: bool) -> SysCall<()> {
    SysCall::new(server, move |served| {
        let now = served.header.node.now();
        let look = const { Look::at::<S>() };
        let watch = served
            .watch
            .get_or_insert_with(|| Box::new(Watch::new(look)));
        watch.count(on, now);
        Some(Ok(()))
    })
}

/// The counts of a server, since [`statistics`] were switched on. `None`: they are not, OTP's `no_statistics`.
///
/// ```
/// # use suptree::prelude::*;
/// # use suptree::sys;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// assert_eq!(sys::get_statistics(&worker).await?, None);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:statistics/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#statistics/2).
pub fn get_statistics<S: GenServer>(server: &ServerRef<S>) -> SysCall<Option<Statistics>> {
    SysCall::new(server, |served| {
        let now = served.header.node.now();
        let counts = served.watch.as_ref().and_then(|watch| watch.counts(now));
        let told = |(elapsed, messages_in, messages_out)| Statistics {
            elapsed,
            messages_in,
            messages_out,
        };
        Some(Ok(counts.map(told)))
    })
}

/// Keeps the last events of the server, so many of them, from here on; with zero none, and forgets those that it has. [`get_log`] gives
/// them, and the server's crash report has the last of them.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::sys;
///
/// #[derive(Debug, Default)]
/// struct Counter(u64);
///
/// #[genserver]
/// impl Counter {
///     #[call]
///     fn add(&mut self, n: u64) -> u64 {
///         self.0 += n;
///         self.0
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = Counter::start().await?;
/// sys::log(&counter, 10).await?;
/// counter.add(1).await?;
/// let events: Vec<_> = sys::get_log(&counter).await?.iter().map(ToString::to_string).collect();
/// assert_eq!(events, ["got call add", "sent a reply, new state Counter(1)"]);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:log/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#log/2), whose default is 10.
pub fn log<S: GenServer>(server: &ServerRef<S>, keep: usize) -> SysCall<()> {
    change(server, move |watch| watch.keep(keep))
}

/// The last events of a server, the oldest first, as many as [`log`] has it keep.
///
/// ```
/// # use suptree::prelude::*;
/// # use suptree::sys;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// assert_eq!(sys::get_log(&worker).await?, []);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:log/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#log/2).
pub fn get_log<S: GenServer>(server: &ServerRef<S>) -> SysCall<Vec<Event>> {
    SysCall::new(server, |served| {
        let watch = served.watch.as_ref();
        Some(Ok(watch.map_or_else(Vec::new, |watch| watch.kept())))
    })
}

/// Tells each event of the server from here on, or no longer: as a `tracing` event of the target `suptree::sys`, at the level INFO; and as a line
/// on the standard error, as OTP prints it, in a program that has no subscriber.
///
/// ```
/// # use suptree::prelude::*;
/// # use suptree::sys;
/// # #[derive(Default)] struct Worker;
/// # #[genserver(name = "worker")] impl Worker { #[call] fn ping(&self) {} }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// sys::trace(&worker, true).await?;
/// worker.ping().await?; // *DBG* worker got call ping
/// sys::trace(&worker, false).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:trace/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#trace/2).
pub fn trace<S: GenServer>(server: &ServerRef<S>, on: bool) -> SysCall<()> {
    change(server, move |watch| watch.trace(on))
}

/// Has a function see each event of the server from here on, until it breaks off or is [removed](remove).
///
/// It runs as the server, before and after each message, and holds it up as long as it takes. One that panics is removed.
///
/// ```
/// use std::ops::ControlFlow;
/// use std::sync::mpsc;
/// use suptree::prelude::*;
/// use suptree::sys::{self, Event};
///
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker { #[call] fn ping(&self) {} }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (tell, told) = mpsc::channel();
/// let worker = Worker::start().await?;
/// let hook = sys::install(&worker, move |event: &Event| match tell.send(event.to_string()) {
///     Ok(()) => ControlFlow::Continue(()),
///     Err(_) => ControlFlow::Break(()),
/// })
/// .await?;
/// worker.ping().await?;
/// assert_eq!(told.try_iter().next().as_deref(), Some("got call ping"));
/// assert!(sys::remove(&worker, hook).await?);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:install/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#install/2).
pub fn install<S: GenServer>(
    server: &ServerRef<S>,
    hook: impl FnMut(&Event) -> ControlFlow<()> + Send + 'static,
) -> SysCall<HookId> {
    change(server, move |watch| HookId(watch.install(Box::new(hook))))
}

/// Removes a hook. `false`: it was removed before.
///
/// ```
/// # use std::ops::ControlFlow;
/// # use suptree::prelude::*;
/// # use suptree::sys;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker { #[call] fn ping(&self) {} }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// let once = sys::install(&worker, |_| ControlFlow::Break(())).await?;
/// worker.ping().await?;
/// assert!(!sys::remove(&worker, once).await?);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:remove/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#remove/2).
pub fn remove<S: GenServer>(server: &ServerRef<S>, hook: HookId) -> SysCall<bool> {
    change(server, move |watch| watch.remove(hook.0))
}

/// Watches the server no longer, in any way.
///
/// ```
/// # use suptree::prelude::*;
/// # use suptree::sys;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// sys::log(&worker, 10).await?;
/// sys::statistics(&worker, true).await?;
/// sys::no_debug(&worker).await?;
/// assert_eq!(sys::get_statistics(&worker).await?, None);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:no_debug/1`](https://www.erlang.org/doc/apps/stdlib/sys.html#no_debug/1).
pub fn no_debug<S: GenServer>(server: &ServerRef<S>) -> SysCall<()> {
    SysCall::new(server, |served| {
        served.watch = None;
        Some(Ok(()))
    })
}
