//! Sending: one request to a server of any kind, from a client or from a handler.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use suptree::{CallError, CastError, Pid, ServerRef, sim};

use crate::line::in_turn;
use crate::outcomes;
use crate::requests::{self, Ask, Made, NOBODY, Reply};
use crate::script::Script;
use crate::targets::{Target, with_target};
use crate::worker::{Begun, ByLoop, Worker};
use crate::world::{self, millis, with};

/// Longer than any story.
pub(crate) const LONG: Duration = Duration::from_secs(3000);
/// No timer fires this late.
pub(crate) const NEVER: Duration = Duration::MAX;

/// One of the servers that are known.
pub(crate) fn any_target(draw: u64) -> Option<Target> {
    with(|world| {
        let nth = draw.checked_rem(world.targets.len() as u64)?;
        world.targets.values().nth(nth as usize).cloned()
    })
}

/// A handler calls another server, or casts to it, which may be its own.
pub(crate) async fn nested(own: Pid, draw: u64) {
    let Some(target) = any_target(draw) else {
        return;
    };
    if draw & 0x30 == 0 {
        with_target!(&target, server => cast_nested(server, own, draw).await);
    } else {
        with_target!(&target, server => call_nested(server, own, draw).await);
    }
}

/// R55: a server does not wait for room at itself.
async fn cast_nested<const K: u8>(server: &ServerRef<Worker<K>>, own: Pid, draw: u64) {
    let ask = Ask::new(NOBODY, Script::REPLY);
    let (id, to, began) = (ask.id, server.pid(), sim::elapsed());
    requests::casts(id, to);
    let cast = server.cast(ask).timeout(nested_timeout(draw));
    let sent = in_turn(id, server, cast).await.map_err(CastError::from);
    let waited = sim::elapsed() - began;
    match sent {
        Ok(()) => {}
        Err(CastError::Full) if to != Some(own) => {
            world::fail(|| format!("R55: {own} was told that {to:?} is itself"));
        }
        Err(_) => requests::refused(id),
    }
    if to == Some(own) && !waited.is_zero() {
        world::fail(|| format!("R55: {own} waited for itself, {waited:?}"));
    }
}

/// A ring of calls is only resolved by somebody's timeout.
pub(crate) const fn nested_timeout(draw: u64) -> Duration {
    millis(20 + draw % 60)
}

async fn call_nested<const K: u8>(server: &ServerRef<Worker<K>>, own: Pid, draw: u64) {
    let timeout = Some(nested_timeout(draw));
    let (made, ask) = make(NOBODY, Script::REPLY, server, timeout);
    let to_self = made.to == Some(own);
    match send(ask, &made, server, draw.is_multiple_of(2), None).await {
        Some(Err(CallError::CallingSelf)) if to_self => {}
        Some(outcome) => outcomes::ended(&made, &outcome),
        None => {}
    }
}

/// A request on its way to `server`, and what is known about it.
pub(crate) fn make<const K: u8>(
    client: u64,
    script: Script,
    server: &ServerRef<Worker<K>>,
    timeout: Option<Duration>,
) -> (Made, Ask) {
    let ask = Ask::new(client, script);
    (
        Made {
            id: ask.id,
            to: server.pid(),
            at: sim::elapsed(),
            timeout,
        },
        ask,
    )
}

/// Calls; gives up after so many polls, if any.
pub(crate) async fn send<const K: u8>(
    ask: Ask,
    made: &Made,
    server: &ServerRef<Worker<K>>,
    in_place: bool,
    polls: Option<u64>,
) -> Option<Result<Reply, CallError>> {
    macro_rules! run {
        ($call:expr) => {{
            let call = match made.timeout {
                Some(timeout) => $call.timeout(timeout),
                None => $call.no_timeout(),
            };
            let outcome = match polls {
                Some(polls) => give_up(call, polls).await,
                None => Some(call.await),
            };
            outcome.map(|outcome| outcome.map_err(CallError::from))
        }};
    }
    if in_place && ask.script.is_sync() {
        run!(server.call(ask))
    } else if ask.script.returns_reply() && ask.script.draw & 8 == 0 {
        run!(server.call(Begun(ask)))
    } else {
        run!(server.call(ByLoop(ask)))
    }
}

/// Polls a future until it is ready, or so many times without waiting for it to be woken, and drops it then.
pub(crate) async fn give_up<F: Future>(future: F, polls: u64) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..=polls {
        let polled = poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await;
        match polled {
            Poll::Ready(output) => return Some(output),
            Poll::Pending => sim::yield_now().await,
        }
    }
    None
}
