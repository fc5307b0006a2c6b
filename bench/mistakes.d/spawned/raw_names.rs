use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{actor, protocol};

#[protocol]
pub trait CacheProtocol: Send + Sync {
    fn r#move(&self, r#type: String); // ODD
    // PLAIN: fn shift(&self, kind: String);
}

pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[send_handler]
    async fn r#move(&mut self, msg: cache_protocol::Move, _ctx: &Context<Self>) { // ODD
        self.0 = Some(msg.r#type); // ODD
    // PLAIN: async fn shift(&mut self, msg: cache_protocol::Shift, _ctx: &Context<Self>) {
    // PLAIN:     self.0 = Some(msg.kind);
    }
}
