//! The state of a server, read and replaced from outside.

use crate::catch::catch;
use crate::gen_server::sys::call::SysCall;
use crate::gen_server::{GenServer, ServerRef};
use crate::guard::discard;

/// A clone of the state, as it is when what was sent to the server before is handled.
///
/// For tests and for looking into a program that runs; a program asks its servers by calls. [`with_state`] reads a state that is
/// not `Clone`. A server in the middle of a message answers after it.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::sys;
///
/// #[derive(Clone, Default)]
/// struct Cache(Option<String>);
///
/// #[genserver]
/// impl Cache {
///     #[cast]
///     fn save(&mut self, new: String) {
///         self.0 = Some(new);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cache = Cache::start().await?;
/// cache.save("hola").await?;
/// assert_eq!(sys::get_state(&cache).await?.0.as_deref(), Some("hola"));
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:get_state/1`](https://www.erlang.org/doc/apps/stdlib/sys.html#get_state/1).
pub fn get_state<S: GenServer + Clone>(server: &ServerRef<S>) -> SysCall<S> {
    with_state(server, S::clone)
}

/// What a function makes of the state: [`get_state`] of one that is not `Clone`, or of a part of it.
///
/// The function runs as the server, between two of its messages. Its panic is [`SysError::CallbackFailed`](crate::sys::SysError),
/// and the server's matter no more.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::sys;
///
/// #[derive(Default)]
/// struct Door(Vec<ReplyTo<()>>);
///
/// #[genserver]
/// impl Door {
///     #[call]
///     fn wait(&mut self, reply: ReplyTo<()>) {
///         self.0.push(reply);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let door = Door::start().await?;
/// assert_eq!(sys::with_state(&door, |door: &Door| door.0.len()).await?, 0);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:get_state/1`](https://www.erlang.org/doc/apps/stdlib/sys.html#get_state/1).
pub fn with_state<S, T>(
    server: &ServerRef<S>,
    read: impl FnOnce(&S) -> T + Send + 'static,
) -> SysCall<T>
where
    S: GenServer,
    T: Send + 'static,
{
    SysCall::new(server, move |served| {
        served.with_state(|state: &mut S| catch(|| read(state)))
    })
}

/// Replaces the state by what a function makes of it, and gives the one that was there, as [`std::mem::replace`] does.
///
/// The function runs as the server, between two of its messages, and gets the state to look at: if it panics, which is
/// [`SysError::CallbackFailed`](crate::sys::SysError), the state is as it was.
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
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = Counter::start().await?;
/// let before = sys::replace_state(&counter, |counter: &Counter| Counter(counter.0 + 41)).await?;
/// assert_eq!(before.0, 0);
/// assert_eq!(counter.add(1).await?, 42);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:replace_state/2`](https://www.erlang.org/doc/apps/stdlib/sys.html#replace_state/2).
pub fn replace_state<S: GenServer>(
    server: &ServerRef<S>,
    replace: impl FnOnce(&S) -> S + Send + 'static,
) -> SysCall<S> {
    SysCall::new(server, move |served| {
        let mut replace = Some(replace);
        let replaced = served.with_state(|state: &mut S| {
            let replace = replace.take()?;
            Some(catch(|| replace(state)).map(|new| std::mem::replace(state, new)))
        });
        discard(replace);
        replaced.flatten()
    })
}
