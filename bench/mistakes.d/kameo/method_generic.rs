use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn put<T: ToString>(&mut self, value: T) { // WRONG
    // RIGHT: fn put(&mut self, value: String) {
        self.0 = Some(value.to_string());
    }
}
