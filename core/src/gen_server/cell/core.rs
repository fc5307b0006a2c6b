//! The core of a cell: what only the server's runner touches.

use std::task::Waker;

use super::batch::Batch;
use super::handling::Handlings;
use super::instance::Kept;
use super::message::Mail;
use super::tempo::Tempo;
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::handler::HandlerCode;
use crate::process::caller::Caller;
use crate::process::pid::Pid;
use crate::reply::abandoned::AbandonedCalls;
use crate::trace::GuardedSpan;

/// What only the runner touches.
pub(super) struct Core<S: GenServer> {
    /// Unless a handler that waits has it. Boxed: it moves between here and there, whatever its size.
    pub(super) instance: Option<Kept<S>>,
    /// Messages swapped out of the mailbox and not yet handled.
    pub(super) batch: Batch<Mail<S>>,
    pub(super) handlings: Handlings<S>,
    /// The cell itself, as the waker its handlers see.
    pub(super) waker: Option<Waker>,
    /// Of the handler that waits, where somebody listens.
    pub(super) span: Option<Box<GuardedSpan>>,
    pub(super) terminates: Terminates,
    pub(super) tempo: Tempo,
}

/// That the server has to terminate before anything else, and why.
#[derive(Default)]
pub(super) struct Terminates {
    pub(super) reason: Option<ExitReason>,
    /// Calls that were dropped unanswered by what it terminates for: they get its exit reason.
    pub(super) abandoned: AbandonedCalls,
    /// Who made the call that it crashes with, as far as that is known.
    pub(super) client: Option<Caller>,
}

impl<S: GenServer> Core<S> {
    pub(super) const fn new() -> Self {
        Self {
            instance: None,
            batch: Batch::new(),
            handlings: Handlings::new(),
            waker: None,
            span: None,
            terminates: Terminates {
                reason: None,
                abandoned: AbandonedCalls::new(),
                client: None,
            },
            tempo: Tempo::new(),
        }
    }
}

impl<S: GenServer> Core<S> {
    /// Whether there is nothing in it besides the instance.
    pub(super) fn is_bare(&self) -> bool {
        let held = self
            .instance
            .as_ref()
            .is_some_and(|it| it.get().cx.holds_something());
        !held && self.batch.is_empty() && self.span.is_none() && self.terminates.reason.is_none()
    }
}

impl Terminates {
    /// Who made the call that was handled last, if it was one.
    pub(super) fn client_of(&self, last: Option<HandlerCode>) -> Option<Caller> {
        self.client
            .filter(|_| last.is_some_and(HandlerCode::is_call))
    }

    /// The server has to terminate. Anyone it leaves without a reply hears of it when it has ended.
    pub(super) fn set(&mut self, by: Pid, reason: ExitReason) {
        self.reason = Some(reason);
        let abandoned = AbandonedCalls::take(by);
        if !abandoned.is_empty() {
            self.client = abandoned.last_caller().or(self.client);
            self.abandoned = abandoned;
        }
    }

    /// What is noted, to be dropped. `None`: nothing is.
    pub(super) fn take(&mut self) -> Option<Self> {
        (self.reason.is_some() || !self.abandoned.is_empty()).then(|| std::mem::take(self))
    }
}
