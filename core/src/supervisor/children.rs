//! `Children`: what belongs to each child, in start order, and found by the child's key in one step. Pure.

use crate::burst;

/// A child of one supervisor, by its position in the start order. It keeps it across restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ChildKey(pub(super) u64);

/// What belongs to each child, in start order.
///
/// Keys are given one after the other, so the list is sorted without sorting, and the position of a key is known
/// beforehand. A child that is removed leaves a gap. When most are gaps the rest moves up, and takes its keys along, to be
/// searched for from then on.
#[derive(Debug)]
pub(super) struct Children<T> {
    values: Vec<Option<T>>,
    gaps: usize,
    /// The number of the first key, while the others follow it one by one.
    first: u64,
    /// The numbers of all keys, once they do not.
    numbers: Option<Vec<u64>>,
}

impl<T> Children<T> {
    pub(super) const fn new() -> Self {
        Self {
            values: Vec::new(),
            gaps: 0,
            first: 0,
            numbers: None,
        }
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.values.reserve(more);
    }

    /// Fills an empty list from key 0 on.
    pub(super) fn fill(&mut self, values: Vec<T>) {
        debug_assert!(self.values.is_empty());
        // The vector becomes the list: std collects it in place, as an optional value is no larger.
        self.values = values.into_iter().map(Some).collect();
    }

    /// Adds a child, whose key comes after all that were added before.
    pub(super) fn push(&mut self, key: ChildKey, value: T) {
        if self.values.is_empty() {
            self.first = key.0;
            self.numbers = None;
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.push(key.0);
        } else {
            debug_assert_eq!(key.0, self.first + self.values.len() as u64);
        }
        self.values.push(Some(value));
    }

    fn position(&self, key: ChildKey) -> Option<usize> {
        match &self.numbers {
            Some(numbers) => numbers.binary_search(&key.0).ok(),
            None => usize::try_from(key.0.checked_sub(self.first)?).ok(),
        }
    }

    fn key(&self, position: usize) -> ChildKey {
        key_at(self.first, self.numbers.as_deref(), position)
    }

    /// Closes the gaps.
    fn move_up(&mut self) {
        let keys = (0..self.values.len()).map(|at| self.key(at).0);
        let kept = keys.zip(&self.values).filter(|(_, value)| value.is_some());
        self.numbers = Some(kept.map(|(key, _)| key).collect());
        self.values.retain(Option::is_some);
        burst::shrink_list(&mut self.values);
        self.gaps = 0;
    }

    pub(super) fn get(&self, key: ChildKey) -> Option<&T> {
        self.values.get(self.position(key)?)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, key: ChildKey) -> Option<&mut T> {
        let at = self.position(key)?;
        self.values.get_mut(at)?.as_mut()
    }

    pub(super) fn remove(&mut self, key: ChildKey) -> Option<T> {
        let at = self.position(key)?;
        let removed = self.values.get_mut(at)?.take()?;
        self.gaps += 1;
        if self.gaps * 2 > self.values.len() {
            self.move_up();
        }
        Some(removed)
    }

    pub(super) const fn len(&self) -> usize {
        self.values.len() - self.gaps
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (ChildKey, &T)> {
        self.values
            .iter()
            .enumerate()
            .filter_map(|(at, value)| Some((self.key(at), value.as_ref()?)))
    }

    /// This child and all behind it, in start order.
    pub(super) fn iter_mut_from(
        &mut self,
        key: ChildKey,
    ) -> impl Iterator<Item = (ChildKey, &mut T)> {
        let (first, numbers) = (self.first, self.numbers.as_deref());
        let begin = match numbers {
            Some(numbers) => numbers.partition_point(|number| *number < key.0),
            None => usize::try_from(key.0.saturating_sub(first)).unwrap_or(usize::MAX),
        };
        self.values
            .iter_mut()
            .enumerate()
            .skip(begin)
            .filter_map(move |(at, value)| Some((key_at(first, numbers, at), value.as_mut()?)))
    }
}

fn key_at(first: u64, numbers: Option<&[u64]>, position: usize) -> ChildKey {
    ChildKey(match numbers {
        Some(numbers) => numbers.get(position).copied().unwrap_or(u64::MAX),
        None => first + position as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_found_with_gaps_and_after_the_rest_moved_up() {
        let mut children = Children::new();
        for key in 0..100 {
            children.push(ChildKey(key), key);
        }
        for key in (0..100).filter(|key| key % 7 != 3) {
            assert_eq!(children.remove(ChildKey(key)), Some(key));
            assert_eq!(children.remove(ChildKey(key)), None);
            for left in 0..100 {
                let there = left > key || left % 7 == 3;
                assert_eq!(children.get(ChildKey(left)).copied(), there.then_some(left));
            }
            let from = children.iter_mut_from(ChildKey(key));
            let behind: Vec<_> = from.map(|(at, value)| (at.0, *value)).collect();
            let there = |left: &u64| *left > key || left % 7 == 3 && *left >= key;
            let expected: Vec<_> = (0..100).filter(there).map(|at| (at, at)).collect();
            assert_eq!(behind, expected);
            assert_eq!(children.len(), children.iter().count());
        }
        children.push(ChildKey(100), 100);
        let order: Vec<_> = children.iter().map(|(_, value)| *value).collect();
        let rest: Vec<_> = (0..100).filter(|key| key % 7 == 3).chain([100]).collect();
        assert_eq!(order, rest);
    }
}
