//! The supervisor as a process: its inbox. The control lane comes first: kill, the parent's exit, exits of children.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use crate::burst;
use crate::child::{ChildId, ChildType};
use crate::exit_reason::ExitReason;
use crate::guard::{Waiter, WakerSlot, discard};
use crate::planted::{Bug, planted};
use crate::process::current;
use crate::process::deferred;
use crate::process::pid::Pid;
use crate::process::status::{ProcessStatus, Status};
use crate::process::{Header, Signal};
use crate::reply::abandoned;
use crate::rt::Sleep;
use crate::supervisor::driver::leftovers::Leftovers;
use crate::supervisor::exits::Exits;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::pulse::Pulse;
use crate::supervisor::request::{Asked, SupervisorRequest};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Mutex, lock};

pub(crate) struct SupervisorProcess {
    header: Header,
    type_name: &'static str,
    inbox: Mutex<Inbox>,
    restarts: AtomicU64,
    handled: AtomicU64,
    pub(super) pulse: Pulse,
}

#[derive(Default)]
struct Inbox {
    killed: bool,
    parent_exit: Option<ParentExit>,
    exits: Exits,
    /// Exits that are on their way: they come before every request.
    expected: usize,
    requests: VecDeque<Queued>,
    /// How many of the requests are for the supervisor's own end.
    stops: usize,
    /// The processes that have asked for an end, and wait: how often each is among the requests.
    askers: BTreeMap<Pid, u32>,
    /// Those among them of whom a supervisor that waits has not heard.
    new_askers: BTreeSet<Pid>,
    /// The child that is being started.
    starting: Option<ChildId>,
    /// Somebody sees to it that the supervisor ends.
    watched: bool,
    waker: WakerSlot,
    closed: bool,
}

enum Queued {
    Request(Asked),
    TryAgain(ChildKey),
}

/// The parent wants the supervisor to end.
#[derive(Debug)]
pub(super) struct ParentExit {
    pub(super) reason: ExitReason,
    /// A process below the supervisor that has asked for it, and waits.
    pub(super) asker: Option<Pid>,
}

/// What a supervisor reacts to next.
pub(super) enum Event {
    ParentExit(ParentExit),
    ChildExit(Pid, ExitReason),
    Request(Asked),
    TryAgain(ChildKey),
}

