//! `SharedError`: the error of a user in an exit reason, held by everybody who was told of it.

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::fmt::{self, Write as _};
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::Arc;

use crate::guard::{contained, discard};

/// An error that a process ended with. Everybody who is told of the end shares it.
///
/// It dereferences to the error. Its text is taken when this is made, so that those who report the end run no code of the error's;
/// of a very long one, the first 8 KiB. The error is dropped with the last of them; a destructor that panics is contained there.
/// Errors that hold exit reasons with errors in them, and so on, are dropped one after the other, however many they are.
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
pub struct SharedError(Option<Arc<Shared>>);

struct Shared {
    error: Arc<dyn Error + Send + Sync>,
    /// `None`: it cannot be shown.
    text: Option<Box<str>>,
}

impl SharedError {
    /// An error to be shared, or a text.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::from(Arc::from(error.into()))
    }

    fn get(&self) -> &Shared {
        let shared = self.0.as_ref();
        shared.expect("a shared error is only taken by its drop")
    }
}

/// One that is shared already.
impl From<Arc<dyn Error + Send + Sync>> for SharedError {
    fn from(error: Arc<dyn Error + Send + Sync>) -> Self {
        let text = contained(|| Text::of(&error)).flatten();
        Self(Some(Arc::new(Shared { error, text })))
    }
}

impl Deref for SharedError {
    type Target = dyn Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.get().error
    }
}

/// The same error, or one that shows the same text. One that cannot be shown is like no other.
impl PartialEq for SharedError {
    fn eq(&self, other: &Self) -> bool {
        let (this, other) = (self.get(), other.get());
        Arc::ptr_eq(&this.error, &other.error) || (this.text.is_some() && this.text == other.text)
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.get().text.as_deref().unwrap_or("<Display panicked>"))
    }
}

impl fmt::Debug for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Takes as much of a text as is kept.
#[derive(Default)]
struct Text(String);

impl Text {
    /// In bytes.
    const MOST: usize = 8 * 1024;

    /// `None`: it fails to show itself.
    fn of(error: &dyn fmt::Display) -> Option<Box<str>> {
        let mut text = Self::default();
        let shown = write!(text, "{error}").is_ok() || text.0.len() >= Self::MOST;
        shown.then(|| text.0.into())
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = Self::MOST.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        let fits = (0..=room).rev().find(|at| text.is_char_boundary(*at));
        self.0.push_str(&text[..fits.unwrap_or(0)]);
        self.0.push('…');
        Err(fmt::Error)
    }
}

impl Drop for SharedError {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            drop_shared(shared);
        }
    }
}

/// How many are dropped inside one another, at the most: each takes a piece of the stack.
const DEEPEST: u32 = 16;

crate::sync::thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Those below, for whoever drops the outermost. Without a destructor: empty outside of that.
    static BELOW: ManuallyDrop<RefCell<Vec<Arc<Shared>>>> =
        const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

fn drop_shared(shared: Arc<Shared>) {
    let depth = DEPTH.get();
    if depth == DEEPEST {
        BELOW.with(|below| below.borrow_mut().push(shared));
        return;
    }
    DEPTH.set(depth + 1);
    discard(shared);
    if depth == 0 {
        while let Some(shared) = BELOW.with(|below| below.borrow_mut().pop()) {
            discard(shared);
        }
    }
    DEPTH.set(depth);
}
