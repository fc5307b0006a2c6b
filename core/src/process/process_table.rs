//! `ProcessTable`: who runs on one runtime, by pid and by name. Every thread keeps the one it used last, so that a look-up
//! touches no counter that other threads touch too.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::burst;
use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::process::claim;
use crate::process::current;
use crate::process::name::{Name, NameKey as _, View};
use crate::process::names::{NameRefused, Names};
use crate::process::node::Node;
use crate::process::nodes::Which;
use crate::process::pid::{Pid, PidHash};
use crate::process::vacancy::Vacancies;
use crate::process::{Header, Process};
use crate::rt::{Runtime, RuntimeId};
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::sync::{Arc, Mutex, Weak, lock};

pub(crate) struct ProcessTable {
    pub(super) id: u32,
    pub(super) runtime_id: RuntimeId,
    /// Of a process that is tested alone, and has to do with nobody here.
    is_alone: bool,
    /// Weak: what a thread keeps must not keep a runtime.
    pub(super) node: Weak<Node>,
    serial: AtomicU64,
    closed: AtomicBool,
    table: Mutex<HashMap<u64, Arc<dyn Process>, PidHash>>,
    names: Names,
    pub(super) vacancies: Arc<Vacancies>,
}

crate::sync::thread_local! {
    static LAST: RefCell<Option<Arc<ProcessTable>>> = const { RefCell::new(None) };
}

impl ProcessTable {
    pub(super) fn new(
        id: u32,
        runtime_id: RuntimeId,
        node: Weak<Node>,
        is_alone: bool,
    ) -> Arc<Self> {
        Arc::new(Self {
            id,
            runtime_id,
            is_alone,
            node,
            serial: AtomicU64::new(1),
            closed: AtomicBool::new(false),
            table: Mutex::default(),
            names: Names::default(),
            vacancies: Arc::default(),
        })
    }

    /// Looks at the registry of the process or runtime this code runs in. `None`: there is no runtime, or none yet with
    /// a process. What a process does that is tested alone, it does where its test runs.
    pub(crate) fn here<R>(look: impl FnOnce(&Self) -> R) -> Option<R> {
        let mut look = Some(look);
        if let Some(pid) = current::pid() {
            let found = Self::of(pid, |registry| {
                let look = look.take_if(|_| !registry.is_alone);
                look.map(|look| look(registry))
            });
            if found.is_none() || look.is_none() {
                return found.flatten();
            }
        }
        Self::of_runtime(look?)
    }

    /// Looks at the registry of the runtime this code runs on.
    pub(super) fn of_runtime<R>(look: impl FnOnce(&Self) -> R) -> Option<R> {
        let runtime = Runtime::current_id()?;
        Self::with(Which::OfRuntime(runtime), look)
    }

    /// Whether this code runs in a process or a runtime, and so where names are.
    pub(crate) fn is_anywhere() -> bool {
        let in_process = |pid| Self::of(pid, |registry| !registry.is_alone).unwrap_or(true);
        current::pid().is_some_and(in_process) || Runtime::current_id().is_some()
    }

    /// Looks at the registry a pid is in, while its runtime lives.
    pub(crate) fn of<R>(pid: Pid, look: impl FnOnce(&Self) -> R) -> Option<R> {
        Self::numbered(pid.node(), look)
    }

    /// Looks at the registry of a node, while its runtime lives.
    pub(super) fn numbered<R>(node: u32, look: impl FnOnce(&Self) -> R) -> Option<R> {
        Self::with(Which::Numbered(node), look)
    }

    #[inline(always)]
    fn is(&self, which: Which) -> bool {
        match which {
            Which::Numbered(node) => self.id == node,
            Which::OfRuntime(runtime) => self.runtime_id == runtime && !self.is_closed(),
        }
    }

