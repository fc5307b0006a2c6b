//! `SupervisorRef`: what can be asked of a running supervisor.

use std::future::Future;
use std::sync::Arc;

use crate::child::{self, ChildId};
use crate::process::Process;
use crate::process::address::{Address, Nobody, Place, lookup};
use crate::process::name::{Name, NameKey};
use crate::process::pid::Pid;
use crate::process::process_ref::{ProcessRef, process_methods};
use crate::process::reference::Reference;
use crate::reply::CallError;
use crate::supervisor::admin::{
    ChildSpecInfo, DeleteChildError, GetChildSpecError, RestartChildError,
};
use crate::supervisor::ask::{ask, ask_for_an_end};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::request::{
    ChildCounts, ChildInfo, SupervisorRequest, TerminateChildError, WhichChild,
};
use crate::supervisor::start_child::StartChildSpec;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::supervisor::watch_readiness::ReadinessWatch;

/// A reference to a supervisor: to one incarnation, to the supervisor that holds a name, or to the one at a place in a tree,
/// across restarts. What `supervisor!` declares dereferences to it.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Cache;
/// # #[genserver] impl Cache {}
/// supervisor! { App { strategy: one_for_one, children: [Cache] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// assert!(app.is_alive());
/// assert_eq!(app.cache().info().and_then(|cache| cache.parent), app.pid());
///
/// app.exit("go away".into()); // supervisors trap exits: that of a stranger does nothing
/// assert_eq!(app.process().pid(), app.pid());
///
/// let ends = (app.monitor(), app.cache().monitor());
/// app.kill(); // and its children
/// assert_eq!(ends.0.await.reason, ExitReason::Killed);
/// assert_eq!(ends.1.await.reason, ExitReason::Killed);
///
/// let app = App::start_link().await?;
/// assert_eq!(app.info().expect("it lives").restarts, 0);
/// app.stop_with(ExitReason::Shutdown).await?; // `stop()` is `stop_with(ExitReason::Normal)`
/// assert_eq!(app.stop().await, Err(StopError::NoProc));
/// # Ok(()) }
/// ```
///
/// # Requests
///
/// They go to the supervisor that is there when the method is called, and are sent when their future is first polled. They wait without limit, like OTP's, and fail when the supervisor
/// ends. Cloning a reference is cheap; dropping it does nothing to the supervisor.
///
/// # Cancel safety
///
/// A request whose future is dropped after its first poll is carried out all the same.
///
/// # From inside the tree
///
/// A child may ask its own supervisor from its handlers. From its `init`, and from its `terminate`, it may not: the supervisor waits for
/// that one, and the request gives [`CallError::WouldDeadlock`] at once. So does, after about a second, what a child without a limit in
/// time has asked for before its supervisor began to stop it.
#[derive(Clone, Debug)]
pub struct SupervisorRef {
    address: Address<SupervisorProcess>,
}

impl SupervisorRef {
    /// A reference to the place of a supervisor that is not there yet: for the handle of a [`Supervisor`](crate::Supervisor)
    /// that is written by hand. Until the supervisor starts, the reference leads to nobody.
    ///
    /// ```
    /// assert!(!suptree::SupervisorRef::vacant().is_alive());
    /// ```
    #[must_use]
    pub fn vacant() -> Self {
        Self {
            address: Address::Place(Place::vacant()),
        }
    }

