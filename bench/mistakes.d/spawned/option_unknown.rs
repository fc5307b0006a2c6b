use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn get(&self) -> Response<Option<String>>;
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol, retries = 3)] // WRONG
// RIGHT: #[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn get(&mut self, _msg: cache_protocol::Get, _ctx: &Context<Self>) -> Option<String> {
        self.0.clone()
    }
}
