use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn put(&mut self, value: std::rc::Rc<String>) { // WRONG
    // RIGHT: fn put(&mut self, value: std::sync::Arc<String>) {
        self.0 = Some(value.to_string());
    }
}
