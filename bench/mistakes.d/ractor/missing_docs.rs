//! A library with docs on everything that it shows.

#![deny(missing_docs)] // ODD
// PLAIN:

use ractor::{ActorProcessingErr, ActorRef};

/// Keeps a text.
pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Option<String>)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<String>, ActorProcessingErr> {
        Ok(None)
    }

    /// The text.
    #[ractor::rpc(Get)]
    pub fn get(&self, state: &Option<String>) -> Option<String> {
        state.clone()
    }

    /// Keeps another one.
    #[ractor::message(Put(value))]
    pub fn put(&self, value: String, state: &mut Option<String>) {
        *state = Some(value);
    }
}
