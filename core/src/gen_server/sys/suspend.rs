//! Holding a server up, and letting it go on.

use crate::gen_server::sys::call::SysCall;
use crate::gen_server::{GenServer, ServerRef};

/// Suspends the server: its messages wait until it [resumes](resume), in the order in which they came.
///
/// Calls time out meanwhile, senders wait for room once the mailbox is full, and what timers send waits in it, too. What is asked by the
/// functions of [`sys`](crate::sys) is answered. Signals take effect, so a kill or the end of its parent ends the server, and so does
/// [`stop`](ServerRef::stop), with its `terminate`. To suspend a server that is suspended does nothing more.
///
/// ```
/// # use std::time::Duration;
/// use suptree::prelude::*;
/// use suptree::sys;
///
/// #[derive(Clone, Default)]
/// struct Counter(u64);
///
/// #[genserver]
/// impl Counter {
///     #[cast]
///     fn add(&mut self, n: u64) {
///         self.0 += n;
///     }
///
///     #[call]
///     fn get(&self) -> u64 {
///         self.0
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = Counter::start().await?;
/// sys::suspend(&counter).await?;
/// counter.add(1).await?;
/// assert!(counter.get().timeout(Duration::from_millis(20)).await.is_err());
/// assert_eq!(sys::get_state(&counter).await?.0, 0);
///
/// sys::resume(&counter).await?;
/// assert_eq!(counter.get().await?, 1);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:suspend/1`](https://www.erlang.org/doc/apps/stdlib/sys.html#suspend/1).
pub fn suspend<S: GenServer>(server: &ServerRef<S>) -> SysCall<()> {
    SysCall::new(server, |served| {
        served.suspend::<S>();
        Some(Ok(()))
    })
}

/// Lets a server go on that is [suspended](suspend): it handles what has come meanwhile. One that is not is left alone.
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// ```
/// # use suptree::prelude::*;
/// # use suptree::sys;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker { #[call] fn ping(&self) {} }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// sys::suspend(&worker).await?;
/// sys::resume(&worker).await?;
/// worker.ping().await?;
/// # Ok(()) }
/// ```
///
/// Follows [`sys:resume/1`](https://www.erlang.org/doc/apps/stdlib/sys.html#resume/1).
pub fn resume<S: GenServer>(server: &ServerRef<S>) -> SysCall<()> {
    SysCall::new(server, |served| {
        served.suspended = false;
        Some(Ok(()))
    })
}
