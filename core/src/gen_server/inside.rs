//! What is inside of a cell, and what is done there: signals first, then messages, a bounded number at a time.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use super::cell::Cell;
use super::context::Context;
use super::handling::{After, Halt, Handling, Job, Left};
use super::last_message::LastMessage;
use super::mailbox::{Batch, Message};
use super::options::Tempo;
use super::word::{self, BUSY, DEAD, QUEUE, RUN, SIGNAL, WOKEN, WORK};
use super::{GenServer, Inline};
use crate::current;
use crate::exit_reason::ExitReason;
use crate::guard::Guarded;
use crate::planted::planted;
use crate::rt;
use crate::settle::{self, ForsakenCalls};
use crate::sync::lock;

/// What only the one who is inside touches.
pub(super) struct Inside<S: GenServer> {
    /// The state, unless a handler that waits has it. Boxed: it moves between here and there, whatever its size.
    pub(super) home: Option<Box<Home<S>>>,
    /// Messages swapped out of the mailbox and not yet handled.
    pub(super) batch: Batch<S>,
    /// The server has to terminate, before anything else.
    parting: Option<Box<Parting>>,
    /// Handlers that may wait: the last one runs, or ran; the others are kept for their memory.
    handlings: Vec<Box<dyn Handling<S>>>,
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

/// A server that has to terminate.
struct Parting {
    /// Why; `None` once `terminate` runs.
    reason: Option<ExitReason>,
    /// Calls that were dropped unanswered by what it terminates for: they get its exit reason.
    _forsaken: ForsakenCalls,
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
pub(super) enum Turn {
    /// It is done. Whoever queued something meanwhile has said so in the word.
    Idle,
    /// There is more, but others may want their turn.
    More,
    /// A handler waits. `more`: messages may be left behind it.
    Waits { more: bool },
    /// The server has ended, `terminate` included. Boxed, because it would make all of them large.
    Ended(Box<ExitReason>),
}

/// What polling a job came to.
enum Step {
    Done,
    Waits,
    /// The server has ended, `terminate` included.
    Ended(Box<ExitReason>),
}

impl<S: GenServer> Inside<S> {
    pub(super) const fn new() -> Self {
        Self {
            home: None,
            batch: Batch::new(),
            parting: None,
            handlings: Vec::new(),
            waker: None,
            tempo: Tempo::new(),
        }
    }

    /// Takes out everything that has to be dropped, to be dropped outside of the lock.
    pub(super) fn empty(&mut self) -> impl Sized + use<S> {
        let batch = std::mem::replace(&mut self.batch, Batch::new());
        // The handler first: it may have the state, and ends before it.
        (
            Guarded::new(std::mem::take(&mut self.handlings)),
            batch,
            self.home.take(),
            self.waker.take(),
            self.parting.take(),
        )
    }

    /// The server has to end. Whom it leaves without a reply hears of it when it has ended.
    pub(super) fn ends(&mut self, reason: ExitReason) {
        self.parting = Some(Box::new(Parting {
            reason: Some(reason),
            _forsaken: ForsakenCalls::take(),
        }));
    }

    fn is_parting(&self) -> bool {
        self.parting
            .as_ref()
            .is_some_and(|parting| parting.reason.is_some())
    }

    /// Takes up a job that may wait, or goes on with the one that has the state.
    fn poll_handling(&mut self, job: Option<Job<S>>, cx: &mut TaskContext<'_>) -> Poll<After> {
        if let Some(job) = job {
            let Some(home) = self.home.take() else {
                return Poll::Pending;
            };
            self.begin_job(home, job);
        }
        let Some(handling) = self.handlings.last_mut() else {
            return Poll::Pending;
        };
        let (home, after) = std::task::ready!(handling.poll(cx));
        self.home = Some(home);
        Poll::Ready(after)
    }

