//! `Course`: whether the supervisor of a process misses it when it is dead, because it is to start it again.

use crate::exit_reason::ExitReason;
use crate::process::Returns;
use crate::sync::atomic::{AtomicU8, Ordering};

/// Its supervisor has it: it was started.
const HAD: u8 = 1;
/// It is dead.
const OVER: u8 = 2;
/// Its supervisor ends it for good.
const LEAVES: u8 = 4;
/// Its supervisor ends it with others, and starts them again with it.
const STOPPED: u8 = 8;
/// Its supervisor counts it among those that it misses.
const MISSED: u8 = 16;
/// A line of its end was printed.
const PRINTED: u8 = 32;

/// How a process stands with its supervisor.
pub(crate) struct Course {
    returns: Returns,
    bits: AtomicU8,
}

impl Course {
    pub(super) const fn new(returns: Returns) -> Self {
        Self {
            returns,
            bits: AtomicU8::new(0),
        }
    }

    /// Its supervisor has it. `true`: it has ended before, for this reason, and is missed since.
    pub(super) fn note_had(&self, ended: Option<&ExitReason>) -> bool {
        let bits = self.bits.fetch_or(HAD, Ordering::AcqRel);
        bits & OVER != 0 && ended.is_some_and(|reason| self.is_to_return(bits, reason))
    }

    /// A line of its end was printed.
    pub(crate) fn note_printed(&self) {
        self.bits.fetch_or(PRINTED, Ordering::AcqRel);
    }

    pub(crate) fn is_printed(&self) -> bool {
        self.bits.load(Ordering::Acquire) & PRINTED != 0
    }

    /// It is dead, for this reason. `true`: its supervisor has it, and misses it.
    pub(super) fn note_over(&self, reason: &ExitReason) -> bool {
        let bits = self.bits.fetch_or(OVER, Ordering::AcqRel);
        bits & (HAD | OVER | LEAVES) == HAD && self.is_to_return(bits, reason)
    }

    /// Its supervisor ends it, and does not start it again by itself.
    pub(crate) fn note_leaving(&self) {
        self.bits.fetch_or(LEAVES, Ordering::AcqRel);
    }

    /// Its supervisor ends it with others: with a restart of them it returns, whatever it ends for.
    pub(crate) fn note_stopped(&self) {
        self.bits.fetch_or(STOPPED, Ordering::AcqRel);
    }

    /// Its supervisor counts it among those that it misses; or (`false`) has seen to its end. Whether it did so before.
    pub(crate) fn set_missed(&self, missed: bool) -> bool {
        let bits = if missed {
            self.bits.fetch_or(MISSED, Ordering::AcqRel)
        } else {
            self.bits.fetch_and(!MISSED, Ordering::AcqRel)
        };
        bits & MISSED != 0
    }

    fn is_to_return(&self, bits: u8, reason: &ExitReason) -> bool {
        self.returns.after(reason) || bits & STOPPED != 0 && self.returns != Returns::Never
    }
}
