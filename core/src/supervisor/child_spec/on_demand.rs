//! `OnDemand`: what a dynamic supervisor can start, and whether it can start it again.

use std::marker::PhantomData;

use crate::args::Whole;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::startable::{Child, Restartable, StartOnce};

/// How a child is given its arguments when it is started on demand: `#[genserver]` and `supervisor!` write it, and those that
/// implement [`GenServer`](crate::GenServer) or [`Child`] by hand write it where a dynamic supervisor is to start them.
///
/// [`Cloned`] is for every child that can be restarted, and [`Once`] for a temporary server, whose arguments need not be
/// `Clone`: a socket, say. What it is decides at compile time what may stand in a dynamic supervisor.
///
/// ```
/// use suptree::{Cloned, Context, ExitReason, GenServer, NoMessage, OnDemand, ServerRef};
///
/// struct Session(String);
///
/// impl GenServer for Session {
///     type Args = String;
///     type Call = NoMessage;
///     type Cast = NoMessage;
///     type Info = NoMessage;
///     type Client = ServerRef<Self>;
///
///     async fn init(user: String, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
///         Ok(Self(user))
///     }
/// }
///
/// impl OnDemand for Session {
///     type Given = Cloned;
/// }
///
/// suptree::supervisor! { Sessions { dynamic: Session } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sessions = Sessions::start_link().await?;
/// assert!(sessions.start_child("joe").await?.is_alive());
/// # Ok(()) }
/// ```
pub trait OnDemand: Child {
    /// [`Cloned`] or [`Once`].
    type Given: Given;
}

/// Every start gets a clone of the arguments. `F` says how they are written: see [`IntoArgs`](crate::IntoArgs).
#[derive(Debug)]
pub struct Cloned<F = Whole>(PhantomData<fn() -> F>);

/// The one start of a temporary child gets the arguments themselves. `F` says how they are written: see
/// [`IntoArgs`](crate::IntoArgs).
///
/// ```
/// use suptree::prelude::*;
/// use tokio::sync::mpsc;
///
/// /// Reads from a channel, whose receiver is not `Clone`.
/// struct Reader(mpsc::Receiver<u64>);
///
/// #[genserver(restart = temporary)]
/// impl Reader {
///     #[init]
///     fn init(channel: mpsc::Receiver<u64>) -> Self {
///         Self(channel)
///     }
/// }
///
/// supervisor! { Readers { dynamic: Reader } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let readers = Readers::start_link().await?;
/// let (_send, receive) = mpsc::channel(8);
/// let reader = readers.start_child(receive).await?;
/// assert!(reader.is_alive());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Once<F = Whole>(PhantomData<fn() -> F>);

/// [`Cloned`] and [`Once`].
pub trait Given: sealed::Sealed {
    /// How the arguments are written.
    type Form;
}

impl<F> Given for Cloned<F> {
    type Form = F;
}

impl<F> Given for Once<F> {
    type Form = F;
}

mod sealed {
    use super::{Cloned, Once};

    pub trait Sealed {}

    impl<F> Sealed for Cloned<F> {}

    impl<F> Sealed for Once<F> {}
}

/// Who can be given its arguments this way.
#[doc(hidden)]
pub trait Gives<C: Child>: Given {
    /// The specification of a child that is started on demand.
    fn child_spec(handle: &C::Handle, args: C::Args) -> ChildSpec;
}

/// Dynamic children have no ids.
const ID: &str = "child";

impl<C: Restartable, F> Gives<C> for Cloned<F> {
    fn child_spec(handle: &C::Handle, args: C::Args) -> ChildSpec {
        C::child_spec(handle, ID, args)
    }
}

impl<C: StartOnce, F> Gives<C> for Once<F> {
    fn child_spec(handle: &C::Handle, args: C::Args) -> ChildSpec {
        C::once(handle, ID.into(), args)
    }
}

/// What may stand in a dynamic supervisor: every [`OnDemand`] whose arguments can be cloned, and every temporary server.
///
/// ```
/// use suptree::{CallError, DynamicChild, DynamicSupervisorRef};
///
/// /// The handle of the child that was started first.
/// async fn eldest<C: DynamicChild>(
///     supervisor: &DynamicSupervisorRef<C>,
/// ) -> Result<Option<C::Handle>, CallError> {
///     Ok(supervisor.children().await?.into_iter().next())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a child of a dynamic supervisor",
    label = "its arguments are not `Clone`, or it is not a GenServer or supervisor",
    note = "a server that is restarted needs its arguments again; `#[genserver(restart = temporary)]` is never restarted, and takes arguments that are not `Clone`; beside a `GenServer` written by hand stands an `impl OnDemand`",
    note = "page: docs/errors/T011.md"
)]
pub trait DynamicChild: OnDemand {
    /// The type, where it is asked about.
    #[doc(hidden)]
    type Itself: ?Sized;

    #[doc(hidden)]
    fn dynamic_spec(handle: &Self::Handle, args: Self::Args) -> ChildSpec;
}

#[diagnostic::do_not_recommend]
impl<C: OnDemand<Given: Gives<C>>> DynamicChild for C {
    type Itself = C;

    fn dynamic_spec(handle: &Self::Handle, args: Self::Args) -> ChildSpec {
        C::Given::child_spec(handle, args)
    }
}

/// How the arguments of this child are written.
pub(crate) type FormOf<C> = <<C as OnDemand>::Given as Given>::Form;

/// The specification of a dynamic child that may be restarted whatever the child itself says.
pub(crate) fn restartable_spec<C: Restartable>(handle: &C::Handle, args: C::Args) -> ChildSpec {
    C::child_spec(handle, ID, args)
}
