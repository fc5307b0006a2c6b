//! What a supervisor is done with, and whose destructor is a user's: the arguments of a child that is forgotten, the error that
//! one ended with. It may block, so it is dropped in a task of its own, and the supervisor goes on.

use std::sync::Arc;

use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::process::Process;
use crate::rt::Runtime;
use crate::start_error::StartError;
use crate::supervisor::child_spec::ChildSpec;

/// So many are dropped in one task, at the most.
const MOST: usize = 256;

#[derive(Default)]
pub(super) struct Leftovers(Vec<Leftover>);

#[expect(dead_code, reason = "it is there to be dropped")]
enum Leftover {
    Spec(ChildSpec),
    Start(StartError),
    /// The process keeps the reason, too.
    End(ExitReason, Option<Arc<dyn Process>>),
}

impl Leftovers {
    pub(super) fn leave_spec(&mut self, spec: ChildSpec) {
        if !spec.is_plain() {
            self.0.push(Leftover::Spec(spec));
        }
    }

    pub(super) fn leave_error(&mut self, error: StartError) {
        self.0.push(Leftover::Start(error));
    }

    pub(super) fn leave_end(&mut self, reason: ExitReason, process: Option<Arc<dyn Process>>) {
        if matches!(reason, ExitReason::Error(_)) {
            self.0.push(Leftover::End(reason, process));
        }
    }

    /// Has what is left dropped. `more`: there may be more to come, with which it is dropped.
    pub(super) fn drop_on(&mut self, runtime: &Runtime, more: impl FnOnce() -> bool) {
        if self.0.is_empty() || (self.0.len() < MOST && more()) {
            return;
        }
        let leftovers = std::mem::take(&mut self.0);
        runtime.spawn(async move { leftovers.into_iter().for_each(discard) });
    }
}
