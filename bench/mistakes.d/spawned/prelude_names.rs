use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn option(&self) -> Response<Option<String>>; // ODD
    fn string(&self, default: String) -> Response<String>; // ODD
    // PLAIN: fn get(&self) -> Response<Option<String>>;
    // PLAIN: fn get_or(&self, default: String) -> Response<String>;
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn option(&mut self, _msg: cache_protocol::Option, _ctx: &Context<Self>) -> Option<String> { // ODD
    // PLAIN: async fn get(&mut self, _msg: cache_protocol::Get, _ctx: &Context<Self>) -> Option<String> {
        self.0.clone()
    }

    #[request_handler]
    async fn string(&mut self, msg: cache_protocol::String, _ctx: &Context<Self>) -> String { // ODD
    // PLAIN: async fn get_or(&mut self, msg: cache_protocol::GetOr, _ctx: &Context<Self>) -> String {
        self.0.clone().unwrap_or(msg.default)
    }
}
