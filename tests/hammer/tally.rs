//! The tally: how calls ended.

use std::fmt;
use std::ops::AddAssign;

use suptree::CallError;

/// How many calls ended how.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) replies: u64,
    pub(crate) exited: u64,
    pub(crate) no_proc: u64,
    pub(crate) no_reply: u64,
    /// Calls whose caller was dropped while it waited.
    pub(crate) cancelled: u64,
    /// Replies to another call than the one that got them.
    pub(crate) wrong: u64,
    pub(crate) servers: u64,
}

impl Tally {
    /// Counts one call; whether its server lives on.
    pub(crate) fn count(&mut self, sent: u64, outcome: &Result<u64, CallError>) -> bool {
        match outcome {
            Ok(reply) if *reply == sent => self.replies += 1,
            Ok(_) => self.wrong += 1,
            Err(CallError::Exited(_)) => self.exited += 1,
            Err(CallError::NoProc) => self.no_proc += 1,
            Err(CallError::NoReply) => self.no_reply += 1,
            Err(error) => {
                panic!("a call without timeout, outside of a process, ended with {error:?}")
            }
        }
        matches!(outcome, Ok(_) | Err(CallError::NoReply))
    }

    pub(crate) const fn calls(&self) -> u64 {
        self.replies + self.exited + self.no_proc + self.no_reply + self.cancelled + self.wrong
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.replies += other.replies;
        self.exited += other.exited;
        self.no_proc += other.no_proc;
        self.no_reply += other.no_reply;
        self.cancelled += other.cancelled;
        self.wrong += other.wrong;
        self.servers += other.servers;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>11} calls, {:>8} servers: {} replies, {} exited, {} no process, {} no reply, {} cancelled",
            self.calls(),
            self.servers,
            self.replies,
            self.exited,
            self.no_proc,
            self.no_reply,
            self.cancelled,
        )
    }
}
