use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn get(&self) -> Response<Option<String>>;
    fn put(&self, value: String);
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handle] // WRONG
    // RIGHT: #[request_handler]
    async fn get(&mut self, _msg: cache_protocol::Get, _ctx: &Context<Self>) -> Option<String> {
        self.0.clone()
    }

    #[send_handler]
    async fn put(&mut self, msg: cache_protocol::Put, _ctx: &Context<Self>) {
        self.0 = Some(msg.value);
    }
}
