//! Requests: each handled at most once, in its sender's order, and forgotten by nobody.

use std::collections::BTreeMap;
use std::time::Duration;

use suptree::{Pid, Status, process_info, self_pid, sim, try_self_pid};

use crate::lives;
use crate::script::{End, First, Script};
use crate::world::{self, World, with};

/// The client of requests that come from nobody in particular, and so in no order.
pub(crate) const NOBODY: u64 = u64::MAX;

#[derive(Default)]
pub(crate) struct Requests {
    pub(crate) list: Vec<Request>,
    /// Messages that were made and not dropped yet.
    pub(crate) messages: u64,
    /// What somebody waits for: calls, and casts that are not sent yet.
    waiting: BTreeMap<u64, Waiting>,
}

pub(crate) struct Request {
    client: u64,
    pub(crate) script: Script,
    pub(crate) handled_by: Option<Pid>,
    /// When it was answered while somebody waited for the answer.
    pub(crate) replied: Option<Duration>,
    /// When its reply handle was dropped by a server that goes on.
    pub(crate) dropped: Option<Duration>,
    /// It must not be handled: the sender was told so.
    refused: bool,
    /// The process that dropped it.
    pub(crate) dropped_by: Option<Pid>,
}

#[derive(Clone, Copy)]
struct Waiting {
    to: Option<Pid>,
    since: Duration,
    is_call: bool,
}

/// A request that somebody waits for, and how far it has come.
pub(crate) struct Awaited {
    pub(crate) id: u64,
    pub(crate) to: Option<Pid>,
    pub(crate) since: Duration,
    pub(crate) is_call: bool,
    pub(crate) handled_by: Option<Pid>,
    pub(crate) progress: Progress,
}

/// How far a request has come.
pub(crate) enum Progress {
    Sent,
    Handled,
    /// Handled by a handler that leaves the reply to somebody else.
    Kept,
    Answered(Duration),
    /// The reply handle was dropped.
    Dropped(Duration),
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
                replied: None,
                dropped: None,
                refused: false,
                dropped_by: None,
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
        let by = try_self_pid();
        let _over = world::try_with(|world| {
            world.requests.messages -= 1;
            world.requests.list[self.id as usize].dropped_by = by;
        });
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
        if client == NOBODY as usize {
            return;
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
    let _over = world::try_with(|world| {
        if waits {
            let now = sim::elapsed();
            world.requests.list[id as usize].replied.get_or_insert(now);
        }
    });
}

/// A handler drops the reply handle, and goes on.
pub(crate) fn dropped(id: u64) {
    let now = sim::elapsed();
    with(|world| world.requests.list[id as usize].dropped = Some(now));
}

/// A call is about to be made; an outcome or [`given_up`] is its end.
pub(crate) fn made(made: &Made) {
    waits(made.id, made.to, true);
}

/// A cast is about to be sent, and may have to wait for room; [`given_up`] is its end.
pub(crate) fn casts(id: u64, to: Option<Pid>) {
    waits(id, to, false);
}

fn waits(id: u64, to: Option<Pid>, is_call: bool) {
    let waiting = Waiting {
        to,
        since: sim::elapsed(),
        is_call,
    };
    with(|world| world.requests.waiting.insert(id, waiting));
}

/// Nobody waits for this request any more.
pub(crate) fn given_up(id: u64) {
    let _over = world::try_with(|world| world.requests.waiting.remove(&id));
}

/// What somebody waits for.
pub(crate) fn awaited() -> Vec<Awaited> {
    with(|world| {
        let requests = &world.requests;
        let waiting = requests.waiting.iter();
        let awaited = waiting.map(|(id, waiting)| {
            let request = &requests.list[*id as usize];
            let progress = match (request.replied, request.dropped, request.handled_by) {
                (Some(at), _, _) => Progress::Answered(at),
                (_, Some(at), _) => Progress::Dropped(at),
                (_, _, Some(_)) if matches!(request.script.end, End::Keep | End::Elsewhere(_)) => {
                    Progress::Kept
                }
                (_, _, Some(_)) => Progress::Handled,
                _ => Progress::Sent,
            };
            Awaited {
                id: *id,
                to: waiting.to,
                since: waiting.since,
                is_call: waiting.is_call,
                handled_by: request.handled_by,
                progress,
            }
        });
        awaited.collect()
    })
}

/// R47, R54: with nothing going on any more, nobody waits for a server that has nothing to do.
pub(crate) fn check_waiting() {
    let waiting: Vec<_> = with(|world| {
        let waiting = world.requests.waiting.iter();
        waiting
            .map(|(id, waiting)| {
                (
                    *id,
                    waiting.to,
                    world.requests.list[*id as usize].handled_by,
                )
            })
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

/// R54: a caller that gave up on a server must not have waited for one that has nothing to do.
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
    with(|world| world.refuse(id));
}

impl World {
    /// A message was not taken.
    pub(crate) fn refuse(&mut self, id: u64) {
        let request = &mut self.requests.list[id as usize];
        request.refused = true;
        if let Some(by) = request.handled_by {
            self.fail(|| format!("request {id} was handled by {by}, and then refused"));
        }
    }
}