    /// The handler of this type that was kept. It is now the one that runs.
    #[inline]
    pub(super) fn handling_of<H: Handling<S>>(&mut self) -> Option<&mut H> {
        let is = |handling: &dyn Handling<S>| (handling as &dyn Any).is::<H>();
        let last = self.handlings.len().checked_sub(1)?;
        if !is(&*self.handlings[last]) {
            let at = self.handlings.iter().position(|handling| is(&**handling))?;
            self.handlings.swap(at, last);
        }
        (&mut *self.handlings[last] as &mut dyn Any).downcast_mut()
    }

    /// Keeps a handler. It is now the one that runs.
    #[cold]
    pub(super) fn keep_handling(&mut self, handling: Box<dyn Handling<S>>) {
        self.handlings.push(handling);
    }

    #[inline]
    pub(super) fn take_waker(&mut self, cell: &Arc<Cell<S>>) -> Waker {
        self.waker
            .take()
            .unwrap_or_else(|| Waker::from(Arc::clone(cell)))
    }

    #[inline]
    pub(super) fn keep_waker(&mut self, waker: Waker) {
        self.waker = Some(waker);
    }
}

impl<S: GenServer> Cell<S> {
    /// Works inside until there is nothing left to do, or it is somebody else's turn; then goes out.
    pub(super) fn run(self: &Arc<Self>, stay: Stay) {
        self.work(stay, None);
        settle::tell_forsaken();
    }

    /// As [`run`](Self::run), for the server's task, which came in to see to the messages.
    pub(super) fn run_messages(self: &Arc<Self>) {
        let turn = self.turn(|inside| self.handle_messages(inside));
        self.work(Stay::TASK, Some(turn));
        settle::tell_forsaken();
    }

    /// As [`run`](Self::run), for a caller, who came in to hand over a call.
    pub(super) fn run_call(self: &Arc<Self>, call: Message<S>) {
        let turn = self.turn(|inside| self.handle_call(inside, call));
        self.work(Stay::CALLER, Some(turn));
        settle::tell_forsaken();
    }

    fn work(self: &Arc<Self>, Stay(mut turns): Stay, begun: Option<Turn>) {
        let mut resumes = false;
        let mut begun = begun;
        loop {
            if let Some(turn) = begun.take() {
                turns -= 1;
                if resumes && !matches!(turn, Turn::Waits { .. }) {
                    self.word.clear(BUSY);
                }
                match turn {
                    Turn::Idle => {}
                    Turn::More => {
                        self.word.set(WORK);
                    }
                    Turn::Waits { more: true } => {
                        self.word.set(BUSY | WORK);
                    }
                    Turn::Waits { more: false } => {
                        if !resumes {
                            self.word.set(BUSY);
                        }
                    }
                    Turn::Ended(reason) => {
                        self.finish(&reason, true);
                        return;
                    }
                }
            }
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
            // A handler that waits comes before whatever is queued: `WORK` stays for after it.
            resumes = seen & BUSY != 0;
            begun = Some(if resumes {
                self.word.clear(WOKEN);
                self.turn(|inside| self.resume(inside))
            } else {
                self.word.clear(WORK | WOKEN);
                self.turn(|inside| self.handle_messages(inside))
            });
        }
    }

    /// One turn, as the server.
    #[inline]
    fn turn(self: &Arc<Self>, turn: impl FnOnce(&mut Inside<S>) -> Turn) -> Turn {
        let mut inside = lock(&self.inside);
        let _scope = current::enter(self.pid());
        turn(&mut inside)
    }

    /// The handler that waited goes on.
    fn resume(self: &Arc<Self>, inside: &mut Inside<S>) -> Turn {
        let step = self.poll_job(inside, None);
        Self::alone(inside, step)
    }

    /// What a turn for one job ended with.
    fn alone(inside: &Inside<S>, step: Step) -> Turn {
        match step {
            Step::Done if inside.is_parting() => Turn::More,
            Step::Done => Turn::Idle,
            Step::Waits => Turn::Waits { more: false },
            Step::Ended(reason) => Turn::Ended(reason),
        }
    }

