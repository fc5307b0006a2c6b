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
}

pub struct Counter;

#[ractor::actor(message = pub enum CounterMessage, state = u64)]
impl Counter {
    async fn pre_start(&self, _: ActorRef<CounterMessage>, _: ()) -> Result<u64, ActorProcessingErr> {
        Ok(0)
    }

    #[ractor::rpc(Get)] // ODD
    fn get(&self, state: &u64) -> u64 { // ODD
    // PLAIN: #[ractor::rpc(Value)]
    // PLAIN: fn value(&self, state: &u64) -> u64 {
        *state
    }
}
