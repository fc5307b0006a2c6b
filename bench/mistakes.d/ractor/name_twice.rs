use ractor::{ActorProcessingErr, ActorRef};

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::rpc(Get)]
    fn get(&self, state: &Option<String>) -> Option<String> {
        state.clone()
    }

    #[ractor::rpc(Get)] // WRONG
    fn get(&self, state: &Option<String>) -> Option<String> { // WRONG
        state.clone() // WRONG
    } // WRONG
    // RIGHT:
}
