//! `ServerRef`: a typed reference to a server, and what can be done with any server.

use std::any::Any;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use crate::child::WhichChild;
use crate::gen_server::cell::Cell;
use crate::gen_server::client::cast::Way;
use crate::gen_server::{
    Call, CallWith, Cast, Context, GenServer, IntoInfo, Message, Request, RequestMessage,
};
use crate::process::Process;
use crate::process::address::{Address, Nobody, Place, lookup};
use crate::process::name::{Name, NameKey};
use crate::process::pid::Pid;
use crate::process::process_ref::{ProcessRef, process_methods};
use crate::process::reference::Reference;
use crate::registry::{Registry, UniqueKeys};
use crate::reply::ReplyTo;

/// A reference to a server of type `S`.
///
/// The typed clients that `#[genserver]` makes dereference to it. It leads to
///
/// - one incarnation: what [`start_link`](crate::start_link) and [`bound`](Self::bound) give;
/// - the server that holds a name, at each use anew: [`named`](Self::named);
/// - the server at the place of a supervised child, at each use anew: what a supervisor's handle gives.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Worker;
///
/// #[genserver]
/// impl Worker {}
///
/// supervisor! { App { strategy: one_for_one, children: [Worker] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let worker = app.worker(); // its place
/// let first = worker.bound().expect("it lives"); // this incarnation
/// assert_eq!(first.pid(), worker.pid());
///
/// worker.kill();
/// first.monitor().await;
/// app.which_children().await?; // answered when the restart is done
/// assert!(worker.is_alive());
/// assert!(!first.is_alive());
/// # Ok(()) }
/// ```
///
/// What can be done with any server, as with any [process](ProcessRef):
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// assert_eq!(worker.process().pid(), worker.pid());
/// assert_eq!(worker.info().expect("it lives").handled, 0);
///
/// let end = worker.monitor();
/// worker.exit("no use".into()); // an exit signal
/// assert_eq!(end.await.reason, "no use".into());
///
/// let worker = Worker::start().await?;
/// worker.stop_with(ExitReason::Shutdown).await?; // `stop()` is `stop_with(ExitReason::Normal)`
/// assert_eq!(worker.stop().await, Err(StopError::NoProc));
/// # Ok(()) }
/// ```
///
/// Cloning is cheap. Dropping it does nothing to the server: a server lives until it stops, as in OTP.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver(name = "cache")]
/// impl Cache {
///     #[call]
///     fn watch(&self, other: CacheClient) {
///         other.link();
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cache = Cache::start().await?;
/// assert_eq!(cache.info().unwrap().pid, cache.pid().unwrap());
/// cache.exit(ExitReason::Normal); // which means nothing to a stranger
/// assert!(cache.is_alive());
/// assert_eq!(cache.process().pid(), cache.pid());
///
/// let down = cache.monitor();
/// cache.stop_with(ExitReason::Shutdown).await?;
/// assert_eq!(down.await.reason, ExitReason::Shutdown);
/// assert_eq!(cache.stop().await, Err(StopError::NoProc));
///
/// // `again` is whichever cache there is; bound to one, it is nobody when that has ended.
/// let again: ServerRef<Cache> = ServerRef::named("cache".into());
/// let cache = Cache::start().await?;
/// let bound = again.bound().unwrap();
/// let down = bound.monitor();
/// cache.kill();
/// assert_eq!(down.await.reason, ExitReason::Killed);
/// assert!(!bound.is_alive());
/// # Ok(()) }
/// ```
pub struct ServerRef<S: GenServer> {
    pub(crate) address: Address<Cell<S>>,
}

impl<S: GenServer> ServerRef<S> {
    /// To the server that a process is, which is of this type.
    pub(crate) fn of(process: Arc<dyn Any + Send + Sync>) -> Self {
        match process.downcast() {
            Ok(cell) => Self::to(cell),
            Err(_) => Self::vacant(),
        }
    }

    pub(crate) fn to(cell: Arc<Cell<S>>) -> Self {
        Self::at(Address::Pid(cell))
    }

    pub(crate) fn vacant() -> Self {
        let place = Place::vacant();
        Self::at(Address::Place(place))
    }

    const fn at(address: Address<Cell<S>>) -> Self {
        Self { address }
    }

    pub(crate) const fn place(&self) -> Option<&Arc<Place<Cell<S>>>> {
        match &self.address {
            Address::Place(place) => Some(place),
            _ => None,
        }
    }

    /// The server at a place, if it is one for servers of this type.
    pub(crate) fn at_place(place: &Arc<dyn Any + Send + Sync>) -> Option<Self> {
        let place = Arc::clone(place).downcast::<Place<Cell<S>>>().ok()?;
        Some(Self::at(Address::Place(place)))
    }

