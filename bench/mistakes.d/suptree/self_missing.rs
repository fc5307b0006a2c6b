use suptree::prelude::*;

#[derive(Default)]
pub struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get() -> Option<String> { // WRONG
    // RIGHT: fn get(&self) -> Option<String> {
        None
    }
}
