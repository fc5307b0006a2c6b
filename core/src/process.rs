//! Processes: what servers and supervisors have in common. Pid, name, parent, links, monitors, death.

pub(crate) mod link;
pub(crate) mod monitor;
pub(crate) mod table;

use std::any::Any;
use std::collections::BTreeSet;

use crate::exit_reason::ExitReason;
use crate::guard::lock;
use crate::name::Name;
use crate::node::{self, Node};
use crate::pid::Pid;
use crate::planted::planted;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Mutex, OnceLock};

use monitor::Watch;

/// What the core asks of a process, whatever its type.
pub(crate) trait Process: Any + Send + Sync {
    fn header(&self) -> &Header;
    /// Puts a signal into the control lane. It never waits behind a message, and never blocks.
    fn signal(self: Arc<Self>, signal: Signal);
    /// Announces the death of a process that cannot be reached: stuck in a poll, or on a runtime that is gone.
    fn abandon(self: Arc<Self>, reason: ExitReason);
    /// The runtime of this process is shutting down.
    fn runtime_gone(self: Arc<Self>) {
        self.abandon(ExitReason::ShutdownWith("the runtime shut down".into()));
    }
    /// What the process table shows.
    fn snapshot(&self) -> table::Snapshot;
}

/// What travels in the control lane.
#[derive(Clone, Debug)]
pub(crate) enum Signal {
    /// An exit signal: sent by [`exit`](crate::exit) or a parent, or (`linked`) passed on by a link.
    Exit {
        from: Option<Pid>,
        reason: ExitReason,
        linked: bool,
    },
    /// The untrappable kill.
    Kill,
}

/// What a new process has to do with the one that starts it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tie {
    None,
    Linked(Pid),
    Supervised(Pid),
}

/// The part of a process that does not depend on its type.
pub(crate) struct Header {
    pub(crate) pid: Pid,
    pub(crate) node: Arc<Node>,
    pub(crate) parent: Option<Pid>,
    /// The parent is a supervisor: it hears of the end whatever the links say.
    supervised: bool,
    pub(crate) name: Option<Name>,
    pub(crate) type_name: &'static str,
    traps_exit: AtomicBool,
    /// The starter gave up on this process: it is no parent to be told.
    orphaned: AtomicBool,
    exit: OnceLock<ExitReason>,
    relations: Mutex<Relations>,
}

enum Relations {
    /// Most processes have a parent only: nothing to allocate for.
    None,
    Some(Box<Related>),
    Dead,
}

#[derive(Default)]
struct Related {
    links: BTreeSet<Pid>,
    watches: Vec<Arc<Watch>>,
}

impl Header {
    pub(crate) fn new(
        node: Arc<Node>,
        tie: Tie,
        name: Option<Name>,
        type_name: &'static str,
    ) -> Self {
        let (parent, supervised) = match tie {
            Tie::None => (None, false),
            Tie::Linked(parent) => (Some(parent), false),
            Tie::Supervised(parent) => (Some(parent), true),
        };
        Self {
            pid: node.new_pid(),
            node,
            parent,
            supervised,
            name,
            type_name,
            traps_exit: AtomicBool::new(false),
            orphaned: AtomicBool::new(false),
            exit: OnceLock::new(),
            relations: Mutex::new(Relations::None),
        }
    }

    pub(crate) fn traps_exit(&self) -> bool {
        self.traps_exit.load(Ordering::Relaxed)
    }

    pub(crate) fn set_trap_exit(&self, trap: bool) {
        self.traps_exit.store(trap, Ordering::Relaxed);
    }

    /// Links the process with a parent that is no supervisor, before anything can end it.
    pub(crate) fn link_to_parent(&self) {
        if let (Some(parent), false) = (self.parent, self.supervised)
            && let Some(process) = node::process(parent)
        {
            self.add_link(parent);
            process.header().add_link(self.pid);
        }
    }

    /// Its start was cancelled: the parent hears nothing of its end.
    pub(crate) fn orphan(&self) {
        self.orphaned.store(true, Ordering::Relaxed);
        if let Some(parent) = self.parent {
            self.forget_link(parent);
            if let Some(process) = node::process(parent) {
                process.header().forget_link(self.pid);
            }
        }
    }

    /// Why the process ended; `None` while it lives.
    pub(crate) fn exit_reason(&self) -> Option<&ExitReason> {
        self.exit.get()
    }

    /// Writes the exit reason down. `false`: somebody announced a death before.
    pub(crate) fn set_exit_reason(&self, reason: ExitReason) -> bool {
        self.exit.set(reason).is_ok()
    }

    /// How reports name this process: its name, or its pid.
    pub(crate) fn label(&self) -> String {
        match &self.name {
            Some(name) => crate::report::text(format_args!("{name}")),
            None => self.pid.to_string(),
        }
    }

    /// Tells links, monitors and the parent of the death. Comes last: names are free, callers are told.
    pub(crate) fn announce(&self, reason: &ExitReason) {
        let relations = std::mem::replace(&mut *lock(&self.relations), Relations::Dead);
        let signal = || Signal::Exit {
            from: Some(self.pid),
            reason: reason.clone(),
            linked: true,
        };
        if let Relations::Some(related) = relations {
            for link in related.links {
                if planted(11) {
                    continue;
                }
                if let Some(process) = node::process(link) {
                    process.header().forget_link(self.pid);
                    process.signal(signal());
                }
            }
            for watch in related.watches.into_iter().skip(usize::from(planted(18))) {
                watch.down(reason.clone());
            }
        }
        if !self.supervised || self.orphaned.load(Ordering::Relaxed) {
            return;
        }
        if let Some(parent) = self.parent.and_then(node::process) {
            parent.signal(signal());
        }
    }

    /// Adds one side of a link. `false`: this process is dead.
    pub(crate) fn add_link(&self, peer: Pid) -> bool {
        self.relate(|related| {
            related.links.insert(peer);
        })
    }

    pub(crate) fn forget_link(&self, peer: Pid) {
        if let Relations::Some(related) = &mut *lock(&self.relations) {
            related.links.remove(&peer);
        }
    }

    pub(crate) fn add_watch(&self, watch: Arc<Watch>) -> bool {
        self.relate(|related| related.watches.push(watch))
    }

    pub(crate) fn forget_watch(&self, watch: &Arc<Watch>) {
        if let Relations::Some(related) = &mut *lock(&self.relations) {
            related.watches.retain(|other| !Arc::ptr_eq(other, watch));
        }
    }

    fn relate(&self, change: impl FnOnce(&mut Related)) -> bool {
        let mut relations = lock(&self.relations);
        match &mut *relations {
            Relations::Dead => return false,
            Relations::Some(related) => change(related),
            Relations::None => {
                let mut related = Box::<Related>::default();
                change(&mut related);
                *relations = Relations::Some(related);
            }
        }
        true
    }
}
