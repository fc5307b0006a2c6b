use ractor::{ActorProcessingErr, ActorRef, RpcReplyPort};

pub struct Cache;

pub enum CacheMessage {
    Get(RpcReplyPort<Option<String>>),
    Put(String),
}

#[ractor::actor(message = CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::message(CacheMessage::Put(value))]
    fn put(&self, value: String, state: &mut Option<String>) {
        *state = Some(value);
    }

    // WRONG
    // RIGHT: #[ractor::rpc(CacheMessage::Get)]
    // RIGHT: fn get(&self, state: &Option<String>) -> Option<String> {
    // RIGHT:     state.clone()
    // RIGHT: }
}
