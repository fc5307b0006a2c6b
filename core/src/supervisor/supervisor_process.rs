//! `SupervisorProcess`: a supervisor as a process, with its inbox, its signs of life, and what is left when it ends.

use std::any::Any;
use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::task::{Poll, Waker};
use std::time::Duration;

use crate::child::{ChildId, ChildType};
use crate::exit_reason::ExitReason;
use crate::guard::{Waiter, discard};
use crate::process::current;
use crate::process::deferred;
use crate::process::pid::Pid;
use crate::process::status::{ProcessStatus, Status};
use crate::process::{Header, Process, Signal};
use crate::reply::abandoned;
use crate::rt::{self, Sleep};
use crate::supervisor::Partitions;
use crate::supervisor::driver::leftovers::Leftovers;
use crate::supervisor::inbox::{Event, Heard, Inbox, Queued};
use crate::supervisor::plan::ChildKey;
use crate::supervisor::pulse::Pulse;
use crate::supervisor::readiness::Readiness;
use crate::supervisor::request::{Asked, SupervisorRequest};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Mutex, OnceLock, lock};

/// How long an exit waits for that of a child that died before, whose destructor may take its time.
const HELD: Duration = Duration::from_millis(10);

/// Why a supervisor has ended by itself, beyond the reason: a text for reports.
pub(crate) fn why(process: &dyn Process) -> Option<&str> {
    let any: &dyn Any = process;
    let supervisor = any.downcast_ref::<SupervisorProcess>()?;
    supervisor.why.get().map(String::as_str)
}

pub(crate) struct SupervisorProcess {
    header: Header,
    type_name: &'static str,
    pub(super) inbox: Mutex<Inbox>,
    restarts: AtomicU64,
    handled: AtomicU64,
    pub(super) pulse: Pulse,
    readiness: Arc<Readiness>,
    partitions: OnceLock<Partitions>,
    /// Why it ends by itself.
    why: OnceLock<String>,
}

impl SupervisorProcess {
    pub(super) fn new(header: Header, type_name: &'static str) -> Arc<Self> {
        header.set_trap_exit(true);
        Arc::new(Self {
            header,
            type_name,
            inbox: Mutex::default(),
            restarts: AtomicU64::new(0),
            handled: AtomicU64::new(0),
            pulse: Pulse::new(),
            readiness: Arc::default(),
            partitions: OnceLock::new(),
            why: OnceLock::new(),
        })
    }

