//! Crowds, and callers of servers that never had anything to do: nobody's own timer helps them.

use suptree::{CallError, CastError, ExitReason, Restart, ServerRef, start};

use crate::line::in_turn;
use crate::options::Options;
use crate::outcomes;
use crate::requests::{self, Ask, NOBODY};
use crate::restarts;
use crate::rng::Rng;
use crate::script::{First, Script};
use crate::sending::{LONG, NEVER, make, send};
use crate::story;
use crate::targets::{Target, with_kind, with_target};
use crate::worker::{WorkArgs, Worker, signal};
use crate::world::{self, fault, millis};

/// Sends from many tasks at once to one server, whose mailbox may have room for a few of them.
pub(crate) fn gather(rng: &mut Rng, options: &Options, target: &Target) {
    for _ in 0..2 + rng.below(10) {
        let target = if options.shared {
            target.clone()
        } else {
            target.unshared()
        };
        let script = Script::draw(rng, options);
        let draw = rng.next();
        story::watch(async move {
            with_target!(&target, server => send_one(server, script, draw).await);
        });
    }
}

async fn send_one<const K: u8>(server: &ServerRef<Worker<K>>, script: Script, draw: u64) {
    if draw.is_multiple_of(3) {
        call(NOBODY, server, script, draw >> 8).await;
        return;
    }
    let ask = Ask::new(NOBODY, script);
    let id = ask.id;
    requests::casts(id, server.pid());
    let cast = server.cast(ask).timeout(NEVER);
    let sent = in_turn(id, server, cast).await;
    let sent = sent.map_err(CastError::from);
    requests::given_up(id);
    match sent {
        Ok(()) => {}
        Err(CastError::NoProc) => requests::refused(id),
        Err(error) => world::fail(|| format!("R54: a cast without a timeout ended with {error}")),
    }
}

/// Calls without a timeout, or with one that is longer than the story.
async fn call<const K: u8>(client: u64, server: &ServerRef<Worker<K>>, script: Script, draw: u64) {
    let timeout = draw.is_multiple_of(2).then_some(LONG);
    let (made, ask) = make(client, script, server, timeout);
    requests::made(&made);
    // Where the handler does not wait, half of them run it themselves.
    let in_place = (draw >> 1).is_multiple_of(2);
    if let Some(outcome) = send(ask, &made, server, in_place, None).await {
        outcomes::ended(&made, &outcome);
        if let Err(CallError::Timeout(after)) = outcome {
            world::fail(|| format!("R47: a call ended with its timeout of {after:?}"));
        }
    }
}

/// Starts a server and calls it, with a handler that waits: the server has no task yet that could be woken.
pub(crate) async fn call_fresh(client: u64, rng: &mut Rng) {
    let args = WorkArgs {
        seat: restarts::seat(Restart::Temporary),
        name: None,
        position: None,
    };
    let script = Script {
        first: rng.pick(&[
            First::Yield(1),
            First::Yield(2),
            First::Sleep(1),
            First::Sleep(20),
        ]),
        draw: rng.next(),
        ..Script::REPLY
    };
    let kind = rng.below(6);
    let started = with_kind!(kind, K => {
        let starting = start::<Worker<K>>(args).timeout(millis(50));
        starting.await.map(Target::from)
    });
    let Ok(target) = started else {
        return;
    };
    let draw = rng.next();
    with_target!(&target, server => call(client, server, script, draw).await);
    if rng.permille(500) {
        story::add_target(300 + rng.below(4), target);
    } else if let Some(pid) = target.pid() {
        fault();
        signal(pid, ExitReason::Kill);
    }
}
