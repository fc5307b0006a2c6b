//! What a message is, and the ways to handle one: shown, handled without waiting, handled by a future.

use std::pin::pin;
use std::time::Duration;

use super::doing::Doing;
use super::last_message::LastMessage;
use super::source::Source;
use super::ticking::Ticking;
use crate::catch::{Caught, catch_dyn};
use crate::exit_reason::ExitReason;
use crate::gen_server::deadline::Deadline;
use crate::gen_server::dispatch::Parcel;
use crate::gen_server::event::{self, Event};
use crate::gen_server::handler::HandlerCode;
use crate::gen_server::large::Carry;
use crate::gen_server::report;
use crate::gen_server::{Context, GenServer, Message};
use crate::process::monitors::MonitorRef;
use crate::process::{Header, current};
use crate::sync::Arc;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::trace::{GuardedSpan, OwnedEnteredSpan};

/// What waits in a mailbox.
pub(crate) enum Mail<S: GenServer> {
    Message(Message<S>),
    /// Boxed, because it is rare and would make every message larger.
    System(Box<System>),
    /// A message of whose sender something is noted. Boxed likewise.
    Noted(Box<Noted<S>>),
}

/// A message with what is noted of its sender.
pub(crate) struct Noted<S: GenServer> {
    message: Message<S>,
    note: Note,
}

/// What is noted of the sender of a message.
#[derive(Default)]
pub(super) struct Note {
    /// It stands for the message from when it was sent until it is handled.
    span: Option<Box<GuardedSpan>>,
    /// A timer that sends the message again and again, once this one is handled.
    tick: Option<Ticking>,
    /// Of a call that a process waits for, whose handler is given the reply handle: set when it is.
    taken: Option<Arc<AtomicBool>>,
    /// Of a call to a server that wants to know.
    deadline: Option<Deadline>,
}

/// A message of the system.
pub(crate) enum System {
    /// Something has happened that there may be a handler for.
    Event(Event),
    /// A process is dead that the server monitored when this was queued.
    Down(MonitorRef, ExitReason),
    /// Nothing has come for so long as this timeout says, unless it has by now.
    Timeout(u64),
    /// What was queued has come to nothing.
    Nothing,
    /// A stream may have something.
    Look(Arc<Source>),
    /// It is the turn of the requests up to this number: to stop, or of `sys`.
    Request(u64),
}

/// Notes what a message is, for the crash report.
#[inline(always)]
pub(super) fn note<S: GenServer>(doing: &Doing, last: &mut LastMessage, message: &Message<S>) {
    doing.begin(S::message_handler(message));
    if const { S::OPTIONS.last_message } {
        last.describe(&S::describe_message(message));
    }
}

impl<S: GenServer> Noted<S> {
    /// Whether its handler may wait.
    pub(super) fn waits(&self) -> bool {
        S::message_waits(&self.message)
    }

    /// Whether its handler blocks.
    pub(super) fn blocks(&self) -> bool {
        S::message_blocks(&self.message)
    }

    pub(super) fn note(&self, doing: &Doing, last: &mut LastMessage) {
        note(doing, last, &self.message);
    }

    pub(super) const fn message(&self) -> &Message<S> {
        &self.message
    }

    /// The message, and what is noted with it.
    #[allow(clippy::boxed_local, reason = "it is moved as a pointer")]
    pub(super) fn into_parts(self: Box<Self>) -> (Message<S>, Note) {
        let Self { message, note } = *self;
        (message, note)
    }
}

impl Note {
    #[inline(never)]
    fn in_span(span: Box<GuardedSpan>) -> Self {
        Self {
            span: Some(span),
            ..Self::default()
        }
    }

    /// A message that a timer sends again and again has a span of its own each time, where somebody wants spans.
    #[cold]
    #[inline(never)]
    fn note_tick(&mut self, server: &Header) {
        if let (None, Some(tick)) = (&self.span, &self.tick) {
            self.span = tick.span(server);
        }
    }

    #[inline(never)]
    fn ticking(tick: Ticking) -> Self {
        Self {
            tick: Some(tick),
            ..Self::default()
        }
    }

