//! Cycles of calls: who waits for whom in calls, when the last of them has begun to.
//!
//! A server that waits in calls is *blocked* if it waits for nothing else that is known of. It can go on when one of those that it
//! has called can. So it is in a deadlock if all that it waits for, through others, are blocked. Each server notes that it waits,
//! and looks then: whoever is the last to begin to wait finds all the others. Those who look at once find the same, and choose the
//! same call to be told: of one that was told nobody takes that it is blocked.
//!
//! Of a call that its handler has polled it is not known whether it is waited for, or only held. Such calls are woken, and whoever polls
//! them looks again.
//!
//! No look is at one moment. But a server that is blocked since the same moment, before and after, has been blocked all the time
//! between: so all that are found to be were so together once, and could not go on but by a timeout, a signal, or what is not
//! known of.

use std::collections::HashMap;

use crate::planted::{Bug, planted};
use crate::process::call_cycle::{CallCycle, Member};
use crate::process::node;
use crate::process::pid::Pid;
use crate::process::wait_list::{Blocked, BlockedCall, Moment, WaitKey, WaitList};
use crate::process::{Header, Process};
use crate::sync::Arc;

/// Looks whether this server, which has just begun to wait, cannot go on. If so, a call is told.
#[cold]
#[inline(never)]
pub(crate) fn look(me: Pid) {
    if let Some(reached) = Reached::from(me)
        && let Some(found) = reached.cycle()
        && reached.still_blocked()
    {
        if reached.is_sure() {
            reached.tell(&found);
        } else {
            reached.ask();
        }
    }
}

/// Those that a server waits for, through others, and itself: all of them are blocked. It is the first.
struct Reached {
    servers: Vec<Server>,
    places: HashMap<Pid, usize>,
}

struct Server {
    process: Arc<dyn Process>,
    blocked: Blocked,
}

impl Server {
    /// `None`: it may go on.
    fn blocked(pid: Pid) -> Option<Self> {
        let process = node::process(pid)?;
        let blocked = process.header().blocked()?;
        let server = Self { process, blocked };
        server.waits().then_some(server)
    }

    fn header(&self) -> &Header {
        self.process.header()
    }

    /// Whether it is known to wait for all of its calls: none is one that it may only hold.
    fn is_sure(&self) -> bool {
        self.blocked.calls.iter().all(|call| call.sure)
    }

    /// Whether nothing has come of its calls yet, and nothing else has happened to it.
    fn waits(&self) -> bool {
        self.blocked.calls.iter().all(BlockedCall::waits) && !self.process.is_stirred()
    }
}

/// A cycle, by the places of its members, and the call that closes it.
struct Cycle {
    members: Vec<usize>,
    call: usize,
}

impl Reached {
    /// `None`: one of them may go on.
    fn from(me: Pid) -> Option<Self> {
        let mut reached = Self {
            servers: vec![Server::blocked(me)?],
            places: HashMap::from([(me, 0)]),
        };
        let mut at = 0;
        while at < reached.servers.len() {
            for call in 0..reached.servers[at].blocked.calls.len() {
                let on = reached.servers[at].blocked.calls[call].on;
                if !reached.places.contains_key(&on) {
                    let server = Server::blocked(on)?;
                    reached.places.insert(on, reached.servers.len());
                    reached.servers.push(server);
                }
            }
            at += 1;
        }
        Some(reached)
    }

    /// Whom one waits for, by their places.
    fn next(&self, at: usize) -> impl Iterator<Item = (usize, &BlockedCall)> {
        let calls = self.servers[at].blocked.calls.iter();
        calls.filter_map(|call| Some((*self.places.get(&call.on)?, call)))
    }

    /// Which of them wait for the first, through others.
    fn back(&self) -> Vec<bool> {
        let mut callers = vec![Vec::new(); self.servers.len()];
        for at in 0..self.servers.len() {
            for (next, _) in self.next(at) {
                callers[next].push(at);
            }
        }
        let mut back = vec![false; self.servers.len()];
        let mut left = callers[0].clone();
        while let Some(at) = left.pop() {
            if !std::mem::replace(&mut back[at], true) {
                left.extend(&callers[at]);
            }
        }
        back
    }

