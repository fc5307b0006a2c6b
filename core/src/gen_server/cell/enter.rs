//! Entering a cell, and leaving it.

use super::run::Running;
use super::state::{Entry, Outside};
use super::turns::Turns;
use super::{AnyCell, Cell};
use crate::gen_server::GenServer;
use crate::reply::abandoned;
use crate::sync::Arc;

/// How often a caller looks again while another one runs the server.
const LOOKS: u32 = 8;
/// How long it pauses between two looks at the most. Each look takes the state away from the runner.
const LONGEST_PAUSE: u32 = 32;

/// The right to run a server, which one at a time has. It is got by entering, and consumed by what runs handlers and
/// leaves.
#[must_use = "a server that is entered and not left runs no more"]
pub(crate) struct Entered<'a, S: GenServer>(&'a Arc<Cell<S>>);

impl<'a, S: GenServer> Entered<'a, S> {
    #[inline(always)]
    pub(super) const fn cell(&self) -> &'a Arc<Cell<S>> {
        self.0
    }

    /// Leaves, or first sees to what came up while the server ran.
    #[inline]
    pub(in crate::gen_server) fn leave(self) {
        if self.0.state.try_leave_undisturbed() {
            abandoned::notify(self.0.pid());
        } else {
            self.run(Turns::CALLER);
        }
    }

    /// Works until there is nothing left to do, or it is somebody else's turn; then leaves.
    pub(super) fn run(self, turns: Turns) {
        let wake = Running::by_entering(self.0.any()).run(turns);
        self.0.obey(wake);
    }

    /// Leaves what there is to do to the task.
    #[cold]
    pub(super) fn leave_to_task(self) {
        let cell = self.0;
        let wake = self.running().leave_to_task();
        cell.obey(wake);
    }

    pub(super) fn running(self) -> Running<'a> {
        Running::by_entering(self.0.any())
    }
}

impl<S: GenServer> Cell<S> {
    /// Enters the cell if it is idle. Helps with a backlog, and waits a moment for a caller who runs the server. `None`: the
    /// message has to be queued, or the server is dead.
    #[inline]
    pub(in crate::gen_server) fn try_enter(
        self: &Arc<Self>,
        entry: Entry,
    ) -> Option<Entered<'_, S>> {
        if self.state.try_enter(entry) || self.try_enter_slowly(entry) {
            return Some(Entered(self));
        }
        None
    }

    #[cold]
    #[inline(never)]
    fn try_enter_slowly(self: &Arc<Self>, entry: Entry) -> bool {
        let mut spin = Spin::new();
        loop {
            let Some(running) = self.any().enter_or_wait(entry, &mut spin) else {
                return false;
            };
            match running {
                Ok(()) => return true,
                Err(backlog) => {
                    let wake = backlog.run(Turns::CALLER);
                    self.obey(wake);
                }
            }
        }
    }
}

/// What a caller does about a server that others run.
struct Spin {
    looks: u32,
    pause: u32,
    helped: bool,
}

impl Spin {
    const fn new() -> Self {
        Self {
            looks: 0,
            pause: 1,
            helped: false,
        }
    }
}

impl AnyCell {
    /// `Some(Err(..))`: entered to see to a backlog first. `None`: the caller stays out.
    fn enter_or_wait(&self, entry: Entry, spin: &mut Spin) -> Option<Result<(), Running<'_>>> {
        loop {
            match self.state.try_enter_with_backlog(entry, !spin.helped) {
                None => {}
                Some(Ok(false)) => return Some(Ok(())),
                Some(Ok(true)) => {
                    spin.helped = true;
                    return Some(Err(Running::by_entering(self)));
                }
                Some(Err(Outside::Occupied)) if spin.looks < LOOKS => {
                    spin.looks += 1;
                    for _ in 0..spin.pause {
                        crate::sync::spin_loop();
                    }
                    spin.pause = LONGEST_PAUSE.min(spin.pause * 2);
                }
                Some(Err(_)) => return None,
            }
        }
    }
}
