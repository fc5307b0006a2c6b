//! Lives: which servers live, under which names, and what the dead died of.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use suptree::{
    ExitReason, Monitor, Name, Pid, Status, monitor, process_info, processes, self_pid, sim,
    whereis,
};

use crate::world::{self, World, with};

/// How many names there are to fight for.
pub(crate) const NAMES: u32 = 4;

#[derive(Default)]
pub(crate) struct Lives {
    /// From the begin of `init` to the drop of the state.
    pub(crate) living: BTreeMap<Pid, Live>,
    died: BTreeMap<Pid, Death>,
    holders: BTreeMap<u32, Pid>,
    /// Killed, or as good as: not one handler of these may begin any more.
    doomed: BTreeSet<Pid>,
    step: Step,
    /// The runtime is about to end, and everything on it.
    pub(crate) over: bool,
    /// Ended by others, and not dropped yet: since when.
    dying: BTreeMap<Pid, Duration>,
    /// One on each server, set up in `init`, to be asked what it died of.
    watches: BTreeMap<Pid, Monitor>,
    supervisors: BTreeSet<Pid>,
    links: BTreeSet<(Pid, Pid)>,
    /// Children that somebody wants terminated, each as supervisor and position: until there is an answer.
    unwanted: Vec<(Pid, u32)>,
    /// In the order of their deaths, once the last stop is on: supervisor, position, time.
    pub(crate) stopped: Vec<(Pid, u32, Duration)>,
    /// A group was restarted while the last stop was on: some of it were stopped for that.
    pub(crate) group_restarted: bool,
}

/// What happened since the task that runs now was polled, or since the client in it did something.
#[derive(Default)]
struct Step {
    poll: u64,
    /// Servers whose code ran.
    acted: BTreeSet<Pid>,
    /// The last server that was dropped.
    dropped: Option<Pid>,
}

impl Lives {
    fn step(&mut self) -> &mut Step {
        let poll = sim::trace_hash();
        if self.step.poll != poll {
            self.step = Step {
                poll,
                ..Step::default()
            };
        }
        &mut self.step
    }

    /// Code of this server runs, in its task or in that of a caller.
    pub(crate) fn acts(&mut self, pid: Pid) {
        self.step().acted.insert(pid);
    }

    /// A client begins something.
    pub(crate) fn client_acts(&mut self) {
        self.step = Step::default();
    }

    /// A server is dropped: by its own task, or by those that ran it just now.
    fn drops(&mut self, pid: Pid) -> Result<(), Pid> {
        let step = self.step();
        let acted = step.acted.contains(&pid);
        match step.dropped.replace(pid) {
            Some(before) if !acted && !self.over => Err(before),
            _ => Ok(()),
        }
    }
}

pub(crate) struct Live {
    seat: u32,
    pub(crate) traps: bool,
    pub(crate) graceful: bool,
    pub(crate) capacity: usize,
    /// Supervisor and position in it.
    pub(crate) position: Option<(Pid, u32)>,
    name: Option<u32>,
}

struct Death {
    at: Duration,
}

/// Lives inside a server from the begin of its `init`. Its drop is the server's end.
pub(crate) struct Life(Pid);

/// What is known about a server when its `init` begins.
#[derive(Clone)]
pub(crate) struct Birth {
    pub(crate) seat: u32,
    pub(crate) name: Option<u32>,
    pub(crate) traps: bool,
    pub(crate) graceful: bool,
    pub(crate) capacity: usize,
    pub(crate) position: Option<u32>,
}