    fn handle_messages(self: &Arc<Self>, inside: &mut Inside<S>) -> Turn {
        if let Some(parting) = &mut inside.parting
            && let Some(reason) = parting.reason.take()
        {
            let home = inside.home.as_mut();
            if let Some(reason) = home.and_then(|home| home.try_terminate(&reason)) {
                return Turn::Ended(Box::new(reason));
            }
            return match self.poll_job(inside, Some(Job::Terminate(reason))) {
                Step::Done => Turn::Idle,
                Step::Waits => Turn::Waits { more: true },
                Step::Ended(reason) => Turn::Ended(reason),
            };
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
                    if !planted(101) {
                        self.word.clear(WORK);
                    }
                }
                looked = true;
                let taken = self.mailbox.take(&mut inside.batch);
                if planted(101) {
                    self.word.clear(WORK);
                }
                if !taken {
                    return Turn::Idle;
                }
                // Who sent a signal and then a message set the bit before that: the signal comes first.
                if self.is_signalled() && !planted(102) {
                    return Turn::More;
                }
            }
            match self.handle_plainly(inside, &mut left, &mut most) {
                Halt::Empty => {}
                Halt::Signal | Halt::Spent => return Turn::More,
                Halt::Ends(reason) => {
                    self.count();
                    inside.ends(*reason);
                    return Turn::More;
                }
                Halt::Waits => {
                    match self.take_up(inside, &mut left) {
                        Step::Done => {}
                        Step::Waits => {
                            // Not looked: what is in the mailbox has no `WORK` to tell of it.
                            let more = !looked || !inside.batch.is_empty();
                            return Turn::Waits { more };
                        }
                        Step::Ended(reason) => return Turn::Ended(reason),
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
    fn handle_call(self: &Arc<Self>, inside: &mut Inside<S>, call: Message<S>) -> Turn {
        let mut left = Left::new(Some(call));
        match self.handle_plainly(inside, &mut left, &mut 1) {
            Halt::Empty | Halt::Signal | Halt::Spent => Turn::Idle,
            Halt::Ends(reason) => {
                self.count();
                inside.ends(*reason);
                Turn::More
            }
            Halt::Waits => {
                let step = self.take_up(inside, &mut left);
                Self::alone(inside, step)
            }
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
                inside.ends(reason);
                Step::Done
            }
            Poll::Ready(After::Ended(reason)) => Step::Ended(Box::new(reason)),
        }
    }

    /// The server has to end for `reason`, in order: `terminate` first. The one who calls is inside, and goes out.
    pub(super) fn part(self: &Arc<Self>, reason: ExitReason) {
        lock(&self.inside).ends(reason);
        self.word.set(WORK);
        self.run(Stay::CALLER);
    }

    /// Whether a signal waits: it takes effect before the next message is looked at, and before `terminate`.
    #[inline]
    pub(super) fn is_signalled(&self) -> bool {
        self.word.load() & SIGNAL != 0 && !planted(10)
    }

    /// Whether handlers were found too slow to run in place. Their calls are timed in the queue, to let callers in again.
    #[inline]
    pub(super) fn is_slow(&self) -> bool {
        matches!(S::OPTIONS.inline, Inline::Auto) && self.word.load() & QUEUE != 0
    }

    /// Begins to take the time of a call, now and then.
    #[inline]
    pub(super) fn start_sample(&self, tempo: &mut Tempo) -> Option<rt::Instant> {
        (matches!(S::OPTIONS.inline, Inline::Auto) && tempo.samples_next()).then(rt::now)
    }

    /// Takes in how long a handler took, and lets callers in, or not.
    #[cold]
    #[inline(never)]
    pub(super) fn sample(&self, tempo: &mut Tempo, start: rt::Instant) {
        if tempo.sample(rt::now().saturating_duration_since(start)) {
            self.word.set(QUEUE);
        } else {
            self.word.clear(QUEUE);
        }
    }
}
