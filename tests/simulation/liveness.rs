//! Liveness: what could go on goes on.
//!
//! The clock of a simulation stands still while any task is ready. So when it has moved, whatever was asked for before has
//! been seen to as far as it could be, or never will be, but for what waits for a later moment. [`look`] compares, once a
//! moment, what handlers and clients wait for with what the servers do.

use std::collections::BTreeMap;
use std::time::Duration;

use suptree::{Pid, ProcessInfo, Status, process_info, self_pid, sim};

use crate::lives;
use crate::requests::{self, Awaited, Progress};
use crate::world::{self, World, with};

/// A caller watches its server from the tick of 10 ms on that follows its first poll.
const VIGIL: Duration = Duration::from_millis(25);

#[derive(Default)]
pub(crate) struct Liveness {
    /// When a server last took something up, or was done with it.
    active: BTreeMap<Pid, Duration>,
    /// What servers wait for that is going to happen, in the order in which they began.
    waits: BTreeMap<u64, Wait>,
    begun: u64,
    looked: Duration,
}

/// A server waits for something that happens by a certain time.
#[derive(Clone, Copy)]
struct Wait {
    pid: Pid,
    what: &'static str,
    until: Duration,
}

impl Liveness {
    /// A server does something now.
    pub(crate) fn acts(&mut self, pid: Pid) {
        self.active.insert(pid, sim::elapsed());
    }
}

/// Held by a handler that waits. Dropped when it goes on, or ends with its server.
pub(crate) struct Waits {
    pid: Pid,
    number: u64,
}

/// The running server begins to wait for `what`, which takes at most `time`; `None`: nobody knows how long.
pub(crate) fn wait(what: &'static str, time: Option<Duration>) -> Waits {
    let pid = self_pid();
    let until = time.map(|time| sim::elapsed() + time);
    with(|world| {
        let liveness = &mut world.liveness;
        liveness.begun += 1;
        if let Some(until) = until {
            let wait = Wait { pid, what, until };
            liveness.waits.insert(liveness.begun, wait);
        }
        Waits {
            pid,
            number: liveness.begun,
        }
    })
}

impl Drop for Waits {
    fn drop(&mut self) {
        let _over = world::try_with(|world| {
            world.liveness.waits.remove(&self.number);
            world.liveness.acts(self.pid);
            world.lives.acts(self.pid);
        });
    }
}

/// Looks once a moment; not inside a process.
pub(crate) fn look() {
    let now = sim::elapsed();
    let first = with(|world| {
        let before = std::mem::replace(&mut world.liveness.looked, now);
        if before < now {
            check_handlers(world, now);
        }
        before < now
    });
    if !first {
        return;
    }
    for awaited in requests::awaited() {
        // One that began to wait in this very moment may not have been seen to.
        if awaited.since < now
            && let Some(pid) = awaited.to
            && let Some(why) = forgotten(&awaited, pid, now)
        {
            let by = awaited.handled_by;
            world::fail(|| {
                let Awaited { id, since, .. } = awaited;
                format!(
                    "R47: request {id} to {pid}, handled by {by:?}, waits since {since:?}, and {why}"
                )
            });
        }
    }
}

/// A handler whose time has come goes on, or its server dies.
fn check_handlers(world: &mut World, now: Duration) {
    let mut waits = world.liveness.waits.values();
    if let Some(Wait { pid, what, until }) = waits.find(|wait| wait.until < now).copied() {
        world.fail(|| {
            format!("R54: {what} of {pid} waits, for something that happened at {until:?}")
        });
    }
}

/// Why a request should not be waiting any more.
fn forgotten(awaited: &Awaited, pid: Pid, now: Duration) -> Option<String> {
    let Some(info) = process_info(pid) else {
        let died = lives::death(pid)?;
        let told = if awaited.is_call {
            VIGIL
        } else {
            Duration::ZERO
        };
        return (died + told < now).then(|| format!("the server died at {died:?}"));
    };
    let active = with(|world| world.liveness.active.get(&pid).copied());
    if active.is_some_and(|active| active >= now) {
        return None;
    }
    let status = info.status;
    if status == Status::Exiting {
        // It is gone before any time passes.
        return None;
    }
    match awaited.progress {
        Progress::Answered(at) if at < now => Some(format!("it was answered at {at:?}")),
        Progress::Dropped(at) if at < now && status == Status::Idle => {
            Some(format!("its reply handle was dropped at {at:?}"))
        }
        Progress::Handled if status == Status::Idle => {
            Some(format!("the server is idle since {active:?}"))
        }
        Progress::Sent if matches!(status, Status::Idle | Status::Running) => {
            Some(format!("the server is {status:?} since {active:?}"))
        }
        // Only who waits for room waits with a cast.
        Progress::Sent if !awaited.is_call && has_room(&info) => {
            Some(format!("there is room: {} messages", info.mailbox_len))
        }
        _ => None,
    }
}

fn has_room(info: &ProcessInfo) -> bool {
    with(|world| {
        let live = world.lives.living.get(&info.pid);
        live.is_some_and(|live| info.mailbox_len < live.capacity)
    })
}
