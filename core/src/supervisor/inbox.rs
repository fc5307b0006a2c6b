//! `Inbox`: what a supervisor takes events from. The control lane comes first: kill, the parent's exit, exits of children; then
//! requests, and its own messages to itself.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use crate::burst;
use crate::child::ChildId;
use crate::exit_reason::ExitReason;
use crate::guard::WakerSlot;
use crate::planted::{Bug, planted};
use crate::process::Signal;
use crate::process::pid::Pid;
use crate::supervisor::absent::Absent;
use crate::supervisor::exits::Exits;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::request::{Asked, SupervisorRequest};

#[derive(Default)]
pub(super) struct Inbox {
    pub(super) killed: bool,
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
    pub(super) starting: Option<ChildId>,
    /// Somebody sees to it that the supervisor ends.
    pub(super) watched: bool,
    pub(super) waker: WakerSlot,
    pub(super) closed: bool,
    /// How many children are dead that are to be started again, and whose ends the supervisor has not seen to.
    pub(super) missed: usize,
    pub(super) absent: Absent,
    /// It stops its children, and ends.
    pub(super) ends: bool,
    /// And none of them returns.
    pub(super) last: bool,
    /// Somebody is to look whether the exits that are on their way come.
    late_watched: bool,
    /// And some have not.
    late: bool,
    /// All children that should run do, as far as it has been told.
    pub(super) complete: bool,
}

pub(super) enum Queued {
    Request(Asked),
    TryAgain(ChildKey),
}

impl Queued {
    /// The process that waits for the answer; of one that waits for the supervisor's end, there is none.
    fn asked_by(&self) -> Option<Pid> {
        match self {
            Self::Request(Asked { request, by })
                if !matches!(request, SupervisorRequest::Stop(_)) =>
            {
                *by
            }
            Self::Request(_) | Self::TryAgain(_) => None,
        }
    }
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

impl Inbox {
    // ===== what comes in =====

    /// Behind what waits already. Handed back when the supervisor is gone.
    pub(super) fn push(&mut self, item: Queued) -> Result<(), Queued> {
        if self.closed {
            return Err(item);
        }
        if let Queued::Request(Asked { request, by }) = &item {
            self.stops += usize::from(matches!(request, SupervisorRequest::Stop(_)));
            if let Some(by) = by
                && request.ends_somebody()
            {
                *self.askers.entry(*by).or_default() += 1;
                if !planted(Bug::AskerNotHeard) {
                    self.new_askers.insert(*by);
                }
            }
        }
        if planted(Bug::RetryBeforeRequests) && matches!(item, Queued::TryAgain(_)) {
            self.requests.push_front(item);
            return Ok(());
        }
        self.requests.push_back(item);
        Ok(())
    }

    /// Takes a signal in. `true`: it is to end the supervisor. A reason that means nothing here is handed back.
    pub(super) fn push_signal(
        &mut self,
        signal: Signal,
        parent: Option<Pid>,
    ) -> (bool, Option<ExitReason>) {
        let is_parent = |from: &Pid| Some(*from) == parent;
        match signal {
            Signal::Kill => {
                self.killed = true;
                (true, None)
            }
            // Its parent was killed: nobody is to wait for what has no limit.
            Signal::Exit {
                from: Some(from),
                reason: ExitReason::Killed,
                ..
            } if is_parent(&from) => {
                self.killed = true;
                (true, None)
            }
            Signal::Leave { reason, asker, .. } => {
                (true, self.note_parent_exit(reason, Some(asker)))
            }
            Signal::Exit {
                from: Some(from),
                reason,
                ..
            } if is_parent(&from) => (true, self.note_parent_exit(reason, None)),
            Signal::Exit {
                from: Some(from),
                reason,
                linked: true,
            } if !self.closed => {
                self.exits.push(from, reason);
                (false, None)
            }
            // A stranger's exit signal is but a message to a process that traps exits, and means nothing here.
            Signal::Exit { reason, .. } => (false, Some(reason)),
        }
    }

    /// The first one counts; another one is handed back.
    fn note_parent_exit(&mut self, reason: ExitReason, asker: Option<Pid>) -> Option<ExitReason> {
        if self.parent_exit.is_some() {
            return Some(reason);
        }
        self.parent_exit = Some(ParentExit { reason, asker });
        None
    }

    /// An exit signal of a child is on its way, or has arrived.
    pub(super) fn expect_exit(&mut self, coming: bool) {
        if coming {
            self.expected += 1;
        } else {
            self.expected -= 1;
        }
    }

    /// A child is dead that is to be started again: its exit comes before those of others that die after it.
    /// `true`: somebody is to look whether it comes.
    pub(super) fn note_death(&mut self, child: Pid) -> bool {
        if planted(Bug::DeathsOutOfOrder) {
            return false;
        }
        self.exits.expect(child);
        !std::mem::replace(&mut self.late_watched, true)
    }

