//! What the checker has not, or has with fewer methods than the standard library.

use std::cell::Cell;

use shuttle::sync::atomic::{AtomicBool, Ordering};

/// A cell that is written once. The checker may switch threads before each use of it, but not inside one.
#[derive(Debug)]
pub(crate) struct OnceLock<T> {
    value: std::sync::OnceLock<T>,
    used: AtomicBool,
}

impl<T> OnceLock<T> {
    pub(crate) const fn new() -> Self {
        Self {
            value: std::sync::OnceLock::new(),
            used: AtomicBool::new(false),
        }
    }

    /// Somebody else may run first.
    fn step(&self) {
        self.used.store(true, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.step();
        self.value.get()
    }

    pub(crate) fn set(&self, value: T) -> Result<(), T> {
        self.step();
        self.value.set(value)
    }

    /// `make` must not use anything of the checker.
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        self.step();
        self.value.get_or_init(make)
    }
}

/// A thread-local of a thread of the checker. All of them share one thread of the program.
pub(crate) struct LocalKey<T: 'static>(&'static shuttle::thread::LocalKey<T>);

/// There is no thread of the checker here, or its locals are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gone;

impl<T: 'static> LocalKey<T> {
    pub(crate) const fn new(key: &'static shuttle::thread::LocalKey<T>) -> Self {
        Self(key)
    }

    pub(crate) fn with<R>(&self, use_it: impl FnOnce(&T) -> R) -> R {
        self.0.with(use_it)
    }

    /// Like the standard library's, and `Gone` outside the checker: a panic hook may run anywhere.
    pub(crate) fn try_with<R>(&self, use_it: impl FnOnce(&T) -> R) -> Result<R, Gone> {
        if shuttle::current::try_get_current_task().is_none() {
            return Err(Gone);
        }
        self.0.try_with(use_it).map_err(|_| Gone)
    }
}

impl<T: 'static> LocalKey<Cell<T>> {
    pub(crate) fn get(&self) -> T
    where
        T: Copy,
    {
        self.with(Cell::get)
    }

    pub(crate) fn set(&self, value: T) {
        self.with(|cell| cell.set(value));
    }

    pub(crate) fn replace(&self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

macro_rules! checked_thread_local {
    ($($(#[$about:meta])* $vis:vis static $name:ident: $type:ty = const { $init:expr };)*) => {$(
        $(#[$about])*
        $vis static $name: $crate::sync::LocalKey<$type> = {
            ::shuttle::thread_local! {
                static KEY: $type = $init;
            }
            $crate::sync::LocalKey::new(&KEY)
        };
    )*};
}
pub(crate) use checked_thread_local as thread_local;
