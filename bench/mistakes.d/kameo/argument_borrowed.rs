use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn put(&mut self, value: &str) { // WRONG
    // RIGHT: fn put(&mut self, value: String) {
        self.0 = Some(value.to_string());
    }
}
