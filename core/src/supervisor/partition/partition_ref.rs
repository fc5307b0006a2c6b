//! `PartitionSupervisorRef`: what can be asked of a running partition supervisor.

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;

use crate::child;
use crate::process::address::Nobody;
use crate::process::name::Name;
use crate::supervisor::ask::ask_for_an_end;
use crate::supervisor::child_spec::startable::Child;
use crate::supervisor::kept_handle::KeptHandle;
use crate::supervisor::partition::resize_error::ResizeError;
use crate::supervisor::partition::routing::partition_of;
use crate::supervisor::partition::table::Table;
use crate::supervisor::request::SupervisorRequest;
use crate::supervisor::supervisor_methods::supervisor_methods;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::supervisor::supervisor_ref::SupervisorRef;

/// A reference to a partition supervisor whose partitions are of the type `C`: to the supervisor that holds a name, or to the one
/// at a place in a tree, across restarts. The ids of its children are the numbers of the partitions, of the type `usize`.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Counter(u64);
/// # #[genserver]
/// # impl Counter { #[call] fn add(&mut self, n: u64) -> u64 { self.0 += n; self.0 } }
/// # supervisor! { App { strategy: one_for_one, children: [] } }
/// use suptree::{Child, PartitionSupervisorRef, PartitionSupervisorSpec};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let app = App::start_link().await?;
/// let counters = PartitionSupervisorRef::<Counter>::vacant();
/// assert!(!counters.is_alive());
/// let flags = PartitionSupervisorSpec::<Counter>::new(|_partition| ()).partitions(3);
/// app.start_child(PartitionSupervisorRef::child_spec(&counters, "counters", flags)).await?;
///
/// assert_eq!(counters.route("joe").add(1).await?, 1);
/// assert_eq!(counters.partitions(), 3);
/// for counter in counters.handles() {
///     counter.add(10).await?;
/// }
/// assert_eq!(counters.route("joe").add(1).await?, 12);
/// assert_eq!(counters.which_children().await?[2].id, Some(suptree::ChildId::new(2_usize)));
/// assert_eq!(counters.count_children().await?.active, 3);
/// counters.ready().await?;
/// assert!(counters.is_ready()); // `watch_readiness` follows it
/// assert!(counters.watch_readiness().changed().await?);
///
/// assert_eq!(counters.process().pid(), counters.pid());
/// assert_eq!(counters.info().expect("it lives").restarts, 0);
/// let end = counters.monitor();
/// counters.kill(); // and its partitions
/// assert_eq!(end.await.reason, ExitReason::Killed);
/// # app.which_children().await?;
/// counters.exit("go away".into()); // supervisors trap exits: that of a stranger does nothing
/// counters.stop_with(ExitReason::Shutdown).await?; // `stop()` is `stop_with(ExitReason::Normal)`
/// # app.which_children().await?;
/// counters.stop().await?;
/// # Ok(()) }
/// ```
///
/// When requests are sent, and what dropping one does, is said [there](SupervisorRef#requests). Cloning a reference is cheap; dropping
/// it does nothing to the supervisor.
pub struct PartitionSupervisorRef<C: Child> {
    pub(super) supervisor: SupervisorRef,
    /// The handles; `None`: those of whichever supervisor has the name.
    table: Option<Arc<Table<C>>>,
}

impl<C: Child> PartitionSupervisorRef<C> {
    /// A reference to the place of a supervisor that is not there yet. Until the supervisor starts, the reference leads to nobody.
    #[must_use]
    pub fn vacant() -> Self {
        Self {
            supervisor: SupervisorRef::vacant(),
            table: Some(Arc::new(Table::new())),
        }
    }

