//! `Node`: what the processes of one runtime share. Its process table, its names, its clock of waiting callers.
//!
//! A runtime gets its node with its first process. A keeper task holds it open; when the runtime shuts down, the keeper
//! is dropped with it and ends every process that is left. Two runtimes of one program share nothing here.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::current;
use crate::guard::{install_panic_hook, lock};
use crate::name::{Lookup, Name};
use crate::patience::Patience;
use crate::pid::Pid;
use crate::planted::planted;
use crate::process::Process;
use crate::rt::{Runtime, RuntimeId};
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::sync::{Arc, GlobalAtomicU32, GlobalRwLock, Mutex, PoisonError, RwLock, Weak};

/// The processes, names and waiting callers of one runtime.
pub(crate) struct Node {
    id: u32,
    pub(crate) runtime: Runtime,
    pub(crate) runtime_id: RuntimeId,
    serial: AtomicU64,
    closed: AtomicBool,
    table: Mutex<HashMap<u64, Arc<dyn Process>, SerialHash>>,
    names: RwLock<HashMap<Name, Arc<dyn Process>>>,
    pub(crate) patience: Patience,
}

/// Serials are consecutive numbers: one multiplication spreads them.
#[derive(Default)]
pub(crate) struct SerialHasher(u64);
type SerialHash = BuildHasherDefault<SerialHasher>;

impl Hasher for SerialHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

static NEXT_NODE: GlobalAtomicU32 = GlobalAtomicU32::new(1);
/// The nodes of the runtimes that live, to find the one of a runtime and the one of a pid.
static NODES: GlobalRwLock<Vec<Arc<Node>>> = GlobalRwLock::new(Vec::new());

crate::sync::thread_local! {
    static LAST: std::cell::RefCell<Weak<Node>> = const { std::cell::RefCell::new(Weak::new()) };
}

impl Node {
    /// The node of the process or runtime this code runs in. `None`: there is no runtime, or none yet with a process.
    pub(crate) fn current() -> Option<Arc<Self>> {
        if let Some(pid) = current::pid() {
            return Self::of(pid);
        }
        let runtime = Runtime::try_current()?.id();
        let cached = LAST.with_borrow(Weak::upgrade);
        if let Some(node) = cached.filter(|node| node.runtime_id == runtime && !node.is_closed()) {
            return Some(node);
        }
        let node = Self::find(|node| node.runtime_id == runtime)?;
        LAST.set(Arc::downgrade(&node));
        Some(node)
    }

    /// As [`current`](Self::current), made when it does not exist yet. `None`: no runtime here, or one without timers.
    pub(crate) fn current_or_new() -> Option<Arc<Self>> {
        if let Some(node) = Self::current() {
            return Some(node);
        }
        let runtime = Runtime::try_current()?;
        if !runtime.has_timer() {
            return None;
        }
        install_panic_hook();
        let runtime_id = runtime.id();
        let mut nodes = NODES.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(node) = nodes.iter().find(|node| node.runtime_id == runtime_id) {
            return Some(Arc::clone(node));
        }
        let node = Arc::new(Self {
            id: NEXT_NODE.fetch_add(1, Ordering::Relaxed),
            runtime,
            runtime_id,
            serial: AtomicU64::new(1),
            closed: AtomicBool::new(false),
            table: Mutex::default(),
            names: RwLock::default(),
            patience: Patience::default(),
        });
        nodes.push(Arc::clone(&node));
        drop(nodes);
        if planted(2) {
            let late = Arc::clone(&node);
            let keep = async move {
                let keeper = Keeper(late);
                keeper.0.patience.keep(&keeper.0.runtime).await;
            };
            node.runtime.spawn(keep);
            return Some(node);
        }
        let keeper = Keeper(Arc::clone(&node));
        node.runtime
            .spawn(async move { keeper.0.patience.keep(&keeper.0.runtime).await });
        Some(node)
    }

    /// The node a pid belongs to, while its runtime lives.
    pub(crate) fn of(pid: Pid) -> Option<Arc<Self>> {
        let cached = LAST.with_borrow(Weak::upgrade);
        if let Some(node) = cached.filter(|node| node.id == pid.node()) {
            return Some(node);
        }
        Self::find(|node| node.id == pid.node())
    }

    fn find(which: impl Fn(&Self) -> bool) -> Option<Arc<Self>> {
        let nodes = NODES.read().unwrap_or_else(PoisonError::into_inner);
        nodes.iter().find(|node| which(node)).map(Arc::clone)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(crate) fn new_pid(&self) -> Pid {
        Pid::new(self.id, self.serial.fetch_add(1, Ordering::Relaxed))
    }

    /// Enters a process in the table, and under its name if it has one.
    ///
    /// # Errors
    ///
    /// The pid that holds the name already.
    pub(crate) fn enroll(&self, process: Arc<dyn Process>) -> Result<(), Pid> {
        if let Some(name) = &process.header().name {
            let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(holder) = names.get(name) {
                return Err(holder.header().pid);
            }
            names.insert(name.clone(), Arc::clone(&process));
        }
        let serial = process.header().pid.serial();
        lock(&self.table).insert(serial, Arc::clone(&process));
        // A runtime that shuts down meanwhile has taken its list of processes already.
        if self.is_closed() {
            process.runtime_gone();
        }
        Ok(())
    }

    /// Takes a dying process out, its name first.
    pub(crate) fn strike(&self, process: &dyn Process) {
        let header = process.header();
        let mut freed = None;
        if let Some(name) = &header.name {
            let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
            if names
                .get(name)
                .is_some_and(|holder| holder.header().pid == header.pid)
            {
                freed = names.remove_entry(name);
            }
        }
        let listed = lock(&self.table).remove(&header.pid.serial());
        // Keys and processes hold user values: they are dropped outside of the locks.
        crate::guard::discard((freed, listed));
    }

    pub(crate) fn process(&self, pid: Pid) -> Option<Arc<dyn Process>> {
        lock(&self.table).get(&pid.serial()).map(Arc::clone)
    }

    pub(crate) fn whereis(&self, name: &(dyn Lookup + '_)) -> Option<Arc<dyn Process>> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        // A process that is about to free its name is dead for everybody who asks.
        names
            .get(name)
            .filter(|process| process.header().exit_reason().is_none())
            .map(Arc::clone)
    }

    /// Every process, in the order of their starts.
    pub(crate) fn processes(&self) -> Vec<Arc<dyn Process>> {
        let mut all: Vec<_> = lock(&self.table).values().map(Arc::clone).collect();
        all.sort_unstable_by_key(|process| process.header().pid);
        all
    }

    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let mut nodes = NODES.write().unwrap_or_else(PoisonError::into_inner);
        nodes.retain(|node| node.id != self.id);
        drop(nodes);
        for process in self.processes() {
            process.runtime_gone();
        }
        self.patience.close();
    }
}

/// Finds the process behind a pid.
pub(crate) fn process(pid: Pid) -> Option<Arc<dyn Process>> {
    Node::of(pid)?.process(pid)
}

/// Lives in the keeper task: dropped with the runtime, it closes the node.
struct Keeper(Arc<Node>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.close();
    }
}
