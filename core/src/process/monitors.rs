//! What a process monitors by messages: a table in its header, without anything of the process's type.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;

use crate::process::name::Name;
use crate::process::pid::Pid;

/// Which monitor of a server is meant: what [`Context::monitor`](crate::Context::monitor) and
/// [`Task::monitor_ref`](crate::Task::monitor_ref) give, and a [`Down`](crate::Down) has.
///
/// It belongs to the process that has set the monitor: those of others may be equal. It is not used again. Erlang's monitor reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonitorRef(u64);

impl MonitorRef {
    /// None of a server's: that of a [`Monitor`](crate::Monitor), which is a future.
    pub const NONE: Self = Self(0);
}

impl fmt::Debug for MonitorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#MonitorRef<{}>", self.0)
    }
}

/// The number of a watch on the process that is watched.
pub(crate) type WatchKey = u64;

/// The monitors of a process, from when they are set until their message is handled.
#[derive(Default)]
pub(crate) struct Monitors {
    set: BTreeMap<MonitorRef, Monitored>,
    last: u64,
}

/// Who is monitored.
pub(crate) struct Monitored {
    pub(crate) pid: Pid,
    /// The name, if it is monitored by one.
    pub(crate) name: Option<Name>,
    /// On the process. `None`: it was dead.
    pub(crate) key: Option<WatchKey>,
}

impl Monitors {
    pub(crate) fn add(&mut self, pid: Pid, name: Option<Name>) -> MonitorRef {
        self.last += 1;
        let number = MonitorRef(self.last);
        let key = None;
        self.set.insert(number, Monitored { pid, name, key });
        number
    }

    /// Notes the watch on the process that is monitored.
    pub(crate) fn note(&mut self, monitor: MonitorRef, key: WatchKey) {
        if let Some(monitored) = self.set.get_mut(&monitor) {
            monitored.key = Some(key);
        }
    }

    pub(crate) fn remove(&mut self, monitor: MonitorRef) -> Option<Monitored> {
        self.set.remove(&monitor)
    }

    /// Those that were set after this one, in order.
    pub(crate) fn since(&self, seen: MonitorRef) -> impl Iterator<Item = (MonitorRef, &Monitored)> {
        let later = self.set.range((Bound::Excluded(seen), Bound::Unbounded));
        later.map(|(monitor, monitored)| (*monitor, monitored))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.set.len()
    }

    /// The process is dead: the watches that are left.
    pub(crate) fn end(self) -> impl Iterator<Item = (Pid, WatchKey)> {
        let watches = self.set.into_values();
        watches.filter_map(|monitored| Some((monitored.pid, monitored.key?)))
    }
}
