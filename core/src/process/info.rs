//! The process table: a cheap picture of what runs.

use crate::process::name::Name;
use crate::process::node;
use crate::process::pid::Pid;
use crate::process::process_table::ProcessTable;
use crate::process::status::{ProcessStatus, Status};

/// One line of the process table; see [`process_info`] and [`processes`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProcessInfo {
    /// The process.
    pub pid: Pid,
    /// The process that started it, if one did.
    pub parent: Option<Pid>,
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// The type of the server or supervisor.
    pub type_name: &'static str,
    /// What it is doing.
    pub status: Status,
    /// How many messages wait in its mailbox.
    pub mailbox_len: usize,
    /// How many messages it has handled so far.
    pub handled: u64,
    /// How many messages were dropped from its full mailbox for newer ones: see [`Full::DropOldest`](crate::Full::DropOldest).
    pub dropped: u64,
    /// How many restarts a supervisor has carried out so far; 0 for a server.
    pub restarts: u64,
    /// Whether exits of other processes arrive as messages.
    pub traps_exit: bool,
}

/// The processes of this runtime, in the order of their starts. Empty outside a runtime.
///
/// Reading it takes no lock that a message would wait for.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workers = [Worker::start().await?, Worker::start().await?];
/// let listed: Vec<_> = suptree::processes().iter().map(|process| process.pid).collect();
/// assert_eq!(listed, workers.map(|worker| worker.pid().expect("it lives")));
/// # Ok(()) }
/// ```
///
/// Follows Elixir's [`Process.list/0`](https://hexdocs.pm/elixir/Process.html#list/0).
#[must_use]
pub fn processes() -> Vec<ProcessInfo> {
    let all = ProcessTable::here(ProcessTable::processes).unwrap_or_default();
    all.iter().map(|process| info(&**process)).collect()
}

/// The line of one process in the table; `None` when it is gone.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver(name = "worker")] impl Worker { #[call] fn ping(&self) {} }
/// use suptree::{Status, process_info};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// worker.ping().await?;
/// let info = process_info(worker.pid().expect("it lives")).expect("it lives");
/// assert_eq!(info.name, Some("worker".into()));
/// assert_eq!((info.status, info.mailbox_len, info.handled), (Status::Idle, 0, 1));
/// # Ok(()) }
/// ```
///
/// Follows Elixir's [`Process.info/1`](https://hexdocs.pm/elixir/Process.html#info/1).
#[must_use]
pub fn process_info(pid: Pid) -> Option<ProcessInfo> {
    node::process(pid).map(|process| info(&*process))
}

/// The process that holds a name now, whatever its type.
///
/// Looks in the runtime of the caller. A process that is dead, or dying, is never returned.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver(name = "worker")] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// assert_eq!(suptree::whereis("worker"), None);
/// let worker = Worker::start().await?;
/// assert_eq!(suptree::whereis("worker"), worker.pid());
/// # Ok(()) }
/// ```
///
/// Follows Elixir's [`Process.whereis/1`](https://hexdocs.pm/elixir/Process.html#whereis/1). The typed one is the `whereis` of a
/// server, or [`ServerRef::whereis`](crate::ServerRef::whereis).
#[must_use]
pub fn whereis(name: &(impl crate::process::name::NameKey + ?Sized)) -> Option<Pid> {
    let name = name.view();
    let found = ProcessTable::here(|registry| registry.whereis(name));
    found.flatten().map(|process| process.header().pid)
}

fn info(process: &dyn crate::process::Process) -> ProcessInfo {
    let header = process.header();
    let ProcessStatus {
        status,
        mailbox_len,
        handled,
        dropped,
        restarts,
    } = process.snapshot();
    ProcessInfo {
        pid: header.pid,
        parent: header.parent,
        name: header.name().cloned(),
        type_name: process.type_name(),
        status,
        mailbox_len,
        handled,
        dropped,
        restarts,
        traps_exit: header.traps_exit(),
    }
}
