//! `ProcessRef`: a reference to any process, and what can be done with any.

use std::fmt;
use std::sync::Arc;

use crate::process::Process;
use crate::process::address::{Address, AnyPlace, Nobody, Sought, holder};
use crate::process::name::{Name, NameKey};
use crate::process::pid::Pid;
use crate::process::whom::Whom;

/// A reference to a process, whatever its type: a server, a supervisor or a task, by itself, by its name, or by its place in a tree.
///
/// References to servers, supervisors and tasks ([`TaskRef`](crate::TaskRef)) have the same methods, and give one with `process()`: for lists of
/// processes of different types. A [`Pid`] gives none: what is to take processes that know only [their own](crate::self_pid), takes a `Pid`.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::ProcessRef;
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver(name = "cache")]
/// impl Cache {}
///
/// supervisor! { App { strategy: one_for_one, children: [Cache] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// for process in [app.process(), app.cache().process()] {
///     assert!(process.is_alive());
/// }
///
/// let cache = ProcessRef::named("cache".into());
/// assert_eq!(cache.pid(), app.cache().pid());
/// assert_eq!(cache.info().expect("it lives").type_name, std::any::type_name::<Cache>());
///
/// let end = cache.monitor();
/// app.process().stop().await?; // and its children
/// assert_eq!(end.await.reason, ExitReason::Shutdown);
/// assert!(ProcessRef::whereis("cache").is_none());
/// # Ok(()) }
/// ```
///
/// Cloning is cheap. Dropping it does nothing to the process.
#[derive(Clone)]
pub struct ProcessRef(Found);

#[derive(Clone)]
enum Found {
    Process(Arc<dyn Process>),
    Sought(Sought),
    Place(Arc<dyn AnyPlace>),
}

impl ProcessRef {
    pub(crate) const fn to(process: Arc<dyn Process>) -> Self {
        Self(Found::Process(process))
    }

    /// The same address, for those who need not know the type.
    pub(crate) fn at<P: Process>(address: &Address<P>) -> Self {
        Self(match address {
            Address::Pid(process) => Found::Process(Arc::clone(process) as _),
            Address::Place(place) => Found::Place(Arc::clone(place) as _),
            Address::Name(by_name) => Found::Sought(by_name.sought.clone()),
        })
    }

    /// A reference by name. It is resolved at each use, in the runtime of the user; nobody needs to hold the name yet.
    #[must_use]
    pub const fn named(name: Name) -> Self {
        Self(Found::Sought(Sought::Name(name)))
    }

    /// The process that is there now, and lives, for those who keep it.
    pub(crate) fn living(&self) -> Option<Arc<dyn Process>> {
        self.found()
    }

    /// The process that holds a name now: a reference to this incarnation.
    #[must_use]
    pub fn whereis(name: &(impl NameKey + ?Sized)) -> Option<Self> {
        holder(name.view()).map(Self::to)
    }

    fn there(&self) -> Option<Arc<dyn Process>> {
        match &self.0 {
            Found::Process(process) => Some(Arc::clone(process)),
            Found::Sought(sought) => sought.holder(),
            Found::Place(place) => place.process(),
        }
    }

    /// The pid of the process that is there now, or was there last.
    pub(crate) fn last_pid(&self) -> Option<Pid> {
        self.there().map(|process| process.header().pid)
    }

    /// The pid of who is dead, as far as it is known from here.
    #[cold]
    pub(crate) fn who_was_there(&self) -> Pid {
        self.last_pid().unwrap_or(Pid::NOBODY)
    }

    fn found(&self) -> Option<Arc<dyn Process>> {
        self.there()
            .filter(|process| process.header().exit_reason().is_none())
    }

    fn untold(&self) -> Option<Arc<dyn Process>> {
        self.there()
            .filter(|process| !process.header().is_announced())
    }

    /// Who is monitored that is meant by this.
    pub(crate) fn whom(&self) -> Whom {
        let name = match &self.0 {
            Found::Sought(Sought::Name(name)) => Some(name.clone()),
            Found::Process(_) | Found::Sought(Sought::Via(_)) | Found::Place(_) => None,
        };
        match self.untold() {
            Some(process) => Whom::new(process, name),
            None => Whom::dead(self.who_was_there(), name),
        }
    }

    fn nobody(&self) -> Nobody {
        match &self.0 {
            Found::Sought(sought) => sought.nobody(),
            _ => Nobody::NoProc,
        }
    }

    /// The place it leads to, if it is one.
    pub(crate) fn into_place(self) -> Option<Arc<dyn AnyPlace>> {
        match self.0 {
            Found::Place(place) => Some(place),
            Found::Process(_) | Found::Sought(_) => None,
        }
    }

    pub(crate) const fn is_place(&self) -> bool {
        matches!(self.0, Found::Place(_))
    }

    process_methods!();
}

impl fmt::Debug for ProcessRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0, self.pid()) {
            (Found::Process(process), _) => write!(f, "ProcessRef({})", process.header().pid),
            (Found::Sought(sought), _) => write!(f, "ProcessRef({sought:?})"),
            (Found::Place(_), Some(pid)) => write!(f, "ProcessRef({pid})"),
            (Found::Place(_), None) => f.write_str("ProcessRef(vacant)"),
        }
    }
}