    /// Those whose exits have been on their way for a while are late.
    pub(super) fn look_for_late(&mut self) -> WakerSlot {
        self.late_watched = false;
        self.late = self.exits.is_expecting();
        if self.late {
            self.waker.take()
        } else {
            WakerSlot::new()
        }
    }

    /// The children whose exits are late, when somebody has looked.
    pub(super) fn take_late(&mut self) -> Vec<Pid> {
        if std::mem::take(&mut self.late) {
            self.exits.expected().collect()
        } else {
            Vec::new()
        }
    }

    pub(super) fn is_expected(&self, child: Pid) -> bool {
        self.exits.is_expected(child)
    }

    /// The end of a child is seen to.
    pub(super) fn note_seen(&mut self, child: Pid) {
        self.exits.forget(child);
    }

    /// What has arrived waits no longer for the exits of those that died before.
    pub(super) fn release(&mut self) {
        self.exits.release();
    }

    // ===== what is there =====

    /// Whether an exit waits for that of a child that died before.
    pub(super) const fn is_held(&self) -> bool {
        self.exits.is_held()
    }

    pub(super) fn is_told_to_end(&self) -> bool {
        self.parent_exit.is_some() || self.stops > 0
    }

    pub(super) fn len(&self) -> usize {
        self.requests.len() + self.exits.len()
    }

    pub(super) fn has_asked(&self, process: Pid) -> bool {
        self.askers.contains_key(&process)
    }

    pub(super) fn askers(&self) -> Vec<Pid> {
        self.askers.keys().copied().collect()
    }

    // ===== what is taken out =====

    /// The next event. `true`: it was queued.
    pub(super) fn next(&mut self) -> Option<(Event, bool)> {
        if let Some(exit) = self.parent_exit.take() {
            return Some((Event::ParentExit(exit), false));
        }
        if let Some((pid, reason)) = self.exits.pop() {
            return Some((Event::ChildExit(pid, reason), false));
        }
        if (self.expected > 0 || self.exits.is_held()) && !planted(Bug::RequestsOvertakeExits) {
            return None;
        }
        let item = self.requests.pop_front()?;
        burst::shrink_queue(&mut self.requests);
        self.forget(&item);
        let event = match item {
            Queued::Request(request) => Event::Request(request),
            Queued::TryAgain(key) => Event::TryAgain(key),
        };
        Some((event, true))
    }

    /// What a supervisor hears that waits for the exit of a child, `None`: of any.
    pub(super) fn hear(&mut self, child: Option<Pid>) -> Option<Heard> {
        if let Some(asker) = self.new_askers.pop_first() {
            return Some(Heard::Asker(asker));
        }
        let (pid, reason) = match child {
            Some(pid) => (pid, self.take_exit(pid)?),
            None => self.exits.pop_any()?,
        };
        Some(Heard::Exit(pid, reason))
    }

    /// Takes the exit of a child, if it is there.
    pub(super) fn take_exit(&mut self, pid: Pid) -> Option<ExitReason> {
        let taken = self.exits.take(pid)?;
        if planted(Bug::OtherExitsLost) {
            self.exits.clear();
        }
        Some(taken)
    }

    /// Takes the reason for which somebody wants the supervisor to stop.
    pub(super) fn take_stop(&mut self) -> Option<ExitReason> {
        let is_stop = |item: &Queued| matches!(item, Queued::Request(asked) if matches!(asked.request, SupervisorRequest::Stop(_)));
        let at = self.requests.iter().position(is_stop)?;
        let item = self.requests.remove(at)?;
        self.forget(&item);
        match item {
            Queued::Request(Asked {
                request: SupervisorRequest::Stop(reason),
                ..
            }) => Some(reason),
            _ => None,
        }
    }

    /// Whether a process waits for an answer.
    pub(super) fn has_requests_of_processes(&self) -> bool {
        self.requests.iter().any(|item| item.asked_by().is_some())
    }

    /// Takes out the requests of these processes, which wait for an answer.
    pub(super) fn take_requests_of(&mut self, processes: &HashSet<Pid>) -> Vec<SupervisorRequest> {
        let is_theirs = |item: &Queued| item.asked_by().is_some_and(|by| processes.contains(&by));
        let all = std::mem::take(&mut self.requests);
        let (theirs, others) = all.into_iter().partition(is_theirs);
        self.requests = others;
        let theirs: VecDeque<Queued> = theirs;
        let taken = theirs.into_iter().filter_map(|item| {
            self.forget(&item);
            match item {
                Queued::Request(asked) => Some(asked.request),
                Queued::TryAgain(_) => None,
            }
        });
        taken.collect()
    }

    /// Takes all that nobody will see to.
    pub(super) fn take_unread(&mut self) -> (VecDeque<Queued>, Exits) {
        (
            std::mem::take(&mut self.requests),
            std::mem::take(&mut self.exits),
        )
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
