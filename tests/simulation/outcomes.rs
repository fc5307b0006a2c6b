//! Outcomes: every call ends as its script, its server's life and its timeout allow.

use std::time::Duration;

use suptree::{CallError, ExitReason, sim};

use crate::lives;
use crate::requests::{Made, Reply, given_up, refused, timed_out};
use crate::script::{End, First};
use crate::world::{self, with};

/// A call came to its end.
pub(crate) fn ended(made: &Made, outcome: &Result<Reply, CallError>) {
    let Made {
        id,
        to,
        at,
        timeout,
    } = *made;
    let now = sim::elapsed();
    given_up(id);
    let (script, handled_by, replied, dropped, dropped_by) = with(|world| {
        let request = &world.requests.list[id as usize];
        (
            request.script,
            request.handled_by,
            request.replied,
            request.dropped,
            request.dropped_by,
        )
    });
    world::log(|| format!("the call of request {id} to {to:?} ended with {outcome:?}"));
    let fail = |what: &str| {
        world::fail(|| {
            format!(
                "{what}: request {id} to {to:?}, {script:?}, handled by {handled_by:?}, ended with {outcome:?}, made at {at:?}, now {now:?}, timeout {timeout:?}"
            )
        });
    };
    // A caller's own timer is only set when it has waited for a tick of 10 ms.
    let slack = Duration::from_millis(25);
    if timeout.is_some_and(|timeout| now > at + timeout + slack) {
        fail("a call took longer than its timeout");
    }
    // A server that ends right after it dropped the handle says so in the end, or too late.
    let late = dropped.is_some_and(|dropped| now > dropped && now > at);
    if late && matches!(outcome, Err(CallError::NoReply)) {
        fail("R49: told too late that there is no reply");
    }
    world::record(id << 3 | code(outcome));
    match outcome {
        Ok(reply) => {
            if reply.id != id {
                return fail("R51: a reply to another call");
            }
            if !script.may_reply() || handled_by != Some(reply.by) {
                fail("a reply that was not given");
            }
        }
        Err(CallError::NoProc) => {
            if handled_by.is_some() {
                fail("no process, but it was handled");
            }
            refused(id);
        }
        Err(CallError::Exited(reason)) => {
            if replied.is_some() {
                fail("a lost reply");
            }
            // A message that waited for room was refused; or the handle was dropped, and the caller looks what became of the
            // server. What others ended is dead then, and dropped by its own task.
            let asks = dropped.is_some() || handled_by.is_none() && dropped_by != to;
            if let Some(pid) = handled_by.or(to) {
                if asks {
                    lives::asked(pid, reason);
                } else {
                    lives::told(pid, reason, "a caller");
                }
                let elsewhere = matches!(script.end, End::Elsewhere(_));
                if !elsewhere && lives::death(pid).is_some_and(|death| death != now && death >= at)
                {
                    fail("R48: told of the death too late");
                }
            }
        }
        Err(CallError::Timeout(_)) => {
            // Above 20 ms a timeout may be over up to a tick early.
            let early = Duration::from_millis(10);
            let least = timeout.map(|timeout| {
                if timeout < early * 2 {
                    timeout
                } else {
                    timeout - early
                }
            });
            if least.is_none_or(|least| now < at + least) {
                fail("a timeout too early");
            }
            if timeout != Some(Duration::ZERO) {
                timed_out(id, to);
            }
        }
        Err(CallError::NoReply) => {
            if !script.may_drop() {
                fail("R49: no reply, though nobody dropped the handle but the server's end");
            }
            if handled_by.is_none() {
                fail("no reply, but nobody handled it");
            }
        }
        // Servers call one another, so they may wait in a ring.
        Err(CallError::Deadlock(ring)) => {
            if to.is_none_or(|to| ring.pids().all(|pid| pid != to)) {
                fail("a ring of calls without whom it calls");
            }
            timed_out(id, to);
        }
        Err(CallError::CallingSelf) => fail("calling itself"),
        Err(_) => fail("an unknown error"),
    }
    if let (Ok(_), First::Forever) = (outcome, script.first) {
        fail("a reply after for ever");
    }
    if let Err(CallError::Exited(ExitReason::NoProc)) = outcome {
        fail("nobody ends with `NoProc` here");
    }
}

const fn code(outcome: &Result<Reply, CallError>) -> u64 {
    match outcome {
        Ok(_) => 0,
        Err(CallError::NoProc) => 1,
        Err(CallError::Exited(_)) => 2,
        Err(CallError::Timeout(_)) => 3,
        Err(CallError::NoReply) => 4,
        Err(_) => 5,
    }
}
