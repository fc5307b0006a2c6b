use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[cast]
    fn put(&mut self, value: std::rc::Rc<String>) { // WRONG
    // RIGHT: fn put(&mut self, value: std::sync::Arc<String>) {
        self.0 = Some(value.to_string());
    }
}