    /// A reference by name. It is resolved at each use, in the runtime of the user; nobody needs to hold the name yet.
    ///
    /// A holder of the name that is no server of type `S` counts as nobody. `#[genserver(name = ..)]` generates a `named` that
    /// gives a typed client.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver(name = "worker")] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let worker = ServerRef::<Worker>::named("worker".into());
    /// assert!(!worker.is_alive());
    /// Worker::start().await?;
    /// assert!(worker.is_alive());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self::at(Address::named(name))
    }

    /// The server that holds a name now: a reference to this incarnation.
    ///
    /// Takes the key by reference and allocates nothing. `#[genserver(name = ..)]` generates a `whereis` that gives a typed
    /// client.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver(name = "worker")] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert!(ServerRef::<Worker>::whereis("worker").is_none());
    /// let worker = Worker::start().await?;
    /// let found = ServerRef::<Worker>::whereis("worker").expect("it lives");
    /// assert_eq!(found.pid(), worker.pid());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn whereis(name: &(impl NameKey + ?Sized)) -> Option<Self> {
        lookup(name.view()).map(Self::to)
    }

    /// A reference by a key in a registry: to whichever server of type `S` is registered under it at each use.
    ///
    /// A process under the key that is no server of type `S` counts as nobody. [`GenServer::via`] gives a
    /// typed client.
    ///
    /// ```
    /// use suptree::Registry;
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let registry = Registry::unique();
    /// let seventh = ServerRef::<Worker>::via(&registry, 7);
    /// assert!(!seventh.is_alive());
    /// registry.register_process(&Worker::start().await?, 7, ())?;
    /// assert!(seventh.is_alive());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn via<K, V, U>(registry: &Registry<K, V, U>, key: K) -> Self
    where
        K: Hash + Eq + Send + Sync + 'static,
        V: Send + Sync + 'static,
        U: UniqueKeys,
    {
        Self::at(Address::sought(registry.sought(key)))
    }

    /// This reference, bound to the incarnation that is there now. It does not follow a restart.
    #[must_use]
    pub fn bound(&self) -> Option<Self> {
        self.address.resolved().map(Self::at)
    }

    /// Calls the server: what the client methods that `#[genserver]` makes do.
    #[doc(hidden)]
    #[inline(always)]
    pub const fn call<R: Request<S>>(&self, request: R) -> Call<'_, R::Reply, S, R> {
        Call::new(&self.address, request, R::TIMEOUT)
    }

    /// Calls a server by a message made from the reply handle: for servers written without the macro. A call that is not
    /// sent gives the message back.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::NoMessage;
    ///
    /// struct Adder;
    ///
    /// enum Calls {
    ///     Add(u64, u64, ReplyTo<u64>),
    /// }
    ///
    /// impl GenServer for Adder {
    /// #     type Args = ();
    /// #     type Cast = NoMessage;
    /// #     type Info = NoMessage;
    /// #     type Client = ServerRef<Self>;
    /// #     async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> { Ok(Self) }
    ///     type Call = Calls;
    ///
    ///     async fn handle_call(&mut self, call: Calls, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
    ///         match call {
    ///             Calls::Add(a, b, reply) => reply.send(a + b),
    ///         }
    ///         Ok(())
    ///     }
    ///     // ..
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let adder = suptree::start::<Adder>(()).await?;
    /// assert_eq!(adder.call_with(|reply| Calls::Add(1, 2, reply)).await?, 3);
    /// # Ok(()) }
    /// ```
    ///
    /// A function that makes such a call may give it another timeout than 5 s, `server.call_with(..).timeout(d)`, as
    /// `#[call(timeout = 30s)]` does: whoever is given the call may still change it.
    ///
    /// Its errors are those of every [`Call`].
    pub const fn call_with<R, F>(&self, message: F) -> Call<'_, R, S, CallWith<F, R>>
    where
        R: Send + 'static,
        F: FnOnce(ReplyTo<R>) -> S::Call + Send + 'static,
    {
        let timeout = <CallWith<F, R> as RequestMessage<S>>::TIMEOUT;
        Call::new(&self.address, CallWith::new(message), timeout)
    }

    /// Casts to the server. Typed clients have a method for each cast instead. A cast that is not sent gives the message back.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::NoMessage;
    ///
    /// struct Counter(u64);
    ///
    /// impl GenServer for Counter {
    /// #     type Args = ();
    /// #     type Info = NoMessage;
    /// #     type Client = ServerRef<Self>;
    /// #     async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> { Ok(Self(0)) }
    ///     type Cast = u64;
    ///     type Call = ReplyTo<u64>;
    ///
    ///     async fn handle_cast(&mut self, n: u64, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
    ///         self.0 += n;
    ///         Ok(())
    ///     }
    ///
    ///     async fn handle_call(&mut self, reply: ReplyTo<u64>, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
    ///         reply.send(self.0);
    ///         Ok(())
    ///     }
    ///     // ..
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let counter = suptree::start::<Counter>(()).await?;
    /// counter.cast(1).await?;
    /// counter.cast(2).try_send()?;
    /// assert_eq!(counter.call_with(|reply| reply).await?, 3);
    /// # Ok(()) }
    /// ```
    ///
    /// Its errors are those of every [`Cast`].
    pub const fn cast(&self, cast: S::Cast) -> Cast<'_, S, S::Cast> {
        Cast::new(&self.address, Message::Cast(cast), Way::CAST)
    }

    /// Sends the server any other message: it arrives at [`GenServer::handle_info`], or at the `#[info]` handler that takes a
    /// value of this type alone. A message that is not sent comes back.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// struct Tick(u64);
    ///
    /// #[derive(Default)]
    /// struct Clock(u64);
    ///
    /// #[genserver]
    /// impl Clock {
    ///     #[info]
    ///     fn ticked(&mut self, tick: Tick) {
    ///         self.0 += tick.0;
    ///     }
    ///
    ///     #[call]
    ///     fn time(&self) -> u64 {
    ///         self.0
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let clock = Clock::start().await?;
    /// clock.send(Tick(60)).await?;
    /// assert_eq!(clock.time().await?, 60);
    /// # Ok(()) }
    /// ```
    ///
    /// Its errors are those of every [`Cast`].
    pub fn send(&self, info: impl IntoInfo<S>) -> Cast<'_, S, S::Info> {
        Cast::new(&self.address, Message::Info(info.into_info()), Way::INFO)
    }

    /// The same reference without the type of the server: for a list of processes of different types.
    #[must_use]
    pub fn process(&self) -> ProcessRef {
        ProcessRef::at(&self.address)
    }

    fn found(&self) -> Option<Arc<dyn Process>> {
        self.address.process()
    }

    fn untold(&self) -> Option<Arc<dyn Process>> {
        self.address.untold()
    }

    fn who_was_there(&self) -> Pid {
        self.process().who_was_there()
    }

    fn nobody(&self) -> Nobody {
        self.address.nobody()
    }

    process_methods!();
}

