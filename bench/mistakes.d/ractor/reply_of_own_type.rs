use ractor::{ActorProcessingErr, ActorRef};

pub struct Size(pub usize);

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::rpc(Length)]
    fn length(&self, state: &Option<String>) -> Size {
        Size(state.as_ref().map_or(0, String::len))
    }
}
