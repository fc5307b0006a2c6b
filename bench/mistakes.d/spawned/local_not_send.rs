use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn size(&self) -> Response<usize>;
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn size(&mut self, _msg: cache_protocol::Size, _ctx: &Context<Self>) -> usize {
        let size = std::rc::Rc::new(self.0.as_ref().map_or(0, String::len)); // WRONG
        // RIGHT: let size = std::sync::Arc::new(self.0.as_ref().map_or(0, String::len));
        std::future::ready(()).await;
        *size
    }
}