    pub(crate) const fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) const fn pid(&self) -> Pid {
        self.header.pid
    }

    pub(super) const fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// Whether all that should run below it does.
    pub(super) const fn readiness(&self) -> &Arc<Readiness> {
        &self.readiness
    }

    /// The handles of its partitions, if it has any.
    pub(super) fn partitions(&self) -> Option<&Partitions> {
        self.partitions.get()
    }

    pub(super) fn set_partitions(&self, partitions: Partitions) {
        let _set_once = self.partitions.set(partitions);
    }

    pub(super) fn note_why(&self, why: String) {
        let _ends_once = self.why.set(why);
    }

    pub(super) fn count_restart(&self) {
        self.restarts.fetch_add(1, Ordering::Relaxed);
        #[cfg(feature = "metrics")]
        self.header.meters(self.type_name()).note_restart();
    }

    // ===== what comes in =====

    /// Queues a request. Handed back when the supervisor is gone.
    pub(super) fn request(&self, request: Asked) -> Result<(), Asked> {
        self.queue(Queued::Request(request))
            .map_err(|item| match item {
                Queued::Request(request) => request,
                Queued::TryAgain(_) => unreachable!("what was queued is what is handed back"),
            })
    }

    /// Queues another attempt, behind what waits already: OTP's message to itself.
    pub(super) fn try_again_later(&self, key: ChildKey) {
        let _closed = self.queue(Queued::TryAgain(key)).is_err();
    }

    fn queue(&self, item: Queued) -> Result<(), Queued> {
        let waker = {
            let mut inbox = lock(&self.inbox);
            inbox.push(item)?;
            inbox.waker.take()
        };
        waker.notify();
        Ok(())
    }

    /// Takes a signal in. `true`: it is to end the supervisor.
    pub(super) fn push_signal(&self, signal: Signal) -> bool {
        let mut inbox = lock(&self.inbox);
        let (ends, left) = inbox.push_signal(signal, self.header.parent);
        let waker = inbox.waker.take();
        drop(inbox);
        // A user's error is not dropped under the lock.
        discard(left);
        waker.notify();
        ends
    }

    /// A moment after a death: exits that have not come are late.
    pub(super) fn look_for_late(&self) {
        let waker = lock(&self.inbox).look_for_late();
        waker.notify();
    }

    /// The children whose exits are late, when somebody has looked.
    pub(super) fn take_late(&self) -> Vec<Pid> {
        lock(&self.inbox).take_late()
    }

    /// Whether this child is dead, and its exit has not come.
    pub(super) fn is_expected(&self, child: Pid) -> bool {
        lock(&self.inbox).is_expected(child)
    }

    /// An exit signal of a child is on its way, or has arrived.
    pub(super) fn note_expected(&self, coming: bool) {
        let waker = {
            let mut inbox = lock(&self.inbox);
            inbox.expect_exit(coming);
            if coming {
                return;
            }
            inbox.waker.take()
        };
        waker.notify();
    }

    // ===== what its task takes out =====

    /// The next event. A kill is none: see [`poll_killed`](Self::poll_killed).
    pub(super) async fn next(&self) -> Event {
        let mut held = None;
        poll_fn(|cx| {
            std::task::ready!(rt::poll_budget(cx));
            let mut waiter = Waiter::new(cx.waker());
            let mut inbox = lock(&self.inbox);
            let (event, queued) = loop {
                if let Some(next) = inbox.next() {
                    break next;
                }
                inbox.waker.register(&mut waiter);
                if !inbox.is_held() {
                    return Poll::Pending;
                }
                drop(inbox);
                let sleep = held.get_or_insert_with(|| {
                    let runtime = &self.header().node.runtime;
                    runtime.sleep_until(rt::deadline(HELD))
                });
                std::task::ready!(std::pin::Pin::new(sleep).poll(cx));
                held = None;
                inbox = lock(&self.inbox);
                inbox.release();
            };
            drop(inbox);
            if queued {
                self.handled.fetch_add(1, Ordering::Relaxed);
            }
            Poll::Ready(event)
        })
        .await
    }

    /// Ready once the supervisor was killed.
    pub(super) fn poll_killed(&self, waker: &Waker) -> Poll<()> {
        self.poll_until(waker, |inbox| inbox.killed)
    }

    /// Ready once somebody wants this supervisor to end: its parent, or one who stops it. The event stays in the inbox.
    pub(super) fn poll_told_to_end(&self, waker: &Waker) -> Poll<()> {
        self.poll_until(waker, Inbox::is_told_to_end)
    }

    fn poll_until(&self, waker: &Waker, is_so: impl Fn(&Inbox) -> bool) -> Poll<()> {
        let mut waiter = Waiter::new(waker);
        let mut inbox = lock(&self.inbox);
        if is_so(&inbox) {
            return Poll::Ready(());
        }
        inbox.waker.register(&mut waiter);
        Poll::Pending
    }

    pub(super) fn is_told_to_end(&self) -> bool {
        lock(&self.inbox).is_told_to_end()
    }

    pub(super) fn is_killed(&self) -> bool {
        lock(&self.inbox).killed
    }

    /// Takes the reason out of the inbox for which somebody wants the supervisor to stop.
    pub(super) fn take_stop(&self) -> Option<ExitReason> {
        lock(&self.inbox).take_stop()
    }

    /// Takes the exit of a child out of the inbox, if it is there.
    pub(super) fn take_exit(&self, pid: Pid) -> Option<ExitReason> {
        lock(&self.inbox).take_exit(pid)
    }

    /// Waits for the exit of a child, `None`: of any; or for somebody who may be in its way. `None` when `limit` is over first.
    pub(super) async fn hear(
        &self,
        child: Option<Pid>,
        limit: Option<&mut Sleep>,
    ) -> Option<Heard> {
        let mut limit = limit;
        poll_fn(|cx| {
            let mut waiter = Waiter::new(cx.waker());
            let mut inbox = lock(&self.inbox);
            if let Some(heard) = inbox.hear(child) {
                return Poll::Ready(Some(heard));
            }
            inbox.waker.register(&mut waiter);
            drop(inbox);
            match &mut limit {
                Some(sleep) => std::pin::Pin::new(&mut **sleep).poll(cx).map(|()| None),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Takes out the requests of processes that `these` gives, once there is a request of any.
    pub(super) fn take_requests_of(
        &self,
        these: impl FnOnce() -> HashSet<Pid>,
    ) -> Vec<SupervisorRequest> {
        if !lock(&self.inbox).has_requests_of_processes() {
            return Vec::new();
        }
        let these = these();
        lock(&self.inbox).take_requests_of(&these)
    }

    /// A process that waits for an end it has asked this supervisor for, and is this child or below it.
    pub(super) fn asker_within(&self, child: &Header, child_type: ChildType) -> Option<Pid> {
        let inbox = lock(&self.inbox);
        if child_type == ChildType::Worker {
            return inbox.has_asked(child.pid).then_some(child.pid);
        }
        let askers = inbox.askers();
        drop(inbox);
        askers.into_iter().find(|asker| child.is_above(*asker))
    }

    /// Whether there is something to see to.
    pub(super) fn has_events(&self) -> bool {
        let inbox = lock(&self.inbox);
        inbox.len() > 0 || inbox.is_told_to_end()
    }

    // ===== what others look at =====

    /// Notes the child that is being started, for reports; `None`: it has been.
    pub(super) fn note_starting(&self, child: Option<&ChildId>) {
        self.pulse.beat();
        let child = child.cloned();
        let before = std::mem::replace(&mut lock(&self.inbox).starting, child);
        // Ids guard themselves.
        drop(before);
    }

    pub(super) fn starting(&self) -> Option<ChildId> {
        lock(&self.inbox).starting.clone()
    }

    /// Lets the supervisor's task have a turn.
    pub(super) fn look_again(&self) {
        let waker = lock(&self.inbox).waker.take();
        waker.notify();
    }

    /// `true`, for the first who asks: to see to it that the supervisor ends is up to the asker.
    pub(super) fn begin_vigil(&self) -> bool {
        let watched = std::mem::replace(&mut lock(&self.inbox).watched, true);
        !watched && self.header.exit_reason().is_none()
    }

    pub(super) fn status(&self) -> ProcessStatus {
        let waiting = lock(&self.inbox).len();
        let status = match (self.header.exit_reason(), waiting) {
            (Some(_), _) => Status::Exiting,
            (None, 0) => Status::Idle,
            (None, _) => Status::Running,
        };
        ProcessStatus {
            status,
            mailbox_len: waiting,
            handled: self.handled.load(Ordering::Relaxed),
            dropped: 0,
            restarts: self.restarts.load(Ordering::Relaxed),
        }
    }

    // ===== its end =====

    /// Makes the end true for everybody who asks. `false`: it was before.
    pub(super) fn mark_exited(&self, reason: &ExitReason) -> bool {
        if !self.header.set_exit_reason(reason.clone()) {
            return false;
        }
        let absences = {
            let mut inbox = lock(&self.inbox);
            inbox.closed = true;
            inbox.absent.take_all()
        };
        // Those above it miss it before it counts no more.
        self.header.node.note_dead(&self.header, absences);
        self.header.leave_struck();
        self.readiness.end().notify();
        true
    }

    /// Drops what the closed inbox holds, as the supervisor: who waits for an answer is told. What is a user's is dropped by a
    /// task of its own.
    pub(super) fn drop_unread(&self) {
        let (requests, exits) = lock(&self.inbox).take_unread();
        {
            let _scope = current::enter(self.pid());
            let mut leftovers = Leftovers::default();
            for item in requests {
                if let Queued::Request(asked) = item {
                    leftovers.leave_request(asked.request);
                }
            }
            for reason in exits.into_reasons() {
                leftovers.leave_end(reason, None);
            }
            leftovers.drop_on(&self.header.node.runtime, || false);
        }
        abandoned::notify(self.pid());
    }

    /// The end, in the order every process dies in. Comes after the last child is gone.
    pub(super) fn finish(&self, reason: &ExitReason) {
        if self.mark_exited(reason) {
            self.drop_unread();
        }
        self.announce();
    }

    /// Tells of the death, if nobody has.
    pub(super) fn announce(&self) {
        if let Some(reason) = self.header.exit_reason() {
            deferred::scope(|| self.header.announce(reason));
        }
    }
}