    #[inline(always)]
    fn with<R>(which: Which, look: impl FnOnce(&Self) -> R) -> Option<R> {
        let mut look = Some(look);
        let found = LAST.try_with(|last| {
            let last = last.try_borrow().ok()?;
            let registry = last.as_deref().filter(|registry| registry.is(which))?;
            look.take().map(|look| look(registry))
        });
        if let Ok(Some(found)) = found {
            return Some(found);
        }
        let look = look?;
        let registry = crate::process::node::find(which)?;
        if !registry.is(which) {
            return None;
        }
        let before = LAST.try_with(|last| {
            let mut last = last.try_borrow_mut().ok()?;
            last.replace(Arc::clone(&registry))
        });
        drop(before);
        Some(look(&registry))
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// From here on nobody can stay: a process that registers is told at once that the runtime is gone.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    pub(super) fn new_pid(&self) -> Pid {
        Pid::new(self.id, self.serial.fetch_add(1, Ordering::Relaxed))
    }

    /// So many processes will be entered: the table grows once.
    pub(super) fn reserve(&self, processes: usize) {
        lock(&self.table).reserve(processes);
    }

    /// Enters a process in the table, and under its name if it has one.
    pub(super) fn register(&self, process: Arc<dyn Process>) -> Result<(), NameRefused> {
        let name = process.header().name();
        if let Some(name) = name {
            self.names.claim(name, &process)?;
            // Of one that its supervisor starts they hear when it has started.
            if !process.header().is_supervised() {
                self.vacancies.wake(name);
            }
        }
        if let Err(refused) = claim::settle(&process) {
            // Some may have found it by its name: they are told that it is dead.
            if name.is_some() {
                process.header().orphan();
                process.fence(ExitReason::Killed);
            }
            return Err(refused);
        }
        let serial = process.header().pid.serial();
        lock(&self.table).insert(serial, Arc::clone(&process));
        // A runtime that shuts down meanwhile has taken its list of processes already.
        if self.is_closed() {
            process.runtime_gone();
        }
        Ok(())
    }

    /// Frees the name of a dying process.
    pub(super) fn free_name(&self, header: &Header) {
        if let Some(name) = header.name() {
            // Keys hold user values: they are dropped outside the locks.
            discard(self.names.free(name, header.pid));
            self.vacancies.note_free(name);
        }
    }

    /// Takes a dying process out, whose death is about to be told.
    pub(super) fn unlist(&self, pid: Pid) {
        let listed = {
            let mut table = lock(&self.table);
            let listed = table.remove(&pid.serial());
            burst::shrink_table(&mut *table);
            listed
        };
        // Processes hold user values: they are dropped outside the locks.
        discard(listed);
    }

    /// A process whose death was not told yet: one that is dead, and not dropped, is found, too.
    pub(crate) fn process(&self, pid: Pid) -> Option<Arc<dyn Process>> {
        lock(&self.table).get(&pid.serial()).map(Arc::clone)
    }

    pub(crate) fn whereis(&self, name: View<'_>) -> Option<Arc<dyn Process>> {
        self.names.find(name)
    }

    /// The holder of a name, which may be dead, and about to free it.
    pub(super) fn listed(&self, name: &Name) -> Option<Arc<dyn Process>> {
        self.names.listed(name.view())
    }

    /// The processes that hold workers, with the numbers of what they have in hand.
    pub(super) fn in_hand(&self) -> Vec<(Pid, u64)> {
        let table = lock(&self.table);
        // Of one that holds none its state is read, and nothing else: with many, all that is read is far away.
        let in_hand = |(serial, process): (&_, &Arc<dyn Process>)| {
            let number = process.in_hand()?;
            Some((Pid::new(self.id, *serial), number))
        };
        table.iter().filter_map(in_hand).collect()
    }

    /// Every process whose death was not told yet, in the order of their starts.
    pub(crate) fn processes(&self) -> Vec<Arc<dyn Process>> {
        let mut all: Vec<_> = lock(&self.table).values().map(Arc::clone).collect();
        all.sort_unstable_by_key(|process| process.header().pid);
        all
    }
}
