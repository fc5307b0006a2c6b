use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[call] // WRONG
    fn get(&self) -> Option<String> { // WRONG
        self.0.clone() // WRONG
    } // WRONG
    // RIGHT:
}