    /// A reference by name. It is resolved at each use; nobody needs to hold the name yet.
    ///
    /// The supervisor has to be one whose partitions are of the type `C`: a key of another one leads to nobody. The example is that of
    /// [`PartitionSupervisor`](crate::PartitionSupervisor).
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver] impl Counter { #[call] fn get(&self) -> u64 { self.0 } }
    /// use suptree::PartitionSupervisorRef;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let unknown = PartitionSupervisorRef::<Counter>::named("unknown".into());
    /// assert_eq!(unknown.partitions(), 0);
    /// assert_eq!(unknown.route("joe").get().await, Err(CallError::NoProc));
    /// # }
    /// ```
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self {
            supervisor: SupervisorRef::named(name),
            table: None,
        }
    }

    /// The handle of the partition that this key has. It follows that partition across restarts.
    ///
    /// A number has the partition of its remainder: with three partitions 0, 3 and -3 are together, and 1, 4 and -1. So has a type
    /// that is hashed as one number, such as `struct UserId(u64)` with a derived `Hash`. Any other key goes by its hash, which is
    /// the same in each run of a program: the same key always has the same partition.
    ///
    /// Where there is no such supervisor, it has not started yet, or it was [resized](Self::resize) to no partition at all, the handle
    /// leads to nobody.
    pub fn route<K: Hash + ?Sized>(&self, key: &K) -> C::Handle {
        match self.table().map(|table| table.get()) {
            Some(handles) if !handles.is_empty() => {
                handles[partition_of(key, handles.len())].handle()
            }
            _ => C::vacant(),
        }
    }

    /// How many partitions there are, which keys are divided between; 0, where there is no such supervisor, or it has not started yet.
    #[must_use]
    pub fn partitions(&self) -> usize {
        self.table().map_or(0, |table| table.get().len())
    }

    /// The handles of the partitions that keys are divided between, in the order of their numbers.
    #[must_use]
    pub fn handles(&self) -> Vec<C::Handle> {
        let handles = self.table().map(|table| table.get());
        let handles = handles.iter().flat_map(|handles| handles.iter());
        handles.map(KeptHandle::handle).collect()
    }

    /// Has fewer partitions run, or as many again as the supervisor has started with; gives how many there were. One that is stopped
    /// keeps its place: when it is started again, its handles lead to it.
    ///
    /// A key has another partition then, where nothing is known of it: what partitions keep in their state is for their servers to
    /// hand on. Of fewer partitions keys are divided between those that stay, before the others are stopped, one after the other; of
    /// more, when the last of them has started. A restart of the supervisor starts all. Requests of this kind are seen to one after
    /// the other, and nothing of it counts as a restart.
    ///
    /// A partition may ask this of its own supervisor, from inside its handler: where it is one that is to stop, the handler ends at
    /// this `.await`, and `terminate` runs.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Counter(u64);
    /// # #[genserver]
    /// # impl Counter { #[call] fn add(&mut self, n: u64) -> u64 { self.0 += n; self.0 } }
    /// # supervisor! { App { strategy: one_for_one, children: [] } }
    /// # use suptree::{Child, PartitionSupervisorRef, PartitionSupervisorSpec};
    /// use suptree::ResizeError;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let app = App::start_link().await?;
    /// # let counters = PartitionSupervisorRef::<Counter>::vacant();
    /// # let flags = PartitionSupervisorSpec::<Counter>::new(|_partition| ()).partitions(3);
    /// # app.start_child(PartitionSupervisorRef::child_spec(&counters, "counters", flags)).await?;
    /// let third = counters.route(&2); // of three
    /// assert_eq!(counters.resize(2).await, Ok(3));
    /// assert!(!third.is_alive());
    /// assert_eq!(counters.route(&2).pid(), counters.route(&0).pid());
    ///
    /// assert_eq!(counters.resize(4).await, Err(ResizeError::TooMany { most: 3 }));
    /// assert_eq!(counters.resize(3).await, Ok(2));
    /// assert_eq!(third.add(1).await, Ok(1)); // it begins anew
    /// # Ok(()) }
    /// ```
    ///
    /// Follows [`PartitionSupervisor.resize!/2`](https://hexdocs.pm/elixir/PartitionSupervisor.html#resize!/2).
    ///
    /// # Errors
    ///
    /// These are more than the supervisor has started with, one of them did not start or is forgotten, or there is no such supervisor.
    ///
    /// # Cancel safety
    ///
    /// The supervisor is asked when the future is first polled. It goes on even if the future is dropped then.
    pub fn resize(
        &self,
        partitions: usize,
    ) -> impl Future<Output = Result<usize, ResizeError>> + Send + 'static {
        let found = self.supervisor.find();
        let found = found.and_then(|process| match table_of::<C>(&process) {
            Some(_) => Ok(process),
            None => Err(Nobody::NoProc),
        });
        let asked = ask_for_an_end(found, move |reply| {
            SupervisorRequest::Resize(partitions, reply)
        });
        async move { asked.await.map_err(ResizeError::Call)? }
    }

    /// The table of a supervisor that is started behind this reference.
    pub(super) fn own_table(&self) -> Arc<Table<C>> {
        match &self.table {
            Some(table) => Arc::clone(table),
            None => Arc::new(Table::new()),
        }
    }

    fn table(&self) -> Option<Arc<Table<C>>> {
        match &self.table {
            Some(table) => Some(Arc::clone(table)),
            None => table_of(&*self.supervisor.find().ok()?),
        }
    }

    supervisor_methods!();
}

/// The table of a supervisor whose partitions are of this type.
fn table_of<C: Child>(process: &SupervisorProcess) -> Option<Arc<Table<C>>> {
    let table = Arc::clone(process.partitions()?);
    table.into_any().downcast().ok()
}

impl<C: Child> Clone for PartitionSupervisorRef<C> {
    fn clone(&self) -> Self {
        Self {
            supervisor: self.supervisor.clone(),
            table: self.table.clone(),
        }
    }
}

impl<C: Child> fmt::Debug for PartitionSupervisorRef<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PartitionSupervisorRef")
            .field(&self.supervisor)
            .finish()
    }
}

impl<C: Child> From<&PartitionSupervisorRef<C>> for child::WhichChild {
    fn from(supervisor: &PartitionSupervisorRef<C>) -> Self {
        supervisor.process().into()
    }
}
