use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn get(self) -> Option<String> { // WRONG
    // RIGHT: fn get(&self) -> Option<String> {
        self.0.clone()
    }
}
