//! Asking a supervisor: a request, and the wait for its answer or its end.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::address::Nobody;
use crate::process::pid::Pid;
use crate::process::status::Status;
use crate::process::waits::{Search, Waits};
use crate::process::{current, monitor, node};
use crate::reply::cache;
use crate::reply::slot::Answer;
use crate::reply::{CallError, ReplyTo};
use crate::rt;
use crate::supervisor::request::{Asked, SupervisorRequest};
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::Arc;

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Answer,
    /// It may be the end of the one who asks.
    End,
}

/// The supervisor, if it can answer this process.
fn may_ask(
    process: Result<Arc<SupervisorProcess>, Nobody>,
    by: Option<Pid>,
    wish: Wish,
) -> Result<Arc<SupervisorProcess>, CallError> {
    let process = process?;
    match by {
        Some(by) if by == process.pid() => Err(CallError::CallingSelf),
        Some(by) if waits_for(process.pid(), by) && !planted(Bug::StarterAskedInVain) => {
            Err(CallError::WouldDeadlock)
        }
        Some(by) if wish == Wish::Answer && stops(process.pid(), by) => {
            Err(CallError::WouldDeadlock)
        }
        _ => Ok(process),
    }
}

/// Asks a supervisor, and waits for its answer or its end.
pub(super) fn ask<R: Send + 'static>(
    process: Result<Arc<SupervisorProcess>, Nobody>,
    request: impl FnOnce(ReplyTo<R>) -> SupervisorRequest,
) -> impl Future<Output = Result<R, CallError>> {
    wish_for(Wish::Answer, process, request)
}

/// Asks a supervisor for the end of a child, which may be the one who asks.
pub(super) fn ask_for_an_end<R: Send + 'static>(
    process: Result<Arc<SupervisorProcess>, Nobody>,
    request: impl FnOnce(ReplyTo<R>) -> SupervisorRequest,
) -> impl Future<Output = Result<R, CallError>> {
    wish_for(Wish::End, process, request)
}

async fn wish_for<R: Send + 'static>(
    wish: Wish,
    process: Result<Arc<SupervisorProcess>, Nobody>,
    request: impl FnOnce(ReplyTo<R>) -> SupervisorRequest,
) -> Result<R, CallError> {
    let by = current::pid();
    let process = match may_ask(process, by, wish) {
        Ok(process) => process,
        Err(refused) => {
            rt::spend_budget().await;
            return Err(refused);
        }
    };
    let (mut slot, reply) = cache::open();
    let request = Asked {
        request: request(reply),
        by,
    };
    if let Err(request) = process.request(request) {
        discard(request);
        return Err(CallError::NoProc);
    }
    // It may have begun to stop this process just before the request was there to be seen.
    if wish == Wish::Answer && by.is_some_and(|by| stops(process.pid(), by)) {
        return Err(CallError::WouldDeadlock);
    }
    let mut waits = None;
    poll_fn(|cx| {
        match slot.poll(cx) {
            Poll::Ready(Answer::Reply(reply)) => return Poll::Ready(Ok(reply)),
            Poll::Ready(Answer::Abandoned(_)) => {
                let reason = process.header().exit_reason().cloned();
                // One that lives leaves a request without an answer only where it could never give one.
                let refused = reason.map_or(CallError::WouldDeadlock, CallError::Exited);
                return Poll::Ready(Err(refused));
            }
            Poll::Ready(Answer::Overdue(_)) | Poll::Pending => {}
        }
        let header = process.header();
        let (death, noted) = waits.get_or_insert_with(|| (monitor::watch(header), None));
        Waits::note_anew(noted, header.pid);
        Pin::new(death).poll(cx).map(|down| {
            let reason = process.header().exit_reason().cloned();
            Err(CallError::Exited(reason.unwrap_or(down.reason)))
        })
    })
    .await
}

/// Whether this supervisor waits for the process that would ask it, until that one's `init` is through: it would answer no
/// sooner. A process that handles messages is not looked at, for what it asks of those above it may well be its own end.
fn waits_for(supervisor: Pid, asker: Pid) -> bool {
    let starter_of = |pid: Pid| {
        let process = node::process(pid)?;
        let starts = matches!(process.snapshot().status, Status::Starting);
        process.header().parent.filter(|_| starts)
    };
    // Whoever starts it waits for it, which nobody has noted before its `init` has waited for something.
    let Some(mut starter) = starter_of(asker) else {
        return false;
    };
    while let Some(above) = starter_of(starter) {
        starter = above;
    }
    starter == supervisor || Search::to(starter).reaches_from(supervisor)
}

/// Whether this supervisor waits for the end of the process that would ask it, or of one that this is supervised below: it would answer
/// no sooner.
fn stops(supervisor: Pid, asker: Pid) -> bool {
    if planted(Bug::StarterAskedInVain) {
        return false;
    }
    let mut at = asker;
    while let Some(process) = node::process(at)
        && let Some(above) = process.header().supervisor_of(at)
        && node::process(above).is_some_and(|above| above.header().waits_for(at))
    {
        if above == supervisor {
            return true;
        }
        at = above;
    }
    false
}
