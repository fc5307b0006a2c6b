//! `DynamicSupervisorRef`: what can be asked of a running dynamic supervisor.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use crate::args::{ArgsShape, ExtraBefore, IntoArgs};
use crate::child;
use crate::process::name::Name;
use crate::reply::CallError;
use crate::supervisor::ask::ask;
use crate::supervisor::child_spec::on_demand::{DynamicChild, FormOf};
use crate::supervisor::child_spec::startable::Child;
use crate::supervisor::dynamic::kinds::{ChildOf, OneOf, WithExtra};
use crate::supervisor::dynamic::start_child::StartChild;
use crate::supervisor::request::{SupervisorRequest, TerminateChildError};
use crate::supervisor::supervisor_methods::supervisor_methods;
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

impl<C> DynamicSupervisorRef<C> {
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
}

/// Children of one type.
impl<C: DynamicChild> DynamicSupervisorRef<C> {
    /// Starts a child. The handle follows it across restarts.
    ///
    /// It takes what `start_link` takes, several arguments as a tuple. Options of this one child are methods of the
    /// [future](StartChild), where it is also said how its end is heard of.
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
    pub fn start_child<A>(&self, args: A) -> StartChild<C>
    where
        A: IntoArgs<C::Args, FormOf<C>>,
        FormOf<C>: ArgsShape<C::Args, A>,
    {
        StartChild::new(&self.supervisor, args.into_args())
    }

    /// The clients of all children that run, in start order. They follow their children across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// struct Guest(&'static str);
    ///
    /// #[genserver]
    /// impl Guest {
    ///     #[init]
    ///     fn init(name: &'static str) -> Self {
    ///         Self(name)
    ///     }
    ///
    ///     #[cast]
    ///     fn hear(&self, what: String) {
    ///         println!("{} hears: {what}", self.0);
    ///     }
    /// }
    ///
    /// supervisor! { Guests { dynamic: Guest } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let guests = Guests::start_link().await?;
    /// guests.start_child("joe").await?;
    /// guests.start_child("mike").await?;
    /// for guest in guests.children().await? {
    ///     guest.hear("hello").await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn children(
        &self,
    ) -> impl Future<Output = Result<Vec<C::Handle>, CallError>> + Send + 'static {
        children::<C>(&self.supervisor)
    }
}

/// Children of several types: see [`OneOf`].
impl<K> DynamicSupervisorRef<OneOf<K>> {
    /// Starts a child of one of the types the supervisor is declared with. The handle follows it across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver] impl Room { #[init] fn init(topic: String) -> Self { Self(topic) } }
    /// # struct Game(u8);
    /// # #[genserver] impl Game {
    /// #     #[init] fn init(players: u8) -> Self { Self(players) }
    /// #     #[call] fn players(&self) -> u8 { self.0 }
    /// # }
    /// supervisor! { Meetings { dynamic: Room | Game } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let meetings = Meetings::start_link().await?;
    /// meetings.start_child::<Room>("rust").await?;
    /// let game = meetings.start_child::<Game>(4).await?;
    /// assert_eq!(game.players().await?, 4);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There are [`max_children`](crate::DynamicSupervisorSpec::max_children) already, the child did not start, or there is no
    /// such supervisor.
    pub fn start_child<C: ChildOf<K>>(
        &self,
        args: impl IntoArgs<C::Args, FormOf<C>>,
    ) -> StartChild<C> {
        StartChild::new(&self.supervisor, args.into_args())
    }

    /// The clients of all children of this type that run, in start order. They follow their children across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Room;
    /// # #[genserver] impl Room {}
    /// # #[derive(Default)] struct Game;
    /// # #[genserver] impl Game {}
    /// supervisor! { Meetings { dynamic: Room | Game } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let meetings = Meetings::start_link().await?;
    /// meetings.start_child::<Room>(()).await?;
    /// let game = meetings.start_child::<Game>(()).await?;
    /// assert_eq!(meetings.children::<Game>().await?[0].pid(), game.pid());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn children<C: ChildOf<K>>(
        &self,
    ) -> impl Future<Output = Result<Vec<C::Handle>, CallError>> + Send + use<C, K> {
        children::<C>(&self.supervisor)
    }
}

/// Children of one type, after [`extra_arguments`](crate::DynamicSupervisorSpec::extra_arguments).
impl<C: DynamicChild, E: Clone + 'static> DynamicSupervisorRef<WithExtra<C, E>>
where
    C::Args: ExtraBefore<E, FormOf<C>>,
{
    /// Starts a child, with the extra arguments of the supervisor before these. The handle follows it across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver] impl Room {
    /// #     #[init] fn init(house: String, topic: String) -> Self { Self(format!("{house}/{topic}")) }
    /// #     #[call] fn path(&self) -> String { self.0.clone() }
    /// # }
    /// supervisor! { Rooms(house: String) { dynamic: Room, extra_arguments: [house] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::start_link("east").await?;
    /// let room = rooms.start_child("rust").await?; // `Room::init("east", "rust")`
    /// assert_eq!(room.path().await?, "east/rust");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There are [`max_children`](crate::DynamicSupervisorSpec::max_children) already, the child did not start, or there is no
    /// such supervisor.
    pub fn start_child<A>(&self, args: A) -> StartChild<C, OwnOf<C, E>>
    where
        A: IntoArgs<OwnOf<C, E>, OwnFormOf<C, E>>,
        OwnFormOf<C, E>: ArgsShape<OwnOf<C, E>, A>,
    {
        StartChild::after::<E>(&self.supervisor, args.into_args())
    }

    /// The clients of all children that run, in start order. They follow their children across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver] impl Room {
    /// #     #[init] fn init(house: String, topic: String) -> Self { Self(format!("{house}/{topic}")) }
    /// #     #[call] fn path(&self) -> String { self.0.clone() }
    /// # }
    /// # struct Door(String);
    /// # #[genserver] impl Door { #[init] fn init(house: String) -> Self { Self(house) } }
    /// supervisor! { House(house: String) { dynamic: Room, extra_arguments: [house] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let house = House::start_link("east").await?;
    /// house.start_child("rust").await?;
    /// let rooms = house.children().await?;
    /// assert_eq!(rooms[0].path().await?, "east/rust");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn children(
        &self,
    ) -> impl Future<Output = Result<Vec<C::Handle>, CallError>> + Send + 'static {
        children::<C>(&self.supervisor)
    }
}