impl Life {
    pub(crate) fn begin(birth: Birth) -> Self {
        let pid = self_pid();
        let watch = monitor(pid);
        let parent = process_info(pid).and_then(|info| info.parent);
        let held = birth.name.and_then(|name| {
            let holder = with(|world| world.lives.holders.get(&name).copied())?;
            is_alive(holder).then_some((name, holder))
        });
        with(|world| {
            let Birth {
                seat,
                name,
                traps,
                graceful,
                capacity,
                position,
            } = birth.clone();
            if let Some((name, holder)) = held {
                world.fail(|| format!("R72: name {name} of {pid} is still held by {holder}"));
            }
            // Its last holder may be dead, and not dropped yet.
            if let Some(name) = name {
                world.lives.holders.insert(name, pid);
            }
            let position = parent.zip(position);
            let live = Live {
                seat,
                traps,
                graceful,
                capacity,
                position,
                name,
            };
            if world.lives.living.insert(pid, live).is_some() {
                world.fail(|| format!("{pid} begins twice"));
            }
            world.lives.watches.insert(pid, watch);
            world.lives.acts(pid);
            world.restarts.begun(seat, pid);
        });
        world::log(|| format!("{pid} begins: seat {}, child of {parent:?}", birth.seat));
        Self(pid)
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        world::log(|| format!("{} ends", self.0));
        let _over = world::try_with(|world| {
            if let Err(before) = world.lives.drops(self.0) {
                let pid = self.0;
                world.fail(|| format!("R85: {pid} is dropped with {before}, by others"));
            }
            let at = sim::elapsed();
            let Some(live) = world.lives.living.remove(&self.0) else {
                return world.fail(|| format!("R26: {} ends twice", self.0));
            };
            if let Some(name) = live.name
                && world.lives.holders.get(&name) == Some(&self.0)
            {
                world.lives.holders.remove(&name);
            }
            world.lives.died.insert(self.0, Death { at });
            // A start that is interrupted is interrupted first of all. Then come requests of before.
            if world.stopping && world.restarts.is_through(live.seat) {
                let lives = &world.lives;
                let stopped = live
                    .position
                    .filter(|position| !lives.unwanted.contains(position))
                    .map(|(supervisor, position)| (supervisor, position, at));
                world.lives.stopped.extend(stopped);
            }
        });
    }
}

/// A supervisor began.
pub(crate) fn supervisor_began(pid: Pid) {
    let watch = monitor(pid);
    world::log(|| {
        format!(
            "{pid} begins: a supervisor, child of {:?}",
            process_info(pid).and_then(|info| info.parent)
        )
    });
    with(|world| {
        world.lives.supervisors.insert(pid);
        world.lives.watches.insert(pid, watch);
    });
}

/// Whether the library counts a process among those that live.
fn is_alive(pid: Pid) -> bool {
    process_info(pid).is_some_and(|info| info.status != Status::Exiting)
}

/// Whether a process is dead for everybody who asks, and not dropped yet.
pub(crate) fn is_exiting(pid: Pid) -> bool {
    process_info(pid).is_some_and(|info| info.status == Status::Exiting)
}

/// When a server was dropped.
pub(crate) fn death(pid: Pid) -> Option<Duration> {
    with(|world| world.lives.died.get(&pid).map(|death| death.at))
}

/// What a server died of, as the monitor says that was set up in its `init`. `None`: it lives.
pub(crate) fn reason(pid: Pid) -> Option<ExitReason> {
    // Polled outside of the world: whatever that drops may report to it.
    let mut watch = with(|world| world.lives.watches.remove(&pid))?;
    let polled = Pin::new(&mut watch).poll(&mut Context::from_waker(Waker::noop()));
    with(|world| world.lives.watches.insert(pid, watch));
    match polled {
        Poll::Ready(down) => Some(down.reason),
        Poll::Pending => None,
    }
}

/// Somebody has looked, and learned that `pid` ended for `reason`: it has to be true for everybody who asks.
pub(crate) fn asked(pid: Pid, reason: &ExitReason) {
    if is_alive(pid) {
        world::fail(|| format!("R26: a sender learned that {pid} ended ({reason}), but it lives"));
    }
}

