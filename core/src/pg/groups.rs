//! `Groups`: many groups by their keys.

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;

use foldhash::fast::RandomState;

use crate::pg::group::Group;
use crate::process::reference::Reference;
use crate::registry::key::Key;
use crate::registry::table::Table;
use crate::sync::Arc;

/// Groups of processes by their keys, all of members with the client type `C`: a group for each topic, say. OTP's scope.
///
/// A group is there while it has members. A handle is made by [`new`](Self::new), cloned and given to those who use it; two that were made
/// have nothing to do with one another, so that tests do not meet.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::Groups;
/// # #[derive(Default)] struct Subscriber;
/// # #[genserver] impl Subscriber {}
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let topics = Groups::new();
/// let subscriber = Subscriber::start().await?;
/// topics.group("news").join(&subscriber)?;
/// topics.group("rust").join(&subscriber)?;
/// assert_eq!(topics.group("news").members().len(), 1);
/// assert_eq!(topics.which_groups().len(), 2);
/// subscriber.stop().await?;
/// assert!(topics.which_groups().is_empty());
/// # Ok(()) }
/// ```
///
/// Follows Erlang's [`pg`](https://www.erlang.org/doc/apps/kernel/pg.html).
pub struct Groups<K, C> {
    table: Arc<Table<K, C>>,
}

impl<K: Hash + Eq + Send + Sync + 'static, C: Reference> Groups<K, C> {
    /// Groups of its own, which all have no members.
    #[must_use]
    pub fn new() -> Self {
        Self {
            table: Table::new(),
        }
    }

    /// The group of a key.
    #[must_use]
    pub fn group(&self, key: K) -> Group<C, K> {
        Group {
            table: Arc::clone(&self.table),
            key: Arc::new(Key::new(key)),
        }
    }

    /// The keys of the groups that have members, each once, the oldest first. It walks all of them.
    #[must_use]
    pub fn which_groups(&self) -> Vec<K>
    where
        K: Clone,
    {
        let all = self.table.all();
        let mut seen = HashSet::<u64, RandomState>::default();
        let first = all.iter().filter(|entry| seen.insert(entry.id().slot));
        first.map(|entry| entry.key().clone()).collect()
    }
}

impl<K: Hash + Eq + Send + Sync + 'static, C: Reference> Default for Groups<K, C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, C> Clone for Groups<K, C> {
    fn clone(&self) -> Self {
        Self {
            table: Arc::clone(&self.table),
        }
    }
}

impl<K, C> fmt::Debug for Groups<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups")
            .field("memberships", &self.table.count())
            .finish_non_exhaustive()
    }
}
