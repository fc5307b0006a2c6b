//! What is inside of a cell, and what is done there: signals first, then messages, a bounded number at a time.

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use super::cell::Cell;
use super::context::Context;
use super::handling::{After, Handling, Job, LastMessage, Obstacle, begin};
use super::mailbox::{Batch, Message};
use super::options::Tempo;
use super::word::{self, BUSY, DEAD, QUEUE, RUN, SIGNAL, WOKEN, WORK};
use super::{GenServer, Inline};
use crate::current;
use crate::exit_reason::ExitReason;
use crate::guard::{Guarded, lock};
use crate::planted::planted;
use crate::rt;
use crate::settle::{self, ForsakenCalls};

/// What only the one who is inside touches.
pub(super) struct Inside<S: GenServer> {
    /// The state, unless a handler that waits has it. Boxed: it moves between here and there, whatever its size.
    pub(super) home: Option<Box<Home<S>>>,
    /// Messages swapped out of the mailbox and not yet handled.
    batch: Batch<S>,
    /// A call handed over by a caller who came in with it.
    pub(super) next: Option<Message<S>>,
    /// Terminate for this reason, before anything else.
    pub(super) parting: Option<ExitReason>,
    /// Calls that were dropped unanswered by what the server terminates for: they get its exit reason.
    forsaken: ForsakenCalls,
    /// The handler that runs, once there was one that may wait.
    handling: Option<Box<dyn Handling<S>>>,
    /// The cell itself, as the waker its handlers see.
    waker: Option<Waker>,
    pub(super) tempo: Tempo,
}

/// The state and its context.
pub(crate) struct Home<S: GenServer> {
    pub(super) state: Guarded<S>,
    pub(super) cx: Context<S>,
    pub(super) last: LastMessage,
}

/// How long somebody who is inside stays there, in turns.
#[derive(Clone, Copy)]
pub(super) struct Stay(u32);

impl Stay {
    /// The server's own task, before it lets others run.
    pub(super) const TASK: Self = Self(4);
    /// A caller, before it leaves the rest to the task.
    pub(super) const CALLER: Self = Self(1);
    /// Somebody who sees to signals only.
    pub(super) const SIGNALS: Self = Self(0);
}

/// Messages in one turn.
const TURN: u32 = 256;

/// What a turn ended with.
enum Turn {
    /// Nothing is left.
    Idle,
    /// There is more, but others may want their turn.
    More,
    /// A handler waits.
    Waits,
    /// The server has ended, `terminate` included.
    Ended(ExitReason),
}

impl<S: GenServer> Inside<S> {
    pub(super) const fn new() -> Self {
        Self {
            home: None,
            batch: Batch::new(),
            next: None,
            parting: None,
            forsaken: ForsakenCalls::new(),
            handling: None,
            waker: None,
            tempo: Tempo::new(),
        }
    }

    /// Takes out everything that has to be dropped, to be dropped outside of the lock.
    pub(super) fn empty(&mut self) -> impl Sized + use<S> {
        let batch = std::mem::replace(&mut self.batch, Batch::new());
        // The handler first: it may have the state, and ends before it.
        (
            Guarded::new(self.handling.take()),
            batch,
            Guarded::new(self.next.take()),
            self.home.take(),
            self.waker.take(),
            std::mem::take(&mut self.forsaken),
        )
    }
}

impl<S: GenServer> Inside<S> {
    /// The next message, if there is one, and no signal before it.
    #[inline]
    fn next_message(&mut self, cell: &Cell<S>, looked: &mut bool) -> Option<Message<S>> {
        let message = match self.batch.next().or_else(|| self.next.take()) {
            Some(message) => message,
            None => self.next_batch(cell, looked)?,
        };
        cell.mailbox.taken(self.batch.len());
        Some(message)
    }

    fn next_batch(&mut self, cell: &Cell<S>, looked: &mut bool) -> Option<Message<S>> {
        // Whoever queues something says so in the word, which was cleared before the first look into the mailbox:
        // nothing there, nothing to lock for.
        if *looked {
            if cell.word.load() & WORK == 0 {
                return None;
            }
            if !planted(101) {
                cell.word.clear(WORK);
            }
        }
        *looked = true;
        let taken = cell.mailbox.take(&mut self.batch);
        if planted(101) {
            cell.word.clear(WORK);
        }
        if !taken {
            return None;
        }
        // Who sent a signal and then a message has set the bit before that: the signal comes first.
        if cell.word.load() & SIGNAL != 0 && !planted(102) {
            return None;
        }
        self.batch.next()
    }

    /// The server has to end. Whom it leaves without a reply hears of it when it has ended.
    fn ends(&mut self, reason: ExitReason) {
        self.parting = Some(reason);
        self.forsaken = ForsakenCalls::take();
    }

    /// Takes up a job that may wait, or goes on with the one that has the state.
    fn poll_handling(&mut self, job: Option<Job<S>>, cx: &mut TaskContext<'_>) -> Poll<After> {
        if let Some(job) = job {
            let Some(home) = self.home.take() else {
                return Poll::Pending;
            };
            match &mut self.handling {
                Some(handling) => handling.begin(home, job),
                None => self.handling = Some(begin(home, job)),
            }
        }
        let Some(handling) = &mut self.handling else {
            return Poll::Pending;
        };
        let (home, after) = std::task::ready!(handling.poll(cx));
        self.home = Some(home);
        Poll::Ready(after)
    }
}