    /// The message is about to be handled, in this span.
    #[cold]
    #[inline(never)]
    pub(super) fn open(self) -> Option<Box<GuardedSpan>> {
        if let Some(tick) = self.tick {
            tick.opened();
        }
        if let Some(taken) = self.taken {
            taken.store(true, Ordering::Release);
        }
        self.span
    }

    /// The same, where it is entered for as long as the message is handled.
    #[cold]
    #[inline(never)]
    pub(super) fn enter(self, entered: &mut Option<Box<OwnedEnteredSpan>>) {
        if let Some(span) = self.open() {
            *entered = Some(span.entered());
        }
    }
}

impl System {
    pub(super) const fn is_event(&self) -> bool {
        matches!(self, Self::Event(_))
    }

    /// Whether its handler may wait, where one of the server's may.
    pub(super) const fn waits(&self) -> bool {
        matches!(self, Self::Event(_) | Self::Down(..) | Self::Timeout(_))
    }

    #[cold]
    pub(super) fn note(&self, doing: &Doing, last: &mut LastMessage) {
        let code = match self {
            Self::Request(_) | Self::Nothing => return,
            Self::Look(_) => HandlerCode::LOOK,
            Self::Event(Event::Exit { .. }) => HandlerCode::EXIT,
            Self::Event(Event::Down(_)) | Self::Down(..) => HandlerCode::DOWN,
            Self::Event(Event::Timeout) | Self::Timeout(_) => HandlerCode::TIMEOUT,
        };
        doing.begin(code);
        last.forget();
    }
}

/// Calls user code and polls the future it gives. The call has a guard of its own: a handler written by hand may panic
/// before its first poll.
macro_rules! caught {
    ($carry:ty, $handler:expr, $($arg:ident),+) => {{
        let mut args = Some(($($arg),+));
        let mut future = None;
        catch_dyn(&mut || {
            if let Some(($($arg),+)) = args.take() {
                future = Some(<$carry>::begin($handler($($arg),+)));
            }
        })?;
        Caught::new(pin!(future)).await?
    }};
}

/// A message that lies in its mail.
struct InMail<C: Carry, S: GenServer>(C::Message<Mail<S>>);

impl<C: Carry, S: GenServer> Parcel<S> for InMail<C, S> {
    fn look(&self) -> &Message<S> {
        match C::look(&self.0) {
            Mail::Message(message) => message,
            Mail::Noted(noted) => &noted.message,
            Mail::System(_) => unreachable!("a message became one of the system"),
        }
    }

    fn open(self) -> Message<S> {
        match C::unpack(self.0) {
            Mail::Message(message) => message,
            Mail::Noted(noted) => noted.message,
            Mail::System(_) => unreachable!("a message became one of the system"),
        }
    }
}

impl<S: GenServer> Mail<S> {
    /// Notes the span that a message is sent in, where somebody wants spans.
    #[cold]
    #[inline(never)]
    pub(in crate::gen_server) fn note_sender(mail: &mut Option<Self>, server: &Header) {
        let message = match mail {
            Some(Self::Message(message)) => message,
            Some(Self::Noted(noted)) => return noted.note.note_tick(server),
            _ => return,
        };
        if let Some(span) = report::span(server, std::any::type_name::<S>(), message.callback())
            && let Some(Self::Message(message)) = mail.take()
        {
            let note = Note::in_span(span);
            *mail = Some(Self::Noted(Box::new(Noted { message, note })));
        }
    }

    /// Notes of a call whose handler is given the reply handle when that is, where a process waits for it.
    #[inline(never)]
    pub(in crate::gen_server) fn note_taking(mail: &mut Option<Self>) -> Option<Arc<AtomicBool>> {
        current::pid()?;
        let taken = Arc::new(AtomicBool::new(false));
        let mut noted = Some(Arc::clone(&taken));
        Self::note_in(mail, &mut |note| note.taken = noted.take());
        Some(taken)
    }