/// Children of several types, after [`extra_arguments`](crate::DynamicSupervisorSpec::extra_arguments).
impl<K, E: Clone + 'static> DynamicSupervisorRef<WithExtra<OneOf<K>, E>> {
    /// Starts a child of one of the types the supervisor is declared with, with the extra arguments of the supervisor before
    /// these. The handle follows it across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver] impl Room {
    /// #     #[init] fn init(house: String, topic: String) -> Self { Self(format!("{house}/{topic}")) }
    /// #     #[call] fn path(&self) -> String { self.0.clone() }
    /// # }
    /// # struct Door(String);
    /// # #[genserver] impl Door { #[init] fn init(house: String) -> Self { Self(house) } }
    /// supervisor! { House(house: String) { dynamic: Room | Door, extra_arguments: [house] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let house = House::start_link("east").await?;
    /// let room = house.start_child::<Room>("rust").await?; // `Room::init("east", "rust")`
    /// assert_eq!(room.path().await?, "east/rust");
    /// house.start_child::<Door>(()).await?; // `Door::init("east")`
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There are [`max_children`](crate::DynamicSupervisorSpec::max_children) already, the child did not start, or there is no
    /// such supervisor.
    pub fn start_child<C: ChildOf<K>>(
        &self,
        args: impl IntoArgs<OwnOf<C, E>, OwnFormOf<C, E>>,
    ) -> StartChild<C, OwnOf<C, E>>
    where
        C::Args: ExtraBefore<E, FormOf<C>>,
    {
        StartChild::after::<E>(&self.supervisor, args.into_args())
    }

    /// The clients of all children of this type that run, in start order. They follow their children across restarts.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver] impl Room {
    /// #     #[init] fn init(house: String, topic: String) -> Self { Self(format!("{house}/{topic}")) }
    /// #     #[call] fn path(&self) -> String { self.0.clone() }
    /// # }
    /// # struct Door(String);
    /// # #[genserver] impl Door { #[init] fn init(house: String) -> Self { Self(house) } }
    /// supervisor! { House(house: String) { dynamic: Room | Door, extra_arguments: [house] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let house = House::start_link("east").await?;
    /// house.start_child::<Room>("rust").await?;
    /// house.start_child::<Door>(()).await?;
    /// assert_eq!(house.children::<Room>().await?.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn children<C: ChildOf<K>>(
        &self,
    ) -> impl Future<Output = Result<Vec<C::Handle>, CallError>> + Send + use<C, K, E> {
        children::<C>(&self.supervisor)
    }
}

/// What a child is given beside the extra arguments `E`.
type OwnOf<C, E> = <<C as Child>::Args as ExtraBefore<E, FormOf<C>>>::Own;

/// How it is written.
type OwnFormOf<C, E> = <<C as Child>::Args as ExtraBefore<E, FormOf<C>>>::Form;

/// The handles of the running children of this type.
fn children<C: Child>(
    supervisor: &SupervisorRef,
) -> impl Future<Output = Result<Vec<C::Handle>, CallError>> + Send + 'static + use<C> {
    let asked = ask(supervisor.find(), SupervisorRequest::Children);
    async move {
        let places = asked.await?;
        Ok(places.iter().filter_map(C::handle_at).collect())
    }
}

impl<C> DynamicSupervisorRef<C> {
    /// Stops a child, and waits until it is gone: by its pid, its client, or any other reference to it. A child that is being
    /// restarted goes by the pid it had.
    ///
    /// A child may ask this of its own supervisor, from inside its handler: the handler ends at this `.await`, and `terminate`
    /// runs.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # struct Room(String);
    /// # #[genserver]
    /// # impl Room { #[init] fn init(topic: String) -> Self { Self(topic) } }
    /// # supervisor! { Rooms { dynamic: Room } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let rooms = Rooms::start_link().await?;
    /// let room = rooms.start_child("rust").await?;
    /// rooms.terminate_child(&room).await?; // or `room.pid()`, while it lives
    /// assert!(!room.is_alive());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such child, or no such supervisor; or the child has no limit in time, and waits for the process that asks.
    pub fn terminate_child(
        &self,
        child: impl Into<child::WhichChild>,
    ) -> impl Future<Output = Result<(), TerminateChildError>> + Send + 'static {
        self.supervisor.terminate(child.into().into())
    }

    supervisor_methods!();
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

impl<C> From<&DynamicSupervisorRef<C>> for child::WhichChild {
    fn from(supervisor: &DynamicSupervisorRef<C>) -> Self {
        supervisor.process().into()
    }
}
