//! Handling messages one after the other, while their handlers do not wait.

use std::mem::ManuallyDrop;

use super::batch::Batch;
use super::core::Core;
use super::instance::Instance;
use super::mailbox::MessageLane;
use super::message::{Mail, note};
use super::tempo::Tempo;
use super::turns::Turns;
use super::{AnyCell, Body};
use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::deadline::Deadline;
use crate::gen_server::large::Carry;
use crate::gen_server::{GenServer, Inline, event};
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::rt::Instant;
use crate::trace::OwnedEnteredSpan;

/// What handling messages without waiting came to.
pub(super) enum Halt<M> {
    /// Nothing is left of the batch.
    Empty,
    /// A signal came in, or a request of `sys` has its turn: it takes effect before the next message is looked at.
    Signal,
    /// As many as were allowed.
    Spent,
    /// The handler of this message may wait. It was begun at this moment, if its time is taken.
    Waits(M, Option<Instant>),
    /// The server has to end, in order, for this reason.
    Exits(ExitReason),
}

impl<S: GenServer> Body<S> {
    /// Handles at most `most` messages, one after the other, while their handlers do not wait. `first`, if any, comes before
    /// the batch.
    ///
    /// The panic of a handler ends it all: they run inside one guard.
    #[inline]
    pub(super) fn handle_sync<C: Carry>(
        &self,
        core: &mut Core<S>,
        cell: &AnyCell,
        first: Option<C::Message<Mail<S>>>,
        most: &mut u32,
    ) -> Halt<C::Message<Mail<S>>> {
        let Core {
            instance: Some(instance),
            batch,
            tempo,
            ..
        } = core
        else {
            return Halt::Empty;
        };
        let instance = instance.get_mut();
        // Dropped by hand where there is one: to drop the none that is there would cost every turn a call.
        let mut entered = ManuallyDrop::new(None);
        // Not `catch_dyn`: what comes back is large, and goes by the return value for less.
        let caught = catch(|| {
            let lane = &self.mailbox;
            Self::handle_each::<C>(
                lane,
                instance,
                batch,
                tempo,
                cell,
                first,
                most,
                &mut entered,
            )
        });
        if entered.is_some() {
            drop(ManuallyDrop::into_inner(entered));
        }
        match caught {
            Ok(halt) => halt,
            Err(panic) => Halt::Exits(panic),
        }
    }

    #[inline(always)]
    #[allow(clippy::too_many_arguments)] // They are all parts of the server.
    fn handle_each<C: Carry>(
        mailbox: &MessageLane<Mail<S>>,
        instance: &mut Instance<S>,
        batch: &mut Batch<Mail<S>>,
        tempo: &mut Tempo,
        cell: &AnyCell,
        first: Option<C::Message<Mail<S>>>,
        most: &mut u32,
        entered: &mut Option<Box<OwnedEnteredSpan>>,
    ) -> Halt<C::Message<Mail<S>>> {
        let Instance { state, cx, last } = instance;
        let state = state.get_mut();
        // What the server's task works off is timed while callers are kept out, to let them in again.
        let timed = *most < Turns::FIRST || Self::is_slow(cell);
        let mut next = first.or_else(|| Self::next::<C>(mailbox, batch));
        // Whether it was in a note, and looked at.
        let mut opened = false;
        while let Some(message) = next {
            if const { S::OPTIONS.deadlines } && !std::mem::take(&mut opened) {
                let deadline = C::look(&message).deadline();
                if deadline.is_some_and(Deadline::is_over) && !planted(Bug::LateCallHandled) {
                    discard(message);
                    next = Self::next::<C>(mailbox, batch);
                    continue;
                }
                cell.header.set_deadline(deadline.and_then(Deadline::at));
            }
            let start = if timed {
                tempo.start_sample(&S::OPTIONS)
            } else {
                None
            };
            let handled = match C::by_value(message) {
                Ok(Mail::Message(message)) => {
                    note(&cell.doing, last, &message);
                    if S::WAITS && S::message_waits(&message) {
                        return Halt::Waits(C::hold(Mail::Message(message)), start);
                    }
                    state.handle_message_now(message, cx)
                }
                Ok(Mail::Noted(noted)) => {
                    if S::WAITS && noted.waits() {
                        noted.note(&cell.doing, last);
                        return Halt::Waits(C::hold(Mail::Noted(noted)), start);
                    }
                    // Once more, as a message in its span: so there is one place that calls the handlers, which they are
                    // inlined into.
                    let (message, note) = noted.into_parts();
                    note.enter(entered);
                    opened = true;
                    next = Some(C::hold(Mail::Message(message)));
                    continue;
                }
                Ok(Mail::System(system)) => {
                    batch.note_apart();
                    if cell.meets_request(&system) {
                        return Halt::Signal;
                    }
                    system.note(&cell.doing, last);
                    if const { event::may_wait::<S>() } && system.waits() {
                        return Halt::Waits(C::hold(Mail::System(system)), start);
                    }
                    system.handle_now(cell, state, cx)
                }
                // Nothing is large that is carried by value: what follows is not compiled for it.
                Err(large) if const { !C::POINTS } => return Halt::Waits(large, start),
                Err(large) => {
                    if let Mail::System(system) = C::look(&large) {
                        batch.note_apart();
                        if cell.meets_request(system) {
                            return Halt::Signal;
                        }
                    }
                    C::look(&large).note(&cell.doing, last);
                    if S::WAITS && C::look(&large).waits() {
                        return Halt::Waits(large, start);
                    }
                    C::unpack(large).handle_now(cell, state, cx)
                }
            };
            if entered.is_some() {
                *entered = None;
            }
            if let Err(reason) = handled {
                return Halt::Exits(reason);
            }
            cell.count();
            if let Some(start) = start {
                tempo.sample(&cell.state, start);
            }
            if cx.has_asked()
                && let Some(reason) = Self::take_asked(cell, cx, batch)
            {
                return Halt::Exits(reason);
            }
            if cell.is_signalled() {
                return Halt::Signal;
            }
            *most -= 1;
            if *most == 0 {
                return Halt::Spent;
            }
            next = Self::next::<C>(mailbox, batch);
        }
        Halt::Empty
    }

    #[inline(always)]
    fn next<C: Carry>(
        mailbox: &MessageLane<Mail<S>>,
        batch: &mut Batch<Mail<S>>,
    ) -> Option<C::Message<Mail<S>>> {
        let message = C::pack(|| batch.next())?;
        mailbox.note_handled(Self::BOUND, batch);
        Some(message)
    }

    /// Whether handlers were found too slow to run inline.
    #[inline]
    fn is_slow(cell: &AnyCell) -> bool {
        matches!(S::OPTIONS.inline, Inline::Auto) && cell.state.snapshot().keeps_callers_out()
    }
}
