//! `Group`: one group, and what is done with it.

use std::error::Error;
use std::fmt;
use std::hash::Hash;

use crate::pg::monitor::GroupMonitor;
use crate::process::reference::Reference;
use crate::registry::RegisterErrorKind;
use crate::registry::key::{Key, wanted_again};
use crate::registry::table::Table;
use crate::sync::Arc;

/// A group of processes: who wants to hear of something, say. `C` is their client type.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::Group;
///
/// #[derive(Default)]
/// struct Subscriber(Vec<String>);
///
/// #[genserver]
/// impl Subscriber {
///     #[cast]
///     fn hear(&mut self, news: String) {
///         self.0.push(news);
///     }
///
///     #[call]
///     fn heard(&self) -> Vec<String> {
///         self.0.clone()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let group = Group::new();
/// let (one, other) = (Subscriber::start().await?, Subscriber::start().await?);
/// group.join(&one)?;
/// group.join(&other)?;
/// let missed = group.broadcast(|subscriber| subscriber.hear("hola").try_send());
/// assert!(missed.is_empty());
/// assert_eq!(one.heard().await?, ["hola"]);
///
/// assert_eq!((group.len(), group.members()[0].pid()), (2, one.pid()));
/// group.leave(&one)?;
/// other.stop().await?; // a process leaves when it dies
/// assert!(group.is_empty());
/// # Ok(()) }
/// ```
///
/// A process joins as often as it likes, is a member as often, and leaves as often. Who has heard of the end of a process does not find it
/// among the members. Members may be of several runtimes of the program; there are no others, as there are no nodes.
///
/// [`Groups`](crate::Groups) are many groups by their keys; this is one of them, or one of its own by [`new`](Self::new). Cloning is cheap,
/// and gives the same group. Dropping it does nothing to the members.
///
/// Follows Erlang's [`pg`](https://www.erlang.org/doc/apps/kernel/pg.html).
pub struct Group<C, K = ()> {
    pub(super) table: Arc<Table<K, C>>,
    pub(super) key: Arc<Key<K>>,
}

/// Error returned by [`Group::leave`]: the process is no member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJoined;

impl fmt::Display for NotJoined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the process is no member of the group")
    }
}

impl Error for NotJoined {}

impl<C: Reference> Group<C> {
    /// A group of its own, without members.
    #[must_use]
    pub fn new() -> Self {
        Self {
            table: Table::new(),
            key: Arc::new(Key::new(())),
        }
    }
}

impl<C: Reference> Default for Group<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Reference, K: Hash + Eq + Send + Sync + 'static> Group<C, K> {
    /// Makes the process that is there now a member, once more if it is one.
    ///
    /// # Errors
    ///
    /// There is no such process, or it is dead: [`RegisterErrorKind::NoProc`]. OTP's joins and leaves at once.
    pub fn join(&self, client: &C) -> Result<(), RegisterErrorKind> {
        let client = client.to_bound().ok_or(RegisterErrorKind::NoProc)?;
        let process = client.to_process().living();
        let process = process.ok_or(RegisterErrorKind::NoProc)?;
        let joined = self.table.register_again(&process, &self.key, client);
        joined.map_err(|_| RegisterErrorKind::NoProc)
    }

    /// Ends the membership of the process that is there now, once: one that has joined twice is still a member.
    ///
    /// # Errors
    ///
    /// It is no member.
    pub fn leave(&self, client: &C) -> Result<(), NotJoined> {
        let pid = client.to_process().pid().ok_or(NotJoined)?;
        loop {
            let own = wanted_again(&self.key, |wanted| {
                self.table.first_owned_under(pid, wanted)
            });
            // Another may have it leave meanwhile: then it is another time that it has joined.
            if self.table.remove(&own.ok_or(NotJoined)?).is_some() {
                return Ok(());
            }
        }
    }

    /// The members, each by its typed client, as often as it has joined, in the order in which they did.
    #[must_use]
    pub fn members(&self) -> Vec<C> {
        let members = wanted_again(&self.key, |wanted| self.table.lookup(wanted));
        members.iter().map(|entry| entry.value().clone()).collect()
    }

    /// How many members there are, each counted as often as it has joined. It walks all of them.
    #[must_use]
    pub fn len(&self) -> usize {
        wanted_again(&self.key, |wanted| self.table.count_under(wanted))
    }

    /// Whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !wanted_again(&self.key, |wanted| self.table.is_any_under(wanted))
    }

    /// Calls the closure with each member, one after the other, in the caller. What could not be sent is told, with the members that
    /// have missed it. One that has joined twice gets it twice.
    ///
    /// The closure does not wait: `try_send()` is what it does with a cast, as in `group.broadcast(|member| member.hear("hola").try_send())`. A cast
    /// is a future: one that the closure makes and does not send, or returns in an `Ok`, is never sent. Where room in the mailboxes is to be
    /// waited for, cast to each of the [`members`](Self::members), and await it.
    pub fn broadcast<T, E>(&self, mut send: impl FnMut(&C) -> Result<T, E>) -> Vec<(C, E)> {
        let members = wanted_again(&self.key, |wanted| self.table.lookup(wanted));
        let mut missed = Vec::new();
        for member in &members {
            if let Err(error) = send(member.value()) {
                missed.push((member.value().clone(), error));
            }
        }
        missed
    }

    /// Watches who joins and leaves: the members now, and what happens from then on, with nothing missed in between and nothing told twice.
    ///
    /// ```
    /// use suptree::{Group, GroupEvent};
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let workers = Group::new();
    /// let (one, other) = (Worker::start().await?, Worker::start().await?);
    /// workers.join(&one)?;
    /// let (members, mut events) = workers.monitor();
    /// assert_eq!(members.len(), 1);
    /// workers.join(&other)?;
    /// one.kill();
    /// assert!(matches!(events.recv().await, Some(GroupEvent::Join(client)) if client.pid() == other.pid()));
    /// assert!(matches!(events.recv().await, Some(GroupEvent::Leave(_))));
    /// # Ok(()) }
    /// ```
    #[must_use = "it watches until it is dropped"]
    pub fn monitor(&self) -> (Vec<C>, GroupMonitor<C, K>) {
        let (members, queue) = wanted_again(&self.key, |wanted| self.table.listen_to(wanted));
        let members = members.iter().map(|entry| entry.value().clone());
        let monitor = GroupMonitor::new(Arc::clone(&self.table), Arc::clone(&self.key), queue);
        (members.collect(), monitor)
    }

    /// The key of the group among its [`Groups`](crate::Groups).
    ///
    /// ```
    /// use suptree::{Groups, ProcessRef};
    ///
    /// let group = Groups::<_, ProcessRef>::new().group("news");
    /// assert_eq!(*group.key(), "news");
    /// ```
    #[must_use]
    pub fn key(&self) -> &K {
        self.key.get()
    }
}

impl<C, K> Clone for Group<C, K> {
    fn clone(&self) -> Self {
        Self {
            table: Arc::clone(&self.table),
            key: Arc::clone(&self.key),
        }
    }
}

impl<C, K: fmt::Debug> fmt::Debug for Group<C, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Group").field(self.key.get()).finish()
    }
}
