use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache;

#[messages]
impl Cache {
    #[message]
    fn get() -> Option<String> { // WRONG
    // RIGHT: fn get(&self) -> Option<String> {
        None
    }
}
