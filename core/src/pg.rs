//! Process groups: processes of one kind that come and go, by their typed clients. A group is a key of a registry whose values are
//! clients.

mod group;
mod groups;
mod monitor;

pub use self::group::{Group, NotJoined};
pub use self::groups::Groups;
pub use self::monitor::{GroupEvent, GroupMonitor};
