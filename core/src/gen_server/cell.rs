//! The cell: a server, in one allocation. State, mailbox, control lane, and the rules for who is inside.
//!
//! There is no task to begin with: a caller who finds the cell idle comes in and runs the handler. The task is spawned
//! when something is queued for the first time.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context as TaskContext, Poll, Wake, Waker};

use super::context::Context;
use super::driver::{Verdict, drive};
use super::mailbox::{Mailbox, Message};
use super::word::{self, BUSY, DEAD, QUEUE, RUN, SIGNAL, START, TASK, WOKEN, WORK, Word};
use super::{GenServer, Inline};
use crate::current;
use crate::exit_reason::ExitReason;
use crate::guard::{Guarded, catch, discard, lock};
use crate::pid::Pid;
use crate::process::table::{Snapshot, Status};
use crate::process::{Header, Process, Signal};
use crate::report;
use crate::settle::{self, Settle};

pub(crate) struct Cell<S: GenServer> {
    header: Header,
    pub(super) word: Word,
    handled: AtomicU64,
    pub(super) mailbox: Mailbox<S>,
    control: Mutex<Control>,
    /// Locked by whoever set `RUN`, so never contended.
    pub(super) inside: Mutex<Inside<S>>,
    task: OnceLock<Waker>,
}

#[derive(Default)]
struct Control {
    signals: Vec<Signal>,
    /// The task that runs `init`.
    starter: Option<Waker>,
}

/// What only the one who is inside touches.
pub(super) struct Inside<S: GenServer> {
    /// The state, unless the driver has it.
    pub(super) home: Option<Home<S>>,
    /// The server loop, once something was queued.
    driver: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// This cell as a waker, made once.
    waker: Option<Waker>,
    /// A call handed over by a caller who came in to drive the loop.
    pub(super) next: Option<Message<S>>,
    /// Terminate for this reason, before anything else.
    pub(super) parting: Option<ExitReason>,
    /// What the driver left behind when it last returned.
    pub(super) verdict: Option<Verdict>,
    pub(super) tempo: super::options::Tempo,
}

/// The state and its context, which move together between the cell and the driver.
pub(crate) struct Home<S: GenServer> {
    pub(super) state: Guarded<S>,
    pub(super) cx: Context<S>,
    pub(super) last: LastMessage,
}

/// The message that is, or was last, handled.
#[derive(Default)]
pub(super) struct LastMessage {
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    /// With its arguments, where the server asked for that.
    pub(super) text: Option<String>,
}

/// How long somebody who is inside stays there.
#[derive(Clone, Copy)]
pub(super) enum Stay {
    /// The server's own task: some turns, then it lets others run.
    Turns(u32),
    /// See to signals only.
    Signals,
}

impl<S: GenServer> Cell<S> {
    /// Turns of the server's task before it yields, and of a caller before it leaves the rest to the task.
    pub(super) const TASK_TURNS: u32 = 4;
    const CALLER_TURNS: u32 = 1;
    const SPINS: u32 = 40;

    /// A cell whose `init` is about to run.
    pub(super) fn new(header: Header) -> Arc<Self> {
        header.set_trap_exit(S::OPTIONS.trap_exit);
        let queue = if matches!(S::OPTIONS.inline, Inline::Never) { QUEUE } else { 0 };
        Arc::new(Self {
            header,
            word: Word::new(START | RUN | queue),
            handled: AtomicU64::new(0),
            mailbox: Mailbox::new(),
            control: Mutex::default(),
            inside: Mutex::new(Inside {
                home: None,
                driver: None,
                waker: None,
                next: None,
                parting: None,
                verdict: None,
                tempo: super::options::Tempo::default(),
            }),
            task: OnceLock::new(),
        })
    }

    #[inline]
    pub(crate) const fn header(&self) -> &Header {
        &self.header
    }

    #[inline]
    pub(crate) const fn pid(&self) -> Pid {
        self.header.pid
    }

    #[inline]
    pub(crate) fn is_dead(&self) -> bool {
        self.word.load() & DEAD != 0
    }

