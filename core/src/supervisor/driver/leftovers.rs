//! What a supervisor is done with, and whose destructor is a user's: the arguments of a child that is forgotten, the error that
//! one ended with. It may block, so it is dropped in a task of its own, and the supervisor goes on.

use std::sync::Arc;

use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::process::Process;
use crate::start_error::StartError;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::driver::Driver;

/// So many are dropped in one task, at the most.
const MOST: usize = 256;

#[expect(dead_code, reason = "it is there to be dropped")]
pub(super) enum Leftover {
    Spec(ChildSpec),
    Start(StartError),
    /// The process keeps the reason, too.
    End(ExitReason, Option<Arc<dyn Process>>),
}

impl Driver {
    pub(super) fn leave_spec(&mut self, spec: ChildSpec) {
        if !spec.is_plain() {
            self.leftovers.push(Leftover::Spec(spec));
        }
    }

    pub(super) fn leave_error(&mut self, error: StartError) {
        self.leftovers.push(Leftover::Start(error));
    }

    pub(super) fn leave_end(&mut self, reason: ExitReason, process: Option<Arc<dyn Process>>) {
        if matches!(reason, ExitReason::Error(_)) {
            self.leftovers.push(Leftover::End(reason, process));
        }
    }

    /// Has what is left dropped, before the supervisor waits.
    pub(super) fn drop_leftovers(&mut self) {
        if self.leftovers.is_empty() || (self.leftovers.len() < MOST && self.me.has_events()) {
            return;
        }
        let leftovers = std::mem::take(&mut self.leftovers);
        self.me.header().node.runtime.spawn(async move {
            leftovers.into_iter().for_each(discard);
        });
    }
}
