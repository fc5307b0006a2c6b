//! Whether a process has ended, and why: one byte while it lives, and for the reasons that are but a word.

use crate::exit_reason::ExitReason;
use crate::sync::OnceLock;
use crate::sync::atomic::{AtomicU8, Ordering};

pub(super) struct Exited {
    code: AtomicU8,
    /// A reason that has a value inside. Boxed: a process pays for it when it needs it.
    detail: OnceLock<Box<ExitReason>>,
}

const ALIVE: u8 = 0;
const DETAILED: u8 = u8::MAX;

/// The reasons without a value, by their codes from 1 on.
static PLAIN: [ExitReason; 5] = [
    ExitReason::Normal,
    ExitReason::Shutdown,
    ExitReason::Killed,
    ExitReason::Kill,
    ExitReason::NoProc,
];

impl Exited {
    pub(super) const fn not_yet() -> Self {
        Self {
            code: AtomicU8::new(ALIVE),
            detail: OnceLock::new(),
        }
    }

    #[inline(always)]
    pub(super) fn get(&self) -> Option<&ExitReason> {
        match self.code.load(Ordering::Acquire) {
            ALIVE => None,
            code => self.reason(code),
        }
    }

    fn reason(&self, code: u8) -> Option<&ExitReason> {
        PLAIN
            .get(usize::from(code) - 1)
            .or_else(|| self.detail.get().map(|reason| &**reason))
    }

    /// Writes the reason down. `false`: there is one already, or about to be.
    pub(super) fn set(&self, reason: ExitReason) -> bool {
        let code = match reason {
            ExitReason::Normal => 1,
            ExitReason::Shutdown => 2,
            ExitReason::Killed => 3,
            ExitReason::Kill => 4,
            ExitReason::NoProc => 5,
            reason => {
                if self.detail.set(Box::new(reason)).is_err() {
                    return false;
                }
                DETAILED
            }
        };
        self.code
            .compare_exchange(ALIVE, code, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_counts() {
        let detail = ExitReason::ShutdownWith("detail".into());
        let reasons = [&PLAIN[..], std::slice::from_ref(&detail)].concat();
        for reason in &reasons {
            let ended = Exited::not_yet();
            assert_eq!(ended.get(), None);
            assert!(ended.set(reason.clone()));
            for late in &reasons {
                assert!(!ended.set(late.clone()));
            }
            assert_eq!(ended.get(), Some(reason));
        }
    }
}
