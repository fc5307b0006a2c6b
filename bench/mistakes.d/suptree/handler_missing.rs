use suptree::prelude::*;
use suptree::protocol;

#[protocol]
pub trait Keeps {
    #[call]
    fn get(&self) -> Option<String>;
    #[cast]
    fn put(&self, value: String);
}

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver(protocols(Keeps))]
impl Cache {
    #[cast]
    fn put(&mut self, value: String) {
        self.0 = Some(value);
    }

    // WRONG
    // RIGHT: #[call]
    // RIGHT: fn get(&self) -> Option<String> {
    // RIGHT:     self.0.clone()
    // RIGHT: }
}
