use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[message] // WRONG
    fn get(&self) -> Option<String> { // WRONG
        self.0.clone() // WRONG
    } // WRONG
    // RIGHT:
}