    /// Counts a handled message. Only whoever is inside writes, so this needs no locked instruction.
    #[inline]
    pub(super) fn count(&self) {
        self.handled.store(self.handled.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    // ===== coming in =====

    /// Comes in if the cell is idle, setting `extra` bits on the way. Helps with a backlog, and waits a moment for a
    /// caller who is inside. `false`: the message has to be queued, or the server is dead.
    #[inline]
    pub(super) fn come_in(self: &Arc<Self>, extra: u32) -> bool {
        let seen = self.word.load();
        if word::is_idle(seen) && self.word.swap(seen, seen | RUN | extra).is_ok() {
            return true;
        }
        self.come_in_slow(extra)
    }

    #[cold]
    fn come_in_slow(self: &Arc<Self>, extra: u32) -> bool {
        let mut spins = 0;
        let mut helped = false;
        let mut seen = self.word.load();
        loop {
            if word::is_idle(seen) {
                match self.word.swap(seen, seen | RUN | extra) {
                    Ok(_) => return true,
                    Err(now) => seen = now,
                }
            } else if word::is_backlog(seen) && !helped {
                match self.word.swap(seen, seen | RUN) {
                    Ok(_) => {
                        helped = true;
                        self.run(Stay::Turns(Self::CALLER_TURNS));
                        seen = self.word.load();
                    }
                    Err(now) => seen = now,
                }
            } else if word::is_occupied(seen) && spins < Self::SPINS {
                spins += 1;
                std::hint::spin_loop();
                seen = self.word.load();
            } else {
                return false;
            }
        }
    }

    /// Goes out, or first sees to what came up meanwhile.
    #[inline]
    pub(super) fn go_out(self: &Arc<Self>) {
        let seen = self.word.load();
        if word::is_ready(seen) || self.word.swap(seen, seen & !RUN).is_err() {
            self.run(Stay::Turns(Self::CALLER_TURNS));
        }
    }

    /// Somebody queued a message: makes sure that it is looked at.
    #[inline]
    pub(super) fn notify(self: &Arc<Self>) {
        if word::wants_schedule(self.word.set(WORK)) {
            self.wake_task();
        }
    }

    /// Wakes the server's task; spawns it the first time.
    pub(super) fn wake_task(self: &Arc<Self>) {
        match self.task.get() {
            Some(waker) => waker.wake_by_ref(),
            None => {
                if self.word.set(TASK) & TASK == 0 {
                    self.header.node.runtime.spawn(ServerTask(Arc::clone(self)));
                }
            }
        }
    }

    // ===== inside =====

    /// Works inside until there is nothing left to do, or it is somebody else's turn; then goes out.
    pub(super) fn run(self: &Arc<Self>, stay: Stay) {
        self.run_inside(stay);
        settle::tell_forsaken();
    }

    fn run_inside(self: &Arc<Self>, stay: Stay) {
        let mut turns = match stay {
            Stay::Turns(turns) => turns,
            Stay::Signals => 0,
        };
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
                    self.finish(reason);
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
            self.word.clear(WORK | WOKEN);
            match self.poll_driver() {
                None => {
                    self.word.set(BUSY);
                    if self.mailbox.is_crowded() {
                        self.mailbox.admit();
                    }
                }
                Some(Verdict::Idle) => {
                    self.word.clear(BUSY);
                }
                Some(Verdict::More) => {
                    self.word.set(WORK);
                    self.word.clear(BUSY);
                }
                Some(Verdict::Stop(reason)) => {
                    self.finish(reason);
                    return;
                }
            }
        }
    }

    /// Polls the server loop once, as the server. `None`: a handler waits.
    fn poll_driver(self: &Arc<Self>) -> Option<Verdict> {
        let (driver, waker) = {
            let mut inside = lock(&self.inside);
            (inside.driver.take(), inside.waker.take())
        };
        let mut driver = driver.unwrap_or_else(|| Box::pin(drive(Arc::clone(self))));
        let waker = waker.unwrap_or_else(|| Waker::from(Arc::clone(self)));
        let polled = {
            let _scope = current::enter(self.pid());
            catch(|| driver.as_mut().poll(&mut TaskContext::from_waker(&waker)))
        };
        let mut inside = lock(&self.inside);
        inside.waker = Some(waker);
        match polled {
            Ok(_) => {
                inside.driver = Some(driver);
                inside.verdict.take()
            }
            // The driver catches the panics of handlers; one of its own must not be taken for an answer.
            Err(reason) => {
                drop(inside);
                discard(driver);
                Some(Verdict::Stop(reason))
            }
        }
    }

    /// Reads the control lane. `Some`: the server dies of it.
    pub(super) fn take_signals(&self) -> Option<ExitReason> {
        self.word.clear(SIGNAL);
        let signals = std::mem::take(&mut lock(&self.control).signals);
        signals.into_iter().find_map(|signal| self.weigh(signal))
    }

    fn weigh(&self, signal: Signal) -> Option<ExitReason> {
        let (from, reason) = match signal {
            Signal::Kill => return Some(ExitReason::Killed),
            Signal::Exit { from, reason, .. } => (from, reason),
        };
        let own = self.pid();
        let parent = from.is_some() && from == self.header.parent;
        let traps = self.header.traps_exit();
        if traps && !parent {
            let from = from.unwrap_or_else(|| Pid::new(own.node(), 0));
            self.queue_system(Message::Exit { from, reason });
            return None;
        }
        if traps || (parent && S::OPTIONS.terminate && !reason.is_normal()) {
            self.queue_system(Message::Stop(reason));
            return None;
        }
        (!reason.is_normal() || from == Some(own)).then_some(reason)
    }

    fn queue_system(&self, message: Message<S>) {
        if self.mailbox.push_system(message) {
            self.word.set(WORK);
        }
    }

    /// The server has to end for `reason`, in order: `terminate` first. The one who calls is inside, and goes out.
    pub(super) fn part(self: &Arc<Self>, reason: ExitReason) {
        lock(&self.inside).parting = Some(reason);
        self.word.set(WORK);
        self.run(Stay::Turns(Self::CALLER_TURNS));
    }

    // ===== death =====

    /// The end, in the one order that lets nobody see half of it: dead and closed, names free, callers told, state
    /// dropped, then links, monitors and the parent. The one who calls is inside, and goes out.
    pub(super) fn finish(self: &Arc<Self>, reason: ExitReason) {
        settle::scope(|| {
            let first = self.publish(&reason);
            if first && !reason.is_expected() {
                self.report_crash(&reason);
            }
            self.dispose();
            if first {
                settle::tell_forsaken();
                self.header.announce(&reason);
            }
        });
        self.word.clear(RUN);
        self.end_task();
    }

    /// Makes the death true for everybody who asks. `false`: it was before.
    fn publish(&self, reason: &ExitReason) -> bool {
        if !self.header.set_exit_reason(reason.clone()) {
            return false;
        }
        self.word.set(DEAD);
        let unread = self.mailbox.close();
        self.header.node.strike(self);
        let _scope = current::enter(self.pid());
        drop(unread);
        true
    }

    fn report_crash(&self, reason: &ExitReason) {
        let inside = lock(&self.inside);
        let state = inside.home.as_ref().and_then(|home| {
            let _scope = current::enter(self.pid());
            report::debug(|| home.state.get().debug_state())
        });
        let last = inside.home.as_ref().map(|home| home.last.to_string()).filter(|text| !text.is_empty());
        drop(inside);
        report::server_terminated(&self.header, reason, last.as_deref(), state.as_deref());
    }

    /// Drops what is inside, each value guarded.
    fn dispose(&self) {
        let (driver, home, next, waker) = {
            let mut inside = lock(&self.inside);
            (inside.driver.take(), inside.home.take(), inside.next.take(), inside.waker.take())
        };
        let _scope = current::enter(self.pid());
        discard(driver);
        discard(next);
        discard(home);
        drop(waker);
    }

    /// The task has nothing left to wait for.
    fn end_task(&self) {
        if let Some(waker) = self.task.get() {
            waker.wake_by_ref();
        }
    }

    /// Lets the one who runs `init` hear of signals.
    pub(super) fn set_starter(&self, waker: Option<Waker>) {
        lock(&self.control).starter = waker;
    }
}

impl<S: GenServer> Process for Cell<S> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn signal(self: Arc<Self>, signal: Signal) {
        let starter = {
            let mut control = lock(&self.control);
            control.signals.push(signal);
            control.starter.take()
        };
        let before = self.word.set(SIGNAL);
        if let Some(starter) = starter {
            starter.wake();
        }
        if before & (RUN | DEAD) == 0 {
            settle::attend(self);
        }
    }

