pub fn run() { // ODD
    // PLAIN:
    use spawned_concurrency::tasks::{Actor, Context, Handler};
    use spawned_concurrency::{Response, actor, protocol};

    pub struct Item(pub String);

    #[protocol]
    pub trait CacheProtocol: Send + Sync {
        fn put(&self, item: Item);
        fn size(&self) -> Response<usize>;
    }

    pub struct Cache(Option<Item>);

    #[actor(protocol = CacheProtocol)]
    impl Cache {
        #[send_handler]
        async fn put(&mut self, msg: cache_protocol::Put, _ctx: &Context<Self>) {
            self.0 = Some(msg.item);
        }

        #[request_handler]
        async fn size(&mut self, _msg: cache_protocol::Size, _ctx: &Context<Self>) -> usize {
            self.0.as_ref().map_or(0, |item| item.0.len())
        }
    }
} // ODD
// PLAIN:
