//! Calls whose reply handle was dropped inside a process: their callers are told once it is known what becomes of it.

use std::cell::{Cell, RefCell};

use crate::planted::{Bug, planted};
use crate::process::current;
use crate::process::pid::Pid;
use crate::sync::Arc;

/// A call whose reply handle was dropped inside a process, perhaps because the process is about to die of it.
pub(crate) trait AbandonedCall: Send + Sync {
    /// Tells the caller.
    fn tell(&self, generation: u64);
}

crate::sync::thread_local! {
    static ANY: Cell<bool> = const { Cell::new(false) };
    static CALLS: RefCell<Vec<(Pid, Abandoned)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a call that the running process abandons until it is known what becomes of that process: the caller is then told
/// the right reason.
///
/// # Errors
///
/// The call, when no process runs here, or the thread is ending.
pub(crate) fn keep(
    call: Arc<dyn AbandonedCall>,
    generation: u64,
) -> Result<(), Arc<dyn AbandonedCall>> {
    let Some(by) = current::pid() else {
        return Err(call);
    };
    let mut call = Some(call);
    let _gone = CALLS.try_with(|list| {
        if let Ok(mut list) = list.try_borrow_mut() {
            list.extend(call.take().map(|call| (by, (call, generation))));
            ANY.set(true);
        }
    });
    call.map_or(Ok(()), Err)
}

/// Tells the callers whose calls this process abandoned, if there are any. Those of a process further out, whose handler
/// called this one, wait for what becomes of that.
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
        let all = CALLS.take();
        let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(pid, _)| *pid == by);
        ANY.set(!others.is_empty());
        CALLS.with_borrow_mut(|list| *list = others);
        Self(Some(own.into_iter().map(|(_, call)| call).collect()))
    }
}

impl Drop for AbandonedCalls {
    fn drop(&mut self) {
        if let Some(calls) = self.0.take() {
            for (call, generation) in calls {
                call.tell(generation);
            }
        }
    }
}
