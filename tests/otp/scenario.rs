//! A scenario: a tree, and what is done to it. It is shown as the Erlang term that `otp_runner` reads.

use std::fmt::{self, Display, Formatter};

use suptree::{AutoShutdown, Restart, Strategy};

/// Names a child or a supervisor in its whole scenario, whatever its incarnation. The root is 0.
pub(crate) type Id = u32;
pub(crate) const ROOT: Id = 0;

#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) root: Spec,
    pub(crate) ops: Vec<Op>,
}

/// A child, or the root.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) id: Id,
    pub(crate) restart: Restart,
    pub(crate) significant: bool,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Worker(Worker),
    Supervisor {
        strategy: Strategy,
        max_restarts: u32,
        auto_shutdown: AutoShutdown,
        children: Vec<Spec>,
    },
    Dynamic {
        max_restarts: u32,
        restart: Restart,
        worker: Worker,
    },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Worker {
    pub(crate) brutal_kill: bool,
    /// Whether it traps exits: then its `terminate` is part of the trace.
    pub(crate) traps: bool,
}

/// What comes of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ok,
    Fail,
    Panic,
    Ignore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Normal,
    Shutdown,
    ShutdownWith,
    Boom,
    Kill,
}

/// How a process ends, or is asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Its own handler stops it.
    Stop(Reason),
    /// Its own handler crashes.
    Panic,
    /// Somebody sends it an exit signal.
    Signal(Reason),
}

#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// What comes of the next starts of a child. Those after them succeed.
    Next(Id, Vec<Outcome>),
    Exit(Id, How),
    /// `supervisor:stop`, whoever's child it is.
    Stop(Id, Reason),
    StartChild(Id, Spec),
    StartDynamic(Id, Id),
    Terminate(Id, Id),
    /// By its pid, in a dynamic supervisor.
    TerminateDynamic(Id, Id),
    Restart(Id, Id),
    Delete(Id, Id),
    /// `get_childspec`
    Specification(Id, Id),
    Which(Id),
    /// Of a fixed supervisor. In every step the children are counted, too.
    Count(Id),
    /// The supervisor is held while these children end, one after the other, and then these requests are sent to it, by a
    /// process each.
    Hold(Id, Vec<(Id, How)>, Vec<Self>),
    /// The `terminate` of this child waits when the operation makes it run, until these children have ended, and these requests
    /// have been sent.
    Linger(Id, Box<Self>, Vec<(Id, How)>, Vec<Self>),
    /// The root's parent ends.
    Finish(Reason),
}

/// The term of a list.
struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (at, value) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{value}")?;
        }
        f.write_str("]")
    }
}

impl Scenario {
    /// One line.
    pub(crate) fn term(&self, number: usize) -> String {
        let Self { root, ops } = self;
        format!("{{scenario, {number}, {root}, {}}}.", List(ops))
    }
}

/// As a report shows it.
impl Display for Scenario {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}", self.root)?;
        self.ops.iter().try_for_each(|op| writeln!(f, "  {op}"))
    }
}

impl Display for Spec {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            restart,
            significant,
            kind,
        } = self;
        let restart = restart_word(*restart);
        match kind {
            Kind::Worker(worker) => {
                write!(f, "{{worker, c{id}, {restart}, {significant}, {worker}}}")
            }
            Kind::Supervisor {
                strategy,
                max_restarts,
                auto_shutdown,
                children,
            } => write!(
                f,
                "{{supervisor, c{id}, {restart}, {significant}, {}, {max_restarts}, {}, {}}}",
                strategy_word(*strategy),
                auto_shutdown_word(*auto_shutdown),
                List(children)
            ),
            Kind::Dynamic {
                max_restarts,
                restart: of_children,
                worker,
            } => write!(
                f,
                "{{dynamic, c{id}, {restart}, {significant}, {max_restarts}, {}, {worker}}}",
                restart_word(*of_children)
            ),
        }
    }
}

impl Display for Worker {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let shutdown = if self.brutal_kill {
            "brutal_kill"
        } else {
            "five_seconds"
        };
        write!(f, "{shutdown}, {}", self.traps)
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Next(id, outcomes) => write!(f, "{{next, c{id}, {}}}", List(outcomes)),
            Self::Exit(id, how) => write!(f, "{{exit, c{id}, {how}}}"),
            Self::Stop(id, reason) => write!(f, "{{stop, c{id}, {reason}}}"),
            Self::StartChild(at, spec) => write!(f, "{{start_child, c{at}, {spec}}}"),
            Self::StartDynamic(at, id) => write!(f, "{{start_dynamic, c{at}, c{id}}}"),
            Self::Terminate(at, id) => write!(f, "{{terminate, c{at}, c{id}}}"),
            Self::TerminateDynamic(at, id) => write!(f, "{{terminate_dynamic, c{at}, c{id}}}"),
            Self::Restart(at, id) => write!(f, "{{restart, c{at}, c{id}}}"),
            Self::Delete(at, id) => write!(f, "{{delete, c{at}, c{id}}}"),
            Self::Specification(at, id) => write!(f, "{{specification, c{at}, c{id}}}"),
            Self::Which(at) => write!(f, "{{which, c{at}}}"),
            Self::Count(at) => write!(f, "{{count, c{at}}}"),
            Self::Hold(at, ends, requests) => {
                let ends = exits(ends);
                write!(f, "{{hold, c{at}, {}, {}}}", List(&ends), List(requests))
            }
            Self::Linger(id, op, ends, requests) => {
                let (ends, requests) = (exits(ends), List(requests));
                write!(f, "{{linger, c{id}, {op}, {}, {requests}}}", List(&ends))
            }
            Self::Finish(reason) => write!(f, "{{finish, {reason}}}"),
        }
    }
}

fn exits(ends: &[(Id, How)]) -> Vec<Op> {
    ends.iter().map(|(id, how)| Op::Exit(*id, *how)).collect()
}

impl Display for How {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stop(reason) => Display::fmt(reason, f),
            Self::Panic => f.write_str("panic"),
            Self::Signal(reason) => write!(f, "{{signal, {reason}}}"),
        }
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Normal => "normal",
            Self::Shutdown => "shutdown",
            Self::ShutdownWith => "shutdown_with",
            Self::Boom => "boom",
            Self::Kill => "kill",
        })
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Fail => "fail",
            Self::Panic => "panic",
            Self::Ignore => "ignore",
        })
    }
}

pub(crate) const fn restart_word(restart: Restart) -> &'static str {
    match restart {
        Restart::Permanent => "permanent",
        Restart::Transient => "transient",
        Restart::Temporary => "temporary",
    }
}

fn strategy_word(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::OneForOne => "one_for_one",
        Strategy::OneForAll => "one_for_all",
        Strategy::RestForOne => "rest_for_one",
        other => unreachable!("{other:?} is not known here"),
    }
}

fn auto_shutdown_word(auto_shutdown: AutoShutdown) -> &'static str {
    match auto_shutdown {
        AutoShutdown::Never => "never",
        AutoShutdown::AnySignificant => "any_significant",
        AutoShutdown::AllSignificant => "all_significant",
        other => unreachable!("{other:?} is not known here"),
    }
}
