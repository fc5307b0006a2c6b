//! The slot a caller waits at for its reply.
//!
//! A slot is used for one call after the other. Every call is a new generation, and a reply of an earlier one is dropped:
//! a late one can never reach a later call.

use std::task::{Context, Poll};

use crate::exit_reason::ExitReason;
use crate::guard::{Waiter, WakerSlot, discard};
use crate::planted::{Bug, planted};
use crate::process::caller::Caller;
use crate::process::clock::Clock;
use crate::process::timers::{Overdue, TICK};
use crate::process::wait_list::Awaited;
use crate::process::{current, line};
use crate::reply::abandoned::{self, AbandonedCall, Abandonment};
use crate::rt::{self, Instant};
use crate::sync::{Arc, Mutex, lock};

/// One call's reply on its way.
pub(crate) struct Slot<R> {
    state: Mutex<Contents<R>>,
    /// What either handle does that is dropped. Kept here because their types have no bounds of their own.
    dropped: fn(Dropped<R>),
}

/// A handle of a slot that is dropped.
pub(super) enum Dropped<R> {
    /// The reply handle of this generation, without a reply.
    Unanswered(Arc<Slot<R>>, u64),
    /// The caller's, of a call that is not over.
    Unheard(Opened<R>),
}

struct Contents<R> {
    head: Head,
    content: Content<R>,
}

/// The part of a slot that does not depend on the reply.
struct Head {
    generation: u64,
    waker: WakerSlot,
    /// Who has waited at it last, and in which call.
    caller: Option<(u64, Caller)>,
    /// On a clock's list of waiting callers.
    noted: Option<Listed>,
    /// On the list for a whole tick.
    overdue: Option<Listed>,
    /// Why the call of this generation has failed, while its server may live.
    failed: Option<Box<(u64, ExitReason)>>,
}

#[derive(Clone, Copy)]
struct Listed {
    clock: Clock,
    since: Instant,
    /// The call that was noted. The list is for those that come after it, too.
    generation: u64,
    /// With the thread that keeps time, too.
    helped: bool,
}

pub(super) enum Content<R> {
    Open,
    /// Likewise, and this is woken when the caller has gone.
    Watched(Box<WakerSlot>),
    Reply(R),
    Abandoned(Abandonment),
}

impl<R> Content<R> {
    /// Whether the caller has nothing to take yet.
    #[inline(always)]
    const fn is_open(&self) -> bool {
        matches!(self, Self::Open | Self::Watched(_))
    }

    /// Nobody takes it.
    #[cold]
    #[inline(never)]
    fn discard(self) {
        if let Self::Reply(late) = self {
            discard(late);
        }
    }
}

/// What a caller finds at its slot.
pub(crate) enum Answer<R> {
    Reply(R),
    /// The reply handle was dropped.
    Abandoned(Abandonment),
    /// Waited long enough without a timer. The call did not begin before this moment.
    Overdue(Instant),
}

impl Head {
    const fn new() -> Self {
        Self {
            generation: 0,
            waker: WakerSlot::new(),
            caller: None,
            noted: None,
            overdue: None,
            failed: None,
        }
    }

    /// Whether a reply of this generation is for the call that waits.
    #[inline]
    fn is_for(&self, generation: u64) -> bool {
        self.generation == generation || planted(Bug::LateReplyAccepted)
    }

    /// The call is over: what its handle might still send is not for the next one. Returns the next one's generation.
    /// The waker of a caller who has its answer was woken with it.
    #[inline]
    fn next_generation(&mut self) -> u64 {
        self.generation += 1;
        self.overdue = None;
        self.generation
    }

    /// Leaves the caller's waker. `false`: it is foreign, or another one than before, or it has to be noted first that this
    /// caller waits, or that it has for long enough.
    #[inline]
    fn wait(&mut self, cx: &Context<'_>, clock: Option<Clock>) -> bool {
        self.caller = Some((self.generation, Caller::here()));
        self.waker.is_for(cx.waker())
            && self.waker.try_register(cx.waker())
            && self.is_noted(clock)
            && self.overdue.is_none()
    }

    #[inline]
    fn is_noted(&self, clock: Option<Clock>) -> bool {
        match (&self.noted, clock) {
            (Some(noted), Some(clock)) => noted.clock == clock || planted(Bug::NotedAnywhere),
            _ => false,
        }
    }

