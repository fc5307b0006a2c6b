use ractor::{ActorProcessingErr, ActorRef};

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    #[ractor::message(Move(r#type))] // ODD
    fn r#move(&self, r#type: String, state: &mut Option<String>) { // ODD
        *state = Some(r#type); // ODD
    // PLAIN: #[ractor::message(Shift(kind))]
    // PLAIN: fn shift(&self, kind: String, state: &mut Option<String>) {
    // PLAIN:     *state = Some(kind);
    }
}
