//! The lists that a process stands on, such as registries: it is taken off when it dies, before anybody can see that it is dead.

use crate::guard::Guarded;
use crate::process::pid::Pid;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicU8, Ordering};

/// A list of processes.
pub(crate) trait Roll: Send + Sync {
    /// Takes a dead process off. No user code runs: what may have a destructor of a user's is given back.
    fn strike(self: Arc<Self>, dead: Pid) -> Option<Struck>;
}

/// Which list is meant. Numbers are not used again.
pub(crate) type RollNumber = u64;

/// What a process was listed with.
pub(crate) type Struck = Guarded<Box<dyn Send>>;

/// It stands on a list.
const ENROLLED: u8 = 1;
/// It is dead, and off the lists that it stood on.
const DEAD: u8 = 2;
/// What it was listed with is to be dropped.
const STRUCK: u8 = 4;

/// Whether a process stands on a list: one byte, so that a death asks for nothing more where it does not.
///
/// Who enrols it and its death both change the byte. So either the death finds the list, or the list finds the death.
pub(super) struct Standing(AtomicU8);

impl Standing {
    pub(super) const fn new() -> Self {
        Self(AtomicU8::new(0))
    }

    /// `false`: it is dead.
    pub(super) fn note_enrolled(&self) -> bool {
        self.0.fetch_or(ENROLLED, Ordering::AcqRel) & DEAD == 0
    }

    /// Whether it stands on a list. Called once: what else is noted comes after it.
    #[inline(always)]
    pub(super) fn note_dead(&self) -> bool {
        self.0.swap(DEAD, Ordering::AcqRel) & ENROLLED != 0
    }

    pub(super) fn set_struck(&self, struck: bool) {
        if struck {
            self.0.fetch_or(STRUCK, Ordering::AcqRel);
        } else {
            self.0.fetch_and(!STRUCK, Ordering::AcqRel);
        }
    }

    #[inline(always)]
    pub(super) fn has_struck(&self) -> bool {
        self.0.load(Ordering::Acquire) & STRUCK != 0
    }
}