    /// Notes the caller on a clock. `false`: there is no need to.
    fn note(&mut self, clock: Clock, since: Instant, helped: bool) -> bool {
        if self.is_noted(Some(clock)) && self.noted.is_some_and(|noted| noted.helped || !helped) {
            return false;
        }
        self.noted = Some(Listed {
            clock,
            since,
            generation: self.generation,
            helped,
        });
        true
    }

    /// Since when the call waits, at the earliest, of a caller who was noted for a whole tick.
    fn since(&self, now: Instant) -> Option<Instant> {
        let noted = self.overdue?;
        // A later call than the one that was noted did not begin before it. The tick may have come late: then it counts as one.
        let earliest = match now.checked_sub(TICK) {
            Some(earliest) if noted.generation != self.generation => earliest,
            _ => noted.since,
        };
        Some(noted.since.max(earliest))
    }

    /// The tick is over. Returns the waker of a caller who still waits. A slot that has moved is on two lists: the first counts.
    fn tick(&mut self) -> WakerSlot {
        let Some(noted) = self.noted.take() else {
            return WakerSlot::new();
        };
        let waker = self.waker.take();
        if waker.is_some() {
            self.overdue = Some(noted);
        }
        waker
    }
}

impl<R: Send + 'static> Slot<R> {
    pub(super) fn new(dropped: fn(Dropped<R>)) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(Contents {
                head: Head::new(),
                content: Content::Open,
            }),
            dropped,
        })
    }
}

impl<R> Slot<R> {
    /// `apart`: a caller that another executor polls is woken apart.
    #[inline]
    pub(super) fn resolve(&self, generation: u64, content: Content<R>, apart: bool) {
        let mut state = lock(&self.state);
        if !state.head.is_for(generation) {
            drop(state);
            return content.discard();
        }
        let waker = state.head.waker.take();
        let before = std::mem::replace(&mut state.content, content);
        drop(state);
        if !matches!(before, Content::Open) {
            before.discard();
        }
        line::wake_as(waker, apart);
    }

    /// Tells the caller that what was to answer it has ended, for this reason.
    #[cold]
    pub(super) fn fail(&self, generation: u64, reason: ExitReason) {
        let before = {
            let head = &mut lock(&self.state).head;
            if head.is_for(generation) {
                head.failed.replace(Box::new((generation, reason)))
            } else {
                Some(Box::new((generation, reason)))
            }
        };
        discard(before);
        self.resolve(generation, Content::Abandoned(Abandonment::Dropped), true);
    }

    /// Whether the caller of this generation still waits.
    pub(super) fn is_open(&self, generation: u64) -> bool {
        lock(&self.state).head.generation == generation
    }

    /// Ready when the caller of this generation waits no longer. Until then `cx` is woken when it does not.
    #[cold]
    pub(super) fn poll_closed(&self, generation: u64, cx: &Context<'_>) -> Poll<()> {
        let mut waiter = Waiter::new(cx.waker());
        let mut state = lock(&self.state);
        if state.head.generation != generation {
            return Poll::Ready(());
        }
        if planted(Bug::WatcherWakerAfterLook) {
            drop(state);
            state = lock(&self.state);
        }
        if matches!(state.content, Content::Open) {
            state.content = Content::Watched(Box::default());
        }
        if let Content::Watched(watcher) = &mut state.content {
            watcher.register(&mut waiter);
        }
        Poll::Pending
    }

    /// Nobody wants to hear any more that the caller has gone.
    #[cold]
    pub(super) fn forget_watch(&self, generation: u64) {
        let _watcher = {
            let mut state = lock(&self.state);
            let watched = matches!(state.content, Content::Watched(_));
            (watched && state.head.generation == generation)
                .then(|| std::mem::replace(&mut state.content, Content::Open))
        };
    }

    /// A reply handle was dropped without a reply.
    #[cold]
    pub(super) fn abandon(slot: Arc<Self>, generation: u64) {
        (slot.dropped)(Dropped::Unanswered(slot, generation));
    }
}

