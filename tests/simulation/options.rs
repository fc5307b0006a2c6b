//! The options of a story: which faults a seed plays with, and how hard.
//!
//! Each seed leaves out some of the operations and faults altogether (swarm testing): what always happens hides what only
//! goes wrong without it.

use suptree::{AutoShutdown, Strategy};

use crate::rng::Rng;

/// What a client can do, with a weight for each in [`Options::weights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Call,
    Cast,
    Burst,
    /// Many clients at once at one server.
    Crowd,
    /// A call of a server that was just started.
    CallFresh,
    Kill,
    Exit,
    Stop,
    Monitor,
    StartPooled,
    TerminatePooled,
    StartNamed,
    AskSupervisor,
    AddChild,
    KillSupervisor,
    Check,
    Pause,
}

impl Op {
    pub(crate) const ALL: [Self; 17] = [
        Self::Call,
        Self::Cast,
        Self::Burst,
        Self::Crowd,
        Self::CallFresh,
        Self::Kill,
        Self::Exit,
        Self::Stop,
        Self::Monitor,
        Self::StartPooled,
        Self::TerminatePooled,
        Self::StartNamed,
        Self::AskSupervisor,
        Self::AddChild,
        Self::KillSupervisor,
        Self::Check,
        Self::Pause,
    ];
    /// Which of them matter most.
    const FULL: [u64; 17] = [40, 10, 2, 2, 3, 8, 6, 3, 6, 4, 3, 6, 2, 1, 1, 6, 8];
}

/// What a handler does in the end; see [`Script`](crate::script::Script).
pub(crate) const ENDS: usize = 16;

#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) clients: u64,
    pub(crate) ops: u64,
    pub(crate) weights: [u64; 17],
    pub(crate) ends: [u64; ENDS],
    /// Handlers that wait, in a thousand.
    pub(crate) waits: u64,
    /// Handlers that wait for ever, in a thousand of those that wait.
    pub(crate) forever: u64,
    pub(crate) root_kids: u64,
    pub(crate) branch: bool,
    pub(crate) branch_kids: u64,
    pub(crate) max_restarts: u32,
    pub(crate) max_seconds: u64,
    /// Children with names, in a thousand.
    pub(crate) named: u64,
    /// Starts that fail, and such that take their time, in a thousand.
    pub(crate) init_fails: u64,
    pub(crate) init_waits: u64,
    /// Servers that take their time in `terminate`, in a thousand.
    pub(crate) lingers: u64,
    pub(crate) links: bool,
    /// The run ends without any order after so many steps of its main task.
    pub(crate) abrupt: Option<u64>,
    /// Supervisors among the children that get less time to stop than their own children may take.
    pub(crate) short_shutdowns: bool,
    /// Clients share their references, and so the reply slots in them.
    pub(crate) shared: bool,
    /// Of the root, and of the branch.
    pub(crate) strategies: [Strategy; 2],
    pub(crate) auto_shutdown: AutoShutdown,
    /// Of the starts that fail those that are ignored, in a thousand.
    pub(crate) ignores: u64,
}

impl Options {
    pub(crate) fn draw(seed: u64) -> Self {
        let rng = &mut Rng::new(seed, 1);
        let mut weights = Op::FULL;
        for weight in &mut weights[1..] {
            match rng.below(4) {
                0 => *weight = 0,
                1 => *weight *= 4,
                _ => {}
            }
        }
        let mut ends = [0; ENDS];
        ends[0] = 20;
        for end in &mut ends[1..] {
            *end = rng.pick(&[0, 0, 2, 4, 10]);
        }
        let links = rng.below(3) == 0;
        Self {
            clients: 1 + rng.below(5),
            ops: rng.pick(&[5, 20, 40, 80]),
            weights,
            ends,
            waits: rng.pick(&[0, 100, 300, 700]),
            forever: rng.pick(&[0, 0, 20, 100]),
            root_kids: rng.below(64),
            branch: rng.below(3) > 0,
            branch_kids: rng.below(64),
            max_restarts: rng.pick(&[0, 1, 3, 20, 100, 1000, 1000, 1000]),
            max_seconds: rng.pick(&[1, 5, 5, 3600]),
            named: rng.pick(&[0, 200, 700]),
            init_fails: rng.pick(&[0, 0, 20, 150]),
            init_waits: rng.pick(&[0, 100, 300, 600]),
            lingers: rng.pick(&[0, 0, 200, 600]),
            links,
            abrupt: (rng.below(7) == 0).then(|| rng.pick(&[1, 1, 2, 3, 5, 8, 30, 100, 600])),
            short_shutdowns: rng.below(4) == 0,
            shared: rng.below(2) == 0,
            strategies: [strategy(rng), strategy(rng)],
            auto_shutdown: rng.pick(&[
                AutoShutdown::Never,
                AutoShutdown::Never,
                AutoShutdown::Never,
                AutoShutdown::AnySignificant,
                AutoShutdown::AllSignificant,
            ]),
            ignores: rng.pick(&[0, 300]),
        }
    }
}

fn strategy(rng: &mut Rng) -> Strategy {
    rng.pick(&[
        Strategy::OneForOne,
        Strategy::OneForOne,
        Strategy::OneForAll,
        Strategy::RestForOne,
    ])
}
