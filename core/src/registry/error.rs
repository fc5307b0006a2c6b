//! `RegisterError`: why a process was not registered.

use std::error::Error;
use std::fmt;

use crate::process::pid::Pid;
use crate::registry::table::Refused;

/// Error returned by registering a process: why, and the key and the value that were not registered.
pub struct RegisterError<K, V> {
    /// Why it was not registered.
    pub kind: RegisterErrorKind,
    /// The key, given back.
    pub key: K,
    /// The value, given back.
    pub value: V,
}

/// Why a process was not registered: see [`RegisterError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterErrorKind {
    /// This process is registered under the key. It may be the same one.
    AlreadyRegistered(Pid),
    /// The process is dead, or the reference leads to nobody.
    NoProc,
    /// There is no running process here that could be registered.
    OutsideOfProcess,
}

impl<K, V> From<Refused<K, V>> for RegisterError<K, V> {
    fn from(refused: Refused<K, V>) -> Self {
        let kind = refused.holder.map_or(
            RegisterErrorKind::NoProc,
            RegisterErrorKind::AlreadyRegistered,
        );
        Self {
            kind,
            key: refused.key,
            value: refused.value,
        }
    }
}

impl<K, V> fmt::Debug for RegisterError<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisterError")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl<K, V> fmt::Display for RegisterError<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)
    }
}

impl fmt::Display for RegisterErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyRegistered(pid) => write!(f, "already registered: {pid}"),
            Self::NoProc => f.write_str("no process to register"),
            Self::OutsideOfProcess => f.write_str(
                "no process runs here that could be registered: `register_process` takes one",
            ),
        }
    }
}

impl<K, V> Error for RegisterError<K, V> {}
impl Error for RegisterErrorKind {}
