//! Waiting for room in a mailbox that is full.

use std::any::Any;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::gen_server::cell::mailbox::Pushed;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::cell::senders::Ticket;
use crate::gen_server::client::target::{Receiver, Target};
use crate::gen_server::{Full, GenServer};
use crate::process::clock::Clock;
use crate::process::timer::Timer;
use crate::process::{Header, current};
use crate::rt::{self, Instant};

/// How long a sender waits for room.
pub(super) struct RoomTimer {
    deadline: Option<Instant>,
    timer: Option<Timer>,
}

impl RoomTimer {
    #[cold]
    pub(super) fn new(receiver: &Header, timeout: Option<Duration>) -> Self {
        let deadline = timeout.map(rt::deadline);
        Self {
            deadline,
            timer: deadline.map(|deadline| Timer::new(deadline, Clock::of(&receiver.node))),
        }
    }

    /// There is no room yet. Ready when the time is over.
    #[cold]
    pub(super) fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        rt::make_way(cx);
        match &mut self.timer {
            Some(timer) => timer.poll(cx),
            None => Poll::Pending,
        }
    }
}

/// Why a message that waited for room was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The server died.
    Closed,
    /// There was no room in time.
    TimedOut,
    /// There was none, and its senders do not wait.
    Full,
    /// The sender is the server itself: as long as it waits, nobody makes room.
    Itself,
}

/// A message that waits for room, whatever its server's type. Dropping it gives up its place in the line.
pub(super) trait Blocked<'a>: Send {
    /// Ready when the message is in the mailbox, or is refused for good.
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Refused>>;
    fn server(&self) -> &Header;
    /// Who has got the message, and until when a reply is waited for.
    fn into_receiver(self: Box<Self>) -> (Receiver<'a>, Option<Instant>);
    /// The message that was refused: an `Option<Mail<S>>`.
    fn into_message(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// A message that waits for room: in the mailbox of this incarnation, not of the next.
pub(super) struct BlockedMail<'a, S: GenServer> {
    place: PlaceInLine<'a, S>,
    /// What found no room.
    message: Option<Mail<S>>,
    timer: RoomTimer,
    /// The server itself has looked for room once.
    looked: bool,
}

/// A place in the line of those who wait for room at a server.
struct PlaceInLine<'a, S: GenServer> {
    target: Target<'a, S>,
    ticket: Option<Ticket>,
}

impl<S: GenServer> Drop for PlaceInLine<'_, S> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.target.leave_line(ticket);
        }
    }
}

impl<'a, S: GenServer> BlockedMail<'a, S> {
    #[cold]
    pub(super) fn new(
        target: Target<'a, S>,
        message: Option<Mail<S>>,
        timeout: Option<Duration>,
    ) -> Box<Self> {
        Box::new(Self {
            timer: RoomTimer::new(target.header(), timeout),
            place: PlaceInLine {
                target,
                ticket: None,
            },
            message,
            looked: false,
        })
    }

    /// The message, if it was refused.
    #[cold]
    pub(super) const fn take_message(&mut self) -> Option<Mail<S>> {
        self.message.take()
    }
}

impl<'a, S: GenServer> Blocked<'a> for BlockedMail<'a, S> {
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Refused>> {
        let PlaceInLine { target, ticket } = &mut self.place;
        match target.push_in_turn(&mut self.message, ticket, cx.waker()) {
            Pushed::Queued => {
                target.note_mail();
                Poll::Ready(Ok(()))
            }
            Pushed::Closed => Poll::Ready(Err(Refused::Closed)),
            Pushed::Full if const { matches!(S::OPTIONS.full, Full::Reject) } => {
                Poll::Ready(Err(Refused::Full))
            }
            Pushed::Full => no_room(target.header(), &mut self.timer, &mut self.looked, cx),
        }
    }

    fn server(&self) -> &Header {
        self.place.target.header()
    }

    fn into_receiver(self: Box<Self>) -> (Receiver<'a>, Option<Instant>) {
        (self.place.target.erased(), self.timer.deadline)
    }

    fn into_message(self: Box<Self>) -> Box<dyn Any + Send> {
        Box::new(self.message)
    }
}

/// There is no room yet: ready when there is no use in waiting.
fn no_room(
    server: &Header,
    timer: &mut RoomTimer,
    looked: &mut bool,
    cx: &mut TaskContext<'_>,
) -> Poll<Result<(), Refused>> {
    if current::pid() == Some(server.pid) {
        // What the server has handled of its batch it says when its handler waits. So it looks twice.
        if std::mem::replace(looked, true) {
            return Poll::Ready(Err(Refused::Itself));
        }
        cx.waker().wake_by_ref();
        return Poll::Pending;
    }
    timer.poll(cx).map(|()| Err(Refused::TimedOut))
}
