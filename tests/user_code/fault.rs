//! A user's value whose every bit of code may panic, at the moment that a test chooses.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
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

/// What a program and the threads of its runtime share.
#[derive(Default)]
pub(crate) struct Armed(Mutex<State>);

#[derive(Clone, Copy, Default)]
struct State {
    /// What panics, and after how many others of its kind.
    armed: Option<(Op, u32)>,
    panicked: Option<Op>,
}

thread_local! {
    static ARMED: RefCell<Arc<Armed>> = RefCell::default();
}

impl Armed {
    /// That of this thread, for others of its runtime.
    pub(crate) fn of_thread() -> Arc<Self> {
        ARMED.with_borrow(Arc::clone)
    }

    /// This thread belongs to that program.
    pub(crate) fn join(self: &Arc<Self>) {
        ARMED.set(Arc::clone(self));
    }
}

/// Nothing of a user's runs meanwhile. A thread that ends has no user code left.
fn with<R: Default>(work: impl FnOnce(&mut State) -> R) -> R {
    let state = ARMED.try_with(|armed| Arc::clone(&armed.borrow()));
    state.map_or_else(
        |_| R::default(),
        |armed| work(&mut armed.0.lock().unwrap_or_else(PoisonError::into_inner)),
    )
}

/// The `nth` from now on panics.
pub(crate) fn arm(op: Op, nth: u32) {
    with(|state| {
        *state = State {
            armed: Some((op, nth)),
            panicked: None,
        };
    });
}

/// Nothing panics from now on. Whether something has.
pub(crate) fn disarm() -> bool {
    with(|state| state.armed.take().is_none())
}

/// Says nothing about panics on purpose, of which there are some thousands.
pub(crate) fn silence() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.location().is_none_or(|place| place.file() != file!()) {
                next(info);
            }
        }));
    });
}

/// What has panicked.
pub(crate) fn panicked() -> Option<Op> {
    with(|state| state.panicked)
}

/// User code runs. One that panics while another panic unwinds would end the program: a limit of Rust's.
pub(crate) fn visit(op: Op) {
    let panics = with(|state| match state.armed {
        Some((armed, left)) if armed == op && !std::thread::panicking() => {
            state.armed = left.checked_sub(1).map(|left| (armed, left));
            state.panicked = (left == 0).then_some(op);
            left == 0
        }
        _ => false,
    });
    assert!(!panics, "{op:?} panicked");
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
