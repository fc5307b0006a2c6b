//! The names of one runtime, and who holds them. Texts have a table of their own: they are what names mostly are.
//!
//! No key is hashed or compared under the lock: its `Hash` and `Eq` are a user's, and may panic, or look a name up.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use foldhash::fast::RandomState;

use crate::burst;
use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::process::Process;
use crate::process::name::{Name, NameKey, Repr, SharedKey, Text, View};
use crate::process::pid::Pid;
use crate::sync::{Arc, PoisonError, RwLock};

#[derive(Default)]
pub(super) struct Names(RwLock<Tables>);

#[derive(Default)]
struct Tables {
    texts: HashMap<Text, Arc<dyn Process>, RandomState>,
    /// By their hashes, which are good ones: nearly always one key has it.
    keys: HashMap<u64, Vec<Holder>, BuildHasherDefault<HashItself>>,
}

/// A key, and the process that holds it.
#[derive(Clone)]
struct Holder {
    key: SharedKey,
    process: Arc<dyn Process>,
}

/// Why a name was not given.
pub(crate) enum NameRefused {
    /// This process holds it.
    Taken(Pid),
    /// The `Eq` of a key panicked.
    Crashed(ExitReason),
}

impl Names {
    /// Registers a process under a name.
    pub(super) fn claim(&self, name: &Name, process: &Arc<dyn Process>) -> Result<(), NameRefused> {
        match &name.0 {
            Repr::Text(text) => self.claim_text(text, process),
            Repr::Key(key) => self.claim_key(name, key, process),
        }
    }

    fn claim_text(&self, text: &Text, process: &Arc<dyn Process>) -> Result<(), NameRefused> {
        let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = tables.texts.get(text) {
            return Err(NameRefused::Taken(holder.header().pid));
        }
        tables.texts.insert(text.clone(), Arc::clone(process));
        Ok(())
    }

    /// Compares first, and then takes the name if nobody came in between.
    fn claim_key(
        &self,
        name: &Name,
        key: &SharedKey,
        process: &Arc<dyn Process>,
    ) -> Result<(), NameRefused> {
        let mut holder = Some(Holder {
            key: key.clone(),
            process: Arc::clone(process),
        });
        loop {
            let known = self.with_hash(key.hash_code());
            let found = catch(|| pick(&known, name.view()).map(|holder| holder.header().pid));
            match found {
                Err(panic) => return Err(NameRefused::Crashed(panic)),
                Ok(Some(pid)) => return Err(NameRefused::Taken(pid)),
                Ok(None) => {}
            }
            let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
            let holders = tables.keys.entry(key.hash_code()).or_default();
            let pids = |holders: &[Holder]| -> Vec<Pid> {
                let pids = holders.iter().map(|holder| holder.process.header().pid);
                pids.collect()
            };
            if pids(holders) == pids(&known) {
                holders.extend(holder.take());
                return Ok(());
            }
        }
    }

    /// Frees a name, if this process holds it. What is returned is dropped outside the lock.
    pub(super) fn free(&self, name: &Name, pid: Pid) -> impl Sized + use<> {
        let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match &name.0 {
            Repr::Text(text) => {
                let holder = tables.texts.get(text)?;
                if holder.header().pid != pid {
                    return None;
                }
                let freed = tables.texts.remove_entry(text);
                burst::shrink_table(&mut tables.texts);
                Some((freed, None))
            }
            Repr::Key(key) => {
                let holders = tables.keys.get_mut(&key.hash_code())?;
                let mut ours = holders.iter().map(|holder| holder.process.header().pid);
                let freed = ours.position(|holder| holder == pid)?;
                let freed = holders.swap_remove(freed);
                if holders.is_empty() {
                    tables.keys.remove(&key.hash_code());
                    burst::shrink_table(&mut tables.keys);
                }
                Some((None, Some(freed)))
            }
        }
    }

    pub(super) fn find(&self, name: View<'_>) -> Option<Arc<dyn Process>> {
        // A process that is about to free its name is dead for everybody who asks.
        self.listed(name)
            .filter(|process| process.header().exit_reason().is_none())
    }

    /// The holder of a name, which may be dead, and about to free it.
    pub(super) fn listed(&self, name: View<'_>) -> Option<Arc<dyn Process>> {
        match name {
            View::Text(text) => {
                let tables = self.0.read().unwrap_or_else(PoisonError::into_inner);
                tables.texts.get(text).map(Arc::clone)
            }
            View::Key(hash, _) => pick(&self.with_hash(hash), name).map(Arc::clone),
        }
    }

    /// Who holds a key with this hash.
    fn with_hash(&self, hash: u64) -> Vec<Holder> {
        let tables = self.0.read().unwrap_or_else(PoisonError::into_inner);
        tables.keys.get(&hash).cloned().unwrap_or_default()
    }
}

/// The one of them that holds this key. User code.
fn pick<'a>(holders: &'a [Holder], name: View<'_>) -> Option<&'a Arc<dyn Process>> {
    let View::Key(_, key) = name else { return None };
    let found = holders.iter().find(|holder| holder.key.is(key));
    found.map(|holder| &holder.process)
}

/// The hasher of what is a hash.
#[derive(Default)]
pub(crate) struct HashItself(u64);

impl Hasher for HashItself {
    fn write(&mut self, bytes: &[u8]) {
        unreachable!("only hashes are hashed here: {bytes:?}");
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