/// A reply handle of this generation was dropped without a reply.
pub(super) fn abandon(slot: Arc<dyn AbandonedCall>, generation: u64) {
    if abandoned::is_displacing() {
        slot.tell(generation, Abandonment::Displaced);
    } else if current::pid().is_none() || planted(Bug::DroppedReplyToldEarly) {
        slot.tell(generation, Abandonment::Dropped);
    } else if let Err(slot) = abandoned::keep(slot, generation) {
        slot.tell(generation, Abandonment::Dropped);
    }
}

impl<R: Send + 'static> AbandonedCall for Slot<R> {
    fn tell(&self, generation: u64, why: Abandonment) {
        // Perhaps by a supervisor, or by a process that dies.
        self.resolve(generation, Content::Abandoned(why), true);
    }

    fn caller(&self, generation: u64) -> Option<Caller> {
        caller(self, generation)
    }
}

/// Who waits at a slot in this call, if that is known.
#[cold]
fn caller(slot: &dyn AnySlot, generation: u64) -> Option<Caller> {
    let mut found = None;
    slot.with_head(&mut |head| {
        found = head
            .caller
            .filter(|(noted, _)| *noted == generation && generation == head.generation);
    });
    found.map(|(_, caller)| caller)
}

impl<R: Send + 'static> Awaited for Slot<R> {
    fn waits(&self, generation: u64) -> bool {
        waits(self, generation)
    }

    fn wake_caller(&self, generation: u64) {
        wake_caller(self, generation);
    }
}

fn waits(slot: &dyn AnySlot, generation: u64) -> bool {
    let mut same = false;
    slot.with_head(&mut |head| same = head.generation == generation) && same
}

fn wake_caller(slot: &dyn AnySlot, generation: u64) {
    let mut waker = WakerSlot::new();
    slot.with_head(&mut |head| {
        if head.generation == generation {
            waker = head.waker.take();
        }
    });
    line::wake(waker);
}

/// A slot in use, whatever reply it is for.
pub(crate) trait InUse {
    /// Where the caller waits, and in which call.
    fn awaited(&self) -> (Arc<dyn Awaited>, u64);
}

impl<R: Send + 'static> InUse for Opened<R> {
    fn awaited(&self) -> (Arc<dyn Awaited>, u64) {
        (Arc::clone(&self.slot) as _, self.generation)
    }
}

/// A slot, whatever reply it is for.
trait AnySlot: Overdue {
    /// Acts on its head, if the call waits. `false`: it has its answer.
    fn with_head(&self, act: &mut dyn FnMut(&mut Head)) -> bool;
}

impl<R: Send + 'static> AnySlot for Slot<R> {
    fn with_head(&self, act: &mut dyn FnMut(&mut Head)) -> bool {
        let mut state = lock(&self.state);
        let waits = state.content.is_open();
        if waits {
            act(&mut state.head);
        }
        waits
    }
}

impl<R: Send + 'static> Overdue for Slot<R> {
    fn tick(&self) -> WakerSlot {
        lock(&self.state).head.tick()
    }
}

/// What came of waiting at a slot.
enum Waited {
    Still,
    /// For long enough, since this moment.
    Overdue(Instant),
    /// No: the answer has come.
    Answered,
}

/// Leaves the caller's waker, and puts the slot on its clock's list of callers who wait.
#[cold]
#[inline(never)]
fn wait_slowly(slot: &Arc<dyn AnySlot>, cx: &Context<'_>, clock: &mut Option<Clock>) -> Waited {
    // The caller may have moved to another runtime.
    let here = Clock::here();
    *clock = Some(here);
    let (now, helped) = (rt::now(), rt::may_be_blocked(cx));
    let mut waiter = Waiter::new(cx.waker());
    let (mut news, mut since) = (false, None);
    let waits = slot.with_head(&mut |head| {
        head.waker.register(&mut waiter);
        since = head.since(now);
        news = since.is_none() && head.note(here, now, helped);
    });
    let caller = || Arc::clone(slot) as Arc<dyn Overdue>;
    if news && waits && !here.note(&caller(), now, helped) {
        // No tick will come: the caller keeps its own time at once.
        slot.with_head(&mut |head| head.overdue = head.noted.take().or(head.overdue));
        since = Some(now);
    }
    match since {
        _ if !waits => Waited::Answered,
        Some(since) => Waited::Overdue(since),
        None => Waited::Still,
    }
}

