//! `AwaitHolder`: the wait for the next holder of a name.

use std::task::{Context, Poll};

use crate::planted::{Bug, planted};
use crate::process::Process;
use crate::process::name::Name;
use crate::process::process_table::ProcessTable;
use crate::process::status::Status;
use crate::process::vacancy::Place;
use crate::rt;
use crate::sync::Arc;

/// Who is found by somebody who waits for the holder of a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A holder, which takes messages.
    Somebody,
    /// Nobody, and none is to return.
    Nobody,
}

/// Somebody who waits until a name is held. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct AwaitHolder {
    name: Name,
    place: Option<Place>,
}

impl AwaitHolder {
    pub(crate) const fn new(name: Name) -> Self {
        Self { name, place: None }
    }

    /// Ready when there is a holder, or none to be waited for. Names are looked up where this is polled.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Found> {
        loop {
            let here = ProcessTable::here(|table| Arc::clone(&table.vacancies));
            let Some(vacancies) = here else {
                self.place = None;
                return Poll::Ready(Found::Nobody);
            };
            // It may have moved to another runtime, which has names of its own.
            let place = match self.place.take() {
                Some(place) if place.is_in(&vacancies) => place,
                _ => Place::new(vacancies, &self.name),
            };
            let place = self.place.insert(place);
            // First into the line: what changes while it looks wakes it.
            place.wait(cx);
            match look(&self.name, place) {
                Some(Found::Nobody) if place.is_woken() && !planted(Bug::ReturnNotAwaited) => {}
                Some(found) => {
                    self.place = None;
                    return Poll::Ready(found);
                }
                None => {
                    rt::make_way(cx);
                    return Poll::Pending;
                }
            }
        }
    }
}

/// Looks for the holder of a name. `None`: it is to be waited for.
fn look(name: &Name, place: &Place) -> Option<Found> {
    let holder = ProcessTable::here(|table| table.listed(name)).flatten();
    let expected = || place.is_expected();
    match holder {
        // Its name is about to be free, which wakes those who wait.
        Some(holder) if holder.header().exit_reason().is_some() => None,
        Some(holder) if is_starting(&*holder) && expected() => None,
        Some(_) => Some(Found::Somebody),
        None if expected() && !planted(Bug::ReturnNotAwaited) => None,
        None => Some(Found::Nobody),
    }
}

/// Whether a process may fail to start, and its supervisor would try again.
pub(crate) fn is_starting(process: &dyn Process) -> bool {
    process.header().is_supervised() && matches!(process.snapshot().status, Status::Starting)
}
