//! Locks, atomics and thread-locals: the standard library's or, behind `--cfg suptree_shuttle`, those of the checker that
//! switches threads at each of them.
//!
//! Everything that more than one thread may touch in a process's life is imported from here. What belongs to the program and
//! not to a runtime, such as the list of nodes, stays with `std`: it outlives the checker's runs.

#[cfg(suptree_shuttle)]
mod checked;

#[cfg(suptree_shuttle)]
pub(crate) use self::checked::{LocalKey, OnceLock, thread_local};
#[cfg(suptree_shuttle)]
pub(crate) use shuttle::{
    hint::spin_loop,
    sync::{Mutex, MutexGuard, RwLock, atomic},
};
#[cfg(not(suptree_shuttle))]
pub(crate) use std::{
    hint::spin_loop,
    sync::{Mutex, MutexGuard, OnceLock, RwLock, atomic},
    thread_local,
};

pub(crate) use std::sync::{Arc, PoisonError, Weak};

/// For what belongs to the program.
pub(crate) use std::sync::{RwLock as GlobalRwLock, atomic::AtomicU32 as GlobalAtomicU32};
