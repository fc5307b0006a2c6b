//! `SharedError`: the error of a user in an exit reason, held by everybody who was told of it.

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::Arc;

use crate::guard::{contained, discard};

/// An error that a process ended with. Everybody who is told of the end shares it.
///
/// It dereferences to the error. The error is dropped with the last of them; a destructor that panics is contained there. Errors
/// that hold exit reasons with errors in them, and so on, are dropped one after the other, however many they are.
///
/// ```
/// use suptree::{ExitReason, SharedError};
///
/// let reason = ExitReason::from(std::io::Error::other("the disk is full"));
/// let ExitReason::Error(error) = reason else { unreachable!() };
/// assert!(error.is::<std::io::Error>());
/// assert_eq!(error.to_string(), "the disk is full");
/// assert_eq!(SharedError::new("the disk is full").to_string(), "the disk is full");
/// ```
#[derive(Clone)]
pub struct SharedError(Option<Held>);

type Held = Arc<dyn Error + Send + Sync>;

impl SharedError {
    /// An error to be shared, or a text.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Some(Arc::from(error.into())))
    }

    fn get(&self) -> &Held {
        let held = self.0.as_ref();
        held.expect("a shared error is only taken by its drop")
    }
}

/// One that is shared already.
impl From<Arc<dyn Error + Send + Sync>> for SharedError {
    fn from(error: Arc<dyn Error + Send + Sync>) -> Self {
        Self(Some(error))
    }
}

impl Deref for SharedError {
    type Target = dyn Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &**self.get()
    }
}

/// The same error, or one that shows the same text. One that cannot be shown is like no other.
impl PartialEq for SharedError {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.get(), other.get())
            || contained(|| self.to_string() == other.to_string()).unwrap_or(false)
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl fmt::Debug for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl Drop for SharedError {
    fn drop(&mut self) {
        if let Some(held) = self.0.take() {
            drop_held(held);
        }
    }
}

/// How many are dropped inside one another, at the most: each takes a piece of the stack.
const DEEPEST: u32 = 16;

crate::sync::thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Those below, for whoever drops the outermost. Without a destructor: empty outside of that.
    static BELOW: ManuallyDrop<RefCell<Vec<Held>>> =
        const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

fn drop_held(held: Held) {
    let depth = DEPTH.get();
    if depth == DEEPEST {
        BELOW.with(|below| below.borrow_mut().push(held));
        return;
    }
    DEPTH.set(depth + 1);
    discard(held);
    if depth == 0 {
        while let Some(held) = BELOW.with(|below| below.borrow_mut().pop()) {
            discard(held);
        }
    }
    DEPTH.set(depth);
}
