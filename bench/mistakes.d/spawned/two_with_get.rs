use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn get(&self) -> Response<Option<String>>;
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn get(&mut self, _msg: cache_protocol::Get, _ctx: &Context<Self>) -> Option<String> {
        self.0.clone()
    }
}

#[protocol]
pub trait CounterProtocol: Send + Sync {
    fn get(&self) -> Response<u64>; // ODD
    // PLAIN: fn value(&self) -> Response<u64>;
}

pub struct Counter(u64);

#[actor(protocol = CounterProtocol)]
impl Counter {
    #[request_handler]
    async fn get(&mut self, _msg: counter_protocol::Get, _ctx: &Context<Self>) -> u64 { // ODD
    // PLAIN: async fn value(&mut self, _msg: counter_protocol::Value, _ctx: &Context<Self>) -> u64 {
        self.0
    }
}
