//! A row of seats: children in start order, each found by its seat in one step. Pure.

/// A child's position in the start order. It keeps it across restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Seat(pub(super) u64);

/// What belongs to each seat, in start order.
///
/// Seats are given one after the other, so the row is sorted without sorting, and the place of a seat is known
/// beforehand. Who leaves makes a gap. When most are gaps the rest moves up, and takes the numbers of its seats along,
/// to be searched for from then on.
#[derive(Debug)]
pub(super) struct Row<T> {
    places: Vec<Option<T>>,
    gaps: usize,
    /// The number of the first seat, while the others follow it one by one.
    first: u64,
    /// The numbers of all seats, once they do not.
    numbers: Option<Vec<u64>>,
}

impl<T> Row<T> {
    pub(super) const fn new() -> Self {
        Self {
            places: Vec::new(),
            gaps: 0,
            first: 0,
            numbers: None,
        }
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.places.reserve(more);
    }

    /// Fills an empty row from seat 0 on.
    pub(super) fn fill(&mut self, values: Vec<T>) {
        debug_assert!(self.places.is_empty());
        // The vector becomes the row: std collects it in place, as an optional value is no larger.
        self.places = values.into_iter().map(Some).collect();
    }

    /// Adds a seat, which comes after all that were added before.
    pub(super) fn push(&mut self, seat: Seat, value: T) {
        if self.places.is_empty() {
            self.first = seat.0;
            self.numbers = None;
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.push(seat.0);
        } else {
            debug_assert_eq!(seat.0, self.first + self.places.len() as u64);
        }
        self.places.push(Some(value));
    }

    fn position(&self, seat: Seat) -> Option<usize> {
        match &self.numbers {
            Some(numbers) => numbers.binary_search(&seat.0).ok(),
            None => usize::try_from(seat.0.checked_sub(self.first)?).ok(),
        }
    }

    fn seat(&self, position: usize) -> Seat {
        let numbered = self.numbers.as_ref().map(|numbers| numbers.get(position));
        Seat(match numbered {
            Some(number) => number.copied().unwrap_or(u64::MAX),
            None => self.first + position as u64,
        })
    }

    /// Closes the gaps.
    fn move_up(&mut self) {
        let seats = (0..self.places.len()).map(|at| self.seat(at).0);
        let kept = seats.zip(&self.places).filter(|(_, value)| value.is_some());
        self.numbers = Some(kept.map(|(seat, _)| seat).collect());
        self.places.retain(Option::is_some);
        self.gaps = 0;
    }

    pub(super) fn get(&self, seat: Seat) -> Option<&T> {
        self.places.get(self.position(seat)?)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, seat: Seat) -> Option<&mut T> {
        let at = self.position(seat)?;
        self.places.get_mut(at)?.as_mut()
    }

    pub(super) fn remove(&mut self, seat: Seat) -> Option<T> {
        let at = self.position(seat)?;
        let removed = self.places.get_mut(at)?.take()?;
        self.gaps += 1;
        if self.gaps * 2 > self.places.len() {
            self.move_up();
        }
        Some(removed)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (Seat, &T)> {
        self.places
            .iter()
            .enumerate()
            .filter_map(|(at, value)| Some((self.seat(at), value.as_ref()?)))
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
