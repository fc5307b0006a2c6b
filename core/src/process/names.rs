//! The names of one runtime, and who holds them. Texts have a table of their own: they are what names mostly are, and
//! need no virtual call to be found.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::burst;
use crate::process::Process;
use crate::process::name::{Key, Name, NameKey, Repr, Text, View};
use crate::process::pid::Pid;
use crate::sync::{Arc, PoisonError, RwLock};

#[derive(Default)]
pub(super) struct Names(RwLock<Tables>);

#[derive(Default)]
struct Tables {
    texts: HashMap<Text, Arc<dyn Process>, RandomState>,
    keys: HashMap<Arc<dyn Key>, Arc<dyn Process>, RandomState>,
}

impl Names {
    /// Registers a process under a name.
    ///
    /// # Errors
    ///
    /// The pid that holds the name already.
    pub(super) fn claim(&self, name: &Name, process: &Arc<dyn Process>) -> Result<(), Pid> {
        let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = tables.holder(name.view()) {
            return Err(holder.header().pid);
        }
        let process = Arc::clone(process);
        match &name.0 {
            Repr::Text(text) => tables.texts.insert(text.clone(), process),
            Repr::Key(key) => tables.keys.insert(Arc::clone(key), process),
        };
        Ok(())
    }

    /// Frees a name, if this process holds it. What is returned is dropped outside the lock.
    pub(super) fn free(&self, name: &Name, pid: Pid) -> impl Sized + use<> {
        let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let holder = tables.holder(name.view())?;
        if holder.header().pid != pid {
            return None;
        }
        let freed = match name.view() {
            View::Text(text) => (tables.texts.remove_entry(text), None),
            View::Key(key) => (None, tables.keys.remove_entry(key)),
        };
        // The table of keys keeps its memory: to shrink it would hash them anew, which is users' code.
        burst::shrink_table(&mut tables.texts);
        Some(freed)
    }

    pub(super) fn find(&self, name: View<'_>) -> Option<Arc<dyn Process>> {
        let tables = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // A process that is about to free its name is dead for everybody who asks.
        tables
            .holder(name)
            .filter(|process| process.header().exit_reason().is_none())
            .map(Arc::clone)
    }
}

impl Tables {
    fn holder(&self, name: View<'_>) -> Option<&Arc<dyn Process>> {
        match name {
            View::Text(text) => self.texts.get(text),
            View::Key(key) => self.keys.get(key),
        }
    }
}
