//! The line: those who wait for room in a mailbox get in in the order in which they came, and before those who come later.
//!
//! Room is promised from the front of the line, to at most as many as the mailbox has room for. Those who were promised
//! room come for it in any order. So one who gets in had less than `capacity` before it who still waited.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use suptree::{Cast, CastError, Failed, Pid, ServerRef};

use crate::requests::{self, Ask};
use crate::worker::Worker;
use crate::world::{self, with};

/// Who waits for room, by server.
#[derive(Default)]
pub(crate) struct Lines(BTreeMap<Pid, Vec<u64>>);

/// A cast that is seen to its turn.
pub(crate) struct InTurn<'a, const K: u8> {
    id: u64,
    server: &'a ServerRef<Worker<K>>,
    cast: Cast<'a, Worker<K>, Ask>,
    /// Whose line it stands in.
    stands: Option<Pid>,
    over: bool,
}

pub(crate) const fn in_turn<'a, const K: u8>(
    id: u64,
    server: &'a ServerRef<Worker<K>>,
    cast: Cast<'a, Worker<K>, Ask>,
) -> InTurn<'a, K> {
    InTurn {
        id,
        server,
        cast,
        stands: None,
        over: false,
    }
}

impl<const K: u8> Future for InTurn<'_, K> {
    type Output = Result<(), Failed<CastError, Ask>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let to = self.stands.or_else(|| self.server.pid());
        let polled = Pin::new(&mut self.cast).poll(cx);
        self.over = polled.is_ready();
        let Some(to) = to else { return polled };
        match &polled {
            Poll::Pending if self.stands.is_none() => {
                with(|world| world.lines.0.entry(to).or_default().push(self.id));
                self.stands = Some(to);
            }
            Poll::Ready(Ok(())) => gets_in(self.id, to),
            _ => {}
        }
        polled
    }
}

impl<const K: u8> Drop for InTurn<'_, K> {
    fn drop(&mut self) {
        requests::given_up(self.id);
        let Some(to) = self.stands else { return };
        let (id, over) = (self.id, self.over);
        let _over = world::try_with(|world| {
            if let Some(line) = world.lines.0.get_mut(&to) {
                line.retain(|other| *other != id);
            }
            // Dropped while it waits for room, it was not sent.
            if !over {
                world.refuse(id);
            }
        });
    }
}

/// R54: a cast was sent.
fn gets_in(id: u64, to: Pid) {
    with(|world| {
        let Some(line) = world.lines.0.get(&to) else {
            return;
        };
        let capacity = world.lives.living.get(&to).map(|live| live.capacity);
        let mut before = line.iter().take_while(|other| **other != id);
        if let Some(overtaken) = capacity.and_then(|capacity| before.nth(capacity - 1)) {
            let overtaken = *overtaken;
            world.fail(|| format!("R54: request {id} gets in at {to} before {overtaken}"));
        }
    });
}