/// Somebody who waited for `pid` was told that it ended, for `reason`: nothing of it may be left.
pub(crate) fn told(pid: Pid, told: &ExitReason, who: &str) {
    if process_info(pid).is_some() {
        world::fail(|| {
            format!("R26: {who} was told that {pid} ended ({told}), but it is in the table")
        });
    }
    if with(|world| world.lives.living.contains_key(&pid)) {
        world::fail(|| {
            format!("R26: {who} was told that {pid} ended ({told}), but its state is there")
        });
    }
    if let Some(reason) = reason(pid)
        && reason != *told
        && *told != ExitReason::NoProc
    {
        world::fail(|| {
            format!("{who} was told that {pid} ended with {told}, the monitor in it says {reason}")
        });
    }
}

/// An exit signal is on its way that leaves no room for another handler.
pub(crate) fn doom(pid: Pid, reason: &ExitReason) {
    world::log(|| {
        format!(
            "{pid} gets an exit signal from {:?}: {reason}",
            suptree::try_self_pid()
        )
    });
    with(|world| {
        let Some(live) = world.lives.living.get(&pid) else {
            return;
        };
        let kills = match reason {
            ExitReason::Kill => true,
            ExitReason::Normal => false,
            // A parent's exit lets a graceful server finish: what strangers send is meant here, so play it safe.
            _ => !live.traps && !live.graceful,
        };
        if kills {
            world.lives.doomed.insert(pid);
        }
    });
}

/// A handler begins in the running process.
pub(crate) fn handler_begins(world: &mut World, pid: Pid, what: &str) {
    world.liveness.acts(pid);
    world.lives.acts(pid);
    if world.lives.doomed.contains(&pid) {
        world.fail(|| format!("R26: {pid} was killed, and begins {what} all the same"));
    }
}

pub(crate) fn linked(a: Pid, b: Pid) {
    with(|world| world.lives.links.insert((a, b)));
}

/// A random living server.
pub(crate) fn any(draw: u64) -> Option<Pid> {
    with(|world| {
        let living = &world.lives.living;
        let nth = draw.checked_rem(living.len() as u64)?;
        living.keys().nth(nth as usize).copied()
    })
}

/// Somebody asks a supervisor to terminate the child at a position; or (`false`) has the answer.
pub(crate) fn unwanted(child: (Pid, u32), asks: bool) {
    with(|world| {
        let unwanted = &mut world.lives.unwanted;
        if asks {
            unwanted.push(child);
        } else if let Some(at) = unwanted.iter().position(|other| *other == child) {
            unwanted.swap_remove(at);
        }
    });
}

