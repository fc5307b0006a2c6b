//! `ServerStatus`: what a server tells of itself.

use std::fmt;

use crate::gen_server::sys::call::SysCall;
use crate::gen_server::{GenServer, ServerRef};
use crate::process::name::Name;
use crate::process::pid::Pid;
use crate::text::text;

/// What a server tells of itself; see [`get_status`].
///
/// Its `Display` has a line for each fact.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerStatus {
    /// The server.
    pub pid: Pid,
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// The type of the server.
    pub type_name: &'static str,
    /// The process that started it, if one did.
    pub parent: Option<Pid>,
    /// Whether it is [suspended](crate::sys::suspend()): its messages wait.
    pub suspended: bool,
    /// How many messages wait in its mailbox.
    pub mailbox_len: usize,
    /// How many messages it has handled so far.
    pub handled: u64,
    /// The state, by its `Debug`, at most 1 KiB of it. `None`: it has no `Debug`.
    pub state: Option<String>,
}

impl fmt::Display for ServerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_ref().map_or_else(
            || self.pid.to_string(),
            |name| text(format_args!("{name} ({})", self.pid)),
        );
        writeln!(f, "Status for {} {name}", self.type_name)?;
        let status = if self.suspended {
            "suspended"
        } else {
            "running"
        };
        writeln!(f, "Status: {status}")?;
        match self.parent {
            Some(parent) => writeln!(f, "Parent: {parent}")?,
            None => writeln!(f, "Parent: none")?,
        }
        writeln!(f, "Message queue length: {}", self.mailbox_len)?;
        writeln!(f, "Messages handled: {}", self.handled)?;
        let state = self.state.as_deref().unwrap_or("not shown: no Debug");
        write!(f, "State: {state}")
    }
}

/// What the server tells of itself: who it is, whether it is suspended, what waits, and its state as text.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::sys;
///
/// #[derive(Debug, Default)]
/// struct Cache(Option<String>);
///
/// #[genserver(name = "cache")]
/// impl Cache {}
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cache = Cache::start().await?;
/// let status = sys::get_status(&cache).await?;
/// assert_eq!(status.name, Some("cache".into()));
/// assert_eq!(status.state.as_deref(), Some("Cache(None)"));
/// assert!(!status.suspended);
/// println!("{status}");
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// Those of every [`SysCall`].
///
/// Follows [`sys:get_status/1`](https://www.erlang.org/doc/apps/stdlib/sys.html#get_status/1).
pub fn get_status<S: GenServer>(server: &ServerRef<S>) -> SysCall<ServerStatus> {
    SysCall::new(server, |served| {
        Some(Ok(ServerStatus {
            pid: served.header.pid,
            name: served.header.name().cloned(),
            type_name: std::any::type_name::<S>(),
            parent: served.header.parent,
            suspended: served.suspended,
            mailbox_len: served.info.mailbox_len,
            handled: served.info.handled,
            state: served.shown_state::<S>(),
        }))
    })
}
