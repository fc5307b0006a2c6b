//! The task as a process: what it is told, and what it does about that.
//!
//! Its future belongs to its own task of the runtime, which alone polls and drops it. All others leave word, and wake it.

use std::task::{Context, Poll};

use crate::exit_reason::ExitReason;
use crate::guard::{Waiter, WakerSlot, discard};
use crate::planted::{Bug, planted};
use crate::process::line::{Line, Numbers};
use crate::process::pid::Pid;
use crate::process::status::{ProcessStatus, Status};
use crate::process::{Header, InHand, Process, Signal, deferred, node};
use crate::rt;
use crate::sync::atomic::{AtomicU32, Ordering};
use crate::sync::{Arc, Mutex, lock};

pub(crate) struct TaskProcess {
    header: Header,
    type_name: &'static str,
    /// Whom it works for, the nearest first.
    callers: Box<[Pid]>,
    /// The server that it works beside: it ends when that does, for whatever reason.
    server: Option<Pid>,
    /// Odd while its future is polled: how often that has begun, and how often it has said that it waits.
    polls: AtomicU32,
    control: Mutex<Control>,
}

#[derive(Default)]
struct Control {
    /// It has asked to be told of its end: then it is not simply dropped.
    asks: bool,
    /// It was told to stop, for this reason.
    told: Option<ExitReason>,
    /// It is to be dropped, for this reason.
    ends: Option<ExitReason>,
    /// Its own task's.
    waker: WakerSlot,
    /// Those that wait to be told.
    waiting: Line,
    numbers: Numbers,
}

impl TaskProcess {
    pub(super) fn new(
        header: Header,
        type_name: &'static str,
        callers: Box<[Pid]>,
        server: Option<Pid>,
    ) -> Arc<Self> {
        Arc::new(Self {
            header,
            type_name,
            callers,
            server,
            polls: AtomicU32::new(0),
            control: Mutex::default(),
        })
    }

    pub(super) const fn pid(&self) -> Pid {
        self.header.pid
    }

    /// It is over: nothing of it is left with the server that it worked beside.
    pub(super) fn leave_server(&self) {
        if let Some(server) = self.server.and_then(node::process) {
            server.header().forget_link(self.pid());
        }
    }

    pub(super) fn callers(&self) -> &[Pid] {
        &self.callers
    }

    /// Its future is about to be polled, or waits. Only its own task says so.
    pub(super) fn note_poll(&self) {
        let before = self.polls.load(Ordering::Relaxed);
        self.polls.store(before.wrapping_add(1), Ordering::Relaxed);
    }

    fn is_polled(&self) -> bool {
        self.polls.load(Ordering::Relaxed) % 2 == 1
    }

    /// From here on it is told before it is ended.
    pub(super) fn ask(&self) {
        if !planted(Bug::TaskNotTold) {
            lock(&self.control).asks = true;
        }
    }

    /// Ready when the task was told to stop, or is gone. `number`: of the future that waits, from its first wait on.
    pub(super) fn poll_told(&self, number: &mut Option<u64>, cx: &mut Context<'_>) -> Poll<()> {
        let mut waiter = Waiter::new(cx.waker());
        {
            let control = &mut *lock(&self.control);
            let over = self.header.exit_reason().is_some();
            let told = control.told.is_some() && !planted(Bug::TaskToldBeforeItLooks);
            if over || told || control.ends.is_some() {
                return Poll::Ready(());
            }
            let number = *number.get_or_insert_with(|| control.numbers.next());
            if !planted(Bug::StoppingWakerAfterLook) {
                control.waiting.wait(number, &mut waiter);
            }
        }
        if let Some(number) = number
            && planted(Bug::StoppingWakerAfterLook)
        {
            lock(&self.control).waiting.wait(*number, &mut waiter);
        }
        rt::make_way(cx);
        Poll::Pending
    }

    /// A future waits no more.
    pub(super) fn forget_waiting(&self, number: u64) {
        let left = lock(&self.control).waiting.leave(number);
        drop(left);
    }

