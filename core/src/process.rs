//! Processes: what servers and supervisors have in common.

// A process, and who it is.
pub(crate) mod header;
pub(crate) mod pid;
pub(crate) mod name;
pub(crate) mod current;
pub(crate) mod caller;
pub(crate) mod exited;
pub(crate) mod course;
pub(crate) mod rolls;
// The processes of one runtime, and how one is found.
pub(crate) mod node;
mod nodes;
pub(crate) mod process_table;
pub(crate) mod names;
pub(crate) mod vacancy;
pub(crate) mod await_holder;
pub(crate) mod claim;
pub(crate) mod address;
pub(crate) mod status;
pub(crate) mod info;
pub(crate) mod tree;
// Whose time it is.
pub(crate) mod timers;
pub(crate) mod clock;
pub(crate) mod timer;
// What processes have to do with each other.
pub(crate) mod link;
pub(crate) mod asked_links;
pub(crate) mod line;
pub(crate) mod watch;
pub(crate) mod call_cycle;
pub(crate) mod wait_list;
pub(crate) mod waits;
pub(crate) mod cycle;
pub(crate) mod monitors;
pub(crate) mod monitor;
pub(crate) mod monitoring;
pub(crate) mod whom;
pub(crate) mod deferred;
pub(crate) mod stop;
pub(crate) mod process_ref;
pub(crate) mod reference;

use std::any::Any;
use std::panic::Location;
use std::task::Context as TaskContext;

pub(crate) use self::header::Header;

use self::monitors::MonitorRef;
use self::pid::Pid;
use self::status::ProcessStatus;
use self::vacancy::Absence;
use crate::exit_reason::ExitReason;
use crate::rt::Instant;
use crate::sync::Arc;

/// What the core asks of a process, whatever its type.
pub(crate) trait Process: Any + Send + Sync {
    fn header(&self) -> &Header;
    /// The type of the server or supervisor.
    fn type_name(&self) -> &'static str;
    /// Puts a signal into the control lane. It never waits behind a message, and never blocks.
    fn signal(self: Arc<Self>, signal: Signal);
    /// Sees to a signal of the parent, who waits for the end of this process and nothing else. `Some`: the process is
    /// dead, and its parent is not told in any other way. `None`: it will be.
    fn end(self: Arc<Self>, signal: Signal) -> Option<ExitReason> {
        deferred::scope(|| self.signal(signal));
        None
    }
    /// Something has happened that it is told by a message, if it has handlers. Past every bound; no user code runs here.
    fn hear(self: Arc<Self>, _news: News) {}
    /// Ends the process in order, where its caller can do that. `false`: it has to be asked.
    fn try_stop(self: Arc<Self>, _reason: &ExitReason, _cx: &mut TaskContext<'_>) -> bool {
        false
    }
    /// Asks the process to stop in order, after what it was asked before.
    fn request_stop(self: Arc<Self>, reason: ExitReason);
    /// A child of this supervisor ended, and the exit signal is on its way; or (`false`) it has arrived.
    fn expect_exit(&self, _coming: bool) {}
    /// A child of this supervisor is dead that is to be started again.
    /// `absences`: of those that return with it, and its own.
    fn miss(self: Arc<Self>, _child: &Header, _absences: Vec<Absence>) {}
    /// Announces the death of a process that is stuck in a poll. No user code runs: what the process holds is left to its
    /// own task.
    fn fence(self: Arc<Self>, reason: ExitReason);
    /// The runtime of this process is shutting down: it ends, and what it holds is dropped here.
    fn runtime_gone(self: Arc<Self>) {
        self.fence(runtime_gone());
    }
    /// A handler that waits is polled once more, by the process itself.
    fn poll_again(self: Arc<Self>) {}
    /// Whether it handles messages, one after the other.
    fn is_server(&self) -> bool {
        false
    }
    /// Whether something has happened to a server that waits: it will go on, or end.
    fn is_stirred(&self) -> bool {
        true
    }
    /// How many messages it has handled.
    fn handled(&self) -> u64 {
        self.snapshot().handled
    }
    /// The number of what holds a worker for it, if something does: another one for each message, and each poll of a handler.
    fn in_hand(&self) -> Option<u64> {
        None
    }
    /// The same by name.
    fn named_in_hand(&self) -> Option<InHand> {
        None
    }
    /// What the process table shows.
    fn snapshot(&self) -> ProcessStatus;
}

/// What holds a worker for a process, in the words of reports.
pub(crate) struct InHand {
    pub(crate) callback: &'static str,
    pub(crate) handler: &'static str,
    /// Where it is written, if that is known.
    pub(crate) place: Option<&'static Location<'static>>,
}

/// Why a process ends whose runtime is shutting down.
pub(crate) fn runtime_gone() -> ExitReason {
    ExitReason::ShutdownWith("the runtime shut down".into())
}

/// What a process is told by a message.
#[derive(Debug)]
pub(crate) enum News {
    /// A process that it monitors is dead, for this reason.
    Down(MonitorRef, ExitReason),
    /// An alarm of its own rings, at this time.
    Alarm(Instant),
}

/// What travels in the control lane.
#[derive(Clone, Debug)]
pub(crate) enum Signal {
    /// An exit signal: sent by [`exit`](crate::exit) or a parent, or (`linked`) passed on by a link.
    Exit {
        from: Option<Pid>,
        reason: ExitReason,
        linked: bool,
    },
    /// Like an exit signal of the parent, which ends this process because `asker` wants it to, and waits for that: itself, or
    /// a process below it.
    Leave {
        parent: Pid,
        reason: ExitReason,
        asker: Pid,
    },
    /// The untrappable kill.
    Kill,
}

/// What a new process has to do with the one that starts it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tie {
    None,
    Linked(Pid),
    Supervised(Parent),
}

/// A supervisor, for a child of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent {
    pub(crate) pid: Pid,
    pub(crate) returns: Returns,
}

/// After which ends a supervisor starts a child again, unless it ends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returns {
    Always,
    AfterFailure,
    Never,
}

impl Returns {
    /// Whether it is started again that has ended for this reason.
    pub(crate) const fn after(self, reason: &ExitReason) -> bool {
        match self {
            Self::Always => true,
            Self::AfterFailure => !reason.is_expected(),
            Self::Never => false,
        }
    }
}

impl Tie {
    /// A link with the process that runs now, if one does.
    pub(crate) fn to_starter() -> Self {
        current::pid().map_or(Self::None, Self::Linked)
    }
}
