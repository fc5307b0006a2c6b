//! The server that is hammered: it echoes, and ends in the ways it is told to.

use std::collections::VecDeque;

use suptree::__private::Mode;
use suptree::{
    Context, ExitReason, GenServer, Inline, Mailbox, NoMessage, ReplyTo, Request, RequestMessage,
    ServerOptions, ServerRef,
};

/// Ways to run it, for `Echo<..>`.
pub(crate) const IN_PLACE: u8 = 0;
pub(crate) const QUEUED: u8 = 1;
/// The mailbox holds one message, so that most callers wait for room.
pub(crate) const TIGHT: u8 = 2;

/// How a server ends by itself, after so many calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Own {
    /// It lives until somebody ends it.
    Never,
    /// It stops in order, with a reply to the last call.
    Stop(u64),
    /// It panics in the last call.
    Panic(u64),
}

/// How a call is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    At,
    /// After an `.await` in the handler.
    Later,
    /// One call later, from the state; what is left there at the end goes down with the server.
    Kept,
    /// By another task, which may be slower than the server's death.
    Elsewhere,
    /// Never: the reply handle is dropped.
    Dropped,
}

pub(crate) struct Echo<const KIND: u8> {
    calls: u64,
    own: Own,
    kept: VecDeque<(u64, ReplyTo<u64>)>,
}

pub(crate) struct EchoCall {
    id: u64,
    how: How,
    reply: ReplyTo<u64>,
}

impl EchoCall {
    /// The call as `call_with` takes it.
    pub(crate) fn with(id: u64, how: How) -> impl FnOnce(ReplyTo<u64>) -> Self + Send + 'static {
        move |reply| Self { id, how, reply }
    }

    pub(crate) fn into_parts(self) -> (u64, ReplyTo<u64>) {
        (self.id, self.reply)
    }
}

/// A call whose handler does not wait.
pub(crate) struct Sync(pub(crate) u64);

impl<const KIND: u8> Echo<KIND> {
    /// Counts a call; whether it is the last.
    fn is_last(&mut self) -> bool {
        self.calls += 1;
        match self.own {
            Own::Stop(at) => self.calls >= at,
            Own::Panic(at) if self.calls >= at => panic!("the last call"),
            _ => false,
        }
    }
}

impl<const KIND: u8> GenServer for Echo<KIND> {
    type Args = Own;
    type Call = EchoCall;
    type Cast = NoMessage;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = match KIND {
        IN_PLACE => ServerOptions::new().inline(Inline::Always),
        QUEUED => ServerOptions::new().inline(Inline::Never),
        _ => ServerOptions::new()
            .inline(Inline::Never)
            .mailbox(Mailbox::Bounded(1)),
    };

    async fn init(own: Own, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        // A start that can be cancelled in the middle.
        tokio::task::yield_now().await;
        Ok(Self {
            calls: 0,
            own,
            kept: VecDeque::new(),
        })
    }

    async fn handle_call(
        &mut self,
        call: EchoCall,
        cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        let EchoCall { id, how, reply } = call;
        if self.is_last() {
            cx.stop(ExitReason::Normal);
        }
        match how {
            How::At => cx.reply(reply, id),
            How::Later => {
                tokio::task::yield_now().await;
                cx.reply(reply, id);
            }
            How::Kept => {
                self.kept.push_back((id, reply));
                // Enough are kept that callers pile up, not so many that all of them do.
                if self.kept.len() > 2
                    && let Some((id, reply)) = self.kept.pop_front()
                {
                    reply.send(id);
                }
            }
            How::Elsewhere => drop(tokio::spawn(async move {
                tokio::task::yield_now().await;
                reply.send(id);
            })),
            How::Dropped => drop(reply),
        }
        Ok(())
    }

    async fn handle_cast(
        &mut self,
        cast: NoMessage,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        match cast {}
    }
}

impl<const KIND: u8> Request<Echo<KIND>> for Sync {
    const MODE: Mode = Mode::Sync;

    fn handle(self, server: &mut Echo<KIND>, cx: &mut Context<Echo<KIND>>) -> u64 {
        if server.is_last() {
            cx.stop(ExitReason::Normal);
        }
        self.0
    }
}

impl<const KIND: u8> RequestMessage<Echo<KIND>> for Sync {
    type Reply = u64;
    type Args = u64;

    fn into_call(self, reply: ReplyTo<u64>) -> EchoCall {
        EchoCall {
            id: self.0,
            how: How::At,
            reply,
        }
    }

    fn take_back(call: EchoCall) -> Option<u64> {
        Some(call.id)
    }
}

/// The panics of this test are on purpose: nobody wants to read them.
pub(crate) fn silence_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        suptree::remove_default_handler();
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<&str>() != Some(&"the last call") {
                loud(info);
            }
        }));
    });
}
