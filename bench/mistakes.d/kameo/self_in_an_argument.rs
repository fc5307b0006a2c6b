use kameo::prelude::*;

pub trait Store {
    type Value;
}

#[derive(Actor)]
pub struct Cache(Option<String>);

impl Store for Cache {
    type Value = String;
}

#[messages]
impl Cache {
    #[message]
    fn put(&mut self, value: <Self as Store>::Value) { // ODD
    // PLAIN: fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
