//! `Watch`: what is told of a server that is watched by `sys`: counts, its last events, a trace, hooks.
//!
//! A server that is watched handles one message a turn, and is looked at before and after it. What looks at it knows its type, and comes
//! with the request that began the watch.

use std::any::Any;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Duration;

use super::message::System;
use crate::catch::catch;
use crate::gen_server::report;
use crate::gen_server::sys::event::Event;
use crate::guard::{Guarded, discard};
use crate::process::Header;
use crate::rt::Instant;

/// Finds out whether a message of the system still holds.
pub(super) type Settle<'a> = &'a mut dyn FnMut(&mut System);

/// Looks at a server of a certain type, whose body it is given.
#[derive(Clone, Copy)]
pub(in crate::gen_server) struct Look {
    /// The message that comes next. `shown`: as text, too.
    pub(super) before: fn(&dyn Any, shown: bool, settle: Settle<'_>) -> Option<Next>,
    /// The state after it.
    pub(super) after: fn(&dyn Any, shown: bool) -> After,
}

/// A message that is about to be handled.
pub(super) struct Next {
    /// Whether it was sent: a continue was not.
    pub(super) sent: bool,
    pub(super) message: Option<String>,
}

/// What a message leaves behind.
pub(super) enum After {
    /// The server ends with it.
    Over,
    State(Option<String>),
}

/// User code that sees each event, until it breaks off.
type Hook = Box<dyn FnMut(&Event) -> ControlFlow<()> + Send>;

/// What is told of a server.
pub(in crate::gen_server) struct Watch {
    look: Look,
    counts: Option<Counts>,
    log: Option<Log>,
    traces: bool,
    hooks: Vec<(u64, Guarded<Hook>)>,
    last_hook: u64,
    /// A message was met whose handler is not done.
    under_way: bool,
    /// Replies since then.
    replies: u32,
}

#[derive(Clone, Copy)]
struct Counts {
    since: Instant,
    messages_in: u64,
    messages_out: u64,
}

struct Log {
    keep: usize,
    events: VecDeque<Event>,
}

impl Watch {
    pub(in crate::gen_server) const fn new(look: Look) -> Self {
        Self {
            look,
            counts: None,
            log: None,
            traces: false,
            hooks: Vec::new(),
            last_hook: 0,
            under_way: false,
            replies: 0,
        }
    }

    /// Whether somebody wants to know anything.
    pub(super) fn is_wanted(&self) -> bool {
        self.counts.is_some() || self.is_told()
    }

    /// Whether somebody wants to know what happens, in words.
    fn is_told(&self) -> bool {
        self.log.is_some() || self.traces || !self.hooks.is_empty()
    }

    /// A message is about to be handled, if there is one.
    pub(super) fn before(&mut self, body: &dyn Any, header: &Header, settle: Settle<'_>) {
        let Some(next) = (self.look.before)(body, self.is_told(), settle) else {
            return;
        };
        self.under_way = true;
        self.replies = 0;
        if !next.sent {
            return;
        }
        if let Some(counts) = &mut self.counts {
            counts.messages_in += 1;
        }
        if self.is_told() {
            let message = next.message;
            self.tell(&Event::In { message }, header);
        }
    }

    /// The handler has answered so often.
    pub(super) const fn note_replies(&mut self, replies: u32) {
        self.replies += replies;
    }

    /// The handler is done, if there was one.
    pub(super) fn after(&mut self, body: &dyn Any, header: &Header) {
        if !std::mem::take(&mut self.under_way) {
            return;
        }
        if let Some(counts) = &mut self.counts {
            counts.messages_out += u64::from(self.replies);
        }
        if !self.is_told() {
            return;
        }
        let After::State(state) = (self.look.after)(body, true) else {
            return;
        };
        if self.replies == 0 {
            return self.tell(&Event::NoReply { state }, header);
        }
        let event = Event::Out { state };
        for _ in 0..self.replies {
            self.tell(&event, header);
        }
    }

    fn tell(&mut self, event: &Event, header: &Header) {
        if self.traces {
            report::traced(header, event);
        }
        if let Some(log) = &mut self.log {
            log.push(event);
        }
        // One that panics is removed, as in OTP, and so is one that says that it is done.
        self.hooks.retain_mut(|(_, hook)| {
            let done = catch(|| hook.get_mut()(event));
            matches!(done, Ok(ControlFlow::Continue(())))
        });
    }
}

/// What the functions of `sys` change.
impl Watch {
    pub(in crate::gen_server) fn count(&mut self, on: bool, now: Instant) {
        if on != self.counts.is_some() {
            self.counts = on.then_some(Counts {
                since: now,
                messages_in: 0,
                messages_out: 0,
            });
        }
    }

    /// For how long it is counted, what came in, and what went out.
    pub(in crate::gen_server) fn counts(&self, now: Instant) -> Option<(Duration, u64, u64)> {
        let counts = self.counts?;
        let since = now.saturating_duration_since(counts.since);
        Some((since, counts.messages_in, counts.messages_out))
    }

    /// Keeps so many events from here on; those that are kept stay, if there is room.
    pub(in crate::gen_server) fn keep(&mut self, keep: usize) {
        if keep == 0 {
            self.log = None;
            return;
        }
        let log = self.log.get_or_insert_with(|| Log {
            keep,
            events: VecDeque::new(),
        });
        log.keep = keep;
        log.cut();
    }

    pub(in crate::gen_server) fn kept(&self) -> Vec<Event> {
        let events = self.log.iter().flat_map(|log| &log.events);
        events.cloned().collect()
    }

    pub(in crate::gen_server) const fn trace(&mut self, on: bool) {
        self.traces = on;
    }

    /// Returns its number.
    pub(in crate::gen_server) fn install(&mut self, hook: Hook) -> u64 {
        self.last_hook += 1;
        self.hooks.push((self.last_hook, Guarded::new(hook)));
        self.last_hook
    }

    /// `false`: it is not there.
    pub(in crate::gen_server) fn remove(&mut self, number: u64) -> bool {
        let at = self.hooks.iter().position(|(hook, _)| *hook == number);
        match at {
            Some(at) => discard(self.hooks.remove(at)),
            None => return false,
        }
        true
    }
}

impl Log {
    fn push(&mut self, event: &Event) {
        self.events.push_back(event.clone());
        self.cut();
    }

    fn cut(&mut self) {
        while self.events.len() > self.keep {
            self.events.pop_front();
        }
    }
}
