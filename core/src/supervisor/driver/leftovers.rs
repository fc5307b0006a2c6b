//! What a supervisor is done with, and whose destructor is a user's: the arguments of a child that is forgotten, the error that
//! one ended with, the key of its id or name. It may block, so it is dropped in a task of its own, and the supervisor goes on.

use std::sync::Arc;

use crate::child::ChildId;
use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::process::Process;
use crate::rt::Runtime;
use crate::start_error::StartError;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::dynamic::AnyOrder;
use crate::supervisor::offer::Offer;
use crate::supervisor::request::{SupervisorRequest, WhichChild};

/// So many are dropped in one task, at the most.
const MOST: usize = 256;

#[derive(Default)]
pub(in crate::supervisor) struct Leftovers(Vec<Leftover>);

#[expect(dead_code, reason = "it is there to be dropped")]
enum Leftover {
    Spec(ChildSpec),
    Start(StartError),
    Id(ChildId),
    Order(Arc<dyn AnyOrder>),
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

    pub(in crate::supervisor) fn leave_end(
        &mut self,
        reason: ExitReason,
        process: Option<Arc<dyn Process>>,
    ) {
        let is_named = |process: &Arc<dyn Process>| {
            let name = process.header().name();
            name.is_some_and(|name| !name.is_text())
        };
        if matches!(reason, ExitReason::Error(_)) || process.as_ref().is_some_and(is_named) {
            self.0.push(Leftover::End(reason, process));
        }
    }

    /// Who asks for a child has its order, too, and may be gone meanwhile, or in a moment.
    pub(super) fn leave_order(&mut self, order: Arc<dyn AnyOrder>) {
        if order.holds_args() || Arc::strong_count(&order) == 1 {
            self.0.push(Leftover::Order(order));
        }
    }

    /// Who asks has it, too, unless it is gone meanwhile.
    pub(super) fn leave_offer(&mut self, offer: Arc<Offer>) {
        if let Some(spec) = Arc::into_inner(offer).and_then(Offer::into_spec) {
            self.leave_spec(spec);
        }
    }

    pub(super) fn leave_id(&mut self, which: WhichChild) {
        if let WhichChild::Id(id) = which
            && !id.is_plain()
        {
            self.0.push(Leftover::Id(id));
        }
    }

    /// Of a request that nobody will answer: who waits for it is told by its reply, which is dropped here.
    pub(in crate::supervisor) fn leave_request(&mut self, request: SupervisorRequest) {
        match request {
            SupervisorRequest::StartChild(offer, _reply) => self.leave_offer(offer),
            SupervisorRequest::TerminateChild(which, _reply) => self.leave_id(which),
            SupervisorRequest::RestartChild(id, _) | SupervisorRequest::DeleteChild(id, _) => {
                self.leave_id(WhichChild::Id(id));
            }
            SupervisorRequest::GetChildSpec(which, _) => self.leave_id(which),
            SupervisorRequest::Stop(reason) => self.leave_end(reason, None),
            SupervisorRequest::StartDynamic(order, _reply) => self.leave_order(order),
            SupervisorRequest::WhichChildren(_)
            | SupervisorRequest::CountChildren(_)
            | SupervisorRequest::Children(_)
            | SupervisorRequest::Resize(..) => {}
        }
    }

    /// Has what is left dropped. `more`: there may be more to come, with which it is dropped.
    pub(in crate::supervisor) fn drop_on(
        &mut self,
        runtime: &Runtime,
        more: impl FnOnce() -> bool,
    ) {
        if self.0.is_empty() || (self.0.len() < MOST && more()) {
            return;
        }
        let leftovers = std::mem::take(&mut self.0);
        runtime.spawn(async move { leftovers.into_iter().for_each(discard) });
    }
}
