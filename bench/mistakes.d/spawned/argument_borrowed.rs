use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn put(&self, value: &str); // WRONG
    // RIGHT: fn put(&self, value: String);
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[send_handler]
    async fn put(&mut self, msg: cache_protocol::Put, _ctx: &Context<Self>) {
        self.0 = Some(msg.value.to_string());
    }
}
