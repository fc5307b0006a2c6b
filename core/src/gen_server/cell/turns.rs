//! `Turns`: how much somebody who runs a server does before they leave the rest to its task.
//!
//! The task gives way to others by the number of messages, and by the time: then to the timers of its runtime, too, which would
//! otherwise have to wait for many turns. A caller has a deadline of its own, and what it works off is somebody else's: it looks
//! at the time more often. Nobody does before the first few messages, which are all there is to most backlogs.

use std::time::Duration;

use super::state::Next;
use crate::rt::{self, Instant};

/// How long the task works before it lets others run.
const SLICE: Duration = Duration::from_millis(2);
/// How long a caller works off what it did not send.
const HELP: Duration = Duration::from_micros(50);
/// Messages between two looks of a caller at the clock, at the most.
const BETWEEN_LOOKS: u32 = 16;

#[derive(Clone, Copy)]
pub(super) struct Turns {
    left: u32,
    by: By,
}

/// Flat, so that a caller's is made with few instructions.
#[derive(Clone, Copy)]
enum By {
    Task,
    /// So many messages at the most in the turn before, and the time has passed since then.
    TaskTimed(u32, Instant),
    /// Nothing is done yet.
    Caller,
    /// A turn is done, whose time was not taken.
    CallerBegun,
    /// So many messages more, if not too much time has passed since then.
    CallerTimed(u32, Instant),
}

/// Whether there is one more turn.
pub(super) enum More {
    /// With so many messages at the most.
    Messages(u32),
    /// Enough is done. `Some`: it took too long, from this moment on.
    No(Option<Instant>),
    /// The task has worked for long enough: it is the turn of others.
    AfterOthers,
}

impl Turns {
    /// Messages in the first turn of the task, whose time nobody takes.
    pub(super) const FIRST: u32 = 80;
    /// Messages in the next one; in the first, if the task has worked for long before.
    pub(super) const FEW: u32 = 8;
    /// Messages in one turn of the task.
    const MOST: u32 = 256;

    /// The server's own task, before it lets others run: some thousand messages.
    pub(super) const TASK: Self = Self {
        left: 9,
        by: By::Task,
    };
    /// A caller: some two hundred messages.
    pub(super) const CALLER: Self = Self {
        left: 16,
        by: By::Caller,
    };
    /// Somebody who sees to signals only, and whom the server must not hold up.
    pub(super) const SIGNALS: Self = Self {
        left: 0,
        by: By::Task,
    };

    pub(super) const fn are_over(self) -> bool {
        self.left == 0
    }

    pub(super) fn begin(&mut self, next: Next) -> More {
        if self.left == 0 {
            return More::No(None);
        }
        self.left -= 1;
        match &mut self.by {
            By::Task => {
                self.by = By::TaskTimed(Self::FEW, rt::now());
                More::Messages(Self::FEW)
            }
            By::TaskTimed(most, start) => {
                if rt::now().saturating_duration_since(*start) >= SLICE {
                    return More::AfterOthers;
                }
                *most = Self::MOST.min(*most * 2);
                More::Messages(*most)
            }
            _ if next == Next::Resume => {
                // The poll of a handler may take any time.
                self.left = 0;
                More::Messages(0)
            }
            By::Caller => {
                self.by = By::CallerBegun;
                More::Messages(2)
            }
            By::CallerBegun => {
                self.by = By::CallerTimed(1, rt::now());
                More::Messages(1)
            }
            By::CallerTimed(most, start) => {
                if rt::now().saturating_duration_since(*start) >= HELP {
                    return More::No(Some(*start));
                }
                *most = BETWEEN_LOOKS.min(*most * 2);
                More::Messages(*most)
            }
        }
    }

    /// What is left after a message of one's own.
    pub(super) const fn after_one(self) -> Self {
        let left = match self.by {
            By::Task | By::TaskTimed(..) => self.left - 1,
            By::Caller | By::CallerBegun | By::CallerTimed(..) => 0,
        };
        Self { left, ..self }
    }
}
