//! Calls whose reply handle was dropped inside a process: their callers are told once it is known what becomes of it.
//!
//! They are kept by the thread that runs the process, and told by it: a process that is left, or waits, is not about to die
//! of what it just did. Nothing is kept across a wait, because the process may go on on another thread.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;

use crate::planted::{Bug, planted};
use crate::process::caller::Caller;
use crate::process::current;
use crate::process::pid::Pid;
use crate::sync::Arc;

/// A call whose reply handle was dropped inside a process, perhaps because the process is about to die of it.
pub(crate) trait AbandonedCall: Send + Sync {
    /// Tells the caller.
    fn tell(&self, generation: u64, why: Abandonment);
    /// Who waits for it, if somebody does, and is known.
    fn caller(&self, generation: u64) -> Option<Caller>;
}

/// Why there will be no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abandonment {
    /// The reply handle was dropped: the server died, or the handler forgot it.
    Dropped,
    /// The call was, for a newer message in a full mailbox.
    Displaced,
}

/// What one process has abandoned.
struct ByProcess {
    by: Pid,
    calls: Vec<Abandoned>,
}

crate::sync::thread_local! {
    static ANY: Cell<bool> = const { Cell::new(false) };
    /// What is dropped here is a message for which there is no room any more.
    static DISPLACING: Cell<bool> = const { Cell::new(false) };
    /// One entry for each process that runs on this thread, inside one another, and has abandoned something. Without a
    /// destructor: it is there until the thread has ended.
    static CALLS: ManuallyDrop<RefCell<Vec<ByProcess>>> = const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

/// Until this is dropped, the calls whose reply handles are dropped here were dropped themselves, for newer messages.
#[must_use = "it ends when it is dropped"]
pub(crate) struct Displacing(());

pub(crate) fn displacing() -> Displacing {
    DISPLACING.set(!planted(Bug::DroppedCallToldLikeForgotten));
    Displacing(())
}

impl Drop for Displacing {
    fn drop(&mut self) {
        DISPLACING.set(false);
    }
}

/// Whether what is dropped here is dropped for newer messages.
pub(crate) fn is_displacing() -> bool {
    DISPLACING.try_with(Cell::get).unwrap_or(false)
}

/// Keeps a call that the running process abandons until it is known what becomes of that process: the caller is then told
/// the right reason.
///
/// # Errors
///
/// The call, when no process runs here.
pub(crate) fn keep(
    call: Arc<dyn AbandonedCall>,
    generation: u64,
) -> Result<(), Arc<dyn AbandonedCall>> {
    let Some(by) = current::pid() else {
        return Err(call);
    };
    let mut call = Some(call);
    let _gone = CALLS.try_with(|all| {
        if let Ok(mut all) = all.try_borrow_mut()
            && let Some(call) = call.take()
        {
            match all.iter_mut().rfind(|process| process.by == by) {
                Some(process) => process.calls.push((call, generation)),
                None => all.push(ByProcess {
                    by,
                    calls: vec![(call, generation)],
                }),
            }
            ANY.set(true);
        }
    });
    call.map_or(Ok(()), Err)
}

/// The process is left, or waits: tells the callers whose calls it abandoned, if there are any. Those of a process further
/// out, whose handler called this one, wait for what becomes of that.
#[inline(always)]
pub(crate) fn notify(by: Pid) {
    if ANY.get() && !planted(Bug::DroppedReplyNotTold) {
        tell_all(by);
    }
}

#[cold]
#[inline(never)]
fn tell_all(by: Pid) {
    drop(AbandonedCalls::take(by));
}

/// Abandoned calls, kept until their server is dead. Dropping it tells their callers. Boxed, because they are rare.
#[derive(Default)]
pub(crate) struct AbandonedCalls(Option<Box<[Abandoned]>>);

/// A slot, and the generation of the call that waits at it.
type Abandoned = (Arc<dyn AbandonedCall>, u64);

impl AbandonedCalls {
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Who waits for the one that was abandoned last.
    pub(crate) fn last_caller(&self) -> Option<Caller> {
        let (call, generation) = self.0.as_ref()?.last()?;
        call.caller(*generation)
    }

    /// Takes what this process abandoned on this thread.
    #[inline]
    pub(crate) fn take(by: Pid) -> Self {
        if ANY.get() {
            Self::take_slowly(by)
        } else {
            Self::new()
        }
    }

    #[cold]
    fn take_slowly(by: Pid) -> Self {
        let taken = CALLS.try_with(|all| {
            let mut all = all.borrow_mut();
            let at = all.iter().rposition(|process| process.by == by)?;
            let process = all.swap_remove(at);
            if all.is_empty() {
                // No memory stays with the thread.
                *all = Vec::new();
                ANY.set(false);
            }
            Some(process.calls.into_boxed_slice())
        });
        Self(taken.ok().flatten())
    }
}

impl Drop for AbandonedCalls {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(calls) = self.0.take() {
            tell(calls);
        }
    }
}

#[cold]
#[inline(never)]
fn tell(calls: Box<[Abandoned]>) {
    for (call, generation) in calls {
        call.tell(generation, Abandonment::Dropped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Call;

    impl AbandonedCall for Call {
        fn tell(&self, _generation: u64, _why: Abandonment) {}

        fn caller(&self, _generation: u64) -> Option<Caller> {
            None
        }
    }

    /// A thread that has told everybody has nothing left, so that leaving a server costs it what it did before.
    #[test]
    fn r80_nothing_is_left_of_what_was_told() {
        let (outer, inner) = (Pid::new(1, 1), Pid::new(1, 2));
        let _outer = current::enter(outer);
        assert!(keep(Arc::new(Call), 0).is_ok());
        {
            let _inner = current::enter(inner);
            assert!(keep(Arc::new(Call), 0).is_ok());
        }
        assert!(keep(Arc::new(Call), 0).is_ok());
        notify(inner);
        assert!(ANY.get());
        CALLS
            .try_with(|all| assert_eq!(all.borrow()[0].calls.len(), 2))
            .expect("a thread");
        notify(inner);
        notify(outer);
        assert!(!ANY.get());
        CALLS
            .try_with(|all| assert_eq!(all.borrow().capacity(), 0))
            .expect("a thread");
    }
}
