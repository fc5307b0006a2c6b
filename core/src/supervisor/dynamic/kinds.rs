//! Which children a dynamic supervisor has: of one type, or of one of several.

use std::marker::PhantomData;

use crate::args::ExtraBefore;
use crate::supervisor::child_spec::on_demand::{DynamicChild, FormOf};

/// The children of a dynamic supervisor: a [`DynamicChild`], of which all children are; [`OneOf`] several; either of them
/// [`WithExtra`] arguments.
///
/// ```
/// use suptree::{CallError, DynamicChildren, DynamicSupervisorRef};
///
/// /// Whether nobody is there, whatever the types.
/// async fn is_empty<C: DynamicChildren>(
///     supervisor: &DynamicSupervisorRef<C>,
/// ) -> Result<bool, CallError> {
///     Ok(supervisor.count_children().await?.specs == 0)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a child of a dynamic supervisor",
    label = "its arguments are not `Clone`, or it is not a GenServer or supervisor",
    note = "a server that is restarted needs its arguments again; `#[genserver(restart = temporary)]` is never restarted, and takes arguments that are not `Clone`; beside a `GenServer` written by hand stands an `impl OnDemand`",
    note = "page: docs/errors/T011.md"
)]
pub trait DynamicChildren: 'static {
    /// What each child is given before its own arguments: a tuple, or `()`.
    type Extra: Clone + Send + 'static;
}

#[diagnostic::do_not_recommend]
impl<C: DynamicChild> DynamicChildren for C {
    type Extra = ();
}

#[diagnostic::do_not_recommend]
impl<K: 'static> DynamicChildren for OneOf<K> {
    type Extra = ();
}

#[diagnostic::do_not_recommend]
impl<C: DynamicChildren<Extra = ()>, E: Clone + Send + 'static> DynamicChildren
    for WithExtra<C, E>
{
    type Extra = E;
}

/// Children of several types: those that implement [`ChildOf<K>`](ChildOf). `K` is any type that stands for the list; `supervisor!` takes
/// the supervisor it declares.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Room;
/// # #[genserver] impl Room {}
/// # #[derive(Default)] struct Game;
/// # #[genserver] impl Game {}
/// # #[derive(Default)] struct Stranger;
/// # #[genserver] impl Stranger {}
/// use suptree::{Child, ChildOf, DynamicSupervisorRef, DynamicSupervisorSpec, OneOf};
///
/// enum Meetings {}
/// impl ChildOf<Meetings> for Room {}
/// impl ChildOf<Meetings> for Game {}
/// type MeetingsRef = DynamicSupervisorRef<OneOf<Meetings>>;
///
/// supervisor! { App { strategy: one_for_one, children: [] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let meetings = MeetingsRef::vacant();
/// app.start_child(MeetingsRef::child_spec(&meetings, "meetings", DynamicSupervisorSpec::new())).await?;
/// meetings.start_child::<Room>(()).await?;
/// meetings.start_child::<Game>(()).await?;
/// assert_eq!(meetings.children::<Room>().await?.len(), 1);
/// // `meetings.start_child::<Stranger>(())` does not compile
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct OneOf<K>(PhantomData<fn() -> K>);

/// One of the types of children that a dynamic supervisor of several has; see [`OneOf`].
///
/// ```
/// use suptree::{CallError, ChildOf, DynamicSupervisorRef, OneOf};
///
/// /// How many children of one of its types run.
/// async fn count<C: ChildOf<K>, K>(
///     supervisor: &DynamicSupervisorRef<OneOf<K>>,
/// ) -> Result<usize, CallError> {
///     Ok(supervisor.children::<C>().await?.len())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not among the children of the dynamic supervisor `{K}`",
    label = "not one of its types",
    note = "a dynamic supervisor starts children of the types it is declared with: `dynamic: Room | Game`",
    note = "page: docs/errors/T012.md"
)]
pub trait ChildOf<K>: DynamicChild {}

/// Children that are given arguments of their supervisor before their own: see
/// [`extra_arguments`](crate::DynamicSupervisorSpec::extra_arguments). `E` is the tuple of their types.
#[derive(Debug)]
pub struct WithExtra<C, E>(PhantomData<fn() -> (C, E)>);

/// Something that stands in a dynamic supervisor with extra arguments. Which `begins_with` is meant, the one of its own or the one of
/// [`NoDynamicChild`], is found by method resolution: what cannot stand there makes an error of its own.
#[derive(Debug)]
pub struct AfterExtra<C>(PhantomData<fn() -> C>);

impl<C> AfterExtra<C> {
    /// A type in a dynamic supervisor.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "for generated code alone")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<C: DynamicChild> AfterExtra<C> {
    /// Its arguments begin with the extra ones, or this does not compile.
    pub const fn begins_with<E>(self)
    where
        C::Args: ExtraBefore<E, FormOf<C>>,
    {
    }
}

/// The half of [`AfterExtra`] for what cannot be a child of a dynamic supervisor.
pub trait NoDynamicChild: Sized {
    /// There is an error already.
    fn begins_with<E>(self) {}
}

impl<C> NoDynamicChild for AfterExtra<C> {}
