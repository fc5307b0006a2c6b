//! `ChildSpec`: how a supervisor starts, restarts and stops a child.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::address::Place;
use crate::gen_server::cell::Cell;
use crate::gen_server::start::start_cell;
use crate::gen_server::{GenServer, ServerRef, StartError};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::{Process, Tie};

/// When a supervisor restarts a child that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Restart {
    /// Always, whatever the reason. The default.
    Permanent,
    /// When it ended abnormally: with a reason that is not [expected](crate::ExitReason::is_expected).
    Transient,
    /// Never; it is forgotten when it ends.
    Temporary,
}

/// How a supervisor stops a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// It is killed at once.
    BrutalKill,
    /// It is asked, and killed when it has not ended after this time. The default of servers, with 5 s.
    Timeout(Duration),
    /// It is asked, and waited for without limit. The default of supervisors.
    Infinity,
}

/// What kind of process a child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChildType {
    /// A server.
    Worker,
    /// A supervisor.
    Supervisor,
}

/// What a supervisor calls a child: any key, as [`Name`], but a space of its own in each supervisor.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ChildId(Name);

impl ChildId {
    /// An id from a key.
    pub fn new<K: crate::name::Key>(key: K) -> Self {
        Self(Name::new(key))
    }
}

impl From<&'static str> for ChildId {
    fn from(text: &'static str) -> Self {
        Self(Name::from_static(text))
    }
}

impl From<String> for ChildId {
    fn from(text: String) -> Self {
        Self(Name::from(text))
    }
}

impl fmt::Display for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A start on its way: ready with the running child.
pub(crate) type StartFuture =
    Pin<Box<dyn Future<Output = Result<Arc<dyn Process>, StartError>> + Send>>;

/// How to start, restart and stop a child.
///
/// Made by [`Child::child_spec`], by [`new`](Self::new), or by the `child_spec` function that the macros generate; the
/// builder methods change what the child's own options say.
///
/// Follows [OTP's child specification](https://www.erlang.org/doc/apps/stdlib/supervisor.html#t:child_spec/0).
#[must_use = "a child specification does nothing unless a supervisor gets it"]
pub struct ChildSpec {
    id: ChildId,
    start: Box<dyn FnMut(Pid) -> StartFuture + Send>,
    restart: Restart,
    shutdown: Shutdown,
    child_type: ChildType,
    significant: bool,
    /// The running child. It is here so that the list a supervisor is given becomes the list of its children in place.
    pub(crate) process: Option<Arc<dyn Process>>,
}

impl ChildSpec {
    /// A server whose arguments are made anew for each start.
    pub fn new<S: GenServer>(
        id: impl Into<ChildId>,
        args: impl FnMut() -> S::Args + Send + 'static,
    ) -> Self {
        Self::server::<S>(id.into(), args, None)
    }

    /// A server at a place that typed handles look at.
    pub(crate) fn server<S: GenServer>(
        id: ChildId,
        mut args: impl FnMut() -> S::Args + Send + 'static,
        place: Option<Arc<Place<Cell<S>>>>,
    ) -> Self {
        let start = move |parent| -> StartFuture {
            let args = crate::guard::catch(&mut args);
            let place = place.clone();
            Box::pin(async move {
                let args = args.map_err(StartError::Init)?;
                let cell = start_cell::<S>(args, Tie::Supervised(parent), place.as_ref()).await?;
                Ok(cell as Arc<dyn Process>)
            })
        };
        Self {
            id,
            start: Box::new(start),
            restart: S::OPTIONS.restart,
            shutdown: S::OPTIONS.shutdown,
            child_type: ChildType::Worker,
            significant: false,
            process: None,
        }
    }

    /// A supervisor.
    pub(crate) fn supervisor(
        id: ChildId,
        start: impl FnMut(Pid) -> StartFuture + Send + 'static,
    ) -> Self {
        Self {
            id,
            start: Box::new(start),
            restart: Restart::Permanent,
            shutdown: Shutdown::Infinity,
            child_type: ChildType::Supervisor,
            significant: false,
            process: None,
        }
    }

    /// Under another id.
    pub fn with_id(mut self, id: impl Into<ChildId>) -> Self {
        self.id = id.into();
        self
    }

    /// When it is restarted.
    pub const fn restart(mut self, restart: Restart) -> Self {
        self.restart = restart;
        self
    }

    /// How it is stopped.
    pub const fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = shutdown;
        self
    }

    /// Whether its end counts for the supervisor's automatic shutdown, which a later release brings.
    pub const fn significant(mut self, significant: bool) -> Self {
        self.significant = significant;
        self
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &ChildId {
        &self.id
    }

    /// When it is restarted.
    #[must_use]
    pub const fn restart_type(&self) -> Restart {
        self.restart
    }

    /// How it is stopped.
    #[must_use]
    pub const fn shutdown_type(&self) -> Shutdown {
        self.shutdown
    }

    /// What kind of process it is.
    #[must_use]
    pub const fn child_type(&self) -> ChildType {
        self.child_type
    }

    pub(crate) fn start(&mut self, parent: Pid) -> StartFuture {
        (self.start)(parent)
    }
}

impl fmt::Debug for ChildSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("id", &self.id)
            .field("restart", &self.restart)
            .field("shutdown", &self.shutdown)
            .field("type", &self.child_type)
            .field("significant", &self.significant)
            .finish_non_exhaustive()
    }
}

/// What may stand in the child list of a supervisor: every server whose arguments can be cloned, and what `supervisor!`
/// declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a child of a supervisor",
    label = "not a GenServer or supervisor with `Clone` arguments",
    note = "annotate its impl block with `#[genserver]`, or declare it with `supervisor!`; its start arguments must be `Clone`, since every restart needs them again"
)]
pub trait Child: Sized + 'static {
    /// What it is started with; every restart gets a clone.
    type Args: Clone + Send + 'static;
    /// The typed handle that follows it across restarts.
    type Handle: Clone + Send + Sync + 'static;

    /// A handle with nobody behind it yet.
    fn vacant() -> Self::Handle;

    /// The specification of a child that stands behind `handle`.
    fn child_spec(handle: &Self::Handle, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec;
}

#[diagnostic::do_not_recommend]
impl<S> Child for S
where
    S: GenServer,
    S::Args: Clone,
{
    type Args = S::Args;
    type Handle = S::Client;

    fn vacant() -> S::Client {
        ServerRef::at_place(Place::vacant()).into()
    }

    fn child_spec(handle: &S::Client, id: impl Into<ChildId>, args: S::Args) -> ChildSpec {
        let place = handle.as_ref().place().map(Arc::clone);
        ChildSpec::server::<S>(id.into(), move || args.clone(), place)
    }
}
