//! The probe: a server written by hand that notes who is inside it, and in which order it hears from whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64 as Count, Ordering};

use shuttle::future::block_on;
use shuttle::sync::atomic::AtomicBool;
use suptree_core::__private::{Message, Mode};
use suptree_core::{
    CallError, Context, ExitReason, GenServer, Inline, Mailbox, Name, NoMessage, Pid, ReplyTo,
    Request, RequestMessage, ServerOptions, ServerRef, start,
};

use crate::desk::{Desk, Gate};
use crate::harness::Faults;

/// Calls run in place.
pub(crate) const IN_PLACE: u8 = 0;
/// Everything goes through the queue.
pub(crate) const QUEUED: u8 = 1;
/// Casts run in place, too.
pub(crate) const CASTS_TOO: u8 = 2;
/// Room for one message.
pub(crate) const TINY: u8 = 3;
/// Traps exits, and takes leave.
pub(crate) const GRACEFUL: u8 = 4;

/// Who says it, and their how manieth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said(pub(crate) usize, pub(crate) u64);

/// What a handler does.
pub(crate) enum What {
    Answer,
    /// Waits at the gate first.
    Hold(Gate),
    /// Opens a gate.
    Open(Gate),
    /// Leaves the reply to somebody else.
    Leave(Desk),
    Crash,
}

pub(crate) struct Ask(pub(crate) Said, pub(crate) What);

/// As [`Ask`], but the server loop handles it.
pub(crate) struct ByLoop(pub(crate) Ask);

/// As [`Ask`], but its caller begins the handler where the server is idle. For answers and for waiting.
pub(crate) struct Begun(pub(crate) Ask);

/// What is known about a probe outside of it.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) faults: Faults,
    /// The checker may switch threads here, and so in the middle of handlers.
    inside: AtomicBool,
    pub(crate) handled: Count,
    pub(crate) exits: Count,
    pub(crate) ended: Count,
}

impl Notes {
    pub(crate) fn new(faults: &Faults) -> Arc<Self> {
        Arc::new(Self {
            faults: faults.clone(),
            ..Self::default()
        })
    }
}

pub(crate) struct Probe<const K: u8> {
    notes: Arc<Notes>,
    last: [u64; 8],
}

impl<const K: u8> Probe<K> {
    fn hear(&mut self, said: Said) {
        self.notes.handled.fetch_add(1, Ordering::Relaxed);
        let before = std::mem::replace(&mut self.last[said.0], said.1);
        if before >= said.1 {
            self.notes.faults.add(format!("{said:?} after {before}"));
        }
    }

    fn alone<R>(&mut self, handle: impl FnOnce(&mut Self) -> R) -> R {
        if self.notes.inside.swap(true, Ordering::SeqCst) {
            self.notes.faults.add("two are inside");
        }
        let result = handle(self);
        self.notes.inside.store(false, Ordering::SeqCst);
        result
    }

    fn handle(&mut self, Ask(said, what): Ask) -> Result<Said, Ask> {
        match what {
            What::Hold(_) | What::Leave(_) => return Err(Ask(said, what)),
            What::Crash => {
                self.hear(said);
                std::panic::resume_unwind(Box::new("planned"));
            }
            What::Answer => self.alone(|this| this.hear(said)),
            What::Open(gate) => self.alone(|this| {
                this.hear(said);
                gate.open();
            }),
        }
        Ok(said)
    }
}

