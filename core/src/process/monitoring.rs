//! Setting monitors whose end is a message, and giving them up.

use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::address::holder;
use crate::process::header::Header;
use crate::process::monitor::Down;
use crate::process::monitors::MonitorRef;
use crate::process::name::{Name, NameKey as _};
use crate::process::pid::Pid;
use crate::process::reference::Reference;
use crate::process::watch::Watcher;
use crate::process::whom::Whom;
use crate::process::{News, Process, node};
use crate::sync::Arc;

/// What can be monitored by [`Context::monitor`](crate::Context::monitor): a typed client, and every other [`Reference`]; a [`Pid`]; a
/// [`Task`](crate::Task), an agent's client, a dynamic supervisor; a [`Name`], or a text that is one.
///
/// It is implemented for those, and is nothing to call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be monitored",
    label = "neither a reference to a process, nor a pid or a name",
    note = "a server is meant by its client, which its start gives, and any process by `process()` of its reference; any other key by `&Name::new(key)`",
    note = "page: docs/errors/T017.md"
)]
pub trait Monitorable {
    #[doc(hidden)]
    fn whom(&self) -> Whom;
}

#[diagnostic::do_not_recommend]
impl<R: Reference> Monitorable for R {
    fn whom(&self) -> Whom {
        self.to_process().whom()
    }
}

#[diagnostic::do_not_recommend]
impl Monitorable for Pid {
    fn whom(&self) -> Whom {
        match node::process(*self) {
            Some(process) => Whom::new(process, None),
            None => Whom::dead(*self, None),
        }
    }
}

#[diagnostic::do_not_recommend]
impl Monitorable for Name {
    fn whom(&self) -> Whom {
        named(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl Monitorable for str {
    fn whom(&self) -> Whom {
        named(Name::from(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl Monitorable for String {
    fn whom(&self) -> Whom {
        self.as_str().whom()
    }
}

fn named(name: Name) -> Whom {
    match holder(name.view()) {
        Some(process) => Whom::new(process, Some(name)),
        None => Whom::dead(Pid::NOBODY, Some(name)),
    }
}

/// Monitors a process for this one, which hears of its death: at once, if it is dead.
pub(crate) fn set(me: &Arc<dyn Process>, whom: Whom) -> MonitorRef {
    let Whom { process, pid, name } = whom;
    let header = me.header();
    // It is there before the watch is: that one may have been told already when its key is noted.
    let Some(monitor) = header.monitors(|monitors| monitors.add(pid, name)) else {
        return MonitorRef::NONE;
    };
    let watcher = Watcher::Hears(header.pid, monitor);
    let key = process.and_then(|process| process.header().add_watch(watcher));
    match key {
        Some(key) => {
            header.monitors(|monitors| monitors.note(monitor, key));
        }
        None if planted(Bug::DeadNotTold) => {}
        None => Arc::clone(me).hear(News::Down(monitor, ExitReason::NoProc)),
    }
    monitor
}

/// Gives a monitor up. What is queued of it will not be handled. `false`: there is none.
pub(crate) fn end(me: &Header, monitor: MonitorRef) -> bool {
    if planted(Bug::DownAfterDemonitor) {
        return true;
    }
    let Some(monitored) = me.monitors(|monitors| monitors.remove(monitor)).flatten() else {
        return false;
    };
    if let Some(key) = monitored.key
        && let Some(process) = node::process(monitored.pid)
    {
        process.header().forget_watch(key);
    }
    true
}

/// The message of a monitor is about to be handled. `None`: it was given up.
pub(crate) fn take_down(me: &Header, monitor: MonitorRef, reason: ExitReason) -> Option<Down> {
    let monitored = me.monitors(|monitors| monitors.remove(monitor))??;
    Some(Down {
        monitor,
        pid: monitored.pid,
        name: monitored.name,
        reason,
    })
}
