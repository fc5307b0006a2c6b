//! `DynamicSupervisorRef`: what can be asked of a running dynamic supervisor.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::arg::IntoArg;
use crate::process::Process;
use crate::process::address::Nobody;
use crate::process::name::Name;
use crate::process::pid::Pid;
use crate::process::process_ref::{ProcessRef, process_methods};
use crate::reply::CallError;
use crate::supervisor::child_spec::Restartable;
use crate::supervisor::dynamic::start_child::StartChild;
use crate::supervisor::request::{ChildCounts, ChildInfo, TerminateChildError, WhichChild};
use crate::supervisor::supervisor_ref::SupervisorRef;

/// A reference to a dynamic supervisor with children of the type `C`: to one incarnation, to the supervisor that holds a name,
/// or to the one at a place in a tree, across restarts. What `supervisor!` declares with `dynamic` dereferences to it.
///
/// It is no [`SupervisorRef`], by which a child of another type could be started.
///
/// ```
/// # use suptree::prelude::*;
/// # struct Room(String);
/// # #[genserver] impl Room { #[init] fn init(topic: String) -> Self { Self(topic) } }
/// supervisor! { Rooms { dynamic: Room } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rooms = Rooms::start_link().await?;
/// let room = rooms.start_child("rust").await?;
/// assert_eq!(rooms.which_children().await?[0].pid(), room.pid());
/// assert_eq!(rooms.count_children().await?.active, 1);
///
/// assert!(rooms.is_alive());
/// assert_eq!(rooms.process().pid(), rooms.pid());
/// assert_eq!(rooms.info().expect("it lives").restarts, 0);
/// rooms.exit("go away".into()); // supervisors trap exits: that of a stranger does nothing
/// rooms.stop_with(ExitReason::Shutdown).await?; // `stop()` is `stop_with(ExitReason::Normal)`
/// assert_eq!(rooms.stop().await, Err(StopError::NoProc));
///
/// let rooms = Rooms::start_link().await?;
/// let end = rooms.monitor();
/// rooms.kill(); // and its children
/// assert_eq!(end.await.reason, ExitReason::Killed);
/// # Ok(()) }
/// ```
///
/// When requests are sent, and what dropping one does, is said [there](SupervisorRef#requests).
pub struct DynamicSupervisorRef<C> {
    pub(super) supervisor: SupervisorRef,
    child: PhantomData<fn() -> C>,
}

impl<C: Restartable> DynamicSupervisorRef<C> {
    /// A reference to the place of a supervisor that is not there yet: for the handle of a [`DynamicSupervisor`](crate::DynamicSupervisor) that is
    /// written by hand. Until the supervisor starts, the reference leads to nobody.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # use suptree::DynamicSupervisorRef;
    /// # #[derive(Default)] struct Room;
    /// # #[genserver] impl Room {}
    /// assert!(!DynamicSupervisorRef::<Room>::vacant().is_alive());
    /// ```
    #[must_use]
    pub fn vacant() -> Self {
        Self::of(SupervisorRef::vacant())
    }

    /// A reference by name. It is resolved at each use; nobody needs to hold the name yet.
    ///
    /// The supervisor has to be one whose children are of the type `C`. `supervisor!` generates a `named` that knows it.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver]
    /// # impl Room {
    /// #     #[init] fn init(topic: String) -> Self { Self(topic) }
    /// #     #[call] fn topic(&self) -> String { self.0.clone() }
    /// # }
    /// # supervisor! { Rooms(name = "rooms") { dynamic: Room, max_children: 1 } }
    /// use suptree::DynamicSupervisorRef;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = DynamicSupervisorRef::<Room>::named("rooms".into());
    /// Rooms::start_link().await?; // with `name = "rooms"`
    /// assert_eq!(rooms.start_child("rust").await?.topic().await?, "rust");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self::of(SupervisorRef::named(name))
    }

    const fn of(supervisor: SupervisorRef) -> Self {
        Self {
            supervisor,
            child: PhantomData,
        }
    }

    /// Starts a child. The handle follows it across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver]
    /// # impl Room {
    /// #     #[init] fn init(topic: String) -> Self { Self(topic) }
    /// #     #[call] fn topic(&self) -> String { self.0.clone() }
    /// # }
    /// # supervisor! { Rooms(name = "rooms") { dynamic: Room, max_children: 1 } }
    /// use suptree::StartChildError;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::start_link().await?; // with `max_children: 1`
    /// let room = rooms.start_child("rust").await?;
    /// assert_eq!(room.topic().await?, "rust");
    /// assert_eq!(rooms.start_child("erlang").await.unwrap_err(), StartChildError::MaxChildren);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There are [`max_children`](crate::DynamicSupervisorSpec::max_children) already, the child did not start, or there is no
    /// such supervisor.
    pub fn start_child(&self, args: impl IntoArg<C::Args>) -> StartChild<C> {
        let handle = C::vacant();
        let spec = C::child_spec(&handle, "child", args.into_arg());
        StartChild::new(&self.supervisor, spec, handle)
    }

    /// Stops a child, and waits until it is gone. A child that is being restarted goes by the pid it had.
    ///
    /// A child may ask this of its own supervisor, from inside its handler: the handler ends at this `.await`, and `terminate`
    /// runs.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver]
    /// # impl Room {
    /// #     #[init] fn init(topic: String) -> Self { Self(topic) }
    /// #     #[call] fn topic(&self) -> String { self.0.clone() }
    /// # }
    /// # supervisor! { Rooms(name = "rooms") { dynamic: Room, max_children: 1 } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::start_link().await?;
    /// let room = rooms.start_child("rust").await?;
    /// let pid = room.pid().expect("it lives");
    /// rooms.terminate_child(pid).await?;
    /// assert!(!room.is_alive());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such child, or no such supervisor; or the child has no limit in time, and waits for the process that asks.
    pub fn terminate_child(
        &self,
        pid: Pid,
    ) -> impl Future<Output = Result<(), TerminateChildError>> + Send + 'static {
        self.supervisor.terminate(WhichChild::Pid(pid))
    }
}

impl<C> DynamicSupervisorRef<C> {
    /// The children, in start order, whatever their state.
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn which_children(
        &self,
    ) -> impl Future<Output = Result<Vec<ChildInfo>, CallError>> + Send + 'static {
        self.supervisor.which_children()
    }

    /// Counts the children.
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn count_children(
        &self,
    ) -> impl Future<Output = Result<ChildCounts, CallError>> + Send + 'static {
        self.supervisor.count_children()
    }

    /// The same reference, to a process of any type: for a list of processes of different types.
    #[must_use]
    pub fn process(&self) -> ProcessRef {
        self.supervisor.process()
    }

    fn found(&self) -> Option<Arc<dyn Process>> {
        self.supervisor.found()
    }

    fn untold(&self) -> Option<Arc<dyn Process>> {
        self.supervisor.untold()
    }

    fn nobody(&self) -> Nobody {
        self.supervisor.nobody()
    }

    process_methods!();
}

impl<C> Clone for DynamicSupervisorRef<C> {
    fn clone(&self) -> Self {
        Self {
            supervisor: self.supervisor.clone(),
            child: PhantomData,
        }
    }
}

impl<C> fmt::Debug for DynamicSupervisorRef<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynamicSupervisorRef")
            .field(&self.supervisor)
            .finish()
    }
}
