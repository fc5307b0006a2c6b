//! A row of seats: children in start order, each found by its seat in one step. Pure.

/// A child's position in the start order. It keeps it across restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Seat(pub(super) u64);

/// What belongs to each seat, in start order.
///
/// Seats are given in rising order, so the row is sorted without sorting. Who leaves makes a gap; when most are gaps the
/// rest moves up. Without gaps the place of a seat is known beforehand, else it is searched for.
#[derive(Debug)]
pub(super) struct Row<T> {
    seats: Vec<(Seat, Option<T>)>,
    gaps: usize,
}

impl<T> Row<T> {
    pub(super) const fn new() -> Self {
        Self {
            seats: Vec::new(),
            gaps: 0,
        }
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.seats.reserve(more);
    }

    /// Adds a seat, which comes after all that were added before.
    pub(super) fn push(&mut self, seat: Seat, value: T) {
        debug_assert!(self.seats.last().is_none_or(|(last, _)| *last < seat));
        self.seats.push((seat, Some(value)));
    }

    fn position(&self, seat: Seat) -> Option<usize> {
        let (first, _) = self.seats.first()?;
        let most = usize::try_from(seat.0.checked_sub(first.0)?).ok()?;
        match self.seats.get(most) {
            Some((there, _)) if *there == seat => Some(most),
            _ => {
                // Seats that moved up stand further in front, never behind.
                let end = most.min(self.seats.len());
                let before = self.seats.get(..end)?;
                before.binary_search_by_key(&seat, |(seat, _)| *seat).ok()
            }
        }
    }

    pub(super) fn get(&self, seat: Seat) -> Option<&T> {
        self.seats.get(self.position(seat)?)?.1.as_ref()
    }

    pub(super) fn get_mut(&mut self, seat: Seat) -> Option<&mut T> {
        let at = self.position(seat)?;
        self.seats.get_mut(at)?.1.as_mut()
    }

    pub(super) fn remove(&mut self, seat: Seat) -> Option<T> {
        let at = self.position(seat)?;
        let removed = self.seats.get_mut(at)?.1.take()?;
        self.gaps += 1;
        if self.gaps * 2 > self.seats.len() {
            self.seats.retain(|(_, value)| value.is_some());
            self.gaps = 0;
        }
        Some(removed)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (Seat, &T)> {
        self.seats
            .iter()
            .filter_map(|(seat, value)| Some((*seat, value.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_found_with_gaps_and_after_the_rest_moved_up() {
        let mut row = Row::new();
        for seat in 0..100 {
            row.push(Seat(seat), seat);
        }
        for seat in (0..100).filter(|seat| seat % 7 != 3) {
            assert_eq!(row.remove(Seat(seat)), Some(seat));
            assert_eq!(row.remove(Seat(seat)), None);
            for left in 0..100 {
                let there = left > seat || left % 7 == 3;
                assert_eq!(row.get(Seat(left)).copied(), there.then_some(left));
            }
        }
        row.push(Seat(100), 100);
        let order: Vec<_> = row.iter().map(|(_, value)| *value).collect();
        let rest: Vec<_> = (0..100).filter(|seat| seat % 7 == 3).chain([100]).collect();
        assert_eq!(order, rest);
    }
}
