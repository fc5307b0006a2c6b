use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

pub struct Size(pub usize);

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn length(&self) -> Response<Size>;
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn length(&mut self, _msg: cache_protocol::Length, _ctx: &Context<Self>) -> Size {
        Size(self.0.as_ref().map_or(0, String::len))
    }
}
