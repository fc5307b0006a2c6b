//! Requests of `sys`, and stops, as the cell has them served: between messages, and while the server is suspended.

use super::lane::{Lane, Request, Served};
use super::message::System;
use super::state::Wake;
use super::watch::Watch;
use super::{AnyCell, Turn};
use crate::exit_reason::ExitReason;
use crate::gen_server::sys::event::Event;
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::current;
use crate::sync::{Arc, lock};

impl AnyCell {
    /// Asks the server something, after what it was sent before. `None`: it is dead, and the request is dropped.
    pub(in crate::gen_server) fn push_request(&self, request: Request) -> Option<Wake> {
        let (number, suspended) = {
            let mut control = lock(&self.control);
            // Before the look whether it is dead: who buries it looks at this after its death.
            self.state.note_belongings();
            // Dead before it is buried, which is where the requests are taken out, under this lock.
            if self.header.exit_reason().is_some() {
                drop(control);
                discard(request);
                return None;
            }
            let lane = &mut control.get_or_insert_default().lane;
            let lane = lane.get_or_insert_default();
            let number = lane.push(request);
            // Who suspends it looks into the lane after that, and so under this lock: either finds the other's.
            let suspended = self.state.snapshot().is_suspended();
            if suspended {
                lane.meet(number);
            }
            (number, suspended)
        };
        if suspended {
            return Some(self.state.note_system());
        }
        if !self.body.push_system(System::Request(number)) {
            // It has died meanwhile: the request is dropped with it.
            return None;
        }
        Some(self.state.note_mail())
    }

    /// Asks the server something of `sys`. `false`: it is dead.
    pub(in crate::gen_server) fn ask(self: &Arc<Self>, request: Request) -> bool {
        let pushed = self.push_request(request);
        if pushed == Some(Wake::Task) {
            self.wake_or_spawn();
        }
        pushed.is_some()
    }

    /// A message that says whose turn it is: it is served before the next message. `false`: it is another message.
    #[cold]
    pub(super) fn meets_request(&self, system: &System) -> bool {
        let System::Request(number) = *system else {
            return false;
        };
        self.hibernate_again(false);
        let mut control = lock(&self.control);
        let lane = control.as_mut().and_then(|control| control.lane.as_mut());
        if lane.is_some_and(|lane| lane.meet(number)) {
            // Seen by the runner, who calls this.
            let _running = self.state.note_system();
        }
        true
    }

    /// Serves requests, up to a number. `Some`: one of them was to stop, for this reason.
    #[cold]
    pub(super) fn serve(&self, most: u32) -> Option<ExitReason> {
        self.state.take_system();
        let before = self.state.snapshot().is_suspended();
        for _ in 0..most {
            if self.is_signalled() {
                break;
            }
            let suspended = self.state.snapshot().is_suspended();
            // One that has just suspended it lets in those whose numbers are in the mailbox.
            let all = if planted(Bug::RequestBehindSuspension) {
                before
            } else {
                suspended
            };
            let next = self.with_lane(|lane| lane.next(all)).flatten()?;
            match next {
                Request::Stop(reason) => {
                    self.with_lane(|lane| lane.closed = true);
                    self.state.set_suspended(false);
                    return Some(reason);
                }
                Request::Ask(ask) => self.answer(ask, suspended),
            }
        }
        let suspended = self.state.snapshot().is_suspended();
        if self.with_lane(|lane| lane.has_next(suspended)) == Some(true) {
            let _running = self.state.note_system();
        }
        None
    }

    fn with_lane<R>(&self, act: impl FnOnce(&mut Lane) -> R) -> Option<R> {
        lock(&self.control)
            .as_mut()?
            .lane
            .as_mut()
            .map(|lane| act(lane))
    }

    fn answer(&self, ask: super::lane::Ask, suspended: bool) {
        let _scope = current::enter(self.pid());
        let mut served = Served {
            body: &self.body,
            header: &self.header,
            info: self.info(),
            suspended,
            watch: self.with_lane(|lane| lane.watch.take()).flatten(),
        };
        self.doing.answer();
        ask(&mut served);
        self.doing.leave();
        let watch = served.watch.filter(|watch| watch.is_wanted());
        self.state.set_watched(watch.is_some());
        self.with_lane(|lane| lane.watch = watch);
        if served.suspended != suspended {
            self.state.set_suspended(served.suspended);
        }
    }

    /// Tells those who watch the server of the message that comes next.
    #[cold]
    pub(super) fn tell_before(&self) {
        self.tell(|watch, cell| {
            watch.before(&cell.body, &cell.header, &mut |system| system.settle(cell));
        });
    }

    /// Tells those who watch the server what came of the message before, unless its handler waits.
    #[cold]
    pub(super) fn tell_after(&self, turn: &Turn) {
        match turn {
            Turn::Idle | Turn::More => {
                self.tell(|watch, cell| watch.after(&cell.body, &cell.header));
            }
            Turn::Waits { .. } | Turn::Blocks(_) | Turn::Exited(_) => {}
        }
    }

    fn tell(&self, tell: fn(&mut Watch, &Self)) {
        let _scope = current::enter(self.pid());
        let Some(mut watch) = self.with_lane(|lane| lane.watch.take()).flatten() else {
            return;
        };
        self.doing.answer();
        tell(&mut watch, self);
        self.doing.leave();
        let mut watch = Some(watch);
        if watch.as_ref().is_some_and(|watch| !watch.is_wanted()) {
            self.state.set_watched(false);
            watch = None;
        }
        self.with_lane(|lane| lane.watch = watch);
    }

    /// The last events of a server that keeps them.
    pub(super) fn kept_events(&self) -> Vec<Event> {
        if !self.state.snapshot().is_watched() {
            return Vec::new();
        }
        let kept = |lane: &mut Lane| lane.watch.as_ref().map(|watch| watch.kept());
        self.with_lane(kept).flatten().unwrap_or_default()
    }

    /// A handler of a server that is watched has answered so often.
    pub(super) fn note_replies(&self, replies: u32) {
        self.with_lane(|lane| {
            if let Some(watch) = &mut lane.watch {
                watch.note_replies(replies);
            }
        });
    }
}