    /// In its own task: hears of the end from here on. `Some`: it is to be dropped, for this reason.
    pub(super) fn poll_end(&self, cx: &mut Context<'_>) -> Option<ExitReason> {
        let mut waiter = Waiter::new(cx.waker());
        if planted(Bug::EndWakerAfterLook) {
            let ends = lock(&self.control).ends.clone();
            lock(&self.control).waker.register(&mut waiter);
            return ends;
        }
        let control = &mut *lock(&self.control);
        control.waker.register(&mut waiter);
        let ends = self.header.exit_reason().or(control.ends.as_ref());
        ends.cloned()
    }

    /// Why it ends that has come to its own end: it was told to, perhaps.
    pub(super) fn reason_of(&self, own: ExitReason) -> ExitReason {
        if !own.is_normal() {
            return own;
        }
        let control = &mut *lock(&self.control);
        // One that had not asked yet may have come to its end before it was dropped.
        let word = control.told.as_ref().or(control.ends.as_ref());
        word.cloned().unwrap_or(own)
    }

    /// Makes the end true for everybody who asks. `false`: it was before.
    pub(super) fn mark_exited(&self, reason: &ExitReason) -> bool {
        let first = self.header.set_exit_reason(reason.clone());
        if first {
            self.header.node.note_dead(&self.header, Vec::new());
        }
        let waiting = lock(&self.control).waiting.take();
        waiting.notify();
        first
    }

    pub(super) fn announce(&self) {
        if let Some(reason) = self.header.exit_reason() {
            deferred::scope(|| self.header.announce(reason));
        }
    }

    /// What a signal does; OTP's rules for a process that traps exits if it has asked to be told, but for strangers' signals, which
    /// end it.
    fn weigh(&self, signal: Signal) {
        let own = self.pid();
        let (from, reason) = match signal {
            Signal::Kill => return self.end_for(ExitReason::Killed),
            // It waits for its own end right now, and is in the way of it.
            Signal::Leave { reason, asker, .. } if asker == own => return self.end_for(reason),
            Signal::Leave { parent, reason, .. } => (Some(parent), reason),
            Signal::Exit { from, reason, .. } => (from, reason),
        };
        let by_server = self.server.is_some() && from == self.server;
        if reason.is_normal() && from != Some(own) && !by_server {
            return;
        }
        // Nobody would end one in time that is told by its owner.
        let supervisor = self.header.parent.filter(|_| self.header.is_supervised());
        self.leave_word(reason, from.is_some() && from == supervisor);
    }

    fn end_for(&self, reason: ExitReason) {
        self.leave_word(reason, false);
    }

    /// The task is to stop, if it has asked to be told (`tell`); else it is dropped at its `.await`. The first reason counts.
    fn leave_word(&self, reason: ExitReason, tell: bool) {
        let mut reason = Some(reason);
        let (own, waiting) = {
            let control = &mut *lock(&self.control);
            let word = if tell && control.asks {
                &mut control.told
            } else {
                &mut control.ends
            };
            if word.is_none() {
                *word = reason.take();
            }
            (control.waker.take(), control.waiting.take())
        };
        own.notify();
        waiting.notify();
        discard(reason);
    }
}

impl Process for TaskProcess {
    fn header(&self) -> &Header {
        &self.header
    }

    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn signal(self: Arc<Self>, signal: Signal) {
        self.weigh(signal);
    }

    fn request_stop(self: Arc<Self>, reason: ExitReason) {
        self.leave_word(reason, true);
    }

    fn fence(self: Arc<Self>, reason: ExitReason) {
        deferred::scope(|| {
            self.mark_exited(&reason);
            self.header.leave_struck();
            self.announce();
        });
        // What it holds is dropped when its poll returns, if it ever does.
        let own = lock(&self.control).waker.take();
        own.notify();
    }

    fn in_hand(&self) -> Option<u64> {
        let polls = self.polls.load(Ordering::Relaxed);
        (polls % 2 == 1).then(|| u64::from(polls))
    }

    fn named_in_hand(&self) -> Option<InHand> {
        self.is_polled().then_some(InHand {
            callback: "task",
            handler: "poll",
            place: None,
        })
    }

    fn snapshot(&self) -> ProcessStatus {
        let status = if self.header.exit_reason().is_some() {
            Status::Exiting
        } else if self.is_polled() || self.polls.load(Ordering::Relaxed) == 0 {
            Status::Running
        } else {
            Status::Waiting
        };
        ProcessStatus {
            status,
            mailbox_len: 0,
            handled: 0,
            dropped: 0,
            restarts: 0,
        }
    }
}