/// Compares the library's tables with what is known. Only between the steps of processes, not inside one.
pub(crate) fn check() {
    let table = processes();
    let pids: BTreeSet<Pid> = table.iter().map(|info| info.pid).collect();
    let exiting = table.iter().filter(|info| info.status == Status::Exiting);
    let exiting: BTreeSet<Pid> = exiting.map(|info| info.pid).collect();
    let held: Vec<_> = (0..NAMES).map(|name| whereis(&name)).collect();
    let dead_links: Vec<(Pid, Pid)> = with(|world| {
        let links = world.lives.links.iter().copied();
        links
            .filter(|(a, b)| pids.contains(a) != pids.contains(b))
            // Dead for everybody who asks, and about to be dropped.
            .filter(|(a, b)| !exiting.contains(a) && !exiting.contains(b))
            .collect()
    });
    let dying: Vec<_> = exiting.iter().map(|pid| (*pid, reason(*pid))).collect();
    let reasons: Vec<_> = dead_links
        .iter()
        .map(|(a, b)| reason(if pids.contains(a) { *b } else { *a }))
        .collect();
    with(|world| {
        for info in &table {
            if let Some(parent) = info.parent
                && world.lives.supervisors.contains(&parent)
                && !pids.contains(&parent)
            {
                world.fail(|| {
                    format!(
                        "R36: {} is an orphan: its supervisor {parent} is gone",
                        info.pid
                    )
                });
            }
            // A server that has messages has something to do.
            if info.status == Status::Idle && info.mailbox_len > 0 {
                let (pid, messages) = (info.pid, info.mailbox_len);
                world.fail(|| format!("R54: {pid} is idle with {messages} messages"));
            }
            let live = world.lives.living.get(&info.pid);
            // Stops are not bounded, and never more than a few; exits that are trapped may be many.
            let capacity = live.filter(|live| !live.traps).map(|live| live.capacity);
            if let Some(capacity) = capacity.filter(|capacity| info.mailbox_len > capacity + 12) {
                world.fail(|| {
                    format!(
                        "R62: {} messages in a mailbox of {capacity}",
                        info.mailbox_len
                    )
                });
            }
        }
        if let Some(lost) = world.lives.living.keys().find(|pid| !pids.contains(pid)) {
            let lost = *lost;
            world.fail(|| format!("R26: the state of {lost} is there, the process is not"));
        }
        for (pid, told) in dying {
            let now = sim::elapsed();
            // No handler of it begins any more, and no time passes until it is dropped, and its death told.
            world.lives.doomed.insert(pid);
            let since = *world.lives.dying.entry(pid).or_insert(now);
            if since < now {
                world.fail(|| format!("R26: {pid} is dead since {since:?}, and there at {now:?}"));
            }
            if let Some(reason) = told {
                world.fail(|| {
                    format!("R26: the death of {pid} was told ({reason}), and it is there")
                });
            }
        }
        for (name, held) in (0..).zip(held) {
            let holder = world.lives.holders.get(&name).copied();
            // The dead hold no name, dropped or not.
            let holder = holder.filter(|holder| !exiting.contains(holder));
            if held != holder {
                world.fail(|| {
                    format!("R73: name {name} leads to {held:?}, its holder is {holder:?}")
                });
            }
        }
        for ((a, b), reason) in dead_links.into_iter().zip(reasons) {
            let dead = if pids.contains(&a) { b } else { a };
            let alive = if pids.contains(&a) { a } else { b };
            // A server in its `init` dies of it when its starter looks at it next.
            let stands = world.lives.living.get(&alive).is_none_or(|live| {
                live.traps || live.graceful || !world.restarts.is_through(live.seat)
            });
            if !stands
                && reason
                    .as_ref()
                    .is_some_and(|reason| *reason != ExitReason::Normal)
            {
                world.fail(|| {
                    format!("R74: {alive} outlives {dead}, which it is linked to ({reason:?})")
                });
            }
            world.lives.links.remove(&(a, b));
        }
    });
}

/// The name of a number.
pub(crate) fn name(number: u32) -> Name {
    Name::new(number)
}

/// The pid of no process.
pub(crate) fn nobody() -> Pid {
    suptree::ServerRef::<crate::worker::Worker<0>>::named(Name::from_static("nobody"))
        .monitor()
        .pid()
}

/// O1: in an orderly stop, workers of one supervisor end in reverse start order.
pub(crate) fn check_stop_order() {
    let mut killed = with(|world| world.lives.supervisors.clone());
    killed.retain(|pid| reason(*pid) == Some(ExitReason::Killed));
    with(|world| {
        // A link takes a child with it, out of turn; and a killed supervisor's children end together, one that is killed
        // because its start is in the way among them.
        if world.options.links || world.options.short_shutdowns || world.lives.group_restarted {
            return;
        }
        let mut last = BTreeMap::new();
        let stopped = std::mem::take(&mut world.lives.stopped);
        let orderly = stopped.iter().filter(|stop| !killed.contains(&stop.0));
        for (supervisor, position, _) in orderly {
            if let Some(before) = last.insert(*supervisor, *position)
                && before < *position
            {
                world.fail(|| {
                    format!(
                        "O1: {supervisor} stopped child {before} before {position}: {stopped:?}"
                    )
                });
            }
        }
    });
}