impl<const K: u8> Drop for Probe<K> {
    fn drop(&mut self) {
        self.notes.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a probe is started with.
pub(crate) struct Args {
    pub(crate) notes: Arc<Notes>,
    pub(crate) name: Option<Name>,
    /// `init` drops it.
    pub(crate) dropped: Option<ReplyTo<Said>>,
    /// `init` waits at it.
    pub(crate) gate: Option<Gate>,
}

impl<const K: u8> GenServer for Probe<K> {
    type Args = Args;
    type Call = (Ask, ReplyTo<Said>);
    type Cast = Ask;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = {
        let options = ServerOptions::new().inline(Inline::Always);
        match K {
            QUEUED => options.inline(Inline::Never),
            CASTS_TOO => options.inline_casts(true),
            TINY => options.mailbox(Mailbox::Bounded(1)),
            GRACEFUL => options.trap_exit(true).graceful(true),
            _ => options,
        }
    };

    fn name(args: &Args) -> Option<Name> {
        args.name.clone()
    }

    async fn init(args: Args, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        drop(args.dropped);
        if let Some(gate) = &args.gate {
            gate.passed().await;
        }
        Ok(Self {
            notes: args.notes,
            last: [0; 8],
        })
    }

    async fn handle_call(
        &mut self,
        (ask, reply): Self::Call,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        match ask {
            Ask(said, What::Leave(desk)) => {
                self.alone(|this| this.hear(said));
                desk.leave(said, reply);
            }
            Ask(said, What::Hold(gate)) => {
                gate.passed().await;
                self.alone(|this| this.hear(said));
                reply.send(said);
            }
            ask => {
                if let Ok(said) = self.handle(ask) {
                    reply.send(said);
                }
            }
        }
        Ok(())
    }

    async fn handle_cast(&mut self, ask: Ask, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
        if let Err(Ask(said, What::Hold(gate))) = self.handle(ask) {
            gate.passed().await;
            self.alone(|this| this.hear(said));
        }
        Ok(())
    }

    fn message_waits(message: &Message<Self>) -> bool {
        match message {
            Message::Cast(Ask(_, what)) => matches!(what, What::Hold(_) | What::Leave(_)),
            _ => true,
        }
    }

    fn handle_message_now(
        &mut self,
        message: Message<Self>,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        if let Message::Cast(ask) = message {
            let _said = self.handle(ask);
        }
        Ok(())
    }

    async fn handle_exit(
        &mut self,
        _from: Pid,
        _reason: ExitReason,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        self.alone(|this| this.notes.exits.fetch_add(1, Ordering::Relaxed));
        Ok(())
    }
}

impl<const K: u8> Request<Probe<K>> for Ask {
    const MODE: Mode = Mode::Sync;

    fn handle(self, server: &mut Probe<K>, _cx: &mut Context<Probe<K>>) -> Said {
        match server.handle(self) {
            Ok(said) => said,
            Err(_) => unreachable!("what waits, or replies later, is not asked for in place"),
        }
    }
}

impl<const K: u8> RequestMessage<Probe<K>> for Ask {
    type Reply = Said;
    type Args = Self;

    fn into_call(self, reply: ReplyTo<Said>) -> (Self, ReplyTo<Said>) {
        (self, reply)
    }

    fn take_back(call: (Self, ReplyTo<Said>)) -> Option<Self> {
        Some(call.0)
    }
}

impl<const K: u8> Request<Probe<K>> for ByLoop {}

impl<const K: u8> RequestMessage<Probe<K>> for ByLoop {
    type Reply = Said;
    type Args = Ask;

    fn into_call(self, reply: ReplyTo<Said>) -> (Ask, ReplyTo<Said>) {
        (self.0, reply)
    }

    fn take_back(call: (Ask, ReplyTo<Said>)) -> Option<Ask> {
        Some(call.0)
    }
}

impl<const K: u8> Request<Probe<K>> for Begun {
    const MODE: Mode = Mode::Async;

    async fn handle_async(self, server: &mut Probe<K>, _cx: &mut Context<Probe<K>>) -> Said {
        let Ask(said, what) = self.0;
        if let What::Hold(gate) = what {
            gate.passed().await;
        }
        server.alone(|server| server.hear(said));
        said
    }
}

impl<const K: u8> RequestMessage<Probe<K>> for Begun {
    type Reply = Said;
    type Args = Ask;

    fn into_call(self, reply: ReplyTo<Said>) -> (Ask, ReplyTo<Said>) {
        (self.0, reply)
    }

    fn take_back(call: (Ask, ReplyTo<Said>)) -> Option<Ask> {
        Some(call.0)
    }
}

pub(crate) type Server<const K: u8> = ServerRef<Probe<K>>;

/// Starts a probe.
pub(crate) fn probe<const K: u8>(faults: &Faults) -> (Server<K>, Arc<Notes>) {
    let notes = Notes::new(faults);
    let args = Args {
        notes: Arc::clone(&notes),
        name: None,
        dropped: None,
        gate: None,
    };
    let server = block_on(async { start::<Probe<K>>(args).await }).expect("it starts");
    (server, notes)
}

/// Calls, without a timeout: the call has to be answered, with its own answer.
pub(crate) async fn call<const K: u8>(faults: &Faults, server: &Server<K>, said: Said, what: What) {
    let answer = server.call(Ask(said, what)).no_timeout().await;
    answered(faults, said, answer);
}

/// As [`call`], handled by the server loop.
pub(crate) async fn call_by_loop<const K: u8>(
    faults: &Faults,
    server: &Server<K>,
    said: Said,
    what: What,
) {
    let answer = server.call(ByLoop(Ask(said, what))).no_timeout().await;
    answered(faults, said, answer);
}

/// As [`call`], with a handler that its caller begins.
pub(crate) async fn call_begun<const K: u8>(
    faults: &Faults,
    server: &Server<K>,
    said: Said,
    what: What,
) {
    let answer = server.call(Begun(Ask(said, what))).no_timeout().await;
    answered(faults, said, answer);
}

/// The call has its own answer.
pub(crate) fn answered(faults: &Faults, said: Said, answer: Result<Said, impl Into<CallError>>) {
    let answer = answer.map_err(Into::into);
    if answer != Ok(said) {
        faults.add(format!("{said:?} was answered with {answer:?}"));
    }
}

/// The call has its own answer, or the server ended with `reason`.
pub(crate) fn answered_or(
    faults: &Faults,
    said: Said,
    answer: Result<Said, impl Into<CallError>>,
    is_reason: fn(&ExitReason) -> bool,
) {
    match answer.map_err(Into::into) {
        Err(CallError::NoProc) => {}
        Err(CallError::Exited(reason)) if is_reason(&reason) => {}
        answer => answered(faults, said, answer),
    }
}

/// Casts, and waits for room without a timeout: it has to be sent.
pub(crate) async fn cast<const K: u8>(faults: &Faults, server: &Server<K>, said: Said, what: What) {
    let sent = server
        .cast(Ask(said, what))
        .timeout(std::time::Duration::MAX)
        .await;
    if let Err(error) = sent {
        faults.add(format!("{said:?} was not sent: {error}"));
    }
}
