//! `StartError`: why a server or a supervisor did not start.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::child::ChildId;
use crate::exit_reason::ExitReason;
use crate::process::names::NameRefused;
use crate::process::pid::Pid;

/// Error returned by starting a server or a supervisor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StartError {
    /// The name is taken by this process. `init` did not run.
    AlreadyStarted(Pid),
    /// `init` failed: its error, its panic, or the signal that ended it.
    Init(ExitReason),
    /// `init` took longer than this.
    Timeout(Duration),
    /// A supervisor's child did not start; the children before it were stopped again.
    Child {
        /// The child's id.
        id: ChildId,
        /// Why it did not start.
        error: Box<Self>,
    },
    /// `init` returned [`Ignore`]: the process does not want to run. It is gone, and nothing failed.
    Ignore,
    /// Two children have the same id.
    DuplicateChild(ChildId),
    /// What the specification of this child asks for makes no sense.
    BadCombination {
        /// The child's id.
        id: ChildId,
        /// What does not go together.
        why: BadCombination,
    },
    /// There is no Tokio runtime here, or one without timers (`enable_time`).
    NoRuntime,
}

impl StartError {
    /// The error `init` returned, the server's own or its child's, if it is of the type `E`.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// let error = StartError::Init(std::io::Error::other("the disk is full").into());
    /// assert!(error.downcast_ref::<std::io::Error>().is_some());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Init(reason) => reason.downcast_ref(),
            Self::Child { error, .. } => error.downcast_ref(),
            _ => None,
        }
    }
}

/// What an `init` returns as its error when its process is not to run, and nothing is wrong: OTP's `ignore`.
///
/// The process ends with the reason `Normal`, and its start gives [`StartError::Ignore`]. To a supervisor that is no failure: the
/// child keeps its specification and its place, without a process, and can be started later; a temporary child, and any of a
/// dynamic supervisor, is forgotten.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{ChildState, Ignore};
///
/// /// Sends reports, where there is somebody to send them to.
/// struct Reporter(String);
///
/// #[genserver]
/// impl Reporter {
///     #[init]
///     fn init(address: Option<String>) -> Result<Self, Ignore> {
///         address.map(Self).ok_or(Ignore)
///     }
///
///     #[call]
///     fn address(&self) -> String {
///         self.0.clone()
///     }
/// }
///
/// supervisor! { App(address: Option<String>) { strategy: one_for_one, children: [Reporter(address)] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// assert_eq!(Reporter::start_link(None).await.unwrap_err(), StartError::Ignore);
///
/// let app = App::start_link(None).await?;
/// assert_eq!(app.which_children().await?[0].state, ChildState::Stopped);
/// # Ok(()) }
/// ```
///
/// Follows [`ignore` of `gen_server:init/1`](https://www.erlang.org/doc/apps/stdlib/gen_server.html#c:init/1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ignore;

impl fmt::Display for Ignore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ignore")
    }
}

impl Error for Ignore {}

/// What does not go together in a child's specification: see [`ChildSpec::significant`](crate::ChildSpec::significant).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BadCombination {
    /// It is significant, and permanent: its end never is for good.
    SignificantPermanent,
    /// It is significant, in a supervisor whose [`auto_shutdown`](crate::SupervisorSpec::auto_shutdown) is
    /// [`Never`](crate::AutoShutdown::Never), as that of a dynamic one is.
    SignificantWithoutAutoShutdown,
}

impl fmt::Display for BadCombination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignificantPermanent => "is significant and permanent",
            Self::SignificantWithoutAutoShutdown => {
                "is significant in a supervisor without auto_shutdown"
            }
        })
    }
}

impl StartError {
    // No `From`: the compiler would list it to users.
    pub(crate) fn refused(refused: NameRefused) -> Self {
        match refused {
            NameRefused::Taken(pid) => Self::AlreadyStarted(pid),
            NameRefused::Crashed(reason) => Self::Init(reason),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyStarted(pid) => write!(f, "already started: {pid}"),
            Self::Init(reason) => write!(f, "init failed: {reason}"),
            Self::Timeout(after) => write!(f, "init took longer than {after:?}"),
            Self::Child { id, error } => write!(f, "shutdown: failed to start child {id}: {error}"),
            Self::Ignore => f.write_str("ignore: init does not want the process to run"),
            Self::BadCombination { id, why } => write!(f, "bad combination: the child {id} {why}"),
            Self::DuplicateChild(id) => write!(f, "two children have the id {id}"),
            Self::NoRuntime => {
                f.write_str("there is no Tokio runtime here, or it has no timers (enable_time)")
            }
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Init(reason) => reason.source(),
            Self::Child { error, .. } => Some(&**error),
            _ => None,
        }
    }
}
