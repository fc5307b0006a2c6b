//! A `GenServer` written by hand.

use std::convert::Infallible;

use suptree::{Context, ExitReason, GenServer, ReplyTo, ServerRef};

pub(crate) struct Cache(Option<String>);

pub(crate) enum CacheCall {
    Get(ReplyTo<Option<String>>),
}

pub(crate) enum CacheCast {
    Save(String),
}

impl GenServer for Cache {
    type Args = ();
    type Call = CacheCall;
    type Cast = CacheCast;
    type Info = Infallible;
    type Client = ServerRef<Self>;

    async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self(None))
    }

    async fn handle_call(
        &mut self,
        call: CacheCall,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        match call {
            CacheCall::Get(reply) => reply.send(self.0.clone()),
        }
        Ok(())
    }

    async fn handle_cast(
        &mut self,
        cast: CacheCast,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        match cast {
            CacheCast::Save(new) => self.0 = Some(new),
        }
        Ok(())
    }
}
