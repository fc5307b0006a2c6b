use ractor::{ActorProcessingErr, ActorRef};

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::rpc(Option)] // ODD
    fn option(&self, state: &Option<String>) -> Option<String> { // ODD
    // PLAIN: #[ractor::rpc(Get)]
    // PLAIN: fn get(&self, state: &Option<String>) -> Option<String> {
        state.clone()
    }

    #[ractor::rpc(String(default, reply))] // ODD
    fn string(&self, default: String, state: &Option<String>) -> String { // ODD
    // PLAIN: #[ractor::rpc(GetOr(default, reply))]
    // PLAIN: fn get_or(&self, default: String, state: &Option<String>) -> String {
        state.clone().unwrap_or(default)
    }
}
