//! `ExitReason`: why a process ended, in OTP's terms.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::failed::plain;
use crate::panic::Panic;
use crate::shared_error::SharedError;

/// Why a process ended.
///
/// `Normal`, `Shutdown` and `ShutdownWith` are the *expected* reasons: they raise no crash report and do not restart a
/// transient child. Everything else is abnormal. Follows [OTP's exit
/// reasons](https://www.erlang.org/doc/apps/stdlib/gen_server.html#c:terminate/2).
///
/// Any error converts into a reason, so `?` in a handler that nobody waits for lets the server crash with that error. So does
/// a text.
///
/// ```
/// use suptree::ExitReason;
///
/// let reason = ExitReason::from("the disk is full");
/// assert_eq!(reason.to_string(), "an error was returned: the disk is full");
/// assert_ne!(reason, ExitReason::Normal);
/// ```
///
/// A reason is no [`Error`] itself, since every error becomes one. Where it is to be a `Box<dyn Error>`, as by the `?` of a `main` or a test, it is
/// its text: `.map_err(|reason| reason.to_string())?`.
///
/// ```
/// # use suptree::ExitReason;
/// fn flush() -> Result<(), ExitReason> {
///     Err(ExitReason::from("the disk is full"))
/// }
///
/// fn save() -> Result<(), Box<dyn std::error::Error>> {
///     flush().map_err(|reason| reason.to_string())?;
///     Ok(())
/// }
///
/// assert_eq!(save().unwrap_err().to_string(), "an error was returned: the disk is full");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum ExitReason {
    /// The process was done.
    Normal,
    /// Its parent asked it to stop, or it stopped as part of a larger shutdown.
    Shutdown,
    /// Like `Shutdown`, with a detail: OTP's `{shutdown, Term}`.
    ShutdownWith(Arc<str>),
    /// Sent with [`exit`](crate::exit), the untrappable kill; its victim ends with `Killed`. A process that ended with `Kill`
    /// chose the word itself, or got it over a link.
    Kill,
    /// The process was killed.
    Killed,
    /// There was no such process.
    NoProc,
    /// A handler panicked.
    Panic(Arc<Panic>),
    /// A handler returned this error, or `init` did.
    Error(SharedError),
}

impl ExitReason {
    /// Whether this reason is expected: `Normal`, `Shutdown` or `ShutdownWith`.
    ///
    /// ```
    /// # use suptree::ExitReason;
    /// assert!(ExitReason::ShutdownWith("moving house".into()).is_expected());
    /// assert!(!ExitReason::Killed.is_expected());
    /// ```
    #[must_use]
    pub const fn is_expected(&self) -> bool {
        matches!(self, Self::Normal | Self::Shutdown | Self::ShutdownWith(_))
    }

    /// The error inside, if the process ended with an error of type `E`. A process that ended with a
    /// [`Failed`](crate::Failed) call or cast ended with the plain error.
    ///
    /// ```
    /// # use suptree::ExitReason;
    /// let reason = ExitReason::from(std::io::Error::other("the disk is full"));
    /// assert!(reason.downcast_ref::<std::io::Error>().is_some());
    /// assert!(reason.downcast_ref::<std::fmt::Error>().is_none());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Error(error) => {
                let error: &(dyn Error + 'static) = &**error;
                error
                    .downcast_ref()
                    .or_else(|| plain(error)?.downcast_ref())
            }
            _ => None,
        }
    }

    /// The error inside, if the process ended with one: what errors that carry a reason give as their
    /// [source](std::error::Error::source).
    ///
    /// ```
    /// # use suptree::ExitReason;
    /// let reason = ExitReason::from(std::io::Error::other("the disk is full"));
    /// assert_eq!(reason.source().map(ToString::to_string), Some("the disk is full".to_owned()));
    /// assert!(ExitReason::Normal.source().is_none());
    /// ```
    #[must_use]
    pub fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Error(error) => Some(&**error),
            _ => None,
        }
    }

    /// Whether it is this type of error, and nothing around it. No code of a user's is asked.
    pub(crate) fn is_plain<E: Error + 'static>(&self) -> bool {
        matches!(self, Self::Error(error) if (**error).is::<E>())
    }

    pub(crate) const fn is_normal(&self) -> bool {
        matches!(self, Self::Normal)
    }
}

/// Compares variants; texts by content, panics by message and place, errors by their `Display` text.
impl PartialEq for ExitReason {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ShutdownWith(a), Self::ShutdownWith(b)) => a == b,
            (Self::Panic(a), Self::Panic(b)) => a == b,
            (Self::Error(a), Self::Error(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for ExitReason {
    fn from(error: E) -> Self {
        Self::Error(SharedError::new(error))
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal => f.write_str("normal"),
            Self::Shutdown => f.write_str("shutdown"),
            Self::ShutdownWith(detail) => write!(f, "shutdown: {detail}"),
            Self::Kill => f.write_str("kill"),
            Self::Killed => f.write_str("killed"),
            Self::NoProc => f.write_str("no process"),
            Self::Panic(panic) => fmt::Display::fmt(panic, f),
            Self::Error(error) => write!(f, "an error was returned: {error}"),
        }
    }
}

impl fmt::Debug for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal => f.write_str("Normal"),
            Self::Shutdown => f.write_str("Shutdown"),
            Self::ShutdownWith(detail) => f.debug_tuple("ShutdownWith").field(detail).finish(),
            Self::Kill => f.write_str("Kill"),
            Self::Killed => f.write_str("Killed"),
            Self::NoProc => f.write_str("NoProc"),
            Self::Panic(panic) => f.debug_tuple("Panic").field(panic).finish(),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
        }
    }
}
