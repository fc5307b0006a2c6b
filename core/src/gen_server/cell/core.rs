//! The core of a cell: what only the one who runs the server touches.

use std::task::Waker;

use tracing::Span;

use super::job::Handlings;
use super::last_message::LastMessage;
use super::mailbox::Batch;
use super::message::Mail;
use super::tempo::Tempo;
use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::{Context, GenServer};
use crate::guard::Guarded;
use crate::reply::abandoned::AbandonedCalls;
use crate::sync::Arc;

/// What only the one who runs the server touches.
pub(super) struct Core<S: GenServer> {
    /// Unless a handler that waits has it. Boxed: it moves between here and there, whatever its size.
    pub(super) instance: Option<Box<Instance<S>>>,
    /// Messages swapped out of the mailbox and not yet handled.
    pub(super) batch: Batch<Mail<S>>,
    pub(super) handlings: Handlings<S>,
    /// The cell itself, as the waker its handlers see.
    pub(super) waker: Option<Waker>,
    /// What `tracing` knows it by, where somebody listens.
    pub(super) span: Option<Box<Span>>,
    pub(super) terminates: Terminates,
    pub(super) tempo: Tempo,
}

/// That the server has to terminate before anything else, and why.
#[derive(Default)]
pub(super) struct Terminates {
    pub(super) reason: Option<ExitReason>,
    /// Calls that were dropped unanswered by what it terminates for: they get its exit reason.
    pub(super) abandoned: AbandonedCalls,
}

/// One incarnation of a server: its state, its context, and its last message.
pub(crate) struct Instance<S: GenServer> {
    pub(super) state: Guarded<S>,
    pub(super) cx: Context<S>,
    pub(super) last: LastMessage,
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
            },
            tempo: Tempo::new(),
        }
    }

    /// The waker, made for the first handler that may wait. `None`: there is no server any more.
    #[inline]
    pub(super) fn take_waker(&mut self) -> Option<Waker> {
        if let Some(waker) = self.waker.take() {
            return Some(waker);
        }
        let cell = self.instance.as_ref()?.cx.cell();
        Some(Waker::from(Arc::clone(cell)))
    }
}

impl<S: GenServer> Instance<S> {
    /// Terminates, where that does not wait. `Some`: it is done, and this is the reason the server ends with.
    pub(super) fn try_terminate(&mut self, reason: &ExitReason) -> Option<ExitReason> {
        let Self { state, cx, .. } = self;
        let mut done = false;
        let terminated = catch_dyn(&mut || done = state.get_mut().try_terminate(reason, cx));
        let ended = match terminated {
            Ok(()) if done => reason.clone(),
            Ok(()) => return None,
            // OTP: a `terminate` that fails is the reason then.
            Err(panic) => panic,
        };
        cx.send_held_replies();
        Some(ended)
    }
}