    /// A reference by name. It is resolved at each use; nobody needs to hold the name yet.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// use suptree::SupervisorRef;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = SupervisorRef::named("app".into());
    /// assert!(!app.is_alive());
    /// App::start_link().await?; // with `name = "app"`
    /// assert_eq!(app.count_children().await?.active, 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self {
            address: Address::named(name),
        }
    }

    /// The supervisor that holds a name now: a reference to this incarnation. Takes the key by reference and allocates
    /// nothing.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [] } }
    /// use suptree::SupervisorRef;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert!(SupervisorRef::whereis("app").is_none());
    /// let app = App::start_link().await?; // with `name = "app"`
    /// assert_eq!(SupervisorRef::whereis("app").and_then(|found| found.pid()), app.pid());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn whereis(name: &(impl NameKey + ?Sized)) -> Option<Self> {
        let address = Address::Pid(lookup(name.view())?);
        Some(Self { address })
    }

    /// This reference, bound to the incarnation that is there now. It does not follow a restart.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # supervisor! { Inner { strategy: one_for_one, children: [] } }
    /// # supervisor! { App { strategy: one_for_one, children: [Inner] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let inner = app.inner().bound().expect("it lives");
    /// inner.kill();
    /// inner.monitor().await;
    /// app.which_children().await?; // answered when the restart is done
    /// assert!(app.inner().is_alive());
    /// assert!(!inner.is_alive());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn bound(&self) -> Option<Self> {
        let address = self.address.resolved()?;
        Some(Self { address })
    }

    pub(crate) const fn place(&self) -> Option<&Arc<Place<SupervisorProcess>>> {
        match &self.address {
            Address::Place(place) => Some(place),
            _ => None,
        }
    }

    /// The children, in start order, whatever their state. OTP lists them in reverse.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let children = app.which_children().await?;
    /// assert_eq!(children[0].id, Some("cache".into()));
    /// assert_eq!(children[0].pid(), app.cache().pid());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn which_children(
        &self,
    ) -> impl Future<Output = Result<Vec<ChildInfo>, CallError>> + Send + 'static {
        ask(self.address.find(), SupervisorRequest::WhichChildren)
    }

    /// Counts the children.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// app.terminate_child("cache").await?;
    /// let counts = app.count_children().await?;
    /// assert_eq!((counts.specs, counts.active), (1, 0));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it ended before it answered.
    pub fn count_children(
        &self,
    ) -> impl Future<Output = Result<ChildCounts, CallError>> + Send + 'static {
        ask(self.address.find(), SupervisorRequest::CountChildren)
    }

    /// Starts another child, behind the others in the start order. It is lost if the supervisor itself is restarted.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let pid = app.start_child(Cache::child_spec().with_id("second cache")).await?;
    /// assert_eq!(app.which_children().await?[1].pid(), Some(pid));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Its id is taken, it did not start, or there is no such supervisor. The specification is lost with it, unless it is
    /// [kept](StartChildSpec::keep_args).
    pub fn start_child(&self, child: ChildSpec) -> StartChildSpec {
        StartChildSpec::new(self.address.find(), child)
    }

    /// Stops a child, as its specification says, and waits until it is gone. Its specification stays, unless it is
    /// temporary. A child that is being restarted is not tried again.
    ///
    /// The child is known by its id, by its pid, or by a reference to it: a client, or what `process()` gives. One that is being
    /// restarted goes by the pid it had, too.
    ///
    /// A child may ask this of its own supervisor, from inside its handler: the handler ends at this `.await`, and `terminate`
    /// runs.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// app.terminate_child(&app.cache()).await?; // or its id, "cache"
    /// assert!(!app.cache().is_alive());
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
        self.terminate(child.into().into())
    }

    /// Starts a child that does not run: one that was stopped, is done, or has ignored its start. It is started as the first time, in
    /// its place of the start order, which does not count as a restart.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// app.terminate_child("cache").await?;
    /// let pid = app.restart_child("cache").await?;
    /// assert_eq!(app.cache().pid(), Some(pid));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such child, it runs or is being restarted, it did not start, or there is no such supervisor.
    pub fn restart_child(
        &self,
        id: impl Into<ChildId>,
    ) -> impl Future<Output = Result<Pid, RestartChildError>> + Send + 'static {
        let id = id.into();
        let asked = ask(self.address.find(), |reply| {
            SupervisorRequest::RestartChild(id, reply)
        });
        async move { asked.await.map_err(RestartChildError::Call)? }
    }

    /// Forgets a child that does not run. Its id is free.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// app.terminate_child("cache").await?;
    /// app.delete_child("cache").await?;
    /// assert_eq!(app.count_children().await?.specs, 0);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such child, it runs or is being restarted, or there is no such supervisor.
    pub fn delete_child(
        &self,
        id: impl Into<ChildId>,
    ) -> impl Future<Output = Result<(), DeleteChildError>> + Send + 'static {
        let id = id.into();
        let asked = ask(self.address.find(), |reply| {
            SupervisorRequest::DeleteChild(id, reply)
        });
        async move { asked.await.map_err(DeleteChildError::Call)? }
    }

    /// What the specification of a child says. The child is known as in [`terminate_child`](Self::terminate_child).
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver] impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # supervisor! { App(name = "app") { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let cache = app.get_childspec("cache").await?;
    /// assert_eq!(cache.restart, Restart::Permanent);
    /// assert_eq!(cache.shutdown, Shutdown::Timeout(Duration::from_secs(5)));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such child, or no such supervisor.
    pub fn get_childspec(
        &self,
        child: impl Into<child::WhichChild>,
    ) -> impl Future<Output = Result<ChildSpecInfo, GetChildSpecError>> + Send + 'static {
        let which = child.into().into();
        let asked = ask(self.address.find(), |reply| {
            SupervisorRequest::GetChildSpec(which, reply)
        });
        async move { asked.await.map_err(GetChildSpecError::Call)? }
    }

    pub(crate) fn terminate(
        &self,
        which: WhichChild,
    ) -> impl Future<Output = Result<(), TerminateChildError>> + Send + 'static {
        let asked = ask_for_an_end(self.address.find(), |reply| {
            SupervisorRequest::TerminateChild(which, reply)
        });
        async move { asked.await.map_err(TerminateChildError::Call)? }
    }

    /// Whether the tree is ready: every child that should run does, and so below every supervisor in it. It is not while a child is
    /// restarted, or waits for that, while the tree is started or stopped, and where there is no supervisor.
    ///
    /// A child is missed from the moment it is dead. One that was terminated, has ended for good or has ignored its start is not, and
    /// neither is a further one, which [`start_child`](Self::start_child) starts, until it has started. For a readiness probe:
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Cache;
    ///
    /// #[genserver]
    /// impl Cache {}
    ///
    /// supervisor! { App { strategy: one_for_one, children: [Cache] } }
    ///
    /// /// What `GET /ready` answers: Kubernetes sends requests elsewhere while it is 503.
    /// fn probe(app: &App) -> u16 {
    ///     if app.is_ready() { 200 } else { 503 }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// assert_eq!(probe(&app), 200);
    /// let end = app.cache().monitor();
    /// app.cache().kill();
    /// end.await; // 503, until it is restarted
    /// app.ready().await?;
    /// assert_eq!(probe(&app), 200);
    /// app.stop().await?;
    /// assert_eq!(probe(&app), 503);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let supervisor = self.address.get();
        supervisor.is_some_and(|supervisor| supervisor.readiness().is_ready())
    }

    /// Waits until the tree is [ready](Self::is_ready). Nothing is asked meanwhile: what makes it ready wakes those who wait.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    /// # supervisor! { App { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let end = app.cache().monitor();
    /// app.cache().kill();
    /// end.await;
    /// app.ready().await?;
    /// assert!(app.cache().is_alive());
    ///
    /// app.stop().await?;
    /// assert_eq!(app.ready().await, Err(CallError::NoProc));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such supervisor, or it has ended, with this reason; or it would wait for the one who asks: from the `init` of a child
    /// that it misses, above all.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves nothing behind.
    pub fn ready(&self) -> impl Future<Output = Result<(), CallError>> + Send + 'static {
        let mut watch = self.watch_readiness();
        async move { watch.ready().await }
    }

    /// Follows whether the tree is [ready](Self::is_ready), from now on: see [`ReadinessWatch`].
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    /// # supervisor! { App { strategy: one_for_one, children: [Cache] } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let mut readiness = app.watch_readiness();
    /// assert!(readiness.changed().await?); // at once, the first time
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn watch_readiness(&self) -> ReadinessWatch {
        ReadinessWatch::new(self.address.find())
    }

    /// The same reference, to a process of any type: for a list of processes of different types.
    #[must_use]
    pub fn process(&self) -> ProcessRef {
        ProcessRef::at(&self.address)
    }

    /// The supervisor that is there now.
    pub(super) fn find(&self) -> Result<Arc<SupervisorProcess>, Nobody> {
        self.address.find()
    }

    pub(super) fn found(&self) -> Option<Arc<dyn Process>> {
        self.address.process()
    }

    pub(super) fn untold(&self) -> Option<Arc<dyn Process>> {
        self.address.untold()
    }

    pub(super) fn who_was_there(&self) -> Pid {
        self.process().who_was_there()
    }

    pub(super) fn nobody(&self) -> Nobody {
        self.address.nobody()
    }

    process_methods!();
}

impl From<&SupervisorRef> for child::WhichChild {
    fn from(supervisor: &SupervisorRef) -> Self {
        supervisor.process().into()
    }
}

impl Reference for SupervisorRef {
    fn to_process(&self) -> ProcessRef {
        self.process()
    }

    fn to_bound(&self) -> Option<Self> {
        self.bound()
    }
}
