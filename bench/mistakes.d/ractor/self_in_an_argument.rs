use ractor::{ActorProcessingErr, ActorRef};

pub trait Store {
    type Value;
}

pub struct Cache;

impl Store for Cache {
    type Value = String;
}

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::message(Put(value))]
    fn put(&self, value: <Self as Store>::Value, state: &mut Option<String>) { // ODD
    // PLAIN: fn put(&self, value: String, state: &mut Option<String>) {
        *state = Some(value);
    }
}
