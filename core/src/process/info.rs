//! The process table: a cheap picture of what runs.

use crate::process::name::Name;
use crate::process::node;
use crate::process::pid::Pid;
use crate::process::process_table::ProcessTable;
use crate::process::status::{Snapshot, Status};

/// One line of the process table.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProcessInfo {
    /// The process.
    pub pid: Pid,
    /// Who started it, when that was a process.
    pub parent: Option<Pid>,
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// The type of the server or supervisor.
    pub type_name: &'static str,
    /// What it is doing.
    pub status: Status,
    /// Messages that wait.
    pub mailbox_len: usize,
    /// Messages handled so far.
    pub handled: u64,
    /// Restarts so far: of a supervisor, those it carried out.
    pub restarts: u64,
    /// Whether exits of others arrive as messages.
    pub traps_exit: bool,
}

/// The processes of this runtime, in the order of their starts. Empty outside of a runtime.
///
/// Reading it takes no lock that a message would wait for.
#[must_use]
pub fn processes() -> Vec<ProcessInfo> {
    let all = ProcessTable::here(ProcessTable::processes).unwrap_or_default();
    all.iter().map(|process| info(&**process)).collect()
}

/// The line of one process in the table; `None` when it is gone.
#[must_use]
pub fn process_info(pid: Pid) -> Option<ProcessInfo> {
    node::process(pid).map(|process| info(&*process))
}

/// The process that holds a name now: Elixir's `Process.whereis/1`.
///
/// Looks in the runtime of the caller. A process that is dead, or dying, is never returned.
#[must_use]
pub fn whereis(name: &(impl crate::process::name::NameKey + ?Sized)) -> Option<Pid> {
    let found = ProcessTable::here(|registry| registry.whereis(name.view()));
    found.flatten().map(|process| process.header().pid)
}

fn info(process: &dyn crate::process::Process) -> ProcessInfo {
    let header = process.header();
    let Snapshot {
        status,
        mailbox_len,
        handled,
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
        restarts,
        traps_exit: header.traps_exit(),
    }
}
