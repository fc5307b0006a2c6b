//! The echo server under a name, with an `init` that takes a while: for starts that are cancelled.

use suptree::{Context, ExitReason, GenServer, Inline, Name, NoMessage, ServerOptions, ServerRef};

use crate::server::{EchoCall, IN_PLACE};

pub(crate) struct Named<const KIND: u8>;

impl<const KIND: u8> GenServer for Named<KIND> {
    type Args = (u8, u64);
    type Call = EchoCall;
    type Cast = NoMessage;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = match KIND {
        IN_PLACE => ServerOptions::new(),
        _ => ServerOptions::new().inline(Inline::Never),
    };

    fn name(args: &(u8, u64)) -> Option<Name> {
        Some(Name::new(*args))
    }

    async fn init(_args: (u8, u64), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        Ok(Self)
    }

    async fn handle_call(
        &mut self,
        call: EchoCall,
        cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        let (id, reply) = call.into_parts();
        cx.reply(reply, id);
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
