//! Requests: each handled at most once, in its sender's order, and answered as its script allows.

use std::collections::BTreeMap;
use std::time::Duration;

use suptree::{CallError, ExitReason, Pid, Status, process_info, self_pid, sim};

use crate::lives;
use crate::script::{End, First, Script};
use crate::world::{self, with};

#[derive(Default)]
pub(crate) struct Requests {
    list: Vec<Request>,
    /// Messages that were made and not dropped yet.
    pub(crate) messages: u64,
    /// Calls that somebody waits for.
    waiting: BTreeMap<u64, Option<Pid>>,
}

struct Request {
    client: u64,
    script: Script,
    handled_by: Option<Pid>,
    /// It was answered while somebody waited for the answer.
    replied: bool,
    /// When its reply handle was dropped by a server that goes on.
    dropped: Option<Duration>,
    /// It must not be handled: the sender was told so.
    refused: bool,
}

/// What travels: a request's number, and what to do with it.
pub(crate) struct Ask {
    pub(crate) id: u64,
    pub(crate) script: Script,
}

/// A reply: which request it is for, and who answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) id: u64,
    pub(crate) by: Pid,
}

/// How a call was made, to judge what came of it.
pub(crate) struct Made {
    pub(crate) id: u64,
    pub(crate) to: Option<Pid>,
    pub(crate) at: Duration,
    pub(crate) timeout: Option<Duration>,
}

impl Ask {
    pub(crate) fn new(client: u64, script: Script) -> Self {
        with(|world| {
            world.requests.messages += 1;
            let list = &mut world.requests.list;
            list.push(Request {
                client,
                script,
                handled_by: None,
                replied: false,
                dropped: None,
                refused: false,
            });
            world.faults += u64::from(script.is_fault());
            Self {
                id: list.len() as u64 - 1,
                script,
            }
        })
    }
}

impl Drop for Ask {
    fn drop(&mut self) {
        let _over = world::try_with(|world| world.requests.messages -= 1);
    }
}

/// A handler takes a request. `last` is the server's memory: the last request of each client.
pub(crate) fn begin(ask: &Ask, last: &mut Vec<u64>) {
    let pid = self_pid();
    world::log(|| format!("{pid} handles request {}: {:?}", ask.id, ask.script));
    with(|world| {
        lives::handler_begins(world, pid, "a handler");
        let request = &mut world.requests.list[ask.id as usize];
        let (client, refused) = (request.client as usize, request.refused);
        if let Some(before) = request.handled_by.replace(pid) {
            world.fail(|| {
                format!(
                    "request {} is handled by {pid}, and was by {before}",
                    ask.id
                )
            });
        }
        if refused {
            world.fail(|| {
                format!(
                    "request {} is handled though its sender was told that it was not taken",
                    ask.id
                )
            });
        }
        if last.len() <= client {
            last.resize(client + 1, 0);
        }
        if last[client] > ask.id {
            let before = last[client];
            world.fail(|| {
                format!(
                    "{pid} handles request {} of client {client} after {before}",
                    ask.id
                )
            });
        }
        last[client] = ask.id;
    });
}

/// A reply is about to be sent; `waits`: somebody waits for it.
pub(crate) fn answered(id: u64, waits: bool) {
    let _over = world::try_with(|world| world.requests.list[id as usize].replied |= waits);
}

/// A handler drops the reply handle, and goes on.
pub(crate) fn dropped(id: u64) {
    let now = sim::elapsed();
    with(|world| world.requests.list[id as usize].dropped = Some(now));
}

/// A call is about to be made; [`ended`] or [`given_up`] is its end.
pub(crate) fn made(made: &Made) {
    with(|world| world.requests.waiting.insert(made.id, made.to));
}

/// Nobody waits for this call any more.
pub(crate) fn given_up(id: u64) {
    let _over = world::try_with(|world| world.requests.waiting.remove(&id));
}

/// R47, R54: with nothing going on any more, nobody waits for a server that has nothing to do.
pub(crate) fn check_waiting() {
    let waiting: Vec<_> = with(|world| {
        let waiting = world.requests.waiting.iter();
        waiting
            .map(|(id, to)| (*id, *to, world.requests.list[*id as usize].handled_by))
            .collect()
    });
    for (id, to, handled_by) in waiting {
        let script = with(|world| world.requests.list[id as usize].script);
        // What these wait for may never come; whatever else a handler does takes a moment.
        let may_wait = script.end == End::Keep
            || matches!(
                script.first,
                First::Forever | First::StartLinked | First::TerminateMe
            );
        let hangs = match handled_by {
            Some(_) => !may_wait,
            None => to.is_none_or(is_idle),
        };
        if hangs {
            world::fail(|| {
                format!(
                    "R47: request {id} ({script:?}) to {to:?}, handled by {handled_by:?}, is forgotten"
                )
            });
        }
    }
}

/// R54: whoever gave up on a server must not have waited for one that has nothing to do.
pub(crate) fn timed_out(id: u64, to: Option<Pid>) {
    let handled_by = with(|world| world.requests.list[id as usize].handled_by);
    if handled_by.is_none() && to.is_some_and(|to| process_info(to).is_some() && is_idle(to)) {
        world::fail(|| format!("R54: request {id} to {to:?} timed out, and the server is idle"));
    }
}

/// Gone, or with nothing to do.
fn is_idle(pid: Pid) -> bool {
    process_info(pid).is_none_or(|info| info.status == Status::Idle)
}

/// A message was not taken, so its sender was told.
pub(crate) fn refused(id: u64) {
    with(|world| {
        let request = &mut world.requests.list[id as usize];
        request.refused = true;
        if let Some(by) = request.handled_by {
            world.fail(|| format!("request {id} was handled by {by}, and then refused"));
        }
    });
}

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
    let (script, handled_by, replied, dropped) = with(|world| {
        let request = &world.requests.list[id as usize];
        (
            request.script,
            request.handled_by,
            request.replied,
            request.dropped,
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
            if replied {
                fail("a lost reply");
            }
            if let Some(pid) = handled_by.or(to) {
                lives::told(pid, reason, "a caller");
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
