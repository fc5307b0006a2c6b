//! `Header`: the part of a process that does not depend on its type. Pid, name, parent, links, monitors, exit reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::course::Course;
use crate::process::exited::Exited;
use crate::process::monitors::{Monitors, WatchKey};
use crate::process::name::Name;
use crate::process::node::{self, Node};
use crate::process::pid::Pid;
use crate::process::rolls::{Roll, RollNumber, Standing, Struck};
use crate::process::wait_list::{Sort, WaitKey, WaitList};
use crate::process::watch::Watcher;
use crate::process::{News, Parent, Process, Returns, Signal, Tie, current};
use crate::rt::Instant;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Mutex, Weak, lock};
use crate::text;

/// The part of a process that does not depend on its type.
pub(crate) struct Header {
    pub(crate) pid: Pid,
    pub(crate) node: Arc<Node>,
    pub(crate) parent: Option<Pid>,
    /// The parent is a supervisor: it hears of the end whatever the links say.
    supervised: bool,
    /// Whether its supervisor misses it when it is dead.
    pub(crate) course: Course,
    /// Boxed: most processes have none.
    name: Option<Box<Name>>,
    traps_exit: AtomicBool,
    /// The starter gave up on this process: it is no parent to be told.
    orphaned: AtomicBool,
    /// It may wait for others.
    waits: AtomicBool,
    standing: Standing,
    exited: Exited,
    relations: Mutex<Relations>,
    #[cfg(feature = "metrics")]
    meters: crate::sync::OnceLock<Arc<crate::meters::Meters>>,
}

/// A supervisor is about to hear of an exit. Until then it answers nobody: who was told of the exit before it, and asks it
/// then, finds it seen to.
struct Expected(Arc<dyn Process>);

impl Expected {
    fn by(supervisor: Arc<dyn Process>) -> Self {
        supervisor.expect_exit(true);
        Self(supervisor)
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.0.expect_exit(false);
    }
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
    waits: WaitList,
    /// Until when the caller of the call that it handles waits, if anybody wants to know.
    deadline: Option<Instant>,
    /// Numbered as they came: each is found by its number, and they are told in this order.
    watches: BTreeMap<WatchKey, Watcher>,
    next_watch: WatchKey,
    /// What it monitors itself, by messages.
    monitors: Monitors,
    /// The lists that it stands on, by their numbers.
    rolls: BTreeMap<RollNumber, Weak<dyn Roll>>,
    /// What it was listed with, when it is dead: to be dropped with what it holds.
    struck: Vec<Struck>,
}

impl Header {
    pub(crate) fn new(node: Arc<Node>, tie: Tie, name: Option<Name>) -> Self {
        let (parent, supervised, returns) = match tie {
            Tie::None => (None, false, Returns::Never),
            Tie::Linked(parent) => (Some(parent), false, Returns::Never),
            Tie::Supervised(Parent { pid, returns }) => (Some(pid), true, returns),
        };
        Self {
            pid: node.new_pid(),
            node,
            parent,
            supervised,
            course: Course::new(returns),
            name: name.map(Box::new),
            traps_exit: AtomicBool::new(false),
            orphaned: AtomicBool::new(false),
            waits: AtomicBool::new(false),
            standing: Standing::new(),
            exited: Exited::not_yet(),
            relations: Mutex::new(Relations::None),
            #[cfg(feature = "metrics")]
            meters: crate::sync::OnceLock::new(),
        }
    }

    /// What this process measures, which is of this type.
    #[cfg(feature = "metrics")]
    pub(crate) fn meters(&self, type_name: &'static str) -> &Arc<crate::meters::Meters> {
        self.meters.get_or_init(|| {
            let name = self.name().map(|name| text::text(format_args!("{name}")));
            let runtime = self.node.runtime.clone();
            crate::meters::Meters::new(runtime, type_name, name.unwrap_or_default())
        })
    }

