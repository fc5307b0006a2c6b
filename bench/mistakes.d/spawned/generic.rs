use spawned_concurrency::tasks::{Actor, Context, Handler};
use spawned_concurrency::{Response, actor, protocol};

#[protocol]
pub trait RingProtocol<T>: Send + Sync { // ODD
    fn put(&self, items: Vec<T>); // ODD
    fn add(&self, item: Option<T>); // ODD
    fn first(&self, default: T) -> Response<T>; // ODD
// PLAIN: pub trait RingProtocol: Send + Sync {
    // PLAIN: fn put(&self, items: Vec<String>);
    // PLAIN: fn add(&self, item: Option<String>);
    // PLAIN: fn first(&self, default: String) -> Response<String>;
    fn size(&self) -> Response<usize>;
}

pub struct Ring<T, const N: usize>(Vec<T>); // ODD
// PLAIN: pub struct Ring(Vec<String>);

#[actor(protocol = RingProtocol)]
impl<T: Clone + Send + 'static, const N: usize> Ring<T, N> { // ODD
// PLAIN: impl Ring {
    #[send_handler]
    async fn put(&mut self, msg: ring_protocol::Put<T>, _ctx: &Context<Self>) { // ODD
    // PLAIN: async fn put(&mut self, msg: ring_protocol::Put, _ctx: &Context<Self>) {
        self.0 = msg.items;
    }

    #[send_handler]
    async fn add(&mut self, msg: ring_protocol::Add<T>, _ctx: &Context<Self>) { // ODD
    // PLAIN: async fn add(&mut self, msg: ring_protocol::Add, _ctx: &Context<Self>) {
        self.0.extend(msg.item);
    }

    #[request_handler]
    async fn first(&mut self, msg: ring_protocol::First<T>, _ctx: &Context<Self>) -> T { // ODD
    // PLAIN: async fn first(&mut self, msg: ring_protocol::First, _ctx: &Context<Self>) -> String {
        self.0.first().cloned().unwrap_or(msg.default)
    }

    #[request_handler]
    async fn size(&mut self, _msg: ring_protocol::Size, _ctx: &Context<Self>) -> usize {
        N // ODD
        // PLAIN: self.0.len()
    }
}
