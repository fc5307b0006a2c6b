//! One turn inside of a cell: messages up to a number, or the handler that waited, or one call.

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::core::Inside;
use crate::gen_server::cell::job::{After, Job};
use crate::gen_server::cell::mailbox::Message;
use crate::gen_server::cell::plainly::{Halt, Left};
use crate::gen_server::cell::state::{SIGNAL, WORK};
use crate::gen_server::report;
use crate::planted::{Bug, planted};
use crate::process::current;
use crate::sync::lock;

/// Messages in one turn.
const TURN: u32 = 256;

/// What a turn ended with.
pub(super) enum Turn {
    /// It is done. Whoever queued something meanwhile has said so in the word.
    Idle,
    /// There is more, but others may want their turn.
    More,
    /// A handler waits. `more`: messages may be left behind it.
    Waits { more: bool },
    /// The server has ended, `terminate` included. The reason is inside.
    Ended,
}

/// What polling a job came to.
enum Step {
    Done,
    Waits,
    /// The server has ended, `terminate` included. The reason is inside.
    Ended,
}

impl<S: GenServer> Cell<S> {
    /// One turn, as the server.
    #[inline]
    pub(super) fn turn(self: &Arc<Self>, turn: impl FnOnce(&mut Inside<S>) -> Turn) -> Turn {
        let mut inside = lock(&self.inside);
        let _scope = current::enter(self.pid());
        if inside.span.is_none() {
            return turn(&mut inside);
        }
        let span = inside.cloned_span();
        report::in_span(span.as_deref(), || turn(&mut inside))
    }

    /// The handler that waited goes on.
    pub(super) fn resume(self: &Arc<Self>, inside: &mut Inside<S>) -> Turn {
        let step = self.poll_job(inside, None);
        Self::alone(inside, step)
    }

    /// What a turn for one job ended with.
    fn alone(inside: &Inside<S>, step: Step) -> Turn {
        match step {
            Step::Done if inside.is_parting() => Turn::More,
            Step::Done => Turn::Idle,
            Step::Waits => Turn::Waits { more: false },
            Step::Ended => Turn::Ended,
        }
    }

    pub(super) fn handle_messages(self: &Arc<Self>, inside: &mut Inside<S>) -> Turn {
        if let Some(reason) = inside.take_parting() {
            return self.terminate(inside, reason);
        }
        let mut most = TURN;
        let mut left = Left::new(None);
        let mut looked = false;
        loop {
            if inside.batch.is_empty() {
                // Whoever queues something says so in the word, which was cleared before the look into the mailbox:
                // nothing there, nothing to lock for.
                if looked {
                    if self.word.load() & WORK == 0 {
                        self.mailbox.pause(&mut inside.batch);
                        return Turn::Idle;
                    }
                    if !planted(Bug::MailNotedAfterLook) {
                        self.word.clear(WORK);
                    }
                }
                looked = true;
                let taken = self.mailbox.take(&mut inside.batch);
                if planted(Bug::MailNotedAfterLook) {
                    self.word.clear(WORK);
                }
                if !taken {
                    return Turn::Idle;
                }
                // Who sent a signal and then a message set the bit before that: the signal comes first.
                if self.is_signalled() && !planted(Bug::SignalsUnseenAfterTake) {
                    return Turn::More;
                }
            }
            match self.handle_plainly(inside, &mut left, &mut most) {
                Halt::Empty => {}
                Halt::Signal | Halt::Spent => return Turn::More,
                Halt::Ends => return self.ends(inside, left.reason.take()),
                Halt::Waits => {
                    match self.take_up(inside, &mut left) {
                        Step::Done => {}
                        Step::Waits => {
                            // Not looked: what is in the mailbox has no `WORK` to tell of it.
                            let more = !looked || !inside.batch.is_empty();
                            return Turn::Waits { more };
                        }
                        Step::Ended => return Turn::Ended,
                    }
                    most -= 1;
                    if most == 0 || inside.is_parting() || self.is_signalled() {
                        return Turn::More;
                    }
                }
            }
        }
    }

    /// Handles the call of a caller who came in with it. Nothing is queued that came before it.
    pub(super) fn handle_call(self: &Arc<Self>, inside: &mut Inside<S>, call: Message<S>) -> Turn {
        let mut left = Left::new(Some(call));
        match self.handle_plainly(inside, &mut left, &mut 1) {
            Halt::Empty | Halt::Signal | Halt::Spent => Turn::Idle,
            Halt::Ends => self.ends(inside, left.reason.take()),
            Halt::Waits => {
                let step = self.take_up(inside, &mut left);
                Self::alone(inside, step)
            }
        }
    }

    /// A handler ends the server: a signal that waits comes first, then `terminate`.
    #[cold]
    fn ends(self: &Arc<Self>, inside: &mut Inside<S>, reason: Option<ExitReason>) -> Turn {
        self.count();
        inside.ends(self.pid(), reason.unwrap_or(ExitReason::Normal));
        if self.is_signalled() {
            return Turn::More;
        }
        match inside.take_parting() {
            Some(reason) => self.terminate(inside, reason),
            None => Turn::More,
        }
    }

    #[cold]
    fn terminate(self: &Arc<Self>, inside: &mut Inside<S>, reason: ExitReason) -> Turn {
        let home = inside.home.as_mut();
        if let Some(ended) = home.and_then(|home| home.try_terminate(&reason)) {
            inside.has_ended(ended);
            return Turn::Ended;
        }
        match self.poll_job(inside, Some(Job::Terminate(reason))) {
            Step::Done => Turn::Idle,
            Step::Waits => Turn::Waits { more: true },
            Step::Ended => Turn::Ended,
        }
    }

    /// Takes up the message that is left.
    fn take_up(self: &Arc<Self>, inside: &mut Inside<S>, left: &mut Left<S>) -> Step {
        let step = self.poll_job(inside, left.message.take().map(Job::Handle));
        if let Some(start) = left.start.take() {
            self.sample(&mut inside.tempo, start);
        }
        step
    }

    /// Takes up a job that may wait, or goes on with the one that has the state; as the cell, whoever polls.
    fn poll_job(self: &Arc<Self>, inside: &mut Inside<S>, job: Option<Job<S>>) -> Step {
        let waker = inside.take_waker(self);
        let polled = inside.poll_handling(job, &mut TaskContext::from_waker(&waker));
        inside.keep_waker(waker);
        match polled {
            Poll::Pending => {
                self.mailbox.pause(&mut inside.batch);
                Step::Waits
            }
            Poll::Ready(After::Done) => {
                self.count();
                Step::Done
            }
            Poll::Ready(After::Ends(reason)) => {
                self.count();
                inside.ends(self.pid(), reason);
                Step::Done
            }
            Poll::Ready(After::Ended(reason)) => {
                inside.has_ended(reason);
                Step::Ended
            }
        }
    }

    /// Whether a signal waits: it takes effect before the next message is looked at, and before `terminate`.
    #[inline]
    pub(super) fn is_signalled(&self) -> bool {
        self.word.load() & SIGNAL != 0 && !planted(Bug::SignalsWaitForMessages)
    }
}
