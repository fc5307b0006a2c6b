//! The article's Cache once more, by hand on the `GenServer` trait: without the macro, the same core.

use suptree::{
    CallError, Context, ExitReason, GenServer, NoMessage, ReplyTo, ServerRef, start_link,
};

struct Cache(Option<String>);

enum CacheCall {
    Get(ReplyTo<Option<String>>),
}

enum CacheCast {
    Save(String),
}

impl GenServer for Cache {
    type Args = ();
    type Call = CacheCall;
    type Cast = CacheCast;
    type Info = NoMessage;
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

#[tokio::test]
async fn a_server_without_the_macro_answers() {
    let cache: ServerRef<Cache> = start_link::<Cache>(()).await.unwrap();
    assert_eq!(cache.call_with(CacheCall::Get).await, Ok(None));
    cache.cast(CacheCast::Save("hola".into())).await.unwrap();
    assert_eq!(
        cache.call_with(CacheCall::Get).await,
        Ok(Some("hola".into()))
    );
    let down = cache.monitor();
    cache.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(
        cache.call_with(CacheCall::Get).await,
        Err(CallError::NoProc)
    );
    assert_eq!(<Cache as GenServer>::name(&()), None);
}
