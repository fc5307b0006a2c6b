//! The cell: a server's state, mailbox and control lane, and its life as a process.
//!
//! There is no task to begin with: a caller who finds the cell idle comes in and runs the handler. The task is spawned
//! when something is queued for the first time. Who may be inside is said in [`word`], how one comes in and goes out in
//! `entry`, what is done there in `inside`, and how it ends in `death`.

// Who may be inside, and how one comes in and goes out.
pub(crate) mod state;
pub(crate) mod enter;
// What is inside.
pub(crate) mod core;
pub(crate) mod mailbox;
pub(crate) mod last_message;
// What is done there.
pub(crate) mod init;
pub(crate) mod run;
pub(crate) mod turn;
pub(crate) mod plainly;
pub(crate) mod job;
pub(crate) mod in_place;
pub(crate) mod asked;
pub(crate) mod tempo;
// How it ends.
pub(crate) mod stop;
pub(crate) mod death;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, Wake, Waker};

use crate::exit_reason::ExitReason;
use crate::gen_server::cell::core::Inside;
use crate::gen_server::cell::mailbox::{Mailbox, System};
use crate::gen_server::cell::run::Stay;
use crate::gen_server::cell::state::{
    BUSY, DEAD, QUEUE, RUN, SIGNAL, SPAN, START, WOKEN, WORK, Word,
};
use crate::gen_server::{GenServer, Inline};
use crate::planted::{Bug, planted};
use crate::process::deferred::{self, Settle};
use crate::process::info::{Snapshot, Status};
use crate::process::pid::Pid;
use crate::process::{Header, Process, Signal};
use crate::reply::abandoned;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Mutex, OnceLock, lock};

pub(crate) struct Cell<S: GenServer> {
    pub(in crate::gen_server) header: Header,
    pub(super) word: Word,
    handled: AtomicU64,
    pub(in crate::gen_server) mailbox: Mailbox<S>,
    /// Boxed while there is something in it, which is rare.
    control: Mutex<Option<Box<Control>>>,
    /// Locked by whoever set `RUN`, so never contended.
    inside: Mutex<Inside<S>>,
    pub(super) task: OnceLock<Waker>,
}

#[derive(Default)]
struct Control {
    signals: Vec<Signal>,
    /// The task that runs `init`.
    starter: Option<Waker>,
}

