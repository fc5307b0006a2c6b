//! Who is to be monitored: as far as somebody is there, and by which name.

use std::fmt;

use crate::process::Process;
use crate::process::name::Name;
use crate::process::pid::Pid;
use crate::sync::Arc;

/// Who is to be monitored.
#[doc(hidden)]
pub struct Whom {
    /// One that is dead is there as long as its death is not told.
    pub(super) process: Option<Arc<dyn Process>>,
    pub(super) pid: Pid,
    /// If it is monitored by one.
    pub(super) name: Option<Name>,
}

impl Whom {
    pub(crate) fn new(process: Arc<dyn Process>, name: Option<Name>) -> Self {
        Self {
            pid: process.header().pid,
            process: Some(process),
            name,
        }
    }

    /// Nobody is there.
    pub(crate) const fn dead(pid: Pid, name: Option<Name>) -> Self {
        Self {
            process: None,
            pid,
            name,
        }
    }
}

impl fmt::Debug for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Whom").field(&self.pid).finish()
    }
}
