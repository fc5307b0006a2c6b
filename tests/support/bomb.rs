//! Values whose destructors panic, and values that count their drops.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts its drops.
#[derive(Clone, Default)]
pub(crate) struct Drops(Arc<AtomicUsize>);

impl Drops {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// A value that adds one when it is dropped.
    pub(crate) fn token(&self) -> Token {
        Token(self.clone(), false)
    }

    /// As `token`, and the destructor panics after that.
    pub(crate) fn bomb(&self) -> Token {
        Token(self.clone(), true)
    }
}

pub(crate) struct Token(Drops, bool);

impl Drop for Token {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
        assert!(!self.1, "a destructor panicked");
    }
}

/// A panic payload whose destructor panics with another such payload, `0` times.
pub(crate) struct Chain(pub(crate) u32, pub(crate) Drops);

impl Drop for Chain {
    fn drop(&mut self) {
        self.1.0.fetch_add(1, Ordering::SeqCst);
        if self.0 > 0 {
            std::panic::panic_any(Self(self.0 - 1, self.1.clone()));
        }
    }
}
