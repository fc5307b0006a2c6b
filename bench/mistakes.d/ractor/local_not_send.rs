use ractor::{ActorProcessingErr, ActorRef};

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::rpc(Size)]
    async fn size(&self, state: &Option<String>) -> usize {
        let size = std::rc::Rc::new(state.as_ref().map_or(0, String::len)); // WRONG
        // RIGHT: let size = std::sync::Arc::new(state.as_ref().map_or(0, String::len));
        std::future::ready(()).await;
        *size
    }
}
