use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn get(self) -> Option<String> { // WRONG
    // RIGHT: fn get(&self) -> Option<String> {
        self.0.clone()
    }
}
