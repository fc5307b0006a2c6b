//! `StartChild`: the start of a dynamic child, as a future of its handle.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::args::ExtraBefore;
use crate::child::{Restart, Shutdown};
use crate::failed::Failed;
use crate::keep_args::{KeepArgs, KeepsArgs};
use crate::process::pid::Pid;
use crate::supervisor::child_spec::on_demand::{DynamicChild, FormOf, restartable_spec};
use crate::supervisor::child_spec::startable::{Child, Restartable};
use crate::supervisor::dynamic::order::{AnyOrder, Join, Order};
use crate::supervisor::request::{StartChildError, SupervisorRequest};
use crate::supervisor::start_child::AskForChild;
use crate::supervisor::supervisor_ref::SupervisorRef;

/// The start of a child, by [`DynamicSupervisorRef::start_child`](crate::DynamicSupervisorRef::start_child): a future of its
/// handle. `A` is what the child is given.
///
/// ```
/// # use std::time::Duration;
/// # use suptree::prelude::*;
/// # struct Room(String);
/// # #[genserver] impl Room { #[init] fn init(topic: String) -> Self { Self(topic) } }
/// # supervisor! { Rooms { dynamic: Room } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rooms = Rooms::start_link().await?;
/// let room = rooms
///     .start_child("rust")
///     .restart(Restart::Temporary)
///     .shutdown(Shutdown::Timeout(Duration::from_secs(1)))
///     .await?;
/// room.kill();
/// room.monitor().await;
/// assert_eq!(rooms.count_children().await?.specs, 0); // it is not restarted
/// # Ok(()) }
/// ```
///
/// A child may end as soon as it is started. Who monitors it then is told [`NoProc`](crate::ExitReason::NoProc), as in OTP, or
/// monitors the one that was started in its place. A child whose end is to be heard of gets its work by a cast behind
/// [`cx.monitor(&child)`](crate::Context::monitor), not by its arguments; or it tells who has asked for it how it went.
/// [`start_monitor`](crate::start_monitor) is for servers without a supervisor.
///
/// # Errors
///
/// A [`StartChildError`]; see [`start_child`](crate::DynamicSupervisorRef::start_child). With
/// [`keep_args`](Self::keep_args) the arguments of a child that was not begun come back with it.
///
/// # Cancel safety
///
/// The supervisor is asked when the future is first polled. The child is started even if the future is dropped then.
// A type by itself: an `impl Future` would depend on what the arguments were given as.
#[must_use = "a child does not start unless this is awaited"]
pub struct StartChild<C: Child, A = <C as Child>::Args> {
    supervisor: AskForChild,
    order: Arc<Order<C, A>>,
}

impl<C: DynamicChild> StartChild<C> {
    pub(super) fn new(supervisor: &SupervisorRef, args: C::Args) -> Self {
        Self::joined(supervisor, args, |_, args| Some(args))
    }
}

impl<C: DynamicChild, A: Send + 'static> StartChild<C, A> {
    /// A child that is given the extra arguments `E` of its supervisor first.
    pub(super) fn after<E>(supervisor: &SupervisorRef, own: A) -> Self
    where
        C::Args: ExtraBefore<E, FormOf<C>, Own = A>,
        E: Clone + 'static,
    {
        Self::joined(supervisor, own, |extra, own| {
            let extra = extra?.downcast_ref::<E>()?.clone();
            Some(C::Args::join(extra, own))
        })
    }

    fn joined(supervisor: &SupervisorRef, args: A, join: Join<C, A>) -> Self {
        Self {
            supervisor: AskForChild::Unasked(supervisor.find()),
            order: Arc::new(Order::new(args, join, C::dynamic_spec)),
        }
    }

    /// Sets when this child is restarted, instead of what its server's options say.
    ///
    /// Only a child whose arguments are `Clone` can be told so: others are temporary.
    pub fn restart(mut self, restart: Restart) -> Self
    where
        C: Restartable,
    {
        // Nobody else has it before the first poll; later it is too late.
        if let Some(order) = Arc::get_mut(&mut self.order) {
            order.make = restartable_spec::<C>;
            order.restart = Some(restart);
        }
        self
    }

    /// Sets how this child is stopped, instead of what its server's options say.
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        if let Some(order) = Arc::get_mut(&mut self.order) {
            order.shutdown = Some(shutdown);
        }
        self
    }

    /// If the child is not begun, because there are enough children or the supervisor is gone, its arguments come back with the
    /// error: a socket, say, that somebody else is to have then.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver] impl Room { #[init] fn init(topic: String) -> Self { Self(topic) } }
    /// # supervisor! { Rooms { dynamic: Room, max_children: 1 } }
    /// use suptree::StartChildError;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::start_link().await?; // with `max_children: 1`
    /// rooms.start_child("rust").await?;
    /// let refused = rooms.start_child("erlang").keep_args().await.unwrap_err();
    /// assert_eq!(refused, StartChildError::MaxChildren);
    /// assert_eq!(refused.into_args(), Some("erlang".to_owned()));
    /// # Ok(()) }
    /// ```
    pub const fn keep_args(self) -> KeepArgs<Self> {
        KeepArgs::new(self)
    }

    fn poll_started(&mut self, cx: &mut Context<'_>) -> Poll<Result<Pid, StartChildError>> {
        let order: Arc<dyn AnyOrder> = Arc::clone(&self.order) as _;
        self.supervisor
            .poll(cx, |reply| SupervisorRequest::StartDynamic(order, reply))
    }
}

// Nothing in it is ever pinned.
impl<C: Child, A> Unpin for StartChild<C, A> {}

impl<C: DynamicChild, A: Send + 'static> Future for StartChild<C, A> {
    type Output = Result<C::Handle, StartChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.poll_started(cx))?;
        Poll::Ready(Ok(self.order.handle.get().clone()))
    }
}

impl<C: DynamicChild, A: Send + 'static> KeepsArgs for StartChild<C, A> {
    type Value = C::Handle;
    type Error = StartChildError;
    type Args = A;

    fn poll_keeping(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<C::Handle, Failed<StartChildError, A>>> {
        Poll::Ready(match ready!(self.poll_started(cx)) {
            Ok(_) => Ok(self.order.handle.get().clone()),
            Err(error) => Err(Failed::refused(error, self.order.take())),
        })
    }
}

impl<C: Child, A> fmt::Debug for StartChild<C, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartChild")
            .field("restart", &self.order.restart)
            .field("shutdown", &self.order.shutdown)
            .finish_non_exhaustive()
    }
}
