//! `Node`: what the processes of one runtime share. Its process table, its names, its clock of waiting callers.
//!
//! A runtime gets its node with its first process, or its first caller who waits. A keeper task holds it open; when the runtime shuts down, the keeper
//! is dropped with it and ends every process that is left. Two runtimes of one program share nothing here.

use std::collections::HashSet;
use std::pin::pin;
use std::time::Duration;

use foldhash::fast::FixedState;

use crate::catch::Caught;
use crate::guard;
use crate::panic::{self, Handlers};
use crate::planted::{Bug, planted};
use crate::process::asked_links::AskedLinks;
use crate::process::current;
use crate::process::names::NameRefused;
use crate::process::nodes::{Nodes, Which};
use crate::process::pid::Pid;
use crate::process::process_table::ProcessTable;
use crate::process::timers::Timers;
use crate::process::vacancy::Absence;
use crate::process::{Header, Process};
use crate::rt::still::StillClock;
use crate::rt::{self, Instant, Runtime, RuntimeId};
use crate::sync::atomic::Ordering;
use crate::sync::{Arc, GlobalAtomicU32, GlobalRwLock, Mutex, PoisonError, lock};

/// The processes, names and waiting callers of one runtime.
pub(crate) struct Node {
    pub(crate) runtime: Runtime,
    pub(crate) runtime_id: RuntimeId,
    registry: Arc<ProcessTable>,
    pub(crate) timers: Timers,
    /// Of a process that is tested alone.
    alone: Option<Alone>,
}

/// What the node of a process has that is tested alone: its runtime does not get on.
struct Alone {
    clock: StillClock,
    links: Mutex<AskedLinks>,
}

static NEXT_NODE: GlobalAtomicU32 = GlobalAtomicU32::new(1);
/// The nodes of the runtimes that live, to find the one of a runtime and the one of a pid.
static NODES: GlobalRwLock<Nodes<Node>> = GlobalRwLock::new(Nodes::new());

/// How reports of panics know which handler runs.
const HANDLERS: Handlers = Handlers {
    note: current::note_panic,
    noted: current::noted_panic,
};

/// The nodes of all runtimes that live.
pub(crate) fn all() -> Vec<Arc<Node>> {
    let nodes = NODES.read().unwrap_or_else(PoisonError::into_inner);
    nodes.all().map(Arc::clone).collect()
}

impl Node {
    /// The processes that hold workers, with the numbers of what they have in hand. It goes through all processes.
    pub(crate) fn in_hand(&self) -> Vec<(Pid, u64)> {
        self.registry.in_hand()
    }

    /// The node of the process or runtime this code runs in, made when it does not exist yet. `None`: no runtime here, or
    /// one without timers.
    pub(crate) fn current_or_new() -> Option<Arc<Self>> {
        match ProcessTable::here(|registry| registry.node.upgrade()) {
            Some(Some(node)) => {
                // This runtime's first process may not have been able to.
                panic::install_hook(HANDLERS);
                Some(node)
            }
            _ => Self::find_or_new(),
        }
    }

    /// The node of the runtime this code runs on, whoever runs it; made when it does not exist yet. `None`: as above.
    pub(crate) fn of_runtime() -> Option<Arc<Self>> {
        match ProcessTable::of_runtime(|registry| registry.node.upgrade()) {
            Some(Some(node)) => Some(node),
            _ => Self::find_or_new(),
        }
    }

    /// Its number, which is not used again.
    pub(crate) fn number(&self) -> u32 {
        self.registry.id
    }

    #[cold]
    fn find_or_new() -> Option<Arc<Self>> {
        let runtime = Runtime::try_current()?;
        panic::install_hook(HANDLERS);
        guard::act_as_nobody_by(current::as_nobody);
        let runtime_id = runtime.id();
        if !has_timer(&runtime) {
            return None;
        }
        rt::ask_scheduler_again();
        let mut nodes = NODES.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(node) = nodes.find(Which::OfRuntime(runtime_id)) {
            return Some(Arc::clone(node));
        }
        let node = Self::new(runtime, None);
        nodes.insert(node.number(), runtime_id, Arc::clone(&node));
        drop(nodes);
        if planted(Bug::KeeperBuiltInTask) {
            let late = Arc::clone(&node);
            let keep = async move {
                let keeper = Keeper(late);
                keeper.keep().await;
            };
            node.runtime.spawn(keep);
            return Some(node);
        }
        let keeper = Keeper(Arc::clone(&node));
        node.runtime.spawn(async move { keeper.keep().await });
        Some(node)
    }

    fn new(runtime: Runtime, alone: Option<Alone>) -> Arc<Self> {
        let (id, runtime_id) = (NEXT_NODE.fetch_add(1, Ordering::Relaxed), runtime.id());
        Arc::new_cyclic(|node| Self {
            runtime,
            runtime_id,
            registry: ProcessTable::new(id, runtime_id, node.clone(), alone.is_some()),
            timers: Timers::new(),
            alone,
        })
    }

    /// A node of its own for a process that is tested alone, until it is closed. Nobody keeps its time, and its clock stands still.
    pub(crate) fn still(runtime: Runtime) -> Arc<Self> {
        guard::act_as_nobody_by(current::as_nobody);
        let alone = Alone {
            clock: StillClock::new(),
            links: Mutex::default(),
        };
        let node = Self::new(runtime, Some(alone));
        node.timers.close();
        let mut nodes = NODES.write().unwrap_or_else(PoisonError::into_inner);
        nodes.insert(node.number(), node.runtime_id, Arc::clone(&node));
        drop(nodes);
        node
    }

