//! `Handles`: those of the children of a list, such as `for n in 0..4 => Shard(n) as shards` declares.

use std::fmt;
use std::sync::Arc;

use crate::child::ChildId;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::startable::Child;
use crate::supervisor::kept_handle::{KeptAny, KeptHandle};
use crate::sync::{Mutex, lock};
use crate::task::TaskRef;

/// As many [kept handles](KeptHandle), or references to tasks, as there were at the supervisor's last start. Each follows its child across restarts, those of the supervisor too.
pub struct Handles<H>(Arc<Mutex<Arc<[H]>>>);

impl<H: Clone> Handles<H> {
    /// None: the supervisor has not started.
    #[must_use]
    pub fn vacant() -> Self {
        Self(Arc::new(Mutex::new(Arc::new([]))))
    }

    fn kept(&self) -> Arc<[H]> {
        Arc::clone(&lock(&self.0))
    }

    /// One for each item: those that are there already, and new ones where there are more items than before. Each with the
    /// child's id and the item.
    pub fn fill<I: IntoIterator>(
        &self,
        list: &'static str,
        items: I,
        vacant: fn() -> H,
    ) -> Vec<(String, H, I::Item)> {
        let before = self.kept();
        let mut before = before.iter().cloned();
        let children = numbered(list, items).into_iter();
        let children: Vec<_> = children
            .map(|(id, item)| (id, before.next().unwrap_or_else(vacant), item))
            .collect();
        let handles = children.iter().map(|(_, handle, _)| handle.clone());
        let handles: Arc<[_]> = handles.collect();
        let before = std::mem::replace(&mut *lock(&self.0), handles);
        drop(before);
        children
    }
}

impl<C: Child> Handles<KeptHandle<C>> {
    /// All of them, in the order of the list.
    #[must_use]
    pub fn all(&self) -> Vec<C::Handle> {
        // Cloning them is user code: not under the lock.
        self.kept().iter().map(KeptHandle::handle).collect()
    }
}

impl Handles<KeptAny> {
    /// All of them, in the order of the list.
    #[must_use]
    pub fn all<C: Child>(&self) -> Vec<C::Handle> {
        self.kept().iter().map(KeptAny::handle::<C>).collect()
    }
}

impl Handles<TaskRef> {
    /// All of them, in the order of the list.
    #[must_use]
    pub fn all(&self) -> Vec<TaskRef> {
        self.kept().to_vec()
    }
}

/// The items, each with its id: `shards[0]`, `shards[1]`.
pub fn numbered<I: IntoIterator>(list: &'static str, items: I) -> Vec<(String, I::Item)> {
    let items = items.into_iter().enumerate();
    items
        .map(|(nth, item)| (format!("{list}[{nth}]"), item))
        .collect()
}

/// The specification that an expression gave, under the name it has in its list.
pub fn spec(id: impl Into<ChildId>, spec: impl GivenSpec) -> ChildSpec {
    spec.given().with_id(id)
}

/// What an expression in a child list gives: a [`ChildSpec`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `ChildSpec`",
    label = "an expression in a child list gives a `ChildSpec`",
    note = "for a task, which calls an `async fn`, write `task my_name: my_function()` in place of `my_function() as my_name`",
    note = "page: docs/errors/T015.md"
)]
pub trait GivenSpec {
    /// It, as it is.
    fn given(self) -> ChildSpec;
}

#[diagnostic::do_not_recommend]
impl GivenSpec for ChildSpec {
    fn given(self) -> ChildSpec {
        self
    }
}

impl<H> Clone for Handles<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<H: Clone + fmt::Debug> fmt::Debug for Handles<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&*self.kept()).finish()
    }
}