    fn abandon(self: Arc<Self>, reason: ExitReason) {
        if self.word.acquire() {
            self.finish(reason);
        } else if self.publish(&reason) {
            // Whoever is inside drops the rest on the way out, if there ever is one.
            settle::scope(|| self.header.announce(&reason));
        }
        settle::tell_forsaken();
    }

    fn snapshot(&self) -> Snapshot {
        let word = self.word.load();
        let status = if word & DEAD != 0 {
            Status::Exiting
        } else if word & START != 0 {
            Status::Starting
        } else if word & BUSY != 0 {
            Status::Waiting
        } else if word & (RUN | WORK) != 0 {
            Status::Running
        } else {
            Status::Idle
        };
        Snapshot {
            status,
            mailbox_len: self.mailbox.len(),
            handled: self.handled.load(Ordering::Relaxed),
            restarts: 0,
        }
    }
}

impl<S: GenServer> Settle for Cell<S> {
    fn settle(self: Arc<Self>) {
        if self.word.acquire() {
            self.run(Stay::Signals);
        }
    }

    fn schedule(self: Arc<Self>) {
        self.wake_task();
    }
}

/// The server as a waker: what its handlers wait for wakes the server, whoever polled them.
impl<S: GenServer> Wake for Cell<S> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.word.set(WOKEN) & (RUN | WOKEN | DEAD) == 0 {
            self.wake_task();
        }
    }
}

/// The server's task: comes in whenever it is woken. Dropped before the server is dead, the runtime is shutting down.
struct ServerTask<S: GenServer>(Arc<Cell<S>>);

impl<S: GenServer> Future for ServerTask<S> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        let cell = &self.0;
        cell.task.get_or_init(|| cx.waker().clone());
        if cell.word.acquire() {
            cell.run(Stay::Turns(Cell::<S>::TASK_TURNS));
        }
        if cell.is_dead() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl<S: GenServer> Drop for ServerTask<S> {
    fn drop(&mut self) {
        if !self.0.is_dead() {
            Arc::clone(&self.0).runtime_gone();
        }
    }
}

impl std::fmt::Display for LastMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.text {
            Some(text) => write!(f, "{} {text}", self.kind),
            None if self.kind.is_empty() => Ok(()),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}
