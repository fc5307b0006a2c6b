use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn load(&self) -> Response<Option<String>>;
    fn put(&self, value: String);
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    fn load(&mut self, _msg: cache_protocol::Load, _ctx: &Context<Self>) -> Option<String> { // WRONG
    // RIGHT: async fn load(&mut self, _msg: cache_protocol::Load, _ctx: &Context<Self>) -> Option<String> {
        std::future::ready(()).await;
        self.0.take()
    }

    #[send_handler]
    async fn put(&mut self, msg: cache_protocol::Put, _ctx: &Context<Self>) {
        self.0 = Some(msg.value);
    }
}
