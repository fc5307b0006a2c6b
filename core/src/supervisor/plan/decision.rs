//! What the plan says.

use crate::supervisor::Strategy;
use crate::supervisor::plan::RestartSteps;

/// What has to be done about a child that ended, or whose restart failed before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Its specification is kept; it stays stopped.
    Keep,
    /// It is forgotten: the plan has done so.
    Forget,
    /// It is started again, and with it whatever its supervisor's strategy says.
    Restart(RestartSteps),
    /// That would be one restart too many: everything is stopped, and the supervisor ends.
    GiveUp,
}

/// In which order all children are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopOrder {
    /// One after the other, the last to be started first.
    Reverse,
    /// All at once.
    Together,
}

/// Which children are restarted with one that ended: the strategies of OTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// `Strategy`, the public word, gets the other two when the whole way to them is tested.
#[cfg_attr(not(test), expect(dead_code))]
pub(crate) enum RestartGroup {
    /// `one_for_one`: no other.
    One,
    /// `rest_for_one`: those that were started after it.
    Rest,
    /// `one_for_all`: all.
    All,
}

impl From<Strategy> for RestartGroup {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::OneForOne => Self::One,
        }
    }
}
