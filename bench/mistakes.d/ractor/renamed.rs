use renamed::{ActorProcessingErr, ActorRef}; // ODD
// PLAIN: use ractor::{ActorProcessingErr, ActorRef};

pub struct Cache;

#[renamed::actor(message = pub enum CacheMessage, state = Option<String>)] // ODD
// PLAIN: #[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[renamed::rpc(Get)] // ODD
    // PLAIN: #[ractor::rpc(Get)]
    fn get(&self, state: &Option<String>) -> Option<String> {
        state.clone()
    }

    #[renamed::message(Put(value))] // ODD
    // PLAIN: #[ractor::message(Put(value))]
    fn put(&self, value: String, state: &mut Option<String>) {
        *state = Some(value);
    }
}
