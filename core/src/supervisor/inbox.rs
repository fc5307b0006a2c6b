//! The supervisor as a process: its inbox. The control lane comes first: kill, the parent's exit, exits of children.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

use crate::exit_reason::ExitReason;
use crate::guard::{Waiter, WakerSlot, discard};
use crate::planted::{Bug, planted};
use crate::process::current;
use crate::process::deferred;
use crate::process::pid::Pid;
use crate::process::status::{ProcessStatus, Status};
use crate::process::{Header, Process, Signal};
use crate::reply::abandoned;
use crate::rt::Sleep;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::request::SupervisorRequest;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Arc, Mutex, lock};

pub(crate) struct SupervisorProcess {
    header: Header,
    type_name: &'static str,
    inbox: Mutex<Inbox>,
    restarts: AtomicU64,
    handled: AtomicU64,
}

#[derive(Default)]
struct Inbox {
    killed: bool,
    parent_exit: Option<ExitReason>,
    exits: VecDeque<(Pid, ExitReason)>,
    /// Exits that are on their way: they come before every request.
    expected: usize,
    requests: VecDeque<Queued>,
    waker: WakerSlot,
    closed: bool,
}

enum Queued {
    Request(SupervisorRequest),
    TryAgain(ChildKey),
}

/// What a supervisor reacts to next.
pub(super) enum Event {
    ParentExit(ExitReason),
    ChildExit(Pid, ExitReason),
    Request(SupervisorRequest),
    TryAgain(ChildKey),
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
    pub(super) fn request(&self, request: SupervisorRequest) -> Result<(), SupervisorRequest> {
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
            if let Some(reason) = inbox.parent_exit.take() {
                return Poll::Ready(Event::ParentExit(reason));
            }
            if let Some((pid, reason)) = inbox.exits.pop_front() {
                return Poll::Ready(Event::ChildExit(pid, reason));
            }
            if inbox.expected == 0
                && let Some(item) = inbox.requests.pop_front()
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

    /// Ready once the parent wants this supervisor to end. The event stays in the inbox.
    pub(super) fn poll_parent_exit(&self, waker: &Waker) -> Poll<()> {
        let mut waiter = Waiter::new(waker);
        let mut inbox = lock(&self.inbox);
        if inbox.parent_exit.is_some() {
            return Poll::Ready(());
        }
        inbox.waker.register(&mut waiter);
        Poll::Pending
    }

    /// Takes the exit of a child out of the inbox, if it is there.
    pub(super) fn take_exit(&self, pid: Pid) -> Option<ExitReason> {
        let mut inbox = lock(&self.inbox);
        let at = inbox.exits.iter().position(|(exited, _)| *exited == pid)?;
        let taken = inbox.exits.remove(at);
        if planted(Bug::OtherExitsLost) {
            inbox.exits.clear();
        }
        taken.map(|(_, reason)| reason)
    }

    /// Waits for the exit of a child; `None` when `limit` is over first.
    pub(super) async fn wait_exit(
        &self,
        pid: Pid,
        limit: Option<&mut Sleep>,
    ) -> Option<ExitReason> {
        let mut limit = limit;
        poll_fn(|cx| {
            if let Some(reason) = self.take_exit(pid) {
                return Poll::Ready(Some(reason));
            }
            let mut waiter = Waiter::new(cx.waker());
            lock(&self.inbox).waker.register(&mut waiter);
            match &mut limit {
                Some(sleep) => std::pin::Pin::new(&mut **sleep).poll(cx).map(|()| None),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// The end, in the order every process dies in. Comes after the last child is gone.
    pub(super) fn finish(&self, reason: &ExitReason) {
        if !self.header.set_exit_reason(reason.clone()) {
            return;
        }
        let (requests, exits) = {
            let mut inbox = lock(&self.inbox);
            inbox.closed = true;
            (
                std::mem::take(&mut inbox.requests),
                std::mem::take(&mut inbox.exits),
            )
        };
        self.header.node.unregister(&self.header);
        {
            let _scope = current::enter(self.pid());
            for request in requests {
                discard(request);
            }
            // Reasons hold users' errors.
            for exit in exits {
                discard(exit);
            }
        }
        abandoned::notify(self.pid());
        deferred::scope(|| self.header.announce(reason));
    }
}

impl Process for SupervisorProcess {
    fn header(&self) -> &Header {
        &self.header
    }

    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn request_stop(self: Arc<Self>, reason: ExitReason) {
        discard(self.request(SupervisorRequest::Stop(reason)));
    }

    fn signal(self: Arc<Self>, signal: Signal) {
        let mut second = None;
        let waker = {
            let mut inbox = lock(&self.inbox);
            match signal {
                Signal::Kill => inbox.killed = true,
                Signal::Exit {
                    from: Some(from),
                    reason,
                    ..
                } if Some(from) == self.header.parent => {
                    // The first one counts. A user's error is not dropped under the lock.
                    if inbox.parent_exit.is_none() {
                        inbox.parent_exit = Some(reason);
                    } else {
                        second = Some(reason);
                    }
                }
                Signal::Exit {
                    from: Some(from),
                    reason,
                    linked: true,
                } => inbox.exits.push_back((from, reason)),
                // A stranger's exit signal is but a message to a process that traps exits, and means nothing here.
                Signal::Exit { .. } => return,
            }
            inbox.waker.take()
        };
        discard(second);
        waker.notify();
    }

    fn expect_exit(&self, coming: bool) {
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

    fn fence(self: Arc<Self>, reason: ExitReason) {
        let _scope = current::enter(self.pid());
        self.finish(&reason);
    }

    fn snapshot(&self) -> ProcessStatus {
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
