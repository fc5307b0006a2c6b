//! The words of the model: what it is told, and what it says.

/// Names a child. In a fixed supervisor it is the id of the specification; in a dynamic one each child gets a new number.
pub(crate) type Id = u32;
/// Names a process. Each start gives another one.
pub(crate) type Pid = u64;
/// Time since whenever.
pub(crate) type Nanos = u64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    OneForOne,
    OneForAll,
    RestForOne,
    /// Erlang's `simple_one_for_one`, with the differences of Elixir's `DynamicSupervisor`.
    Dynamic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restart {
    Permanent,
    Transient,
    Temporary,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Normal,
    /// `shutdown`, and `{shutdown, Term}`.
    Shutdown,
    /// Everything else, `killed` included.
    Abnormal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AutoShutdown {
    Never,
    AnySignificant,
    AllSignificant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flags {
    pub(crate) strategy: Strategy,
    pub(crate) max_restarts: usize,
    pub(crate) period: Nanos,
    pub(crate) auto_shutdown: AutoShutdown,
    /// Dynamic supervisors only; `None` is `infinity`.
    pub(crate) max_children: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spec {
    pub(crate) id: Id,
    pub(crate) restart: Restart,
    pub(crate) significant: bool,
    /// The child's `type`: a supervisor, or a worker.
    pub(crate) supervisor: bool,
}

/// The process of a child, as `which_children` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Process {
    Undefined,
    Running(Pid),
    /// To be started again when [`Event::TryAgain`] comes. With the process that ended, unless the child was started
    /// because of another one's end.
    Restarting(Option<Pid>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) spec: Spec,
    pub(crate) process: Process,
}

/// What `count_children` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) specs: usize,
    pub(crate) active: usize,
    pub(crate) supervisors: usize,
    pub(crate) workers: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A process ended: by itself, or because it was told to stop.
    Exited(Pid, Reason),
    /// OTP's `{try_again_restart, Id}`, which the supervisor sent to itself at [`Step::TryAgainLater`].
    TryAgain(Id),

    /// The start function that [`Step::Start`] asked for returned `{ok, Pid}`.
    Started(Id, Pid),
    /// It returned an error, or crashed.
    StartFailed(Id),
    /// It returned `ignore`.
    StartIgnored(Id),

    StartChild(Spec),
    /// By id, in a fixed supervisor.
    TerminateChild(Id),
    /// By pid, in a dynamic supervisor.
    TerminateProcess(Pid),
    RestartChild(Id),
    DeleteChild(Id),
    /// Told to end: the parent's exit, or `stop`.
    Shutdown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Stop these, one after the other. What comes next is said when all of them have ended.
    Stop(Vec<Id>),
    /// Stop these, all at once. What comes next is said when all of them have ended.
    StopAtOnce(Vec<Id>),
    /// Call the start function. What comes next is said when it has returned.
    Start(Id),
    /// The child is no child any more.
    Forget(Id),
    /// The child stays in the list without a process, until a request or the restart of a group starts it.
    Keep(Id),
    /// The start failed, and the supervisor sends itself [`Event::TryAgain`]: one for each of these steps. What stands behind
    /// it in the same answer waited in the mailbox before, so the event comes after all of that.
    TryAgainLater(Id),
    /// Too many restarts. What stops the children follows.
    GiveUp,
    /// A significant child has ended. What stops the children follows.
    AutoShutdown,
    Reply(Reply),
    /// The supervisor has ended.
    Ended(Ended),
    /// The event concerned nobody.
    Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// `ok`
    Ok,
    /// `{ok, Pid}`
    Started(Pid),
    /// `{ok, undefined}`; `ignore` from a `DynamicSupervisor`
    Undefined,
    /// `{error, {already_started, Pid}}`
    AlreadyStarted(Pid),
    /// `{error, already_present}`
    AlreadyPresent,
    /// `{error, running}`
    Running,
    /// `{error, restarting}`
    Restarting,
    /// `{error, not_found}`
    NotFound,
    /// `{error, Reason}` of the start function
    Failed,
    /// `{error, max_children}`
    MaxChildren,
    /// `{error, simple_one_for_one}`
    Dynamic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With the reason it was told.
    AsTold,
    /// With `shutdown`: it gave up, or shut down by itself.
    Shutdown,
    /// With `{shutdown, {failed_to_start_child, Id, _}}`, before it was up.
    FailedToStart(Id),
}
