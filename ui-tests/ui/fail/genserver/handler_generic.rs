use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[cast]
    fn save<T: ToString>(&mut self, new: T) {
        self.0 = new.to_string();
    }
}

fn main() {}
