//! Scripts: what a handler does with a request, drawn by the client that sends it.

use std::time::Duration;

use suptree::ExitReason;

use crate::options::{ENDS, Options};
use crate::rng::Rng;
use crate::sending::nested_timeout;
use crate::world::millis;

/// What a handler does first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    Nothing,
    Yield(u64),
    Sleep(u64),
    Forever,
    /// Calls another server.
    Nested,
    /// Starts a server that is linked to this one.
    StartLinked,
    /// Asks the own supervisor to be terminated.
    TerminateMe,
}

/// What a handler does in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Reply,
    Panic,
    Fail,
    /// Replies, and stops the server.
    StopReply,
    /// Stops the server without a reply.
    StopSilent,
    DropReply,
    /// Keeps the reply handle in the state.
    Keep,
    /// Lets another task reply.
    Elsewhere(u64),
    /// Answers, or drops, what is kept in the state; then replies.
    AnswerKept,
    DropKept,
    KillSelf,
    KillSelfAndPanic,
    ExitSelf,
    /// Sends an exit signal to another process; then replies.
    ExitOther,
    KillOther,
    Link,
}

impl End {
    const ALL: [Self; ENDS] = [
        Self::Reply,
        Self::Panic,
        Self::Fail,
        Self::StopReply,
        Self::StopSilent,
        Self::DropReply,
        Self::Keep,
        Self::Elsewhere(0),
        Self::AnswerKept,
        Self::DropKept,
        Self::KillSelf,
        Self::KillSelfAndPanic,
        Self::ExitSelf,
        Self::ExitOther,
        Self::KillOther,
        Self::Link,
    ];
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    pub(crate) first: First,
    pub(crate) end: End,
    /// For whatever has to be chosen on the way.
    pub(crate) draw: u64,
}

impl Script {
    pub(crate) const REPLY: Self = Self {
        first: First::Nothing,
        end: End::Reply,
        draw: 0,
    };

    pub(crate) fn draw(rng: &mut Rng, options: &Options) -> Self {
        let first = if !rng.permille(options.waits) {
            First::Nothing
        } else if rng.permille(options.forever) {
            First::Forever
        } else {
            match rng.below(12) {
                0..4 => First::Yield(1 + rng.below(3)),
                4..8 => First::Sleep(rng.pick(&[0, 1, 3, 12, 60])),
                8..10 => First::Nested,
                10 => First::StartLinked,
                _ => First::TerminateMe,
            }
        };
        let end = match End::ALL[rng.weighted(&options.ends).unwrap_or(0)] {
            End::Elsewhere(_) => End::Elsewhere(rng.pick(&[0, 0, 2, 30])),
            End::Link if !options.links => End::Reply,
            end => end,
        };
        Self {
            first,
            end,
            draw: rng.next(),
        }
    }

    /// Whether the handler answers without waiting.
    pub(crate) const fn is_sync(&self) -> bool {
        matches!(self.first, First::Nothing) && self.returns_reply()
    }

    /// Whether the handler gives its reply, if any, by returning it.
    pub(crate) const fn returns_reply(&self) -> bool {
        !matches!(
            self.end,
            End::Keep | End::Elsewhere(_) | End::DropReply | End::Fail | End::StopSilent
        )
    }

    /// The longest its handler may wait. `None`: as long as it likes.
    pub(crate) fn longest(&self) -> Option<Duration> {
        match self.first {
            First::Nothing | First::Yield(_) => Some(Duration::ZERO),
            First::Sleep(time) => Some(millis(time)),
            // A timeout is at most a tick late.
            First::Nested => Some(nested_timeout(self.draw) + millis(10)),
            First::Forever | First::StartLinked | First::TerminateMe => None,
        }
    }

    /// Whether it does harm: such are counted as faults.
    pub(crate) const fn is_fault(&self) -> bool {
        !matches!(
            self.end,
            End::Reply | End::Keep | End::AnswerKept | End::Link
        ) || matches!(self.first, First::Forever | First::TerminateMe)
    }

    /// Whether the caller may get a reply.
    pub(crate) const fn may_reply(&self) -> bool {
        !matches!(
            self.end,
            End::Panic | End::Fail | End::StopSilent | End::DropReply | End::KillSelfAndPanic
        )
    }

    /// Whether the caller may be told that there is no reply though the server lives.
    pub(crate) const fn may_drop(&self) -> bool {
        matches!(self.end, End::DropReply | End::Keep)
    }
}

/// A reason that is not expected, and tells where it came from.
pub(crate) fn oops(what: &'static str) -> ExitReason {
    ExitReason::from(what)
}

/// Any reason for an exit signal but a kill.
pub(crate) fn any_reason(draw: u64) -> ExitReason {
    match draw % 4 {
        0 => ExitReason::Normal,
        1 => ExitReason::Shutdown,
        2 => ExitReason::ShutdownWith("asked".into()),
        _ => oops("an exit signal"),
    }
}
