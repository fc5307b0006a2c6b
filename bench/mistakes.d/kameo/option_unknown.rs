use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message(retries = 3)] // WRONG
    // RIGHT: #[message]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}
