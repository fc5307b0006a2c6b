use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[cal] // WRONG
    // RIGHT: #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[cast]
    fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
