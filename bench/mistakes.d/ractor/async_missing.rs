use ractor::{ActorProcessingErr, ActorRef};

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::rpc(Load)]
    fn load(&self, state: &mut Option<String>) -> Option<String> { // WRONG
    // RIGHT: async fn load(&self, state: &mut Option<String>) -> Option<String> {
        std::future::ready(()).await;
        state.take()
    }

    #[ractor::message(Put(value))]
    async fn put(&self, value: String, state: &mut Option<String>) {
        *state = Some(value);
    }
}