impl<S: GenServer> Cell<S> {
    /// A cell whose `init` is about to run.
    pub(super) fn new(header: Header) -> Arc<Self> {
        header.set_trap_exit(S::OPTIONS.trap_exit);
        let queue = if matches!(S::OPTIONS.inline, Inline::Never) {
            QUEUE
        } else {
            0
        };
        Arc::new(Self {
            header,
            word: Word::new(START | RUN | queue),
            handled: AtomicU64::new(0),
            mailbox: Mailbox::new(),
            control: Mutex::default(),
            inside: Mutex::new(Inside::new()),
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

    /// Whether the server's code runs in a span.
    #[inline]
    pub(super) fn has_span(&self) -> bool {
        self.word.load() & SPAN != 0
    }

    /// Counts a handled message. Only whoever is inside writes, so this needs no locked instruction.
    #[inline]
    pub(super) fn count(&self) {
        self.handled
            .store(self.handled.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// Reads the control lane. `Some`: the server dies of it.
    pub(super) fn take_signals(&self) -> Option<ExitReason> {
        self.word.clear(SIGNAL);
        let signals = lock(&self.control)
            .as_mut()
            .map(|control| std::mem::take(&mut control.signals))
            .unwrap_or_default();
        signals.into_iter().find_map(|signal| self.weigh(signal))
    }

    /// What a signal does. `Some`: the server dies of it.
    pub(super) fn weigh(&self, signal: Signal) -> Option<ExitReason> {
        let (from, reason) = match signal {
            Signal::Kill => return Some(ExitReason::Killed),
            Signal::Exit { from, reason, .. } => (from, reason),
        };
        let own = self.pid();
        let parent = from.is_some() && from == self.header.parent;
        let traps = self.header.traps_exit();
        if traps && !parent {
            let from = from.unwrap_or_else(|| Pid::new(own.node(), 0));
            self.queue_system(System::Exit { from, reason });
            return None;
        }
        if traps || (parent && S::OPTIONS.terminate && !reason.is_normal()) {
            self.queue_system(System::Stop(reason));
            return None;
        }
        (!reason.is_normal() || from == Some(own)).then_some(reason)
    }

    fn queue_system(&self, message: System) {
        if self.mailbox.push_system(message) {
            self.word.set(WORK);
        }
    }

    /// Asks the server to stop after what is queued.
    pub(super) fn request_stop(self: &Arc<Self>, reason: ExitReason) {
        if self.mailbox.push_system(System::Stop(reason)) {
            self.notify();
        }
    }

    /// Lets the one who runs `init` hear of signals.
    pub(super) fn set_starter(&self, waker: Option<Waker>) {
        let mut control = lock(&self.control);
        match (&mut *control, waker) {
            (Some(control), waker) => control.starter = waker,
            (None, None) => {}
            (none, waker) => {
                none.get_or_insert_default().starter = waker;
            }
        }
    }
}

impl<S: GenServer> Process for Cell<S> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn type_name(&self) -> &'static str {
        std::any::type_name::<S>()
    }

    fn signal(self: Arc<Self>, signal: Signal) {
        if planted(Bug::SignalNotedBeforePush) && self.word.set(SIGNAL) & (RUN | DEAD) == 0 {
            deferred::attend(Arc::clone(&self) as _);
        }
        let starter = {
            let mut control = lock(&self.control);
            let control = control.get_or_insert_default();
            control.signals.push(signal);
            control.starter.take()
        };
        let before = if planted(Bug::SignalNotedBeforePush) {
            RUN
        } else {
            self.word.set(SIGNAL)
        };
        if let Some(starter) = starter {
            starter.wake();
        }
        if before & (RUN | DEAD) == 0 {
            deferred::attend(self);
        }
    }

    fn end(self: Arc<Self>, signal: Signal) -> Option<ExitReason> {
        self.end_for_parent(signal)
    }

    fn fence(self: Arc<Self>, reason: ExitReason) {
        if self.word.acquire() {
            self.finish(&reason, false);
        } else if self.publish(&reason) {
            // Whoever is inside drops the rest on the way out, if there ever is one.
            deferred::scope(|| self.header.announce(&reason));
        }
        abandoned::notify(self.pid());
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
            self.run(Stay::SIGNALS);
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
        if planted(Bug::WakeLostWhileRunning) && self.word.load() & RUN != 0 {
            return;
        }
        let before = self.word.set(WOKEN);
        if planted(Bug::WakeLostBeforeTask) && before & BUSY != 0 && self.task.get().is_none() {
            return;
        }
        if before & (RUN | WOKEN | DEAD) == 0 {
            self.wake_task();
        }
    }
}

/// The server's task: comes in whenever it is woken. Dropped before the server is dead, the runtime is shutting down.
pub(super) struct ServerTask<S: GenServer>(pub(super) Arc<Cell<S>>);

impl<S: GenServer> Future for ServerTask<S> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        let cell = &self.0;
        if !planted(Bug::TaskWakerAfterLook) {
            cell.task.get_or_init(|| cx.waker().clone());
        }
        cell.run_task();
        if planted(Bug::TaskWakerAfterLook) {
            cell.task.get_or_init(|| cx.waker().clone());
        }
        if cell.is_dead() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl<S: GenServer> Drop for ServerTask<S> {
    fn drop(&mut self) {
        if !self.0.is_dead() {
            Arc::clone(&self.0).runtime_gone();
        }
    }
}
