use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn get() -> Response<Option<String>>; // WRONG
    // RIGHT: fn get(&self) -> Response<Option<String>>;
}

pub struct Cache;

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn get(&mut self, _msg: cache_protocol::Get, _ctx: &Context<Self>) -> Option<String> {
        None
    }
}
