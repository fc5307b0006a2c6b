//! Locks, atomics and thread-locals: the standard library's or, behind `--cfg suptree_shuttle`, those of the checker that
//! switches threads at each of them.
//!
//! Everything that more than one thread may touch in a process's life is imported from here. What belongs to the program and
//! not to a runtime, such as the list of nodes, stays with `std`: it outlives the checker's runs.
//!
//! A runtime may end with its thread, when the thread-locals that have a destructor are gone: those are reached by `try_with`
//! only, and what cannot do without has none.

#[cfg(suptree_shuttle)]
mod checker;

#[cfg(suptree_shuttle)]
pub(crate) use self::checker::{LocalKey, OnceLock, thread_local};
#[cfg(suptree_shuttle)]
pub(crate) use shuttle::{
    hint::spin_loop,
    sync::{Mutex, MutexGuard, RwLock, atomic},
};
#[cfg(not(suptree_shuttle))]
pub(crate) use std::{
    hint::spin_loop,
    sync::{OnceLock, RwLock, atomic},
    thread_local,
};

/// Small, and without poison, which the crate does not mind anyway.
#[cfg(not(suptree_shuttle))]
pub(crate) use parking_lot::{Mutex, MutexGuard};

/// Locks without minding poison: no user code runs under the crate's locks that could leave them half written.
#[cfg(not(suptree_shuttle))]
#[inline(always)]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock()
}

/// Locks without minding poison: no user code runs under the crate's locks that could leave them half written.
#[cfg(suptree_shuttle)]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) use std::sync::{Arc, PoisonError, Weak};

/// For what belongs to the program.
pub(crate) use std::sync::{
    OnceLock as GlobalOnceLock, RwLock as GlobalRwLock,
    atomic::{
        AtomicBool as GlobalAtomicBool, AtomicPtr as GlobalAtomicPtr, AtomicU32 as GlobalAtomicU32,
        AtomicU64 as GlobalAtomicU64, Ordering as GlobalOrdering,
    },
};
