//! Waiting for room in a mailbox that is full.

use std::any::Any;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::gen_server::GenServer;
use crate::gen_server::cell::mailbox::Pushed;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::client::target::{Receiver, Target};
use crate::process::Header;
use crate::process::clock::Clock;
use crate::process::timer::Timer;
use crate::reply::CallError;
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
        match &mut self.timer {
            Some(timer) => timer.poll(cx),
            None => Poll::Pending,
        }
    }
}

/// A call that waits for room, whatever its server's type.
pub(super) trait Blocked<'a>: Send {
    /// Ready when the call is in the mailbox, or is refused for good.
    fn poll(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<(), CallError>>;
    /// Who has got the call, and until when its reply is waited for.
    fn into_receiver(self: Box<Self>) -> (Receiver<'a>, Option<Instant>);
    /// The message that was refused.
    fn into_message(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// A call that waits for room: in the mailbox of this incarnation, not of the next.
struct BlockedCall<'a, S: GenServer> {
    target: Target<'a, S>,
    /// What found no room.
    message: Option<Mail<S>>,
    timer: RoomTimer,
}

#[cold]
pub(super) fn blocked<'a, S: GenServer>(
    target: &Target<'a, S>,
    message: Option<Mail<S>>,
    timeout: Option<Duration>,
) -> Box<dyn Blocked<'a> + 'a> {
    Box::new(BlockedCall {
        timer: RoomTimer::new(target.header(), timeout),
        target: target.clone(),
        message,
    })
}

impl<'a, S: GenServer> Blocked<'a> for BlockedCall<'a, S> {
    fn poll(
        &mut self,
        timeout: Option<Duration>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<(), CallError>> {
        let waker = Some(cx.waker());
        match self.target.push(&mut self.message, waker) {
            Pushed::Queued => {
                self.target.note_mail();
                Poll::Ready(Ok(()))
            }
            Pushed::Closed => Poll::Ready(Err(closed(self.target.header()))),
            Pushed::Full => {
                ready!(self.timer.poll(cx));
                Poll::Ready(Err(CallError::Timeout(timeout.unwrap_or_default())))
            }
        }
    }

    fn into_receiver(self: Box<Self>) -> (Receiver<'a>, Option<Instant>) {
        let Self { target, timer, .. } = *self;
        (target.erased(), timer.deadline)
    }

    fn into_message(self: Box<Self>) -> Box<dyn Any + Send> {
        Box::new(self.message)
    }
}

/// The server died while the call waited.
fn closed(server: &Header) -> CallError {
    match server.exit_reason() {
        Some(reason) => CallError::Exited(reason.clone()),
        None => CallError::NoProc,
    }
}
