use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[cast]
    fn put<T: ToString>(&mut self, value: T) { // WRONG
    // RIGHT: fn put(&mut self, value: String) {
        self.0 = Some(value.to_string());
    }
}
