//! The flags of a supervisor: its strategy, when it shuts itself down, how many restarts it carries out.

use std::time::Duration;

use crate::supervisor::intensity::Intensity;

/// Which children are restarted when one ends. OTP's
/// [supervision strategies](https://www.erlang.org/doc/system/sup_princ.html#restart-strategy).
///
/// Of the others, those that run are stopped first, in the reverse of the start order. Then the whole group is started, in the
/// start order: with the children that were done, or stopped by request; temporary children do not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// The one that ended.
    OneForOne,
    /// All of them.
    OneForAll,
    /// The one that ended, and those that were started after it.
    RestForOne,
}

/// Whether a supervisor ends when significant children have ended. OTP's
/// [automatic shutdown](https://www.erlang.org/doc/system/sup_princ.html#automatic-shutdown).
///
/// What counts is that a [significant](crate::ChildSpec::significant) child ends by itself, and is not restarted: a transient one with an
/// expected reason, a temporary one with any. A stop by request does not, nor one with its group. The supervisor then stops its
/// other children in reverse start order, and ends with the reason `Shutdown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AutoShutdown {
    /// It does not. The default.
    Never,
    /// When one of them has.
    AnySignificant,
    /// When the last of them has: no other one runs, or is about to be restarted.
    AllSignificant,
}

/// `max_restarts` and `max_seconds`, with Elixir's defaults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) max_restarts: u32,
    pub(crate) max_seconds: u64,
}

impl Limits {
    pub(crate) const fn new() -> Self {
        Self {
            max_restarts: 3,
            max_seconds: 5,
        }
    }

    pub(crate) const fn intensity(self) -> Intensity {
        Intensity::new(self.max_restarts, Duration::from_secs(self.max_seconds))
    }
}
