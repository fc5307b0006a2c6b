//! What a server is sent later: messages that stand in its cell until their time, and die with it.

use std::any::Any;
use std::time::Duration;

use super::batch::drop_each;
use super::message::Mail;
use super::schedule::{LaterMails, Schedule};
use super::{AnyCell, Cell};
use crate::gen_server::{Full, GenServer};
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::process::timers::{Alarm, TimerKey};
use crate::rt::Instant;
use crate::sync::{Arc, Weak, lock};

/// The messages of a server of this type.
struct Mails<S: GenServer> {
    cell: Weak<Cell<S>>,
    places: Vec<Option<Mail<S>>>,
    free: Vec<u32>,
}

impl<S: GenServer> Mails<S> {
    fn of(cell: &Arc<Cell<S>>) -> Self {
        Self {
            cell: Arc::downgrade(cell),
            places: Vec::new(),
            free: Vec::new(),
        }
    }

    fn put(&mut self, mail: Mail<S>) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = Some(mail);
            return place;
        }
        self.places.push(Some(mail));
        u32::try_from(self.places.len() - 1).expect("fewer timers than there is memory for")
    }

    fn take(&mut self, place: u32) -> Option<Mail<S>> {
        let mail = self.places[place as usize].take();
        self.free.push(place);
        if self.free.len() == self.places.len() {
            // What a burst needed is given back.
            self.places = Vec::new();
            self.free = Vec::new();
        }
        mail
    }
}

impl<S: GenServer> LaterMails for Mails<S> {
    fn take_due(&mut self, places: Vec<u32>) -> Box<dyn FnOnce() + Send> {
        let mails: Vec<_> = places.into_iter().filter_map(|at| self.take(at)).collect();
        let cell = Weak::clone(&self.cell);
        Box::new(move || match cell.upgrade() {
            Some(cell) => mails.into_iter().for_each(|mail| cell.push_later(mail)),
            None => drop_each(mails.into()),
        })
    }

    fn take_back(&mut self, place: u32) -> Box<dyn Any + Send> {
        Box::new(self.take(place))
    }

    fn alarm(&self) -> Box<dyn Alarm> {
        Box::new(CellAlarm(Weak::clone(&self.cell) as Weak<AnyCell>))
    }
}

impl<S: GenServer> Drop for Mails<S> {
    fn drop(&mut self) {
        for mail in &mut self.places {
            discard(mail.take());
        }
    }
}

/// The first message of a cell is due.
struct CellAlarm(Weak<AnyCell>);

impl Alarm for CellAlarm {
    fn ring(self: Box<Self>, now: Instant) {
        if let Some(cell) = self.0.upgrade() {
            cell.send_due(now);
        }
    }
}

impl<S: GenServer> Cell<S> {
    /// Sends the server this message at that time. `None`: it is dead, or its runtime is gone, and the message is dropped.
    pub(in crate::gen_server) fn send_later(
        self: &Arc<Self>,
        deadline: Instant,
        mail: Mail<S>,
    ) -> Option<TimerKey> {
        let mut control = lock(&self.control);
        // Before the look whether it is dead: who buries it looks at this after its death.
        self.state.note_belongings();
        // Dead before it is buried, which is where the timers are taken out, under this lock.
        if self.header.exit_reason().is_some() && !planted(Bug::TimerSetForTheDead) {
            drop(control);
            discard(mail);
            return None;
        }
        let schedule = control
            .get_or_insert_default()
            .timers
            .get_or_insert_with(|| Box::new(Schedule::new(Box::new(Mails::of(self)))));
        let mails: &mut dyn Any = &mut *schedule.mails;
        let place = mails.downcast_mut::<Mails<S>>()?.put(mail);
        let key = schedule.insert(deadline, place);
        let keeper = schedule.set_alarm(&self.header.node.timers);
        drop(control);
        if let Some(keeper) = keeper {
            keeper.tell();
        }
        Some(key)
    }

