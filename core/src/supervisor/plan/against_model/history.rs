//! Random histories.

use super::world::World;
use crate::supervisor::model::{
    AutoShutdown, Flags, Id, Nanos, Reason, Restart, Spec, Step, Strategy,
};

const SECOND: Nanos = 1_000_000_000;
/// Ids of the children of fixed supervisors: few, so that requests meet them.
const IDS: u64 = 6;

/// What happens next. Each makes sense whatever came before, so that any of them can be left out.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// What the supervisor waits for: the next child that it stops ends, or the start under way succeeds. If it waits for
    /// nothing, its message to itself comes.
    Next,
    /// The start under way fails.
    Fail,
    /// The start under way is ignored.
    Ignore,
    /// A process ends by itself, the one in this place among those alive. It may have been told to stop.
    Exit(usize, Reason),
    /// A process that is no child ends.
    Stranger,
    StartChild(Spec),
    TerminateChild(Id),
    RestartChild(Id),
    DeleteChild(Id),
    /// By the pid of the process in this place, or of one that has ended.
    TerminateProcess(usize),
    Wait(Nanos),
    Shutdown,
}

#[derive(Clone, Debug)]
pub(super) struct History {
    pub(super) flags: Flags,
    pub(super) specs: Vec<Spec>,
    pub(super) ops: Vec<Op>,
}

impl History {
    pub(super) fn random(seed: u64) -> Self {
        let mut random = Random(seed);
        let strategy = match random.below(4) {
            0 => Strategy::OneForOne,
            1 => Strategy::RestForOne,
            2 => Strategy::OneForAll,
            _ => Strategy::Dynamic,
        };
        let dynamic = strategy == Strategy::Dynamic;
        let flags = Flags {
            strategy,
            max_restarts: random.below(5) as usize,
            period: [SECOND, 5 * SECOND][random.below(2) as usize],
            auto_shutdown: match random.below(4) {
                0 if !dynamic => AutoShutdown::AnySignificant,
                1 if !dynamic => AutoShutdown::AllSignificant,
                _ => AutoShutdown::Never,
            },
            max_children: (dynamic && random.below(2) == 0).then(|| random.below(4) as usize),
        };
        let children = if dynamic { 0 } else { random.below(5) as Id };
        let specs = (0..children).map(|id| random.spec(id, flags)).collect();
        let length = 10 + random.below(30);
        let ops = (0..length).map(|_| random.op(flags)).collect();
        Self { flags, specs, ops }
    }

    /// Plays the history to both. `Err`: they differ.
    pub(super) fn play(&self) -> Result<(), String> {
        self.play_and(&mut |_| {})
    }

    pub(super) fn play_and(&self, seen: &mut dyn FnMut(&Step)) -> Result<(), String> {
        let mut world = World::new(self);
        world.boot(seen)?;
        for op in &self.ops {
            world.play(op, seen)?;
        }
        // The end is always reached.
        world.play(&Op::Shutdown, seen)?;
        while !world.has_ended() {
            world.play(&Op::Next, seen)?;
        }
        Ok(())
    }

    /// This history with something left out, the most first.
    pub(super) fn smaller(&self) -> impl Iterator<Item = Self> {
        let ops = self.ops.len();
        let sizes =
            std::iter::successors(Some(ops.div_ceil(2)), |size| (*size > 1).then(|| size / 2));
        let ranges = sizes.filter(|size| *size > 0).flat_map(move |size| {
            let begins = (0..ops).step_by(size);
            begins.map(move |begin| begin..ops.min(begin + size))
        });
        let fewer_ops = ranges.map(|range| {
            let mut smaller = self.clone();
            smaller.ops.drain(range);
            smaller
        });
        let fewer_specs = (0..self.specs.len()).map(|at| {
            let mut smaller = self.clone();
            smaller.specs.remove(at);
            smaller
        });
        fewer_ops.chain(fewer_specs)
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn restart(&mut self) -> Restart {
        match self.below(5) {
            0 => Restart::Temporary,
            1 | 2 => Restart::Transient,
            _ => Restart::Permanent,
        }
    }

    /// Every other child that may be significant is.
    fn spec(&mut self, id: Id, flags: Flags) -> Spec {
        let (restart, half) = (self.restart(), self.below(2) == 0);
        let may_be = flags.auto_shutdown != AutoShutdown::Never && restart != Restart::Permanent;
        Spec {
            id,
            restart,
            significant: may_be && half,
            supervisor: false,
        }
    }

    fn op(&mut self, flags: Flags) -> Op {
        match self.below(100) {
            0..=42 => Op::Next,
            43..=48 => Op::Fail,
            49..=51 => Op::Ignore,
            52..=69 => Op::Exit(self.below(8) as usize, self.reason()),
            70 => Op::Stranger,
            71..=77 => {
                let id = self.below(IDS) as Id;
                Op::StartChild(self.spec(id, flags))
            }
            78..=81 => Op::TerminateChild(self.below(IDS) as Id),
            82..=84 => Op::RestartChild(self.below(IDS) as Id),
            85..=86 => Op::DeleteChild(self.below(IDS) as Id),
            87..=88 => Op::TerminateProcess(self.below(8) as usize),
            89..=98 => Op::Wait(self.time(flags.period)),
            _ => Op::Shutdown,
        }
    }

    fn reason(&mut self) -> Reason {
        match self.below(6) {
            0 => Reason::Normal,
            1 => Reason::Shutdown,
            _ => Reason::Abnormal,
        }
    }

    /// Around the edges of the window, for the most part.
    fn time(&mut self, period: Nanos) -> Nanos {
        match self.below(6) {
            0 => 1,
            1 => period - 1,
            2 => period,
            3 => period + 1,
            4 => period / 2,
            _ => self.below(2 * period),
        }
    }
}
