//! A user's value whose every bit of code may panic, at the moment that a test chooses.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

/// What of a user's the crate calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Drop,
    Clone,
    Hash,
    Eq,
    Debug,
    Display,
    /// A method, a closure, or the poll of a future.
    Run,
    Wake,
    /// The last reference to a waker goes.
    DropWaker,
}

impl Op {
    pub(crate) const ALL: [Self; 9] = [
        Self::Drop,
        Self::Clone,
        Self::Hash,
        Self::Eq,
        Self::Debug,
        Self::Display,
        Self::Run,
        Self::Wake,
        Self::DropWaker,
    ];
}

thread_local! {
    /// What panics, and after how many others of its kind.
    static ARMED: Cell<Option<(Op, u32)>> = const { Cell::new(None) };
    static PANICKED: Cell<Option<Op>> = const { Cell::new(None) };
}

/// The `nth` from now on panics.
pub(crate) fn arm(op: Op, nth: u32) {
    ARMED.set(Some((op, nth)));
    PANICKED.set(None);
}

/// Nothing panics from now on. Whether something has.
pub(crate) fn disarm() -> bool {
    ARMED.replace(None).is_none()
}

/// What has panicked.
pub(crate) fn panicked() -> Option<Op> {
    PANICKED.get()
}

/// User code runs. One that panics while another panic unwinds would end the program: a limit of Rust's.
pub(crate) fn visit(op: Op) {
    if let Some((armed, left)) = ARMED.get()
        && armed == op
        && !std::thread::panicking()
    {
        ARMED.set(left.checked_sub(1).map(|left| (armed, left)));
        PANICKED.set((left == 0).then_some(op));
        assert!(left > 0, "{op:?} panicked");
    }
}

/// A key, an argument, a reply, an error, a state.
pub(crate) struct Fault {
    number: u32,
    /// In the hands of the test, whose own panic its destructor's would be.
    spent: bool,
}

impl Fault {
    pub(crate) const fn new(number: u32) -> Self {
        Self {
            number,
            spent: false,
        }
    }

    /// Drops it without user code.
    pub(crate) fn spend(mut self) {
        self.spent = true;
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        if !self.spent {
            visit(Op::Drop);
        }
    }
}

impl Clone for Fault {
    fn clone(&self) -> Self {
        visit(Op::Clone);
        Self::new(self.number)
    }
}

impl Hash for Fault {
    fn hash<H: Hasher>(&self, state: &mut H) {
        visit(Op::Hash);
        // All have one hash, so that they are compared.
        state.write_u32(7);
    }
}

impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        visit(Op::Eq);
        self.number == other.number
    }
}

impl Eq for Fault {}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        visit(Op::Debug);
        write!(f, "Fault({})", self.number)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        visit(Op::Display);
        write!(f, "fault {}", self.number)
    }
}

impl Error for Fault {}

/// What the test does with a user's code itself: a panic there is its own, and it does it again.
pub(crate) async fn own<T>(mut make: impl AsyncFnMut() -> T) -> T {
    loop {
        // Nothing of it runs before it is polled.
        let mut future = Box::pin(make());
        let done = std::future::poll_fn(|cx| {
            let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
            match polled {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
                Err(_) => Poll::Ready(None),
            }
        });
        if let Some(value) = done.await {
            return value;
        }
    }
}
