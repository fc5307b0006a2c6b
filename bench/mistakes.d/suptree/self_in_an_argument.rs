use suptree::prelude::*;

pub trait Store {
    type Value;
}

#[derive(Default)]
pub struct Cache(Option<String>);

impl Store for Cache {
    type Value = String;
}

#[genserver]
impl Cache {
    #[cast]
    fn put(&mut self, value: <Self as Store>::Value) { // ODD
    // PLAIN: fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
