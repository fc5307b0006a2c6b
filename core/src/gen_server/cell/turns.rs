//! `Turns`: how much somebody who runs a server does before they leave the rest to its task.
//!
//! The task gives way to others by the number of messages. A caller has a deadline of its own, and what it works off is
//! somebody else's: it looks at the time, too, but not before the first few messages, which are all there is to most backlogs.

use std::time::Duration;

use super::state::Next;
use crate::rt::{self, Instant};

/// How long a caller works off what it did not send.
const HELP: Duration = Duration::from_micros(50);
/// Messages between two looks of a caller at the clock, at the most.
const BETWEEN_LOOKS: u32 = 16;

#[derive(Clone, Copy)]
pub(super) struct Turns {
    left: u32,
    by: By,
}

#[derive(Clone, Copy)]
enum By {
    Task,
    Caller(Help),
}

#[derive(Clone, Copy)]
enum Help {
    /// Nothing is done yet.
    Fresh,
    /// A turn is done, whose time was not taken.
    Begun,
    /// So many messages more, if not too much time has passed since then.
    Timed(u32, Instant),
}

/// Whether there is one more turn.
pub(super) enum More {
    /// With so many messages at the most.
    Messages(u32),
    /// Enough is done. `Some`: it took too long, from this moment on.
    No(Option<Instant>),
}

impl Turns {
    /// Messages in one turn of the task.
    pub(super) const MOST: u32 = 256;

    /// The server's own task, before it lets others run.
    pub(super) const TASK: Self = Self {
        left: 4,
        by: By::Task,
    };
    /// A caller: some two hundred messages.
    pub(super) const CALLER: Self = Self {
        left: 16,
        by: By::Caller(Help::Fresh),
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
        let By::Caller(help) = &mut self.by else {
            return More::Messages(Self::MOST);
        };
        if next == Next::Resume {
            // The poll of a handler may take any time.
            self.left = 0;
            return More::Messages(0);
        }
        let most = match help {
            Help::Fresh => {
                *help = Help::Begun;
                return More::Messages(2);
            }
            Help::Begun => {
                *help = Help::Timed(1, rt::now());
                return More::Messages(1);
            }
            Help::Timed(most, start) => {
                if rt::now().saturating_duration_since(*start) >= HELP {
                    return More::No(Some(*start));
                }
                most
            }
        };
        *most = BETWEEN_LOOKS.min(*most * 2);
        More::Messages(*most)
    }

    /// What is left after a message of one's own.
    pub(super) const fn after_one(self) -> Self {
        let left = match self.by {
            By::Task => self.left - 1,
            By::Caller(_) => 0,
        };
        Self { left, ..self }
    }
}
