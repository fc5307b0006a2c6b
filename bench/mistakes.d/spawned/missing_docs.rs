//! A library with docs on everything that it shows.

#![deny(missing_docs)] // ODD
// PLAIN:

use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

/// What a cache can be asked.
#[protocol]
pub trait CacheProtocol: Send + Sync {
    /// The text.
    fn get(&self) -> Response<Option<String>>;
    /// Keeps another one.
    fn put(&self, value: String);
}

/// Keeps a text.
pub struct Cache(Option<String>);

#[actor(protocol = CacheProtocol)]
impl Cache {
    #[request_handler]
    async fn get(&mut self, _msg: cache_protocol::Get, _ctx: &Context<Self>) -> Option<String> {
        self.0.clone()
    }

    #[send_handler]
    async fn put(&mut self, msg: cache_protocol::Put, _ctx: &Context<Self>) {
        self.0 = Some(msg.value);
    }
}