    /// The current moment of this runtime's clock.
    pub(crate) fn now(&self) -> Instant {
        match &self.alone {
            None => self.runtime.now(),
            Some(alone) => alone.clock.now(),
        }
    }

    /// Has a clock that stands still go on.
    pub(crate) fn advance(&self, by: Duration) {
        if let Some(alone) = &self.alone {
            alone.clock.advance(by);
        }
    }

    /// Notes that its process has asked for a link, if it is tested alone.
    pub(super) fn note_link(&self, peer: Pid) {
        if let Some(alone) = &self.alone {
            lock(&alone.links).add(peer);
        }
    }

    /// Notes that its process has asked for there to be none.
    pub(super) fn note_unlink(&self, peer: Pid) {
        if let Some(alone) = &self.alone {
            lock(&alone.links).remove(peer);
        }
    }

    /// Takes the links that its process has asked for, which is tested alone.
    pub(crate) fn take_asked_links(&self) -> Vec<Pid> {
        let alone = self.alone.as_ref();
        alone.map_or_else(Vec::new, |alone| lock(&alone.links).take())
    }

    pub(crate) fn new_pid(&self) -> Pid {
        self.registry.new_pid()
    }

    /// So many processes will be entered.
    pub(crate) fn reserve(&self, processes: usize) {
        self.registry.reserve(processes);
    }

    /// Enters a process in the table, and under its name if it has one.
    pub(crate) fn register(&self, process: Arc<dyn Process>) -> Result<(), NameRefused> {
        self.registry.register(process)
    }

    /// A process is dead for everybody who asks: its supervisor misses it, if it is to return, and its name is free.
    /// `absences`: of those that are to return with it.
    pub(crate) fn note_dead(&self, header: &Header, absences: Vec<Absence>) {
        self.note_missed(header, absences);
        self.free_name(header);
    }

    /// The first half of that, which comes before anybody can see that the process is dead.
    pub(crate) fn note_missed(&self, header: &Header, absences: Vec<Absence>) {
        if header.is_supervised() {
            self.have_missed(header, absences);
        } else {
            drop(absences);
        }
    }

    /// Frees its name, and takes it off the lists that it stands on.
    pub(crate) fn free_name(&self, header: &Header) {
        self.registry.free_name(header);
        header.strike_off();
    }

    #[inline(never)]
    fn have_missed(&self, header: &Header, mut absences: Vec<Absence>) {
        if let Some(supervisor) = header.note_over() {
            absences.extend(self.expect(header));
            supervisor.miss(header, absences);
        }
    }

    /// A dead process is to return: its name is expected, if it has one.
    pub(crate) fn expect(&self, header: &Header) -> Option<Absence> {
        let name = header.name()?;
        Some(self.registry.vacancies.expect(name))
    }

    /// A process has started under its supervisor: those who wait for its name are woken.
    pub(crate) fn note_started(&self, header: &Header) {
        if let Some(name) = header.name() {
            self.registry.vacancies.wake(name);
        }
    }

    /// Takes a dying process out of the table: its death is about to be told.
    pub(super) fn unlist(&self, pid: Pid) {
        self.registry.unlist(pid);
    }

    pub(crate) fn process(&self, pid: Pid) -> Option<Arc<dyn Process>> {
        self.registry.process(pid)
    }

    /// Every process whose death was not told yet, in the order of their starts.
    pub(crate) fn processes(&self) -> Vec<Arc<dyn Process>> {
        self.registry.processes()
    }

    /// The runtime is over: whoever is left ends with it.
    pub(crate) fn close(&self) {
        self.registry.close();
        let mut nodes = NODES.write().unwrap_or_else(PoisonError::into_inner);
        let own = nodes.remove(self.runtime_id);
        drop(nodes);
        drop(own);
        for process in self.processes() {
            process.runtime_gone();
        }
        self.timers.close();
    }
}

/// Whether a runtime has timers. Asked once: a runtime that has them gets its node, and the others are remembered.
fn has_timer(runtime: &Runtime) -> bool {
    static WITHOUT: GlobalRwLock<HashSet<RuntimeId, FixedState>> =
        GlobalRwLock::new(HashSet::with_hasher(FixedState::with_seed(0)));
    let id = runtime.id();
    let without = WITHOUT.read().unwrap_or_else(PoisonError::into_inner);
    let known = without.contains(&id);
    drop(without);
    if known {
        return false;
    }
    let has_timer = runtime.has_timer();
    if !has_timer {
        let mut without = WITHOUT.write().unwrap_or_else(PoisonError::into_inner);
        without.insert(id);
    }
    has_timer
}

pub(super) fn find(which: Which) -> Option<Arc<ProcessTable>> {
    let nodes = NODES.read().unwrap_or_else(PoisonError::into_inner);
    Some(Arc::clone(&nodes.find(which)?.registry))
}

/// Finds the process behind a pid, until its death is told.
pub(crate) fn process(pid: Pid) -> Option<Arc<dyn Process>> {
    ProcessTable::of(pid, |registry| registry.process(pid)).flatten()
}

/// Lives in the keeper task: dropped with the runtime, it closes the node.
struct Keeper(Arc<Node>);

impl Keeper {
    /// Serves the callers who wait. No panic ends it: that would be the end of every process.
    async fn keep(&self) {
        loop {
            let keep = pin!(Some(self.0.timers.keep(&self.0.runtime)));
            Caught::new(keep).await.unwrap_or_default();
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.close();
    }
}
