//! The memory of a burst: lists and tables that were long once give back what they need no longer.
//!
//! What that costs is paid by what was added before, so it is in step with the work; and what is long often keeps its
//! memory. Nothing of a user's is touched, so it may be done under a lock: not to a table of users' keys, which would be
//! hashed anew.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash};

/// So many entries are no burst.
const FEW: usize = 1024;

/// To be called when entries were taken out of a list.
pub(crate) fn shrink_list<T>(list: &mut Vec<T>) {
    if list.capacity() > FEW && list.len() <= list.capacity() / 4 {
        list.shrink_to(list.len() * 2);
    }
}

/// To be called when entries were taken out of a queue.
#[inline]
pub(crate) fn shrink_queue<T>(queue: &mut VecDeque<T>) {
    if queue.capacity() > FEW && queue.len() <= queue.capacity() / 4 {
        queue.shrink_to(queue.len() * 2);
    }
}

/// To be called when an entry was taken out of a table.
#[inline]
pub(crate) fn shrink_table<K: Eq + Hash, V, H: BuildHasher>(table: &mut HashMap<K, V, H>) {
    // A table does not tell how large it is, but on its way down it passes here; if it is not too large, nothing happens.
    if table.len() >= FEW && table.len().is_power_of_two() {
        table.shrink_to(table.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hash::DefaultHasher;
    use std::rc::Rc;

    use super::*;

    #[test]
    fn r82_a_list_gives_back_what_a_burst_needed_in_step() {
        let mut list: Vec<u32> = (0..100_000).collect();
        let (mut shrunk, mut before) = (0, list.capacity());
        while list.pop().is_some() {
            shrink_list(&mut list);
            assert!(list.capacity() <= (list.len() * 4).max(FEW));
            shrunk += usize::from(list.capacity() != before);
            before = list.capacity();
        }
        assert!((1..20).contains(&shrunk), "{shrunk}");

        let mut queue: VecDeque<u32> = (0..100_000).collect();
        let (mut shrunk, mut before) = (0, queue.capacity());
        while queue.pop_front().is_some() {
            shrink_queue(&mut queue);
            assert!(queue.capacity() <= (queue.len() * 4).max(FEW));
            shrunk += usize::from(queue.capacity() != before);
            before = queue.capacity();
        }
        assert!((1..20).contains(&shrunk), "{shrunk}");
    }

    /// Counts how often something is hashed.
    #[derive(Clone, Default)]
    struct Counts(Rc<Cell<usize>>);

    impl BuildHasher for Counts {
        type Hasher = DefaultHasher;

        fn build_hasher(&self) -> DefaultHasher {
            self.0.set(self.0.get() + 1);
            DefaultHasher::new()
        }
    }

    #[test]
    fn r82_a_table_gives_back_what_a_burst_needed_in_step() {
        const MANY: usize = 100_000;
        let counts = Counts::default();
        let mut table = HashMap::with_hasher(counts.clone());
        table.extend((0..MANY).map(|key| (key, ())));
        counts.0.set(0);
        for key in 0..MANY {
            table.remove(&key);
            shrink_table(&mut table);
        }
        assert!(table.capacity() <= FEW * 4, "{}", table.capacity());
        // Each once for its removal, and some because the table shrank.
        assert!((MANY + FEW..MANY * 3).contains(&counts.0.get()));

        // One that goes up and down keeps its memory.
        table.extend((0..FEW).map(|key| (key, ())));
        counts.0.set(0);
        for key in FEW..FEW + 1000 {
            table.insert(key, ());
            table.remove(&key);
            shrink_table(&mut table);
        }
        assert!(counts.0.get() < 2000 + FEW * 2, "{}", counts.0.get());
    }
}
