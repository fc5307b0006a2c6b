use renamed::prelude::*; // ODD
// PLAIN: use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[message]
    fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
