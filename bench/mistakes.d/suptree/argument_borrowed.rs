use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[cast]
    fn put(&mut self, value: &str) { // WRONG
    // RIGHT: fn put(&mut self, value: String) {
        self.0 = Some(value.to_string());
    }
}