/// Why the call before this generation has failed.
#[cold]
fn take_failure(slot: &dyn AnySlot, next: u64) -> Option<ExitReason> {
    let mut failed = None;
    // Its answer was taken, so it is open for the next.
    slot.with_head(&mut |head| failed = head.failed.take());
    let (generation, reason) = *failed?;
    // Of this call, and not of one before it that nobody asked about.
    if generation + 1 == next {
        return Some(reason);
    }
    discard(reason);
    None
}

/// A slot in use by a call: the caller's side.
pub(crate) struct Opened<R> {
    pub(super) slot: Arc<Slot<R>>,
    /// Of this call; the next one's, once this one has its answer.
    pub(super) generation: u64,
    /// Of the caller, where it was polled last, as far as that is known.
    clock: Option<Clock>,
    answered: bool,
}

impl<R> Opened<R> {
    /// The caller waits no longer, if it did.
    #[cold]
    #[inline(never)]
    pub(crate) fn give_back(opened: &mut Option<Self>) {
        if let Some(opened) = opened.take() {
            (opened.slot.dropped)(Dropped::Unheard(opened));
        }
    }
}

impl<R: Send + 'static> Opened<R> {
    #[inline]
    pub(super) fn new(slot: Arc<Slot<R>>, generation: u64) -> Self {
        Self {
            slot,
            generation,
            clock: Clock::known(),
            answered: false,
        }
    }

    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answer<R>> {
        let mut state = lock(&self.slot.state);
        if planted(Bug::CallerWakerAfterLook) && state.content.is_open() {
            drop(state);
            state = lock(&self.slot.state);
            state.head.waker.register(&mut Waiter::new(cx.waker()));
            return Poll::Pending;
        }
        if state.content.is_open() {
            if state.head.wait(cx, self.clock) {
                return Poll::Pending;
            }
            drop(state);
            let slot: Arc<dyn AnySlot> = Arc::clone(&self.slot) as _;
            match wait_slowly(&slot, cx, &mut self.clock) {
                Waited::Still => return Poll::Pending,
                Waited::Overdue(since) => return Poll::Ready(Answer::Overdue(since)),
                Waited::Answered => state = lock(&self.slot.state),
            }
        }
        let content = std::mem::replace(&mut state.content, Content::Open);
        self.generation = state.head.next_generation();
        self.answered = true;
        match content {
            Content::Reply(reply) => Poll::Ready(Answer::Reply(reply)),
            Content::Abandoned(why) => Poll::Ready(Answer::Abandoned(why)),
            _ => Poll::Ready(Answer::Abandoned(Abandonment::Dropped)),
        }
    }

    /// Why the call that was abandoned has failed, where what was to answer it has said so.
    #[cold]
    pub(crate) fn failure(&self) -> Option<ExitReason> {
        take_failure(&*self.slot, self.generation)
    }

    /// The answer, if it is there.
    #[cold]
    pub(super) fn try_take(&mut self) -> Option<Answer<R>> {
        let mut state = lock(&self.slot.state);
        if state.content.is_open() {
            return None;
        }
        let content = std::mem::replace(&mut state.content, Content::Open);
        self.generation = state.head.next_generation();
        self.answered = true;
        drop(state);
        Some(match content {
            Content::Reply(reply) => Answer::Reply(reply),
            Content::Abandoned(why) => Answer::Abandoned(why),
            _ => Answer::Abandoned(Abandonment::Dropped),
        })
    }

    /// Ends a call that was never sent.
    #[cold]
    pub(crate) fn end(mut self) {
        self.close();
    }

    /// Ends a call that waits no longer: what still arrives is dropped.
    #[inline]
    pub(super) fn close(&mut self) {
        if !self.answered {
            self.give_up();
        }
    }

    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        let (old, _waker) = {
            let mut state = lock(&self.slot.state);
            self.generation = state.head.next_generation();
            let old = std::mem::replace(&mut state.content, Content::Open);
            (old, state.head.waker.take())
        };
        match old {
            // Perhaps the caller is a process that dies.
            Content::Watched(watcher) => line::wake(*watcher),
            Content::Reply(late) => discard(late),
            Content::Open | Content::Abandoned(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