impl<S: GenServer> Reference for ServerRef<S> {
    fn to_process(&self) -> ProcessRef {
        self.process()
    }

    fn to_bound(&self) -> Option<Self> {
        self.bound()
    }
}

impl<S: GenServer> AsRef<Self> for ServerRef<S> {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl<S: GenServer> From<&ServerRef<S>> for WhichChild {
    fn from(server: &ServerRef<S>) -> Self {
        server.process().into()
    }
}

impl<S: GenServer> Clone for ServerRef<S> {
    fn clone(&self) -> Self {
        Self::at(self.address.clone())
    }
}

impl<S: GenServer> fmt::Debug for ServerRef<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerRef({:?})", self.address)
    }
}

impl<S: GenServer> Context<S> {
    /// The client of this server, bound to this process: to send itself something later, or to give away. Calling it from one of
    /// its own handlers fails with [`CallError::CallingSelf`](crate::CallError::CallingSelf).
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Countdown(Vec<u8>);
    ///
    /// #[genserver]
    /// impl Countdown {
    ///     #[cast]
    ///     async fn from(&mut self, n: u8, cx: &mut Context<Self>) -> Result<(), CastError> {
    ///         self.0.push(n);
    ///         if n > 0 {
    ///             cx.client().from(n - 1).await?;
    ///         }
    ///         Ok(())
    ///     }
    ///
    ///     #[call]
    ///     fn counted(&self) -> Vec<u8> {
    ///         self.0.clone()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let countdown = Countdown::start().await?;
    /// countdown.from(3).await?;
    /// while countdown.counted().await? != [3, 2, 1, 0] {
    ///     tokio::task::yield_now().await;
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn client(&self) -> S::Client {
        self.server().into()
    }

    /// A reference to this server, to give away. Calling it from its own handler fails with
    /// [`CallError::CallingSelf`](crate::CallError::CallingSelf).
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Loader(Option<String>);
    ///
    /// #[genserver]
    /// impl Loader {
    ///     #[init]
    ///     fn init(cx: &mut Context<Self>) -> Self {
    ///         let me = cx.client();
    ///         tokio::spawn(async move { me.loaded("hola".to_owned()).await });
    ///         Self::default()
    ///     }
    ///
    ///     #[cast]
    ///     fn loaded(&mut self, text: String) {
    ///         self.0 = Some(text);
    ///     }
    ///
    ///     #[call]
    ///     fn text(&self) -> Option<String> {
    ///         self.0.clone()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let loader = Loader::start().await?;
    /// while loader.text().await?.is_none() {
    ///     tokio::task::yield_now().await;
    /// }
    /// assert_eq!(loader.text().await?.as_deref(), Some("hola"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn server(&self) -> ServerRef<S> {
        ServerRef::of(self.process())
    }
}
