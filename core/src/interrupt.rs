//! Interrupting a handler at its `.await`: asked for by the runner of a server, done where user code is polled.

use std::cell::{Cell, RefCell};

use crate::exit_reason::ExitReason;

crate::sync::thread_local! {
    static ASKED: Cell<bool> = const { Cell::new(false) };
    static REASON: RefCell<Option<ExitReason>> = const { RefCell::new(None) };
}

/// The next handler that is polled on this thread is to end, with this reason; until the value is dropped.
pub(crate) fn ask(reason: ExitReason) -> Interrupt {
    let kept = REASON.try_with(|asked| *asked.borrow_mut() = Some(reason));
    ASKED.set(kept.is_ok());
    Interrupt(())
}

#[must_use = "it is taken back when this is dropped"]
pub(crate) struct Interrupt(());

impl Drop for Interrupt {
    fn drop(&mut self) {
        take();
    }
}

/// Whether the handler that is about to be polled has to end, and why.
#[inline(always)]
pub(crate) fn take() -> Option<ExitReason> {
    if ASKED.get() { taken() } else { None }
}

#[cold]
fn taken() -> Option<ExitReason> {
    ASKED.set(false);
    let asked = REASON.try_with(|asked| asked.borrow_mut().take());
    asked.ok().flatten()
}