    /// Looks at each message that will be sent and whose timer has this number or a later one, in the order of their numbers, and
    /// without a lock: so each is taken out meanwhile. Returns the number of the next timer.
    pub(super) fn look_at_timers(
        &self,
        since: u64,
        look: &mut dyn FnMut(Instant, &Mail<S>),
    ) -> u64 {
        let (set, next) = {
            let control = lock(&self.control);
            let Some(schedule) = control.as_ref().and_then(|it| it.timers.as_ref()) else {
                return since;
            };
            schedule.set_since(since)
        };
        for (key, place) in set {
            let Some(mail) = self.with_place(key, place, Option::take).flatten() else {
                continue;
            };
            look(key.0, &mail);
            let mut mail = Some(mail);
            self.with_place(key, place, |at| *at = mail.take());
            // It was cancelled meanwhile.
            discard(mail);
        }
        next
    }

    /// The place of a timer's message. `None`: it is not set any more.
    fn with_place<R>(
        &self,
        key: TimerKey,
        place: u32,
        act: impl FnOnce(&mut Option<Mail<S>>) -> R,
    ) -> Option<R> {
        let mut control = lock(&self.control);
        let schedule = control.as_mut()?.timers.as_mut()?;
        if !schedule.contains(key) {
            return None;
        }
        let mails: &mut dyn Any = &mut *schedule.mails;
        let mails = mails.downcast_mut::<Mails<S>>()?;
        Some(act(mails.places.get_mut(place as usize)?))
    }

    /// Queues a message whose time has come: one message, whatever the mailbox's bound.
    pub(super) fn push_later(self: &Arc<Self>, mail: Mail<S>) {
        let mut mail = Some(mail);
        if self.is_traced() {
            Mail::note_sender(&mut mail, &self.header);
        }
        let Some(mail) = mail else { return };
        let pushed = if const { matches!(S::OPTIONS.full, Full::DropOldest) } {
            self.push_late_over_oldest(mail)
        } else {
            self.body.mailbox.push_late(mail)
        };
        match pushed {
            Ok(()) => self.note_mail(),
            // It died meanwhile: a destructor has no place here.
            Err(mail) => self.header.node.runtime.spawn(async move { discard(mail) }),
        }
    }
}

impl AnyCell {
    /// Sends what is due.
    pub(super) fn send_due(&self, now: Instant) {
        let (send, keeper) = {
            let mut control = lock(&self.control);
            let Some(schedule) = control.as_mut().and_then(|it| it.timers.as_mut()) else {
                return;
            };
            let send = schedule.take_due(now);
            (send, schedule.set_alarm(&self.header.node.timers))
        };
        if let Some(keeper) = keeper {
            keeper.tell();
        }
        send();
    }

    /// What is left of the time until a message is sent. `None`: it was sent, or taken back, or the server is dead.
    pub(in crate::gen_server) fn time_left(&self, key: TimerKey) -> Option<Duration> {
        let control = lock(&self.control);
        let schedule = control.as_ref()?.timers.as_ref()?;
        let is_set = schedule.contains(key) && self.header.exit_reason().is_none();
        drop(control);
        is_set.then(|| key.0.saturating_duration_since(self.header.node.now()))
    }

    /// Takes a message back that is not sent. `Some`: what was left of its time.
    pub(in crate::gen_server) fn take_back(&self, key: TimerKey) -> Option<Duration> {
        if planted(Bug::TimerTakenAfterLook) {
            let left = self.time_left(key);
            let mut control = lock(&self.control);
            let timers = control.as_mut().and_then(|control| control.timers.as_mut());
            let mail = timers.and_then(|timers| timers.take_back(key));
            drop(control);
            discard(mail);
            return left;
        }
        let mut control = lock(&self.control);
        let mail = control.as_mut()?.timers.as_mut()?.take_back(key)?;
        drop(control);
        discard(mail);
        let is_alive = self.header.exit_reason().is_none();
        is_alive.then(|| key.0.saturating_duration_since(self.header.node.now()))
    }
}