/// What can be done with any process, for references that have the methods `found`, for those who ask about it, `untold`,
/// for those who wait for its end, and `who_was_there`. One list, so that all of them have the same.
macro_rules! process_methods {
    () => {
        /// The pid of the process that is there now, if it lives.
        #[must_use]
        pub fn pid(&self) -> Option<$crate::process::pid::Pid> {
            self.found().map(|process| process.header().pid)
        }

        /// Whether there is a process, and it lives.
        #[must_use]
        pub fn is_alive(&self) -> bool {
            self.found().is_some()
        }

        /// The process's line in the process table; see [`process_info`](crate::process_info).
        #[must_use]
        pub fn info(&self) -> Option<$crate::process::info::ProcessInfo> {
            self.pid().and_then($crate::process::info::process_info)
        }

        /// Sends the process an exit signal; see [`exit`](crate::exit). To nobody it does nothing. Supervisors trap exits: of
        /// what a stranger sends them, `Kill` alone does something.
        ///
        /// ```
        /// # use suptree::prelude::*;
        /// # #[derive(Default)] struct Cache;
        /// # #[genserver] impl Cache {}
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let process = Cache::start().await?.process();
        /// let down = process.monitor();
        /// process.exit(ExitReason::Shutdown);
        /// assert_eq!(down.await.reason, ExitReason::Shutdown);
        /// # Ok(()) }
        /// ```
        pub fn exit(&self, reason: $crate::exit_reason::ExitReason) {
            if let Some(pid) = self.pid() {
                $crate::process::link::exit(pid, reason);
            }
        }

        /// Kills the process: it ends with [`ExitReason::Killed`](crate::ExitReason::Killed) before it looks at its next
        /// message. Cannot be trapped, and a server's `terminate` does not run. The children of a supervisor get the exit
        /// signal `killed`, and are gone before its death is announced.
        ///
        /// ```
        /// # use suptree::prelude::*;
        /// # #[derive(Default)] struct Cache;
        /// # #[genserver] impl Cache {}
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let process = Cache::start().await?.process();
        /// let down = process.monitor();
        /// process.kill();
        /// assert_eq!(down.await.reason, ExitReason::Killed);
        /// # Ok(()) }
        /// ```
        pub fn kill(&self) {
            self.exit($crate::exit_reason::ExitReason::Kill);
        }

        /// Links the running process with the one that is there now; see [`link`](crate::link()). Where there is nobody, the
        /// running process gets an exit signal with the reason `NoProc` at once.
        ///
        /// ```
        /// # use suptree::prelude::*;
        /// # use suptree::ProcessRef;
        /// #[derive(Default)]
        /// struct Companion;
        ///
        /// #[genserver]
        /// impl Companion {
        ///     #[call]
        ///     fn follow(&mut self, other: ProcessRef) {
        ///         other.link();
        ///     }
        /// }
        ///
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let (leader, companion) = (Companion::start().await?, Companion::start().await?);
        /// companion.follow(leader.process()).await?;
        /// let down = companion.monitor();
        /// leader.kill();
        /// assert_eq!(down.await.reason, ExitReason::Killed); // it went along
        /// # Ok(()) }
        /// ```
        ///
        /// # Panics
        ///
        /// Outside a process.
        #[track_caller]
        pub fn link(&self) {
            let pid = self.untold().map(|process| process.header().pid);
            $crate::process::link::link(pid.unwrap_or_else(|| self.who_was_there()));
        }

        /// Watches the process that is there now; see [`monitor`](crate::monitor()). Where there is nobody, it is ready at once, with
        /// the reason `NoProc` and the pid of who was there last. A name that nobody holds leads to nobody: the serial of that pid is 0. A
        /// process that is dead, and not dropped yet, is there.
        pub fn monitor(&self) -> $crate::process::monitor::Monitor {
            match self.untold() {
                Some(process) => $crate::process::monitor::watch(process.header()),
                None => $crate::process::monitor::monitor(self.who_was_there()),
            }
        }

        /// Stops the process that is there now in order, with the reason `Normal`. A server handles what is queued, and
        /// `terminate` runs; a supervisor stops its children in reverse start order.
        ///
        /// # Errors
        ///
        /// Those of [`stop_with`](Self::stop_with).
        pub fn stop(
            &self,
        ) -> impl Future<Output = Result<(), $crate::process::stop::StopError>> + Send + 'static {
            self.stop_with($crate::exit_reason::ExitReason::Normal)
        }

        /// Stops the process that is there now in order, with this reason. Waits until it is dead, without limit. OTP's
        /// [`gen_server:stop/3`](https://www.erlang.org/doc/apps/stdlib/gen_server.html#stop/3).
        ///
        /// The process is looked up when this is called, and asked when the future is first polled.
        ///
        /// ```
        /// # use suptree::prelude::*;
        /// # #[derive(Default)] struct Cache;
        /// # #[genserver] impl Cache {}
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let process = Cache::start().await?.process();
        /// process.stop_with(ExitReason::ShutdownWith("moved".into())).await?;
        /// assert!(!process.is_alive());
        /// # Ok(()) }
        /// ```
        ///
        /// # Errors
        ///
        /// There is no such process; a process stops itself; it ended for another reason.
        ///
        /// # Cancel safety
        ///
        /// The process stops whether the future is awaited to its end or not, once it was polled.
        pub fn stop_with(
            &self,
            reason: $crate::exit_reason::ExitReason,
        ) -> impl Future<Output = Result<(), $crate::process::stop::StopError>> + Send + 'static {
            let found = self.untold().ok_or_else(|| self.nobody());
            $crate::process::stop::stop(found, reason)
        }
    };
}
pub(crate) use process_methods;
