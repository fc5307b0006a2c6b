//! The world: what a story knows for sure, beside and apart from what the library says.
//!
//! One per thread and run. Nothing of the library is called while it is borrowed: that could run a destructor of a server,
//! which reports here.

use std::cell::RefCell;
use std::collections::BTreeMap;

use suptree::sim;

use crate::line::Lines;
use crate::liveness::Liveness;
use crate::lives::Lives;
use crate::options::Options;
use crate::requests::Requests;
use crate::restarts::Restarts;
use crate::rng::Rng;
use crate::targets::Target;

pub(crate) struct World {
    pub(crate) options: Options,
    /// For choices inside servers.
    pub(crate) rng: Rng,
    pub(crate) lives: Lives,
    pub(crate) liveness: Liveness,
    pub(crate) lines: Lines,
    pub(crate) requests: Requests,
    pub(crate) restarts: Restarts,
    /// Whom clients can call, by where they come from; replaced when that is started anew.
    pub(crate) targets: BTreeMap<u64, Target>,
    pub(crate) faults: u64,
    pub(crate) violation: Option<String>,
    /// Clients come to an end.
    pub(crate) closing: bool,
    /// The last stop of the tree is on, in which order counts.
    pub(crate) stopping: bool,
    /// What the story waits for.
    pub(crate) phase: &'static str,
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

impl World {
    fn new(seed: u64, options: Options) -> Self {
        Self {
            options,
            rng: Rng::new(seed, 2),
            lives: Lives::default(),
            liveness: Liveness::default(),
            lines: Lines::default(),
            requests: Requests::default(),
            restarts: Restarts::default(),
            targets: BTreeMap::new(),
            faults: 0,
            violation: None,
            closing: false,
            stopping: false,
            phase: "the clients",
        }
    }

    pub(crate) fn fail(&mut self, what: impl FnOnce() -> String) {
        if self.violation.is_none() {
            self.violation = Some(what());
        }
    }
}

/// Makes a new world for this thread; the old one's verdict must have been taken.
pub(crate) fn begin(seed: u64, options: Options) {
    WORLD.set(Some(World::new(seed, options)));
}

/// Takes the world away. What is dropped later reports to nobody.
pub(crate) fn end() -> World {
    WORLD.take().expect("a world has begun")
}

/// Works on the world of this thread.
pub(crate) fn with<R>(work: impl FnOnce(&mut World) -> R) -> R {
    try_with(work).expect("inside a story")
}

/// As [`with`], where the story may be over.
pub(crate) fn try_with<R>(work: impl FnOnce(&mut World) -> R) -> Option<R> {
    WORLD.with_borrow_mut(|world| world.as_mut().map(work))
}

/// Something that must not be.
pub(crate) fn fail(what: impl FnOnce() -> String) {
    let _over = try_with(|world| world.fail(what));
}

/// Something was done that a reliable system has to stand.
pub(crate) fn fault() {
    with(|world| world.faults += 1);
}

pub(crate) fn is_closing() -> bool {
    with(|world| world.closing || world.violation.is_some())
}

/// Virtual milliseconds of the run.
pub(crate) const fn millis(time: u64) -> std::time::Duration {
    std::time::Duration::from_millis(time)
}

/// Makes what happened part of the trace: replays must agree on it, not on the schedule alone.
pub(crate) fn record(value: u64) {
    sim::record(value);
}

/// Whether to tell what happens, for a look into one seed: `SUPTREE_SIM_LOG=1`.
fn logs() -> bool {
    static LOGS: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *LOGS.get_or_init(|| std::env::var_os("SUPTREE_SIM_LOG").is_some())
}

/// Tells what happens, if anybody wants to know.
pub(crate) fn log(what: impl FnOnce() -> String) {
    if logs() {
        println!("{:>12?} {}", sim::elapsed(), what());
    }
}
