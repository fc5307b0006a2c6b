//! The probe. Whoever starts asks it how the start is to go; it monitors those that started, and writes down what happens in
//! the order in which it is told.
//!
//! One per thread. Nothing of the library is called while it is borrowed.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};

use suptree::{ExitReason, Pid, monitor, self_pid, sim};

use super::child::End;
use super::tree::Handle;
use crate::scenario::{How, Id, Outcome, Spec};
use crate::words;

pub(super) struct World {
    pub(super) root: Spec,
    /// What came of the start of the root.
    pub(super) boot: Option<String>,
    /// What comes of the next starts.
    pub(super) next: HashMap<Id, VecDeque<Outcome>>,
    /// Whether children that hold their supervisor up let it go.
    pub(super) gate: bool,
    /// The child whose `terminate` waits.
    pub(super) lingers: Option<Id>,
    /// How the latest process of a child is told to end.
    pub(super) clients: HashMap<Id, Box<dyn Fn(End)>>,
    attempts: HashMap<Id, u32>,
    /// The latest process of each.
    pids: HashMap<Id, Pid>,
    names: HashMap<Pid, String>,
    supervisors: BTreeMap<String, (Id, Handle)>,
    log: Vec<Line>,
    /// Supervisors that ended.
    gone: Vec<String>,
    /// Why processes ended.
    downs: HashMap<Pid, ExitReason>,
}

enum Line {
    Text(String),
    /// Why is known when the death is announced.
    End(Pid, String),
}

pub(super) enum Role {
    Worker,
    Supervisor(Handle),
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

pub(super) fn begin(root: Spec) {
    let world = World {
        root,
        boot: None,
        next: HashMap::new(),
        gate: false,
        lingers: None,
        clients: HashMap::new(),
        attempts: HashMap::new(),
        pids: HashMap::new(),
        names: HashMap::new(),
        supervisors: BTreeMap::new(),
        log: Vec::new(),
        gone: Vec::new(),
        downs: HashMap::new(),
    };
    WORLD.set(Some(world));
}

pub(super) fn end() {
    let world = WORLD.take();
    drop(world);
}

pub(super) fn with<R>(act: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(|world| act(world.as_mut().expect("a scenario is played")))
}

/// The running process starts. Its name, and what comes of it.
pub(super) fn start(role: Role, id: Id) -> (String, Outcome) {
    let pid = self_pid();
    let is_worker = matches!(role, Role::Worker);
    let (name, outcome) = with(|world| {
        let attempt = world.attempts.entry(id).or_default();
        *attempt += 1;
        let name = format!("{}#{attempt}", words::id(id));
        let outcome = world.next.get_mut(&id).and_then(VecDeque::pop_front);
        let outcome = outcome.unwrap_or(Outcome::Ok);
        world
            .log
            .push(Line::Text(format!("start {name} {outcome}")));
        if outcome == Outcome::Ok {
            world.pids.insert(id, pid);
            world.names.insert(pid, name.clone());
        }
        (name, outcome)
    });
    if outcome != Outcome::Ok {
        return (name, outcome);
    }
    if let Role::Supervisor(handle) = role {
        let old = with(|world| world.supervisors.insert(words::id(id), (id, handle)));
        drop(old);
    }
    let (end, ended) = (monitor(pid), name.clone());
    drop(sim::spawn(async move {
        let reason = end.await.reason;
        with(|world| {
            if !is_worker {
                let reason = words::reason(&reason);
                world.gone.push(format!("gone {ended} {reason}"));
            }
            world.downs.insert(pid, reason);
        });
    }));
    (name, outcome)
}

/// Tells a child to end, if there is a process of it.
pub(super) async fn tell(id: Id, how: How) {
    let end = End(match how {
        How::Stop(reason) => Some(reason),
        How::Panic => None,
        How::Signal(_) => unreachable!("that is no message"),
    });
    let client = with(|world| world.clients.remove(&id));
    if let Some(client) = client {
        client(end);
        with(|world| world.clients.insert(id, client));
    }
}

pub(super) fn pid(id: Id) -> Option<Pid> {
    with(|world| world.pids.get(&id).copied())
}

pub(super) fn name_of(pid: Pid) -> String {
    with(|world| world.names.get(&pid).cloned()).unwrap_or_else(|| pid.to_string())
}

pub(super) fn supervisor(id: Id) -> Option<Handle> {
    with(|world| {
        world
            .supervisors
            .get(&words::id(id))
            .map(|(_, handle)| handle.clone())
    })
}

/// All that there ever were, as their ids are sorted.
pub(super) fn supervisors() -> Vec<(Id, Handle)> {
    with(|world| world.supervisors.values().cloned().collect())
}

/// What was written down since the last time: events in order, and the supervisors that ended.
pub(super) fn take() -> (Vec<String>, Vec<String>) {
    with(|world| {
        let downs = &world.downs;
        let log = world.log.drain(..).map(|line| match line {
            Line::Text(text) => text,
            Line::End(pid, name) => {
                let reason = downs.get(&pid).map_or("unannounced".into(), words::reason);
                format!("end {name} {reason}")
            }
        });
        let log = log.collect();
        world.gone.sort();
        (log, std::mem::take(&mut world.gone))
    })
}

/// Part of the state of a child: its drop is the child's end.
pub(super) struct Life {
    pid: Pid,
    name: String,
}

impl Life {
    pub(super) const fn new(pid: Pid, name: String) -> Self {
        Self { pid, name }
    }

    /// `terminate` runs.
    pub(super) fn bye(&self, reason: &ExitReason) {
        let line = format!("bye {} {}", self.name, words::reason(reason));
        with(|world| world.log.push(Line::Text(line)));
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let line = Line::End(self.pid, self.name.clone());
        // Not when the whole runtime goes.
        WORLD.with_borrow_mut(|world| {
            if let Some(world) = world {
                world.log.push(line);
            }
        });
    }
}
