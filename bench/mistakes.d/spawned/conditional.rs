use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn get(&self) -> Response<Option<String>>;
    #[cfg(feature = "extra")] // ODD
    // PLAIN:
    fn size(&self) -> Response<usize>;
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn get(&mut self, _msg: cache_protocol::Get, _ctx: &Context<Self>) -> Option<String> {
        self.0.clone()
    }

    #[cfg(feature = "extra")] // ODD
    // PLAIN:
    #[request_handler]
    async fn size(&mut self, _msg: cache_protocol::Size, _ctx: &Context<Self>) -> usize {
        self.0.as_ref().map_or(0, String::len)
    }
}