/// What a supervisor hears that waits for children to end.
pub(super) enum Heard {
    Exit(Pid, ExitReason),
    /// This process has asked for an end, and waits for it: perhaps it is one of those that are to end.
    Asker(Pid),
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
        })
    }

    pub(crate) const fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) const fn pid(&self) -> Pid {
        self.header.pid
    }

    pub(super) fn count_restart(&self) {
        self.restarts.fetch_add(1, Ordering::Relaxed);
    }

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
            if inbox.closed {
                return Err(item);
            }
            if let Queued::Request(Asked { request, by }) = &item {
                inbox.stops += usize::from(matches!(request, SupervisorRequest::Stop(_)));
                if let Some(by) = by
                    && request.ends_somebody()
                {
                    *inbox.askers.entry(*by).or_default() += 1;
                    if !planted(Bug::AskerNotHeard) {
                        inbox.new_askers.insert(*by);
                    }
                }
            }
            inbox.requests.push_back(item);
            inbox.waker.take()
        };
        waker.notify();
        Ok(())
    }

    /// The next event. A kill is none: see [`poll_killed`](Self::poll_killed).
    pub(super) async fn next(&self) -> Event {
        poll_fn(|cx| {
            std::task::ready!(crate::rt::poll_budget(cx));
            let mut waiter = Waiter::new(cx.waker());
            let mut inbox = lock(&self.inbox);
            if let Some(exit) = inbox.parent_exit.take() {
                return Poll::Ready(Event::ParentExit(exit));
            }
            if let Some((pid, reason)) = inbox.exits.pop() {
                return Poll::Ready(Event::ChildExit(pid, reason));
            }
            if inbox.expected == 0
                && let Some(item) = inbox.pop_request()
            {
                drop(inbox);
                self.handled.fetch_add(1, Ordering::Relaxed);
                return Poll::Ready(match item {
                    Queued::Request(request) => Event::Request(request),
                    Queued::TryAgain(key) => Event::TryAgain(key),
                });
            }
            inbox.waker.register(&mut waiter);
            Poll::Pending
        })
        .await
    }

    /// Ready once the supervisor was killed.
    pub(super) fn poll_killed(&self, waker: &Waker) -> Poll<()> {
        let mut waiter = Waiter::new(waker);
        let mut inbox = lock(&self.inbox);
        if inbox.killed {
            return Poll::Ready(());
        }
        inbox.waker.register(&mut waiter);
        Poll::Pending
    }

    /// Ready once somebody wants this supervisor to end: its parent, or one who stops it. The event stays in the inbox.
    pub(super) fn poll_told_to_end(&self, waker: &Waker) -> Poll<()> {
        let mut waiter = Waiter::new(waker);
        let mut inbox = lock(&self.inbox);
        if inbox.is_told_to_end() {
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

    /// Notes the child that is being started, for reports; `None`: it has been.
    pub(super) fn note_starting(&self, child: Option<&ChildId>) {
        self.pulse.beat();
        let child = child.cloned();
        let before = std::mem::replace(&mut lock(&self.inbox).starting, child);
        discard(before);
    }

    pub(super) fn starting(&self) -> Option<ChildId> {
        lock(&self.inbox).starting.clone()
    }

    /// Takes the reason out of the inbox for which somebody wants the supervisor to stop.
    pub(super) fn take_stop(&self) -> Option<ExitReason> {
        let mut inbox = lock(&self.inbox);
        let is_stop = |item: &Queued| matches!(item, Queued::Request(asked) if matches!(asked.request, SupervisorRequest::Stop(_)));
        let at = inbox.requests.iter().position(is_stop)?;
        let item = inbox.requests.remove(at)?;
        inbox.forget(&item);
        match item {
            Queued::Request(Asked {
                request: SupervisorRequest::Stop(reason),
                ..
            }) => Some(reason),
            _ => None,
        }
    }

    /// Takes the exit of a child out of the inbox, if it is there.
    pub(super) fn take_exit(&self, pid: Pid) -> Option<ExitReason> {
        let mut inbox = lock(&self.inbox);
        let taken = inbox.exits.take(pid)?;
        if planted(Bug::OtherExitsLost) {
            inbox.exits.clear();
        }
        Some(taken)
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
            if let Some(asker) = inbox.new_askers.pop_first() {
                return Poll::Ready(Some(Heard::Asker(asker)));
            }
            let exit = match child {
                Some(pid) => inbox.exits.take(pid).map(|reason| (pid, reason)),
                None => inbox.exits.pop(),
            };
            if let Some((pid, reason)) = exit {
                if planted(Bug::OtherExitsLost) && child.is_some() {
                    inbox.exits.clear();
                }
                return Poll::Ready(Some(Heard::Exit(pid, reason)));
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

    /// A process that waits for an end it has asked this supervisor for, and is this child or below it.
    pub(super) fn asker_within(&self, child: &Header, child_type: ChildType) -> Option<Pid> {
        let inbox = lock(&self.inbox);
        if child_type == ChildType::Worker {
            return inbox.askers.contains_key(&child.pid).then_some(child.pid);
        }
        let askers: Vec<_> = inbox.askers.keys().copied().collect();
        drop(inbox);
        askers.into_iter().find(|asker| child.is_above(*asker))
    }

    /// Whether there is something to see to.
    pub(super) fn has_events(&self) -> bool {
        let inbox = lock(&self.inbox);
        inbox.exits.len() > 0 || !inbox.requests.is_empty() || inbox.is_told_to_end()
    }

    /// Lets the supervisor's task have a turn.
    pub(super) fn look_again(&self) {
        let waker = lock(&self.inbox).waker.take();
        waker.notify();
    }

    /// Makes the end true for everybody who asks. `false`: it was before.
    pub(super) fn mark_exited(&self, reason: &ExitReason) -> bool {
        if !self.header.set_exit_reason(reason.clone()) {
            return false;
        }
        lock(&self.inbox).closed = true;
        self.header.node.free_name(&self.header);
        true
    }

    /// Drops what the closed inbox holds, as the supervisor: who waits for an answer is told. What is a user's is dropped by a
    /// task of its own.
    pub(super) fn drop_unread(&self) {
        let (requests, exits) = {
            let mut inbox = lock(&self.inbox);
            (
                std::mem::take(&mut inbox.requests),
                std::mem::take(&mut inbox.exits),
            )
        };
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

    /// Takes a signal in. `true`: it is to end the supervisor.
    pub(super) fn push_signal(&self, signal: Signal) -> bool {
        let mut inbox = lock(&self.inbox);
        let is_parent = |from: &Pid| Some(*from) == self.header.parent;
        let (ends, left) = match signal {
            Signal::Kill => {
                inbox.killed = true;
                (true, None)
            }
            Signal::Leave { reason, asker, .. } => {
                (true, inbox.note_parent_exit(reason, Some(asker)))
            }
            Signal::Exit {
                from: Some(from),
                reason,
                ..
            } if is_parent(&from) => (true, inbox.note_parent_exit(reason, None)),
            Signal::Exit {
                from: Some(from),
                reason,
                linked: true,
            } if !inbox.closed => {
                inbox.exits.push(from, reason);
                (false, None)
            }
            // A stranger's exit signal is but a message to a process that traps exits, and means nothing here.
            Signal::Exit { reason, .. } => (false, Some(reason)),
        };
        let waker = inbox.waker.take();
        drop(inbox);
        // A user's error is not dropped under the lock.
        discard(left);
        waker.notify();
        ends
    }

    /// An exit signal of a child is on its way, or has arrived.
    pub(super) fn note_expected(&self, coming: bool) {
        let waker = {
            let mut inbox = lock(&self.inbox);
            if coming {
                inbox.expected += 1;
                return;
            }
            inbox.expected -= 1;
            inbox.waker.take()
        };
        waker.notify();
    }

    /// `true`, for the first who asks: to see to it that the supervisor ends is up to the asker.
    pub(super) fn begin_vigil(&self) -> bool {
        let watched = std::mem::replace(&mut lock(&self.inbox).watched, true);
        !watched && self.header.exit_reason().is_none()
    }

    pub(super) const fn type_name(&self) -> &'static str {
        self.type_name
    }

    pub(super) fn status(&self) -> ProcessStatus {
        let inbox = lock(&self.inbox);
        let waiting = inbox.requests.len() + inbox.exits.len();
        let status = match (self.header.exit_reason(), waiting) {
            (Some(_), _) => Status::Exiting,
            (None, 0) => Status::Idle,
            (None, _) => Status::Running,
        };
        ProcessStatus {
            status,
            mailbox_len: waiting,
            handled: self.handled.load(Ordering::Relaxed),
            restarts: self.restarts.load(Ordering::Relaxed),
        }
    }
}

impl Inbox {
    /// The first one counts; another one is handed back.
    fn note_parent_exit(&mut self, reason: ExitReason, asker: Option<Pid>) -> Option<ExitReason> {
        if self.parent_exit.is_some() {
            return Some(reason);
        }
        self.parent_exit = Some(ParentExit { reason, asker });
        None
    }

    fn is_told_to_end(&self) -> bool {
        self.parent_exit.is_some() || self.stops > 0
    }

    fn pop_request(&mut self) -> Option<Queued> {
        let item = self.requests.pop_front()?;
        burst::shrink_queue(&mut self.requests);
        self.forget(&item);
        Some(item)
    }

    /// A request is about to be seen to.
    fn forget(&mut self, item: &Queued) {
        if let Queued::Request(Asked { request, by }) = item {
            self.stops -= usize::from(matches!(request, SupervisorRequest::Stop(_)));
            if let Some(by) = by
                && request.ends_somebody()
                && let Some(times) = self.askers.get_mut(by)
            {
                *times -= 1;
                if *times == 0 {
                    self.askers.remove(by);
                    self.new_askers.remove(by);
                }
            }
        }
    }
}