impl<S: GenServer> Cell<S> {
    /// Works inside until there is nothing left to do, or it is somebody else's turn; then goes out.
    pub(super) fn run(self: &Arc<Self>, stay: Stay) {
        self.run_inside(stay);
        settle::tell_forsaken();
    }

    fn run_inside(self: &Arc<Self>, Stay(mut turns): Stay) {
        loop {
            let seen = self.word.load();
            if seen & DEAD != 0 {
                self.dispose();
                self.word.clear(RUN);
                self.end_task();
                return;
            }
            if seen & SIGNAL != 0 {
                if let Some(reason) = self.take_signals() {
                    self.finish(&reason, false);
                    return;
                }
                continue;
            }
            if !word::is_ready(seen) {
                if self.word.swap(seen, seen & !RUN).is_ok() {
                    return;
                }
                continue;
            }
            if turns == 0 {
                self.word.clear(RUN);
                self.wake_task();
                return;
            }
            turns -= 1;
            // A handler that waits comes before whatever is queued: `WORK` stays for after it.
            let resumes = seen & BUSY != 0;
            self.word.clear(if resumes { WOKEN } else { WORK | WOKEN });
            match self.turn(resumes) {
                Turn::Waits => {
                    if !resumes {
                        self.word.set(BUSY);
                    }
                    if self.mailbox.is_crowded() {
                        self.mailbox.admit();
                    }
                }
                Turn::Idle => {
                    if resumes {
                        self.word.clear(BUSY);
                    }
                }
                Turn::More => {
                    self.word.set(WORK);
                    if resumes {
                        self.word.clear(BUSY);
                    }
                }
                Turn::Ended(reason) => {
                    self.finish(&reason, true);
                    return;
                }
            }
        }
    }

    /// One turn, as the server.
    fn turn(self: &Arc<Self>, resumes: bool) -> Turn {
        let mut inside = lock(&self.inside);
        let waker = inside
            .waker
            .take()
            .unwrap_or_else(|| Waker::from(Arc::clone(self)));
        let turn = {
            let _scope = current::enter(self.pid());
            self.handle_messages(&mut inside, resumes, &mut TaskContext::from_waker(&waker))
        };
        inside.waker = Some(waker);
        turn
    }

    fn handle_messages(
        &self,
        inside: &mut Inside<S>,
        resumes: bool,
        cx: &mut TaskContext<'_>,
    ) -> Turn {
        // Also with a call handed over: since its caller came in, somebody may have queued a message whose `WORK` is cleared.
        let mut looked = false;
        let mut resumes = resumes;
        for _ in 0..TURN {
            let mut start = None;
            let job = if resumes {
                None
            } else if let Some(reason) = inside.parting.take() {
                Some(Job::Terminate(reason))
            } else {
                let Some(message) = inside.next_message(self, &mut looked) else {
                    return if inside.batch.len() == 0 {
                        Turn::Idle
                    } else {
                        Turn::More
                    };
                };
                if self.samples_in_queue(&message) && inside.tempo.samples_next() {
                    start = Some(rt::now());
                }
                let Some(home) = &mut inside.home else {
                    return Turn::Idle;
                };
                match home.try_handle(message) {
                    Some(Obstacle::Waits(message)) => Some(Job::Handle(message)),
                    obstacle => {
                        self.handled_one(inside, start);
                        if let Some(Obstacle::Ends(reason)) = obstacle {
                            inside.ends(reason);
                        }
                        if self.word.load() & SIGNAL != 0 && !planted(10) {
                            return Turn::More;
                        }
                        continue;
                    }
                }
            };
            resumes = false;
            let Poll::Ready(after) = inside.poll_handling(job, cx) else {
                return Turn::Waits;
            };
            self.handled_one(inside, start);
            match after {
                After::Done => {}
                After::Ends(reason) => inside.ends(reason),
                After::Ended(reason) => return Turn::Ended(reason),
            }
            // A signal takes effect before the next message is looked at, and before `terminate`.
            if self.word.load() & SIGNAL != 0 && !planted(10) {
                return Turn::More;
            }
        }
        Turn::More
    }

    #[inline]
    fn handled_one(&self, inside: &mut Inside<S>, start: Option<rt::Instant>) {
        self.count();
        if let Some(start) = start {
            self.sample(&mut inside.tempo, start);
        }
    }

    /// The server has to end for `reason`, in order: `terminate` first. The one who calls is inside, and goes out.
    pub(super) fn part(self: &Arc<Self>, reason: ExitReason) {
        lock(&self.inside).ends(reason);
        self.word.set(WORK);
        self.run(Stay::CALLER);
    }

    /// Whether to take the time of a queued call: only where handlers were found too slow to run in place.
    #[inline]
    fn samples_in_queue(&self, message: &Message<S>) -> bool {
        matches!(S::OPTIONS.inline, Inline::Auto)
            && matches!(message, Message::Call(_))
            && self.word.load() & QUEUE != 0
    }

    /// Takes in how long a handler took, and lets callers in, or not.
    #[cold]
    pub(super) fn sample(&self, tempo: &mut Tempo, start: rt::Instant) {
        if tempo.sample(rt::now().saturating_duration_since(start)) {
            self.word.set(QUEUE);
        } else {
            self.word.clear(QUEUE);
        }
    }
}