    /// The cycle to be told, if the first is in one. It depends on nothing but who waits for whom, so that all who find it
    /// choose the same: that which began to wait last, of those that were not begun in place.
    fn cycle(&self) -> Option<Cycle> {
        let back = self.back();
        if !back[0] {
            return None;
        }
        let mut last = None;
        for (at, server) in self.servers.iter().enumerate() {
            if !back[at] || (planted(Bug::CycleToldToAll) && at != 0) {
                continue;
            }
            for (number, call) in server.blocked.calls.iter().enumerate() {
                if let Some(&next) = self.places.get(&call.on)
                    && back[next]
                {
                    let rank = (!call.in_place, call.began);
                    last = last.max(Some((rank, at, number, next)));
                }
            }
        }
        let (_, at, call, next) = last?;
        let members = self.path(next, at, &back)?;
        Some(Cycle { members, call })
    }

    /// The shortest way from one to another, which comes first.
    fn path(&self, from: usize, to: usize, among: &[bool]) -> Option<Vec<usize>> {
        let mut came_from = vec![None; self.servers.len()];
        let mut line = vec![from];
        let mut looked = 0;
        while let Some(&at) = line.get(looked) {
            if at == to {
                break;
            }
            looked += 1;
            for (next, _) in self.next(at) {
                if among[next] && next != from && came_from[next].is_none() {
                    came_from[next] = Some(at);
                    line.push(next);
                }
            }
        }
        let mut path = vec![to];
        let mut at = to;
        while at != from {
            at = came_from[at]?;
            path.push(at);
        }
        path[1..].reverse();
        Some(path)
    }

    /// Whether all of them were blocked since they were looked at.
    fn still_blocked(&self) -> bool {
        self.servers
            .iter()
            .all(|server| server.header().is_blocked_since(server.blocked.since) && server.waits())
    }

    /// Whether each is known to wait for all of its calls.
    fn is_sure(&self) -> bool {
        planted(Bug::HeldIsWaitedFor) || self.servers.iter().all(Server::is_sure)
    }

    /// Wakes the calls of which that is not known. Who waits for them polls them, and looks again.
    fn ask(&self) {
        for server in self.servers.iter().filter(|server| !server.is_sure()) {
            let blocked = &server.blocked;
            if server.header().ask_calls(blocked.since) {
                let mut has_unnamed = false;
                for call in blocked.calls.iter().filter(|call| !call.sure) {
                    match &call.slot {
                        Some((slot, generation)) => slot.wake_caller(*generation),
                        None => has_unnamed = true,
                    }
                }
                if has_unnamed {
                    Arc::clone(&server.process).poll_again();
                }
            }
        }
    }

    fn tell(&self, found: &Cycle) {
        let members = found.members.iter().map(|at| {
            let header = self.servers[*at].header();
            Member {
                pid: header.pid,
                name: header.name().cloned(),
            }
        });
        let cycle = CallCycle::new(members);
        let Some(told) = found.members.first().map(|at| &self.servers[*at]) else {
            return;
        };
        let call = &told.blocked.calls[found.call];
        if !told
            .header()
            .tell_cycle(told.blocked.since, call.key, cycle)
        {
            return;
        }
        if let Some((slot, generation)) = &call.slot {
            slot.wake_caller(*generation);
        }
        Arc::clone(&told.process).poll_again();
    }
}

impl Header {
    /// The handler, or `init`, was polled, and waits: whether in calls, and in nothing else.
    pub(crate) fn begin_wait(&self, handled: u64) -> bool {
        self.with_waits(|waits| waits.begin(handled))
            .unwrap_or(false)
    }

    /// It is polled again.
    #[inline]
    pub(crate) fn end_wait(&self) {
        if self.may_wait() {
            self.with_waits(WaitList::end);
        }
    }

    /// `init` is through.
    pub(crate) fn leave_init(&self) {
        if self.may_wait() {
            self.with_waits(WaitList::leave_init);
        }
    }

    /// `None`: it may go on, or is dead.
    fn blocked(&self) -> Option<Blocked> {
        if self.exit_reason().is_some() {
            return None;
        }
        self.with_waits(|waits| waits.blocked())?
    }

    fn is_blocked_since(&self, since: Moment) -> bool {
        self.with_waits(|waits| waits.is_blocked_since(since))
            .unwrap_or(false)
    }

    fn ask_calls(&self, since: Moment) -> bool {
        self.with_waits(|waits| waits.ask(since)).unwrap_or(false)
    }

    fn tell_cycle(&self, since: Moment, key: WaitKey, cycle: CallCycle) -> bool {
        self.with_waits(|waits| waits.tell(since, key, cycle))
            .unwrap_or(false)
    }
}
