//! What a process is to be registered under when it starts, beside its name: handed to whatever starts it, which need not know.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;

use crate::process::Process;
use crate::process::names::NameRefused;
use crate::sync::Arc;

/// Registers a process before its `init` runs.
pub(crate) trait Claim: Send {
    /// What is claimed goes when the process does.
    fn claim(self: Box<Self>, process: &Arc<dyn Process>) -> Result<(), NameRefused>;
}

crate::sync::thread_local! {
    /// Whether there is one: most starts have none.
    static PENDING: Cell<bool> = const { Cell::new(false) };
    /// The claim of the process that is about to start on this thread. Without a destructor: it is taken back by who left it.
    static CLAIM: ManuallyDrop<RefCell<Option<Box<dyn Claim>>>> =
        const { ManuallyDrop::new(RefCell::new(None)) };
}

/// Runs what starts a process, which takes the claim. What is left of it is there afterwards: nothing was started yet.
pub(crate) fn with<R>(claim: &mut Option<Box<dyn Claim>>, start: impl FnOnce() -> R) -> R {
    if claim.is_none() {
        return start();
    }
    let outer = exchange(claim.take());
    let lent = Lent { claim, outer };
    let result = start();
    drop(lent);
    result
}

/// Takes the claim back, also when the start panics.
struct Lent<'a> {
    claim: &'a mut Option<Box<dyn Claim>>,
    /// That of a start in which this one runs.
    outer: Option<Box<dyn Claim>>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        *self.claim = exchange(self.outer.take());
    }
}

fn exchange(claim: Option<Box<dyn Claim>>) -> Option<Box<dyn Claim>> {
    PENDING.set(claim.is_some());
    CLAIM.with(|pending| pending.replace(claim))
}

/// Claims what the new process is to be registered under.
#[inline]
pub(super) fn settle(process: &Arc<dyn Process>) -> Result<(), NameRefused> {
    if !PENDING.get() {
        return Ok(());
    }
    exchange(None).map_or(Ok(()), |claim| claim.claim(process))
}
