//! `Child`: what a supervisor can start; `Restartable`: and start again.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::checked::{IsClone, Of};
use crate::child::{ChildId, Restart};
use crate::guard::Guarded;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::declared_tree::DeclaredTree;

/// What a supervisor can start: every server, and what `supervisor!` declares.
///
/// ```
/// # use suptree::prelude::genserver;
/// # struct Worker;
/// # #[genserver] impl Worker { #[init] fn init(_number: u8) -> Self { Self } }
/// use suptree::Child;
///
/// // A handle that the child will stand behind, whenever it is started and restarted.
/// let worker = <Worker as Child>::vacant();
/// let spec = <Worker as Child>::child_spec(&worker, "worker", 7);
/// assert!(!worker.is_alive());
/// # drop(spec);
/// ```
pub trait Child: Sized + 'static {
    /// What it is started with.
    type Args: Send + 'static;
    /// The typed handle that follows it across restarts.
    type Handle: Clone + fmt::Debug + Send + Sync + 'static;

    /// When it is restarted unless told otherwise, if that is known while compiling.
    #[doc(hidden)]
    const RESTART: Option<Restart> = None;

    /// How many supervisors stand inside of one another from here on, at most. One that stands inside of itself has no such number, which
    /// rustc says.
    #[doc(hidden)]
    const DEPTH: usize = 0;

    /// A handle with nobody behind it yet.
    fn vacant() -> Self::Handle;

    /// The tree that it was declared as, if it is a supervisor of `supervisor!`.
    #[doc(hidden)]
    #[must_use]
    fn declared_tree() -> Option<DeclaredTree> {
        None
    }

    /// The specification of a child that stands behind `handle`. Every restart gets a clone of the arguments.
    fn child_spec(handle: &Self::Handle, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec
    where
        Self::Args: Clone;

    /// What a dynamic supervisor lists the child of this handle by.
    #[doc(hidden)]
    fn place_of(handle: &Self::Handle) -> Arc<dyn Any + Send + Sync> {
        Arc::new(Placed::<Self>(Guarded::new(handle.clone())))
    }

    /// The handle of a child that is listed by this place, if it is of this type.
    #[doc(hidden)]
    fn handle_at(place: &Arc<dyn Any + Send + Sync>) -> Option<Self::Handle> {
        let placed = place.downcast_ref::<Placed<Self>>();
        placed.map(|placed| placed.0.get().clone())
    }
}

/// The handle of a child of this type.
pub(super) struct Placed<C: Child>(pub(super) Guarded<C::Handle>);

impl DeclaredTree {
    /// Adds a child, which may be a tree of its own. For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn child<C: Child>(self, id: &str, ty: &str, notes: &str) -> Self {
        match C::declared_tree() {
            Some(tree) => self.tree(id, tree, notes),
            None => self.leaf(id, ty, notes),
        }
    }
}

/// What may stand in the child list of a supervisor: every [`Child`] whose arguments can be cloned.
///
/// It is a trait apart, so that a type which is a `Child` and cannot be restarted makes one error: its `Args` are known.
///
/// ```
/// use suptree::{Restartable, Strategy, SupervisorSpec};
///
/// /// Two children of one kind, under one supervisor.
/// fn twice<C: Restartable>([first, second]: &[C::Handle; 2], args: C::Args) -> SupervisorSpec {
///     SupervisorSpec::new(Strategy::OneForOne)
///         .child(C::child_spec(first, "first", args.clone()))
///         .child(C::child_spec(second, "second", args))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a child of a supervisor",
    label = "not a GenServer or supervisor with `Clone` arguments",
    note = "annotate its impl block with `#[genserver]`, or declare it with `supervisor!`; its start arguments must be `Clone`, since every restart needs them again",
    note = "page: docs/errors/T009.md"
)]
pub trait Restartable: Child<Args: Clone> {}

#[diagnostic::do_not_recommend]
impl<T: Child<Args: Clone>> Restartable for T {}

/// What a child list is asked for first: every [`Child`]. Nothing else implements it.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Cache;
/// # #[genserver] impl Cache {}
/// fn is_a_child<C: suptree::ListedChild>() {}
/// is_a_child::<Cache>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a child of a supervisor: it is neither a GenServer nor a supervisor",
    label = "annotate its impl block with `#[genserver]`, or declare it with `supervisor!`",
    note = "a generic one is a child where its parameters meet the bounds of its block, and are `Send`",
    note = "page: docs/errors/T010.md"
)]
pub trait ListedChild {
    #[doc(hidden)]
    type Itself: ?Sized;
}

#[diagnostic::do_not_recommend]
impl<C: ?Sized> ListedChild for C
where
    Of<C>: IsChild,
{
    type Itself = C;
}

/// What a child list is asked for then: the arguments of a child `C` can be cloned. Nothing else implements it.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Cache;
/// # #[genserver] impl Cache {}
/// fn can_be_given_again<C, A: suptree::RestartArgs<C>>() {}
/// can_be_given_again::<Cache, String>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{C}` cannot be a child of a supervisor: `{Self}`, which it is started with, is not `Clone`",
    label = "derive `Clone` for `{Self}`, or share it by `Arc`: every restart needs it again",
    note = "page: docs/errors/T009.md"
)]
pub trait RestartArgs<C: ?Sized> {
    #[doc(hidden)]
    type Itself: ?Sized;
}

#[diagnostic::do_not_recommend]
impl<C: ?Sized, A> RestartArgs<C> for A
where
    Of<A>: IsClone,
{
    type Itself = C;
}

/// What can be started with arguments that it has once.
#[doc(hidden)]
pub trait StartOnce: Child {
    /// The specification of a temporary child that stands behind `handle`.
    fn once(handle: &Self::Handle, id: ChildId, args: Self::Args) -> ChildSpec;
}

/// What is not said of a child itself.
#[doc(hidden)]
pub trait IsChild {}

#[diagnostic::do_not_recommend]
impl<C: Child> IsChild for Of<C> {}
