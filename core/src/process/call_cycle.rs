//! `CallCycle`: processes that wait for one another in calls.

use std::fmt;

use crate::process::name::Name;
use crate::process::pid::Pid;
use crate::sync::Arc;

/// Processes each of which waits for the next in a call, and the last of them for the first: what
/// [`CallError::Deadlock`](crate::CallError::Deadlock) says.
///
/// The first is the one whose call was told. `Display` names each by its name, or its pid.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Ping;
///
/// #[genserver(name = "ping")]
/// impl Ping {
///     #[call]
///     async fn ping(&self) -> Result<(), CallError> {
///         Pong::named().pong().await?
///     }
///
///     #[call]
///     fn ready(&self) {}
/// }
///
/// #[derive(Default)]
/// struct Pong;
///
/// #[genserver(name = "pong")]
/// impl Pong {
///     #[call]
///     async fn pong(&self) -> Result<(), CallError> {
///         Ping::named().ready().await // which waits for `ping`, which waits for this
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (ping, pong) = (Ping::start().await?, Pong::start().await?);
/// let Err(CallError::Deadlock(cycle)) = ping.ping().await? else {
///     panic!("they cannot both wait");
/// };
/// assert_eq!(cycle.pids().collect::<Vec<_>>(), [pong.pid().unwrap(), ping.pid().unwrap()]);
/// assert_eq!(cycle.names().flatten().count(), 2);
/// assert_eq!(cycle.to_string(), "pong -> ping -> pong");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct CallCycle(Arc<[Member]>);

/// One of them.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) pid: Pid,
    pub(super) name: Option<Name>,
}

impl CallCycle {
    pub(super) fn new(members: impl Iterator<Item = Member>) -> Self {
        Self(members.collect())
    }

    /// Who waits for whom: each for the next, the last for the first.
    pub fn pids(&self) -> impl Iterator<Item = Pid> + '_ {
        self.0.iter().map(|member| member.pid)
    }

    /// The names of the same processes, where they have one.
    pub fn names(&self) -> impl Iterator<Item = Option<&Name>> + '_ {
        self.0.iter().map(|member| member.name.as_ref())
    }
}

impl PartialEq for CallCycle {
    fn eq(&self, other: &Self) -> bool {
        self.pids().eq(other.pids())
    }
}

impl Eq for CallCycle {}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => fmt::Display::fmt(name, f),
            None => fmt::Display::fmt(&self.pid, f),
        }
    }
}

impl fmt::Display for CallCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for member in &*self.0 {
            write!(f, "{member} -> ")?;
        }
        self.0.first().map_or(Ok(()), |first| write!(f, "{first}"))
    }
}

impl fmt::Debug for CallCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallCycle({self})")
    }
}