    /// Notes until when the caller of a call waits.
    #[inline(never)]
    pub(in crate::gen_server) fn note_deadline(mail: &mut Option<Self>, deadline: Deadline) {
        let mut deadline = Some(deadline);
        Self::note_in(mail, &mut |note| note.deadline = deadline.take());
    }

    /// Notes something with a message.
    fn note_in(mail: &mut Option<Self>, note: &mut dyn FnMut(&mut Note)) {
        let mut noted = match mail.take() {
            Some(Self::Message(message)) => Box::new(Noted {
                message,
                note: Note::default(),
            }),
            Some(Self::Noted(noted)) => noted,
            other => {
                *mail = other;
                return;
            }
        };
        note(&mut noted.note);
        *mail = Some(Self::Noted(noted));
    }

    /// Until when its caller waits, if that was noted.
    pub(super) fn deadline(&self) -> Option<&Deadline> {
        match self {
            Self::Noted(noted) => noted.note.deadline.as_ref(),
            Self::Message(_) | Self::System(_) => None,
        }
    }

    /// A message that a timer sends again and again.
    pub(super) fn ticking(message: Message<S>, tick: Ticking) -> Self {
        let note = Note::ticking(tick);
        Self::Noted(Box::new(Noted { message, note }))
    }

    /// The message of a user, if it is one.
    pub(in crate::gen_server) fn into_message(self) -> Option<Message<S>> {
        match self {
            Self::Message(message) => Some(message),
            Self::Noted(noted) => Some(noted.message),
            Self::System(_) => None,
        }
    }

    /// A look at the message of a user, if it is one; and the period of the timer that sends it again and again, if one does.
    pub(super) fn look(&self) -> Option<(&Message<S>, Option<Duration>)> {
        match self {
            Self::Message(message) => Some((message, None)),
            Self::Noted(noted) => {
                let tick = noted.note.tick.as_ref();
                Some((&noted.message, tick.and_then(Ticking::period)))
            }
            Self::System(_) => None,
        }
    }

    /// Whether it is the crate's own, and may come to nothing.
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::System(system) if !system.is_event())
    }

    /// Whether a span stands for its handling.
    #[inline]
    pub(super) fn has_span(&self) -> bool {
        !matches!(self, Self::Message(_))
    }

    /// Whether its handler may wait.
    #[inline]
    pub(super) fn waits(&self) -> bool {
        match self {
            Self::Message(message) => S::message_waits(message),
            Self::Noted(noted) => noted.waits(),
            Self::System(system) => event::may_wait::<S>() && system.waits(),
        }
    }

    /// Whether its handler blocks, and is one that waits for those who run it.
    pub(super) fn blocks(&self) -> bool {
        match self {
            Self::Message(message) => S::message_blocks(message),
            Self::Noted(noted) => noted.blocks(),
            Self::System(_) => false,
        }
    }

    /// Notes what it is, for the crash report.
    pub(super) fn note(&self, doing: &Doing, last: &mut LastMessage) {
        match self {
            Self::Message(message) => note(doing, last, message),
            Self::Noted(noted) => noted.note(doing, last),
            Self::System(system) => system.note(doing, last),
        }
    }

    /// Handles it. A panic is an error like one that the handler returns.
    pub(super) async fn handle<C: Carry>(
        mail: C::Message<Self>,
        state: &mut S,
        cx: &mut Context<S>,
    ) -> Result<(), ExitReason> {
        if !matches!(C::look(&mail), Self::System(_)) {
            let message = InMail::<C, S>(mail);
            return caught!(C, S::handle_message::<C>, state, message, cx);
        }
        let Self::System(system) = C::unpack(mail) else {
            return Ok(());
        };
        match *system {
            System::Event(event) if const { event::may_wait::<S>() } => {
                caught!(C, S::handle_event::<C>, state, event, cx)
            }
            System::Look(_) => unreachable!("a look at a stream does not wait"),
            // It has come to nothing; a request was met.
            System::Request(_)
            | System::Event(_)
            | System::Down(..)
            | System::Timeout(_)
            | System::Nothing => Ok(()),
        }
    }
}