    pub(crate) fn name(&self) -> Option<&Name> {
        self.name.as_deref()
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
    #[inline(always)]
    pub(crate) fn exit_reason(&self) -> Option<&ExitReason> {
        self.exited.get()
    }

    /// Writes the exit reason down. `false`: somebody announced a death before.
    pub(crate) fn set_exit_reason(&self, reason: ExitReason) -> bool {
        self.exited.set(reason)
    }

    /// How reports name this process: its name, or its pid.
    pub(crate) fn label(&self) -> String {
        match &self.name {
            Some(name) => text::name(format_args!("{name}")),
            None => self.pid.to_string(),
        }
    }

    /// Tells links, monitors and the parent of the death, once. Comes last: names are free, callers are told.
    pub(crate) fn announce(&self, reason: &ExitReason) {
        let Some(relations) = self.leave_table() else {
            return;
        };
        let told = self.supervised && !self.orphaned.load(Ordering::Relaxed);
        let parent = self.parent.filter(|_| told);
        let Some(parent) = parent.and_then(|parent| self.peer(parent)) else {
            return self.tell(relations, reason);
        };
        let expected = Expected::by(Arc::clone(&parent));
        self.tell(relations, reason);
        parent.signal(self.exit_signal(reason));
        drop(expected);
    }

    /// Takes the process out of the table. What it was related with is to be told. `None`: it was.
    fn leave_table(&self) -> Option<Option<Box<Related>>> {
        let related = self.take_relations();
        if related.is_some() {
            self.node.unlist(self.pid);
        }
        related
    }

    fn take_relations(&self) -> Option<Option<Box<Related>>> {
        match std::mem::replace(&mut *lock(&self.relations), Relations::Dead) {
            Relations::None => Some(None),
            Relations::Some(related) => Some(Some(related)),
            Relations::Dead => None,
        }
    }

    /// Whether links, monitors and the parent were told of the death, or are about to be.
    pub(crate) fn is_announced(&self) -> bool {
        matches!(&*lock(&self.relations), Relations::Dead)
    }

    /// Whether a process is this one, or is supervised below it.
    pub(crate) fn is_above(&self, process: Pid) -> bool {
        let mut at = process;
        while at != self.pid {
            match self.supervisor_of(at) {
                Some(supervisor) => at = supervisor,
                None => return false,
            }
        }
        true
    }

    /// The supervisor of a process.
    pub(crate) fn supervisor_of(&self, process: Pid) -> Option<Pid> {
        let process = self.peer(process)?;
        let header = process.header();
        header.parent.filter(|_| header.supervised)
    }

    /// Whether its parent is a supervisor.
    pub(crate) const fn is_supervised(&self) -> bool {
        self.supervised
    }

    /// Its supervisor has it from here on. `false`: it is dead already, and would have been missed.
    pub(crate) fn note_had(&self) -> bool {
        !self.course.note_had(self.exit_reason())
    }

    /// It is dead. The supervisor that misses it.
    pub(crate) fn note_over(&self) -> Option<Arc<dyn Process>> {
        let reason = self.exit_reason()?;
        let parent = self.parent.filter(|_| self.course.note_over(reason))?;
        self.node.process(parent)
    }

    /// Another process, nearly always of the same runtime.
    fn peer(&self, pid: Pid) -> Option<Arc<dyn Process>> {
        if pid.node() == self.pid.node() {
            self.node.process(pid)
        } else {
            node::process(pid)
        }
    }

    fn exit_signal(&self, reason: &ExitReason) -> Signal {
        Signal::Exit {
            from: Some(self.pid),
            reason: reason.clone(),
            linked: true,
        }
    }

    /// Like [`announce`](Self::announce), but for the parent, which knows.
    pub(crate) fn announce_to_others(&self, reason: &ExitReason) {
        if let Some(relations) = self.leave_table() {
            self.tell(relations, reason);
        }
    }

    fn tell(&self, relations: Option<Box<Related>>, reason: &ExitReason) {
        if let Some(related) = relations {
            for link in related.links {
                if planted(Bug::LinksNotTold) {
                    continue;
                }
                if let Some(process) = self.peer(link) {
                    process.header().forget_link(self.pid);
                    process.signal(self.exit_signal(reason));
                }
            }
            for watcher in related
                .watches
                .into_values()
                .skip(usize::from(planted(Bug::OneMonitorNotTold)))
            {
                match watcher {
                    Watcher::Waits(watch) => watch.down(reason.clone()),
                    Watcher::Hears(server, monitor) => {
                        if let Some(server) = self.peer(server) {
                            server.hear(News::Down(monitor, reason.clone()));
                        }
                    }
                }
            }
            for (monitored, key) in related.monitors.end() {
                if let Some(process) = self.peer(monitored) {
                    process.header().forget_watch(key);
                }
            }
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

    /// `None`: this process is dead.
    pub(crate) fn add_watch(&self, watcher: Watcher) -> Option<WatchKey> {
        let mut key = None;
        self.relate(|related| {
            related.watches.insert(related.next_watch, watcher);
            key = Some(related.next_watch);
            related.next_watch += 1;
        });
        key
    }

    pub(crate) fn forget_watch(&self, key: WatchKey) {
        let forgotten = match &mut *lock(&self.relations) {
            Relations::Some(related) => related.watches.remove(&key),
            _ => None,
        };
        // It may hold a waker, which is anyone's code: not under the lock.
        drop(forgotten);
    }

    /// Changes what it monitors by messages. `None`: it is dead.
    pub(crate) fn monitors<R>(&self, change: impl FnOnce(&mut Monitors) -> R) -> Option<R> {
        let mut changed = None;
        self.relate(|related| changed = Some(change(&mut related.monitors)));
        changed
    }

    /// How many watch it, and how many it monitors by messages.
    #[cfg(test)]
    pub(crate) fn watched(&self) -> (usize, usize) {
        match &*lock(&self.relations) {
            Relations::Some(related) => (related.watches.len(), related.monitors.len()),
            Relations::None | Relations::Dead => (0, 0),
        }
    }

    /// It stands on this list from here on. `false`: it is dead, and the list has to look after itself.
    pub(crate) fn enrol(&self, number: RollNumber, roll: Weak<dyn Roll>) -> bool {
        self.relate(|related| {
            related.rolls.insert(number, roll);
        }) && self.standing.note_enrolled()
    }

    /// It stands on this list no more.
    pub(crate) fn leave_roll(&self, number: RollNumber) {
        let left = match &mut *lock(&self.relations) {
            Relations::Some(related) => related.rolls.remove(&number),
            _ => None,
        };
        // With the last reference to a list goes what a user has put there.
        drop(left);
    }

    /// It is dead: it is taken off every list, before anybody can see that. What it was listed with is kept until what it holds
    /// is dropped, since that may be a user's.
    #[inline(always)]
    pub(super) fn strike_off(&self) {
        if self.standing.note_dead() && !planted(Bug::DeadStayRegistered) {
            self.strike_off_each();
        }
    }

    #[cold]
    fn strike_off_each(&self) {
        let rolls = match &mut *lock(&self.relations) {
            Relations::Some(related) => std::mem::take(&mut related.rolls),
            _ => BTreeMap::new(),
        };
        let rolls = rolls.into_values().filter_map(|roll| roll.upgrade());
        let struck: Vec<_> = rolls.filter_map(|roll| roll.strike(self.pid)).collect();
        if struck.is_empty() {
            return;
        }
        self.standing.set_struck(true);
        let mut struck = Some(struck);
        self.relate(|related| related.struck.extend(struck.take().into_iter().flatten()));
        // Its death was told before: it is fenced.
        if struck.is_some() {
            self.standing.set_struck(false);
            self.node.runtime.spawn(async move { drop(struck) });
        }
    }

    /// Whether there is something left of what it was listed with.
    #[inline]
    pub(crate) fn has_struck(&self) -> bool {
        self.standing.has_struck()
    }

    /// Drops what it was listed with, as the process.
    #[inline]
    pub(crate) fn drop_struck(&self) {
        if self.has_struck() {
            let struck = self.take_struck();
            let _scope = current::enter(self.pid);
            drop(struck);
        }
    }

    /// Has it dropped by a task of its own, where a destructor must not run.
    pub(crate) fn leave_struck(&self) {
        if self.has_struck() {
            let struck = self.take_struck();
            self.node.runtime.spawn(async move { drop(struck) });
        }
    }

    #[cold]
    fn take_struck(&self) -> Vec<Struck> {
        self.standing.set_struck(false);
        match &mut *lock(&self.relations) {
            Relations::Some(related) => std::mem::take(&mut related.struck),
            _ => Vec::new(),
        }
    }

    /// Whether it may wait for others.
    #[inline]
    pub(crate) fn may_wait(&self) -> bool {
        self.waits.load(Ordering::Relaxed)
    }

    /// It waits for another process. `None`: it is dead.
    pub(super) fn add_wait(&self, on: Pid, handled: u64, sort: Sort) -> Option<WaitKey> {
        let mut key = None;
        self.relate(|related| {
            key = Some(related.waits.add(on, handled, sort));
            self.waits.store(true, Ordering::Relaxed);
        });
        key
    }

    pub(super) fn forget_wait(&self, key: WaitKey) {
        let forgotten = self.with_waits(|waits| {
            let wait = waits.remove(key);
            self.waits.store(!waits.is_empty(), Ordering::Relaxed);
            wait
        });
        // It may hold the last reference to a slot.
        drop(forgotten);
    }

    /// `None`: it waits for nobody, or is dead.
    pub(super) fn with_waits<T>(&self, act: impl FnOnce(&mut WaitList) -> T) -> Option<T> {
        match &mut *lock(&self.relations) {
            Relations::Some(related) => Some(act(&mut related.waits)),
            Relations::None | Relations::Dead => None,
        }
    }

    /// Until when the caller of the call waits that is about to be handled.
    pub(crate) fn set_deadline(&self, deadline: Option<Instant>) {
        if deadline.is_some() {
            self.relate(|related| related.deadline = deadline);
        } else if let Relations::Some(related) = &mut *lock(&self.relations) {
            related.deadline = None;
        }
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        match &*lock(&self.relations) {
            Relations::Some(related) => related.deadline,
            Relations::None | Relations::Dead => None,
        }
    }

    pub(crate) fn waits_for(&self, other: Pid) -> bool {
        self.with_waits(|waits| waits.has(other)).unwrap_or(false)
    }

    /// Whom it waits for, if it has handled so much: with what it began before and keeps, it does not.
    pub(crate) fn waits(&self, handled: u64) -> Vec<Pid> {
        self.with_waits(|waits| waits.on(handled))
            .unwrap_or_default()
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
