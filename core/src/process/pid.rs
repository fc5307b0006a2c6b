//! `Pid`: the identity of a process, never reused.

use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::num::NonZeroU64;

/// The identity of a process: a server, a supervisor or a [`Task`](crate::Task).
///
/// A pid belongs to one incarnation. It is never reused, and never rebinds to the process that a supervisor starts in
/// place of a dead one. Pids of one runtime are ordered by their start.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let first = Worker::start().await?.pid().expect("it lives");
/// let second = Worker::start().await?.pid().expect("it lives");
/// assert!(first < second);
/// assert_eq!((first.serial(), second.serial()), (1, 2));
/// assert!(second.to_string().ends_with(".2>")); // such as #PID<1.2>
/// # Ok(()) }
/// ```
///
/// A pid with the serial 0 is no process's: it stands for a sender outside every process, and for the process behind a
/// reference that leads to nobody.
///
/// Follows [Erlang's pids](https://www.erlang.org/doc/system/data_types#pid).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pid {
    node: u32,
    /// One more than the serial number, so that an optional pid is no larger.
    above: NonZeroU64,
}

impl Pid {
    /// Of no process: what a reference to nobody is watched and linked by.
    pub(crate) const NOBODY: Self = Self::new(0, 0);

    /// Of no process of this node: who a signal comes from that was sent outside a process.
    pub(crate) const fn outside(node: u32) -> Self {
        Self::new(node, 0)
    }

    pub(crate) const fn new(node: u32, serial: u64) -> Self {
        let above = NonZeroU64::MIN.saturating_add(serial);
        Self { node, above }
    }

    #[inline(always)]
    pub(crate) const fn node(self) -> u32 {
        self.node
    }

    /// In two numbers, for those who have a use for the room between them.
    #[inline(always)]
    pub(crate) const fn into_parts(self) -> (NonZeroU64, u32) {
        (self.above, self.node)
    }

    #[inline(always)]
    pub(crate) const fn from_parts(above: NonZeroU64, node: u32) -> Self {
        Self { node, above }
    }

    /// The number of this process among those of its runtime, counted from 1 in the order of their starts. 0: there is no
    /// process.
    #[must_use]
    pub const fn serial(self) -> u64 {
        self.above.get() - 1
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#PID<{}.{}>", self.node, self.serial())
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Hashes pids: consecutive numbers that nobody chooses, so one multiplication spreads them. Neighbours stay together,
/// as they are started and stopped one after the other.
#[derive(Default)]
pub(crate) struct PidHasher(u64);
pub(crate) type PidHash = BuildHasherDefault<PidHasher>;

impl Hasher for PidHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    /// The node: nearly always the same one.
    fn write_u32(&mut self, _node: u32) {}

    fn write_u64(&mut self, serial: u64) {
        const NEIGHBOURS: u32 = 3;
        let spread = (serial >> NEIGHBOURS).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = (spread << NEIGHBOURS) | (serial & ((1 << NEIGHBOURS) - 1));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
