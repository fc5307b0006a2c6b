//! Restarts: a model of its own of who may be restarted, and how often.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use suptree::{AutoShutdown, ExitReason, Pid, Restart, Strategy, sim};

use crate::lives;
use crate::world::{self, with};

#[derive(Default)]
pub(crate) struct Restarts {
    seats: Vec<Seat>,
    windows: BTreeMap<Pid, Window>,
}

/// A place of a child in a supervisor, or a start without one.
#[derive(Clone, Copy)]
struct Seat {
    restart: Restart,
    /// Whose child it is, from the first attempt to start it.
    supervisor: Option<Pid>,
    /// Its last incarnation.
    last: Option<Pid>,
    /// `init` of that one was through.
    through: bool,
    /// Its position in the start order of its supervisor.
    position: usize,
}

/// The restarts of a supervisor.
struct Window {
    max: u32,
    length: Duration,
    groups: bool,
    may_shut_down: bool,
    /// How many children it was given.
    children: usize,
    /// The child that was started last in a restart.
    last: Option<usize>,
    /// The restarts, of which there were so many at least: a group counts once, and goes by the start order.
    restarts: VecDeque<Duration>,
    /// Every start in a restart, of which each may have been a restart of its own.
    starts: VecDeque<Duration>,
    /// The most starts there were in any window.
    most: usize,
}

impl Restarts {
    /// `init` of an incarnation begins.
    pub(crate) fn begun(&mut self, seat: u32, pid: Pid) {
        let seat = &mut self.seats[seat as usize];
        seat.last = Some(pid);
        seat.through = false;
    }

    /// Whether `init` of the last incarnation of a seat is through.
    pub(crate) fn is_through(&self, seat: u32) -> bool {
        self.seats[seat as usize].through
    }

    /// The last incarnation of a seat.
    pub(crate) fn last(&self, seat: u32) -> Option<Pid> {
        self.seats[seat as usize].last
    }
}

/// A new seat.
pub(crate) fn seat(restart: Restart) -> u32 {
    with(|world| {
        let seats = &mut world.restarts.seats;
        seats.push(Seat {
            restart,
            supervisor: None,
            last: None,
            through: false,
            position: 0,
        });
        seats.len() as u32 - 1
    })
}

/// `init` is through.
pub(crate) fn through(seat: u32) {
    with(|world| world.restarts.seats[seat as usize].through = true);
}

/// A supervisor begins, with its budget.
pub(crate) fn supervisor(
    pid: Pid,
    max: u32,
    seconds: u64,
    strategy: Strategy,
    auto_shutdown: AutoShutdown,
) {
    lives::supervisor_began(pid);
    let window = Window {
        max,
        length: Duration::from_secs(seconds),
        groups: strategy != Strategy::OneForOne,
        may_shut_down: auto_shutdown != AutoShutdown::Never,
        children: 0,
        last: None,
        restarts: VecDeque::new(),
        starts: VecDeque::new(),
        most: 0,
    };
    with(|world| world.restarts.windows.insert(pid, window));
}

/// `supervisor` makes the arguments of the child at `seat`: it is about to start it.
pub(crate) fn attempt(seat: u32, supervisor: Pid) {
    let now = sim::elapsed();
    let before = with(|world| {
        let seat = &mut world.restarts.seats[seat as usize];
        let before = seat.supervisor.replace(supervisor);
        let window = world.restarts.windows.get_mut(&supervisor);
        if before != Some(supervisor)
            && let Some(window) = window
        {
            seat.position = window.children;
            window.children += 1;
            return None;
        }
        (before == Some(supervisor)).then_some(*seat)
    });
    // The first attempt is none of the restarts.
    let Some(Seat {
        restart,
        last,
        through,
        position,
        ..
    }) = before
    else {
        return;
    };
    let groups = with(|world| {
        let window = world.restarts.windows.get(&supervisor);
        let groups = window.is_some_and(|window| window.groups);
        // What a group has stopped before the last stop began was not stopped by it.
        world.lives.group_restarted |= groups && world.stopping;
        groups
    });
    if restart == Restart::Temporary {
        world::fail(|| format!("O4: a temporary child of {supervisor} is restarted"));
    }
    if let Some(last) = last {
        // Nothing runs beside what its predecessor has left.
        if with(|world| world.lives.living.contains_key(&last)) {
            world::fail(|| format!("R26: {last} is restarted, and its state is there"));
        }
        match lives::reason(last) {
            None => world::fail(|| format!("O4: {last} is restarted by {supervisor}, but lives")),
            Some(reason)
                if through && !groups && restart == Restart::Transient && is_expected(&reason) =>
            {
                world::fail(|| {
                    format!("O4: {last} is transient, ended with {reason}, and is restarted")
                });
            }
            Some(_) => {}
        }
    }
    with(|world| {
        let Some(window) = world.restarts.windows.get_mut(&supervisor) else {
            return;
        };
        // A group goes on with the children behind.
        let goes_on = window.groups && window.last.is_some_and(|last| last < position);
        window.last = Some(position);
        if !goes_on {
            window.restarts.push_back(now);
        }
        window.starts.push_back(now);
        let from = now.saturating_sub(window.length);
        for times in [&mut window.restarts, &mut window.starts] {
            while times.front().is_some_and(|then| *then < from) {
                times.pop_front();
            }
        }
        let (count, max) = (window.restarts.len(), window.max);
        window.most = window.most.max(window.starts.len());
        // What counts is when a restart was decided. A group is stopped after that, which takes time: it was decided after the
        // attempt before, so that one more may fall into a window of attempts.
        if count > max as usize + usize::from(window.groups) {
            world.fail(|| {
                format!(
                    "O3: {supervisor} carries out {count} restarts in its window, {max} are allowed"
                )
            });
        }
    });
}

/// A supervisor gave up: its budget has to have been used up.
pub(crate) fn gave_up(supervisor: Pid) {
    with(|world| {
        let Some(window) = world.restarts.windows.get(&supervisor) else {
            return;
        };
        let (most, max) = (window.most, window.max);
        if most < max as usize && !window.may_shut_down {
            world.fail(|| {
                format!(
                    "R69: {supervisor} gave up after {most} restarts in a window, {max} are allowed"
                )
            });
        }
    });
}

const fn is_expected(reason: &ExitReason) -> bool {
    reason.is_expected()
}
