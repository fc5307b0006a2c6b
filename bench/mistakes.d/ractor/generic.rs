use ractor::{ActorProcessingErr, ActorRef};

pub struct Ring<T, const N: usize>(std::marker::PhantomData<T>); // ODD
// PLAIN: pub struct Ring;

#[ractor::actor(message = pub enum RingMessage, state = Vec<T>, arguments = Vec<T>)] // ODD
impl<T: Clone + Send + Sync + 'static, const N: usize> Ring<T, N> { // ODD
    async fn pre_start(&self, _: ActorRef<RingMessage>, items: Vec<T>) -> Result<Vec<T>, ActorProcessingErr> { // ODD
// PLAIN: #[ractor::actor(message = pub enum RingMessage, state = Vec<String>, arguments = Vec<String>)]
// PLAIN: impl Ring {
    // PLAIN: async fn pre_start(&self, _: ActorRef<RingMessage>, items: Vec<String>) -> Result<Vec<String>, ActorProcessingErr> {
        Ok(items)
    }

    #[ractor::message(Put(items))]
    fn put(&self, items: Vec<T>, state: &mut Vec<T>) { // ODD
    // PLAIN: fn put(&self, items: Vec<String>, state: &mut Vec<String>) {
        *state = items;
    }

    #[ractor::message(Add(item))]
    fn add(&self, item: Option<T>, state: &mut Vec<T>) { // ODD
    // PLAIN: fn add(&self, item: Option<String>, state: &mut Vec<String>) {
        state.extend(item);
    }

    #[ractor::rpc(First(default, reply))]
    fn first(&self, default: T, state: &Vec<T>) -> T { // ODD
    // PLAIN: fn first(&self, default: String, state: &Vec<String>) -> String {
        state.first().cloned().unwrap_or(default)
    }

    #[ractor::rpc(Size)]
    fn size(&self, state: &Vec<T>) -> usize { // ODD
        N.min(state.len()) // ODD
    // PLAIN: fn size(&self, state: &Vec<String>) -> usize {
    // PLAIN:     state.len()
    }
}
