//! What a server does: the message that is, or was last, handled. For its crash report, and for a [watchdog](crate::watchdog).
//!
//! One number says it all, and one store: so it costs the message path next to nothing, and a thread that runs nothing of the server
//! may look at it.

use crate::gen_server::handler::HandlerCode;
use crate::sync::{GlobalAtomicU32 as AtomicU32, GlobalOrdering as Ordering};

/// Only the runner writes; what others read may be old.
#[derive(Default)]
pub(super) struct Doing(AtomicU32);

/// What is below is the code of the message that was handled last.
const BESIDES: u32 = 1 << HandlerCode::BITS;
/// Nothing of the server holds a worker.
const AWAY: u32 = BESIDES;
/// `terminate` runs.
const TERMINATES: u32 = 2 * BESIDES;
/// A request of `sys` is answered.
const ANSWERS: u32 = 3 * BESIDES;
/// What is above counts the polls of a handler that goes on.
const POLL: u32 = 4 * BESIDES;

impl Doing {
    /// The handler of a message is about to run.
    #[inline(always)]
    pub(super) fn begin(&self, handler: HandlerCode) {
        self.0.store(handler.number(), Ordering::Relaxed);
    }

    /// What waited is polled once more.
    #[inline]
    pub(super) fn go_on(&self) {
        let before = self.0.load(Ordering::Relaxed);
        self.0.store(before.wrapping_add(POLL), Ordering::Relaxed);
    }

    /// From here on, nothing of the server holds a worker until the next message.
    pub(super) fn leave(&self) {
        self.do_besides(AWAY);
    }

    /// `terminate` is about to run.
    pub(super) fn terminate(&self) {
        self.do_besides(TERMINATES);
    }

    /// A request of `sys` is about to be answered.
    pub(super) fn answer(&self) {
        self.do_besides(ANSWERS);
    }

    /// Another thing than handling the message that was the last one.
    fn do_besides(&self, what: u32) {
        let last = self.0.load(Ordering::Relaxed) & !ANSWERS;
        self.0
            .store(last.wrapping_add(POLL) | what, Ordering::Relaxed);
    }

    /// There is no message yet.
    pub(super) fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// The handler of the message that is, or was last, handled. `None`: there was none.
    pub(super) fn last(&self) -> Option<HandlerCode> {
        HandlerCode::of_number(self.0.load(Ordering::Relaxed) % BESIDES)
    }

    /// What holds the worker of the server's runner.
    pub(super) fn in_hand(&self) -> Option<HandlerCode> {
        let now = self.0.load(Ordering::Relaxed);
        match now & ANSWERS {
            AWAY => None,
            TERMINATES => Some(HandlerCode::TERMINATE),
            ANSWERS => Some(HandlerCode::REQUEST),
            _ => HandlerCode::of_number(now % BESIDES),
        }
    }

    /// Another one for each poll of the same handler, and for what is done besides.
    pub(super) fn number(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}
