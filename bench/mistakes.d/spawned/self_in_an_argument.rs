use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn put(&self, value: String);
}

pub trait Store {
    type Put;
}

pub struct Cache(Option<String>);

impl Store for Cache {
    type Put = cache_protocol::Put;
}

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[send_handler]
    async fn put(&mut self, msg: <Self as Store>::Put, _ctx: &Context<Self>) { // ODD
    // PLAIN: async fn put(&mut self, msg: cache_protocol::Put, _ctx: &Context<Self>) {
        self.0 = Some(msg.value);
    }
}
