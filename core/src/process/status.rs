//! What a process is doing, as it tells itself.

use std::fmt;

/// What a process is doing, in [`ProcessInfo::status`](crate::ProcessInfo::status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// `init` runs.
    Starting,
    /// It has nothing to do.
    Idle,
    /// A handler runs, or messages wait to be handled.
    Running,
    /// A handler waits at an `.await`.
    Waiting,
    /// Its messages wait until it resumes: see `sys::suspend`.
    Suspended,
    /// It is dead, or dying.
    Exiting,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Suspended => "suspended",
            Self::Exiting => "exiting",
        })
    }
}

/// The part that only the process itself knows.
pub(crate) struct ProcessStatus {
    pub(crate) status: Status,
    pub(crate) mailbox_len: usize,
    pub(crate) handled: u64,
    pub(crate) dropped: u64,
    pub(crate) restarts: u64,
}
