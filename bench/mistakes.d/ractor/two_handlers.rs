use ractor::{ActorProcessingErr, ActorRef};

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::message(Put(value))]
    fn put(&self, value: String, state: &mut Option<String>) {
        *state = Some(value);
    }

    #[ractor::message(Put(value))] // WRONG
    // RIGHT: #[ractor::message(Replace(value))]
    fn replace(&self, value: String, state: &mut Option<String>) {
        state.replace(value);
    }
}
